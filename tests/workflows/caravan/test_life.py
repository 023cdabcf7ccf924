"""A stop from its request to the good practice that it brings to light: the office on
its screens, the two sides by what their pages call."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission

from community.acting import memberships, merging
from community.cover import today
from community.messages.kinds import kind_of
from community.models import Message, Role, User
from tests.factories import a_session, in_two_weeks
from tests.factories import caravan as make
from tests.factories.acting import a_town, acting, representing
from tests.factories.cases import a_unit, a_worker, open_task
from tests.factories.pages import a_home
from workflows.caravan import holding, stops
from workflows.caravan.models import Offer, Pairing, Side, Stop, Tool
from workflows.caravan.sides.host_form import checked
from workflows.engine import desk, jobs
from workflows.engine.models import Case, Entry

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def house() -> make.House:
    return make.a_house()


def staff(by: User) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(by)
    return browser


def does(stop: Stop, by: User, *, sees_mails: bool = True, **said: object):
    """What the screen of the open step answers, once its mails were seen."""
    case = make.case_of(stop)
    address = reverse("cases:step", args=[case.number, open_task(case).pk])
    said = {**said, "confirm": "1"} if sees_mails else said
    return staff(by).post(address, said, follow=True)


def shown(stop: Stop, by: User, *, step: bool = False) -> str:
    """The page of the case, or that of its open step."""
    case = make.case_of(stop)
    name, args = "cases:case", [case.number]
    if step:
        name, args = "cases:step", [case.number, open_task(case).pk]
    answer = staff(by).get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.text


def step(stop: Stop) -> str:
    """The name of the step of a person that is open; "" if none is."""
    tasks = make.case_of(stop).process.task_set.filter(status__in=("NEW", "ASSIGNED"))
    return ", ".join(task.flow_task.name for task in tasks)


def told(stop: Stop) -> list[tuple[str, str]]:
    """The mails about it: their kinds, and to whom."""
    rows = Message.objects.filter(order_key=make.case_of(stop).thread)
    return list(rows.order_by("pk").values_list("kind", "recipient"))


def state(stop: Stop) -> tuple[str, str]:
    case = make.case_of(stop)
    return case.state, case.outcome


# The whole way ------------------------------------------------------------------------


def test_a_stop_goes_from_its_request_to_the_published_good_practice(house):
    a_home()
    boss, host = house.coordinator, house.technician.user.email
    teller = house.teller.user.email
    stop = make.a_sent_stop(house.technician)
    assert (step(stop), stop.case.due > today()) == ("review", True)

    does(stop, boss, decision="accept", note="Un bon exemple")
    assert (step(stop), make.case_of(stop).due) == ("match", None)
    page = shown(stop, boss, step=True)
    assert "Berta Soler" in page
    assert "Is interested in the field" in page
    does(stop, boss, offer=house.offer.pk)
    assert step(stop) == "asked"
    assert "It waits for the rapporteur." in shown(stop, boss)
    stops.answer_pairing(make.now(stop), True, "", house.teller.user)
    make.marked(make.now(stop), house, in_two_weeks())
    does(stop, boss, **make.as_typed(in_two_weeks()))
    assert (step(stop), make.now(stop).appointment.starts) == ("visit", in_two_weeks())
    make.over(make.now(stop))
    does(stop, boss, decision="held")
    assert step(stop) == "chronicle"
    make.told(make.now(stop), house)
    assert (step(stop), state(stop)) == ("validate", (Case.State.WAITING, ""))
    stops.validate(
        make.now(stop), False, "Falta dir que és gratuït.", house.technician.user
    )
    make.told(make.now(stop), house, summary="Van treure les cues, gratis.")
    make.validated(make.now(stop), house)
    assert step(stop) == "publish"
    make.kit_done(make.now(stop), house)
    does(stop, boss)
    assert (step(stop), state(stop)) == ("evaluate", (Case.State.WAITING, ""))
    for mine in (house.mayor, house.teller):
        make.evaluated(make.now(stop), mine)

    assert step(stop) == ""
    assert state(stop) == (Case.State.FINISHED, "published")
    practice = make.now(stop).practice
    assert practice.page.live
    assert practice.content["summary"] == "Van treure les cues, gratis."
    assert told(stop) == [
        ("stop_received", host),
        ("stop_accepted", host),
        ("stop_asked", teller),
        ("stop_paired", host),
        ("stop_comes", teller),
        ("stop_held", teller),
        ("stop_to_validate", host),
        ("stop_to_change", teller),
        ("stop_to_validate", host),
        ("stop_published", host),
        ("stop_published", teller),
    ]
    page = shown(stop, boss)
    for words in (
        *("The rapporteur has answered", "Date of the visit fixed"),
        *("Chronicle sent to the host", "Good practice published", "Stop closed"),
    ):
        assert words in page


def test_what_the_office_decides_is_shown_as_mails_before_it_leaves(house):
    stop = make.at(make.MATCH, house)

    page = does(stop, house.coordinator, sees_mails=False, offer=house.offer.pk).text

    assert house.teller.user.email in page
    assert (step(stop), stop.pairings.count()) == ("match", 0)


def test_the_receipt_says_all_that_was_sent(house):
    stop = make.a_sent_stop(house.technician)

    jobs.run_due(5)

    assert stop.case.files.filter(entry=None).count() == 1
    text = stop.case.entries.get(way=Entry.Way.IN).text
    for value in (make.WRITTEN["summary"], "Hi ha ascensor.", "De 40 a 5 minuts"):
        assert value in text


def test_every_mail_about_a_stop_can_be_read(house):
    a_home()
    stop = make.at(make.VALIDATE, house)
    stops.validate(stop, False, "Falta dir que és gratuït.", house.technician.user)
    make.told(make.now(stop), house)
    make.validated(make.now(stop), house)
    make.kit_done(make.now(stop), house)
    does(stop, house.coordinator)

    rows = Message.objects.filter(order_key=make.case_of(stop).thread)
    for row in rows:
        mail = kind_of(row).render(row)
        assert "{" not in mail.subject + mail.body
        assert str(stop.key) in mail.body, row.kind
    paired = kind_of(rows.get(kind="stop_paired")).render(rows.get(kind="stop_paired"))
    assert "Berta Soler" in paired.body
    changes = rows.get(kind="stop_to_change")
    assert stop.case.number in kind_of(changes).render(changes).subject


# Asking for a stop --------------------------------------------------------------------


def test_the_same_draft_sent_twice_is_one_case(house):
    draft = make.a_draft_stop(house.technician)

    first = stops.submit(draft, checked(draft), house.technician.user)
    second = stops.submit(draft, checked(draft), house.mayor.user)

    assert first == second
    assert Case.objects.count() == 1


def test_who_only_reads_or_is_of_another_body_sends_nothing(house):
    draft = make.a_draft_stop(house.technician)
    for stranger in (acting(house.host, Role.READER), house.teller):
        with pytest.raises(PermissionDenied):
            stops.submit(draft, checked(draft), stranger.user)
    assert make.now(draft).is_draft


def test_nothing_is_sent_while_something_is_missing_or_nobody_looks_after_it(house):
    draft = make.a_draft_stop(house.technician, summary="")
    with pytest.raises(ValidationError):
        stops.submit(draft, checked(draft), house.technician.user)
    make.CaravanSettings.objects.update(unit=None)
    whole = make.a_draft_stop(house.mayor)

    with pytest.raises(ValidationError):
        stops.submit(whole, checked(whole), house.mayor.user)

    assert (make.now(draft).is_draft, make.now(whole).is_draft) == (True, True)
    assert not stops.are_taken()


# Whether the caravan stops there ------------------------------------------------------


def test_an_amendment_stops_our_term_and_comes_back_to_who_asked_for_it(house):
    stop = make.a_sent_stop(house.technician)
    assert does(stop, house.coordinator, decision="amend").status_code == 422
    does(stop, house.coordinator, decision="amend", text="Quants sou?")
    case = make.case_of(stop)
    assert (case.state, case.due, step(stop)) == (Case.State.WAITING, None, "amend")
    assert case.answer_by > today() + timedelta(days=10)

    written = {**make.WRITTEN, "title": "Un altre títol"}
    form = checked(Stop(body=stop.body, written=written))
    stops.amend(make.now(stop), form, house.technician.user)

    case = make.case_of(stop)
    assert (case.title, case.answer_by, step(stop)) == (
        "Un altre títol",
        None,
        "review",
    )
    assert case.due > today()
    assert open_task(case).owner == house.coordinator
    assert [kind for kind, _to in told(stop)][1:] == ["stop_to_amend", "stop_amended"]


def test_what_is_not_amended_in_time_counts_as_withdrawn_once(house):
    stop = make.at(make.AMEND, house)
    late = Case.objects.filter(pk=stop.case_id)
    late.update(answer_by=today())
    assert holding.lapse_due(10) == 0, "the last day is theirs"
    late.update(answer_by=today() - timedelta(days=1))

    assert (holding.lapse_due(10), holding.lapse_due(10)) == (1, 0)

    assert state(stop) == (Case.State.CANCELLED, "lapsed")
    assert told(stop)[-1][0] == "stop_lapsed"
    with pytest.raises(ValidationError):
        stops.amend(make.now(stop), checked(stop), house.mayor.user)


def test_a_stop_that_is_declined_ends_with_the_reason(house):
    stop = make.a_sent_stop(house.technician)
    assert does(stop, house.coordinator, decision="decline").status_code == 422

    does(stop, house.coordinator, decision="decline", text="Encara no funciona.")

    assert (state(stop), step(stop)) == ((Case.State.FINISHED, "declined"), "")
    row = Message.objects.get(kind="stop_declined")
    assert "Encara no funciona." in kind_of(row).render(row).body


# Who tells of it ----------------------------------------------------------------------


def test_who_declines_is_proposed_last_with_the_reason(house):
    better = make.an_offer()
    stop = make.at(make.ASKED, house)

    stops.answer_pairing(stop, False, "Aquell mes no hi soc.", house.teller.user)

    assert (step(stop), stop.pairings.get().state) == ("match", Pairing.State.DECLINED)
    row = Message.objects.get(kind="stop_refused")
    mail = kind_of(row).render(row)
    assert row.recipient == house.coordinator.email
    assert (stop.title in mail.subject, "Aquell" in mail.subject) == (True, False)
    case = stop.case
    address = reverse("cases:step", args=[case.number, open_task(case).pk])
    for words in ("Berta Soler", "Rubí", "Aquell mes no hi soc.", address):
        assert words in mail.body
    page = shown(stop, house.coordinator, step=True)
    assert "Declined: Aquell mes no hi soc." in page
    places = [page.index(f'value="{one.pk}"') for one in (better, house.offer)]
    assert places == sorted(places)
    does(stop, house.coordinator, offer=better.pk)
    assert told(stop)[-1] == ("stop_asked", better.user.email)


def test_host_and_rapporteur_of_the_same_body_is_impossible(house):
    own = make.an_offer(house.mayor)
    # Who acts for both is of the same body too.
    both = make.an_offer(acting(a_town(), email=house.technician.user.email))
    stop = make.at(make.MATCH, house)

    page = shown(stop, house.coordinator, step=True)
    answers = [does(stop, house.coordinator, offer=o.pk) for o in (own, both)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert f'value="{own.pk}"' not in page
    with pytest.raises(ValidationError, match="same body"):
        desk.complete(
            open_task(stop.case),
            lambda case, by: make.stops.deciding.ask(case, own),
            house.coordinator,
        )
    assert (step(stop), stop.pairings.count()) == ("match", 0)


def test_an_offer_that_was_withdrawn_meanwhile_is_not_asked(house):
    stop = make.at(make.MATCH, house)
    Offer.objects.update(withdrawn=timezone.now())

    answer = does(stop, house.coordinator, offer=house.offer.pk)

    assert (answer.status_code, step(stop)) == (422, "match")


def test_only_who_was_asked_answers_and_once(house):
    stop = make.at(make.ASKED, house)
    colleague = acting(house.offer.body)
    for stranger in (house.mayor, colleague, acting(a_town())):
        with pytest.raises(PermissionDenied):
            stops.answer_pairing(stop, True, "", stranger.user)
    with pytest.raises(ValidationError):
        stops.answer_pairing(stop, False, "", house.teller.user)

    assert stops.answer_pairing(stop, True, "", house.teller.user)
    assert not stops.answer_pairing(stop, True, "", house.teller.user)

    assert step(stop) == "dates"
    assert [kind for kind, _to in told(stop)].count("stop_comes") == 1


def test_reasons_say_field_form_distance_days_load_and_earlier_pairs(house):
    her = acting(a_town("Terrassa"))
    busy = make.an_offer(her, fields=["big-data"], distance=5)
    make.at(make.DATES, replace(house, teller=her, offer=busy))
    for code, offer in (("08279", busy), ("08187", house.offer)):
        offer.body.code = code
        offer.body.save()
    house.host.code = "08184"
    house.host.save()
    day = in_two_weeks()
    stop = make.at(make.MATCH, house)
    stops.mark_dates(stop, Side.HOST, [day], house.mayor.user)
    Offer.objects.filter(pk=busy.pk).update(away=[day.date().isoformat()])

    page = shown(stop, house.coordinator, step=True)

    for words in (
        *("Is interested in the field: Hyper-automated", "other fields"),
        *("km away, and would go 5 km at most", "Has 1 stop under way"),
        *("Cannot on any of the days", "Can on 1 of the days of the host"),
        "has visited this one 1 time already",
    ):
        assert words in page
    assert page.index(f'value="{house.offer.pk}"') < page.index(f'value="{busy.pk}"')


def test_ranking_asks_as_much_of_many_offers_as_of_one(
    house, django_assert_max_num_queries
):
    stop = make.at(make.MATCH, house)
    for _each in range(15):
        make.an_offer()
    with django_assert_max_num_queries(10):
        found = make.stops.deciding.matching.proposed(stop)
    assert len(found) == 16


# When it is ---------------------------------------------------------------------------


def test_the_office_sees_what_each_side_marked_and_what_else_is_that_day(house):
    stop = make.at(make.DATES, house)
    first, second = in_two_weeks(), in_two_weeks() + timedelta(days=1)
    stops.mark_dates(stop, Side.HOST, [first, second], house.mayor.user)
    stops.mark_dates(stop, Side.RAPPORTEUR, [second], house.teller.user)
    a_session(title="Dijous GO", starts=second, ends=second + HOUR)

    page = shown(stop, house.coordinator, step=True)

    assert "both" in page
    assert "That day there is also: Dijous GO" in page


def test_on_a_day_with_something_else_a_date_is_fixed_only_all_the_same(house):
    stop = make.at(make.DATES, house)
    when = in_two_weeks()
    a_session(title="Dijous GO", starts=when, ends=when + HOUR)

    answer = does(stop, house.coordinator, **make.as_typed(when))

    assert (answer.status_code, step(stop)) == (422, "dates")
    assert "On that day there is also: Dijous GO" in answer.text
    does(stop, house.coordinator, **make.as_typed(when, anyway="on"))
    assert step(stop) == "visit"


@pytest.mark.parametrize(
    "wrong",
    [
        make.as_typed(timezone.now() - timedelta(days=2)),
        make.as_typed(in_two_weeks(), end_time="08:00"),
        make.as_typed(in_two_weeks(), place=""),
        make.as_typed(in_two_weeks(), provider="link"),
        make.as_typed(in_two_weeks(), date="no en tinc ni idea"),
        {},
    ],
)
def test_a_date_that_cannot_be_is_refused_and_what_was_typed_stays(house, wrong):
    stop = make.at(make.DATES, house)

    answer = does(stop, house.coordinator, **wrong)

    assert (answer.status_code, step(stop)) == (422, "dates")
    assert make.now(stop).appointment is None
    for typed in (wrong.get("date"), wrong.get("start_time")):
        assert not typed or typed in answer.text


def test_each_side_marks_its_own_moments_to_come_and_no_more_than_ten(house):
    stop = make.at(make.DATES, house)
    day, by = in_two_weeks(), house.mayor.user
    with pytest.raises(PermissionDenied):
        stops.mark_dates(stop, Side.RAPPORTEUR, [day], by)
    reader = acting(house.host, Role.READER)
    with pytest.raises(PermissionDenied):
        stops.mark_dates(stop, Side.HOST, [day], reader.user)
    for wrong in (
        [timezone.now() - HOUR],
        [day + timedelta(days=number) for number in range(11)],
    ):
        with pytest.raises(ValidationError):
            stops.mark_dates(stop, Side.HOST, wrong, by)

    stops.mark_dates(stop, Side.HOST, [day, day], by)
    stops.mark_dates(stop, Side.HOST, [day, day + HOUR], house.technician.user)

    starts = stop.possible_dates.values_list("starts", flat=True)
    assert list(starts) == [day, day + HOUR]


def test_a_visit_is_not_held_before_it_begins(house):
    stop = make.at(make.VISIT, house)

    answer = does(stop, house.coordinator, decision="held")

    assert (answer.status_code, step(stop)) == (409, "visit")
    assert "It has not begun yet." in answer.text


def test_a_visit_counts_as_held_a_day_after_its_end_once(house):
    stop = make.at(make.VISIT, house)
    make.over(stop, ago=timedelta(hours=23))
    assert holding.hold_due(10) == 0
    make.over(stop, ago=timedelta(hours=25))

    assert (holding.hold_due(10), holding.hold_due(10)) == (1, 0)

    assert step(stop) == "chronicle"
    assert make.now(stop).held == make.now(stop).appointment.ends
    assert told(stop)[-1] == ("stop_held", house.teller.user.email)


def test_a_visit_that_somebody_has_in_hand_counts_as_held_all_the_same(house):
    stop = make.at(make.VISIT, house)
    assert open_task(stop.case).owner == house.coordinator
    make.over(stop, ago=timedelta(days=2))

    assert holding.hold_due(10) == 1
    assert step(stop) == "chronicle"


# What is told of it -------------------------------------------------------------------


def test_a_chronicle_is_sent_whole_once_by_its_rapporteur(house):
    stop = make.at(make.CHRONICLE, house)
    with pytest.raises(ValidationError):
        stops.send_chronicle(stop, house.teller.user)
    with pytest.raises(PermissionDenied):
        stops.send_chronicle(stop, house.mayor.user)

    make.told(stop, house)

    assert not stops.send_chronicle(stop, house.teller.user)
    assert [kind for kind, _to in told(stop)].count("stop_to_validate") == 1


def test_only_the_host_says_whether_the_chronicle_is_right_and_not_its_readers(house):
    stop = make.at(make.VALIDATE, house)
    for stranger in (acting(house.host, Role.READER), house.teller, acting(a_town())):
        with pytest.raises(PermissionDenied):
            stops.validate(stop, True, "", stranger.user)
    with pytest.raises(ValidationError):
        stops.validate(stop, False, "", house.mayor.user)

    assert stops.validate(stop, True, "", house.mayor.user)
    assert not stops.validate(stop, True, "", house.technician.user)

    with pytest.raises(ValidationError):
        stops.validate(stop, False, "Una altra cosa", house.mayor.user)


def test_what_is_required_and_not_done_keeps_it_from_being_published(house):
    a_home()
    stop = make.at(make.PUBLISH, house)
    a_required_part(stop)

    answer = does(stop, house.coordinator)

    assert (answer.status_code, step(stop)) == (422, "publish")
    assert "required and not done yet" in answer.text
    assert "Guió" in answer.text
    assert not stop.practice.page.live
    make.kit_done(stop, house)
    does(stop, house.coordinator)
    stop.practice.page.refresh_from_db()
    assert (step(stop), stop.practice.page.live) == ("evaluate", True)


def a_required_part(stop: Stop) -> None:
    tool = Tool.objects.create(code="guio", what="script", required=True)
    version = tool.versions.create(number=1, words={"ca": {"title": "Guió"}})
    stop.kit.create(tool=tool, version=version, required=True)


def test_who_may_publish_no_pages_is_told_who_does(house):
    a_home()
    stop = make.at(make.PUBLISH, house)
    make.kit_done(stop, house)
    worker = a_worker(house.unit)
    GroupPagePermission.objects.filter(group__in=worker.groups.all()).delete()
    desk.take_over(open_task(stop.case), worker)

    answer = does(stop, worker)

    assert (answer.status_code, step(stop)) == (409, "publish")
    assert "An editor publishes the page" in answer.text


def test_publishing_the_page_itself_does_the_step_and_tells_both_once(
    house, django_capture_on_commit_callbacks
):
    a_home()
    stop = make.at(make.PUBLISH, house)
    make.kit_done(stop, house)
    page = stop.practice.page

    with django_capture_on_commit_callbacks(execute=True):
        page.get_latest_revision().publish()
        page.refresh_from_db()
        page.unpublish()
        page.get_latest_revision().publish()

    assert step(stop) == "evaluate"
    sent = [to for kind, to in told(stop) if kind == "stop_published"]
    assert sent == [house.technician.user.email, house.teller.user.email]


# Leaving, changing and giving up ------------------------------------------------------


def test_the_host_gives_up_at_any_step_and_the_rapporteur_is_told(house):
    teller = house.teller.user.email
    for name in make.WAY:
        stop = make.at(name, house)
        before = len(told(stop))
        with pytest.raises(PermissionDenied):
            stops.withdraw(stop, "No", house.teller.user)

        assert stops.withdraw(stop, "Ens hem quedat sense gent.", house.mayor.user)
        assert not stops.withdraw(make.now(stop), "Encara", house.mayor.user)

        assert state(stop) == (Case.State.CANCELLED, "withdrawn"), name
        assert step(stop) == ""
        off = [to for kind, to in told(stop)[before:] if kind == "stop_off"]
        assert off == ([] if name in (make.REVIEW, make.MATCH) else [teller]), name
        meeting = make.now(stop).appointment
        ahead = meeting and meeting.starts > timezone.now()
        assert not ahead or not meeting.takes_place


def test_the_rapporteur_leaves_at_any_step_and_another_is_looked_for(house):
    a_home()
    expected = {
        make.ASKED: "match",
        make.DATES: "match",
        make.VISIT: "match",
        make.CHRONICLE: "match",
        make.VALIDATE: "validate",
        make.PUBLISH: "publish",
    }
    for name, then in expected.items():
        stop = make.at(name, house)
        with pytest.raises(ValidationError):
            stops.drop_out(stop, "", house.teller.user)
        with pytest.raises(PermissionDenied):
            stops.drop_out(stop, "No", house.mayor.user)

        assert stops.drop_out(stop, "He canviat de feina.", house.teller.user), name
        assert not stops.drop_out(stop, "Encara", house.teller.user)

        assert (step(stop), make.now(stop).rapporteur) == (then, None), name
        assert stop.pairings.get().state == Pairing.State.LEFT
        kinds = [kind for kind, _to in told(stop)]
        was_to_come = name in (make.DATES, make.VISIT)
        assert ("stop_unpaired" in kinds) == was_to_come, name


def test_another_goes_on_with_the_chronicle_of_who_left_after_the_visit(house):
    stop = make.at(make.CHRONICLE, house)
    other = make.an_offer()
    stops.drop_out(stop, "He canviat de feina.", house.teller.user)
    make.matched(make.now(stop), house, other)

    stops.answer_pairing(make.now(stop), True, "", other.user)

    assert step(stop) == "chronicle", "the visit was held already"
    assert told(stop)[-1] == ("stop_held", other.user.email)


def test_changes_in_the_chronicle_of_who_left_are_for_another(house):
    stop = make.at(make.VALIDATE, house)
    stops.drop_out(stop, "He canviat de feina.", house.teller.user)

    stops.validate(make.now(stop), False, "Falta el cost.", house.mayor.user)

    assert step(stop) == "match"


@pytest.mark.parametrize("name", [make.ASKED, make.DATES, make.VISIT, make.CHRONICLE])
def test_the_office_looks_for_another_rapporteur_at_any_step(house, name):
    stop = make.at(name, house)
    address = reverse("stops:replace", args=[stop.case.number])
    browser = staff(house.coordinator)
    assert address in shown(stop, house.coordinator)
    assert browser.post(address, {"reason": ""}).status_code == 422
    seen = browser.post(address, {"reason": "No contesta."})
    assert house.teller.user.email in seen.text
    assert step(stop) == name

    browser.post(address, {"reason": "No contesta.", "confirm": "1"})

    assert (step(stop), make.now(stop).rapporteur) == ("match", None)
    assert ("stop_relieved", house.teller.user.email) in told(stop)
    row = Message.objects.get(kind="stop_relieved")
    mail = kind_of(row).render(row)
    assert str(stop.key) not in mail.body, "its page is closed to her"
    assert "No contesta." not in mail.body
    assert "Left: No contesta." in shown(stop, house.coordinator, step=True)


def test_the_office_finds_another_date_or_another_rapporteur_in_the_step_itself(house):
    stop = make.at(make.VISIT, house)
    assert does(stop, house.coordinator, decision="redate").status_code == 422

    does(stop, house.coordinator, decision="redate", reason="Hi ha vaga.")
    assert (step(stop), make.now(stop).appointment) == ("dates", None)
    assert [to for kind, to in told(stop) if kind == "stop_to_date"] == [
        house.technician.user.email,
        house.teller.user.email,
    ]
    make.dated(make.now(stop), house)
    does(stop, house.coordinator, decision="left", reason="S’ha posat malalta.")

    assert (step(stop), make.now(stop).appointment) == ("match", None)


def test_who_does_not_act_for_her_body_any_more_is_let_go_by_itself(house):
    stop = make.at(make.VISIT, house)
    boss = representing(house.offer.body)
    assert holding.release_due(10) == 0
    memberships.end(house.teller, by=boss.user)

    assert (holding.release_due(10), holding.release_due(10)) == (1, 0)

    assert (step(stop), make.now(stop).appointment) == ("match", None)
    assert ("stop_unpaired", house.technician.user.email) in told(stop)


def test_bodies_that_become_one_before_the_visit_need_another_rapporteur(house):
    stop = make.at(make.VISIT, house)
    Message.objects.filter(kind="stop_appointment").delete()

    merging.merge(house.offer.body, house.host, by=house.coordinator)
    assert (holding.release_due(10), holding.release_due(10)) == (1, 0)

    assert (step(stop), make.now(stop).appointment) == ("match", None)
    teller = house.teller.user.email
    assert ("stop_relieved", teller) in told(stop)
    calendars = Message.objects.filter(kind="stop_appointment")
    assert teller in calendars.values_list("recipient", flat=True)
    assert stop.pairings.get().reason in shown(stop, house.coordinator)


def test_bodies_that_become_one_after_the_visit_undo_nothing(house):
    stop = make.at(make.CHRONICLE, house)

    merging.merge(house.host, house.offer.body, by=house.coordinator)

    assert (holding.release_due(10), step(stop)) == (0, "chronicle")
    stop = make.told(make.now(stop), house)
    assert stops.validate(stop, True, "", house.mayor.user)
    page = shown(stop, house.coordinator)
    assert page.count("Host and rapporteur are of one body") == 1


def test_the_office_closes_a_stop_and_the_rapporteur_hears_of_it(house):
    stop = make.at(make.VISIT, house)

    desk.cancel(stop.case, "No tenim prou gent.", house.coordinator)

    assert state(stop)[0] == Case.State.CANCELLED
    assert ("stop_off", house.teller.user.email) in told(stop)
    assert not make.now(stop).appointment.takes_place


# Whose it is --------------------------------------------------------------------------


def test_staff_of_another_unit_find_nothing_and_do_nothing(house):
    stranger = a_worker(a_unit("Arxiu"))
    stop = make.at(make.VISIT, house)
    case = stop.case

    for name, args in (
        ("cases:case", []),
        ("cases:step", [open_task(case).pk]),
        ("stops:replace", []),
    ):
        address = reverse(name, args=[case.number, *args])
        assert staff(stranger).get(address).status_code == 404
        sent = {"decision": "held", "reason": "Jo", "confirm": "1"}
        assert staff(stranger).post(address, sent).status_code == 404
    with pytest.raises(PermissionDenied):
        stops.replace_rapporteur(stop, "Jo", stranger)

    assert step(stop) == "visit"


def queries(stop: Stop, by: User) -> int:
    """How many the page of its case asks."""
    browser = staff(by)
    address = reverse("cases:case", args=[stop.case.number])
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def test_the_page_of_a_case_asks_as_much_of_many_pairings_as_of_one(house):
    stop = make.at(make.DATES, house)
    stops.mark_dates(stop, Side.HOST, [in_two_weeks()], house.mayor.user)
    few = queries(stop, house.coordinator)
    for _each in range(10):
        stop.pairings.create(offer=make.an_offer(), state=Pairing.State.DECLINED)
    stops.mark_dates(
        stop,
        Side.HOST,
        [in_two_weeks() + timedelta(days=number) for number in range(8)],
        house.mayor.user,
    )
    assert queries(stop, house.coordinator) == few
