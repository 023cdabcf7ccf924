"""A registration comes to Cases when somebody has to act on it, and leaves them by
itself as soon as nobody has."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from viewflow.workflow.models import Process

from community.messages import suppressions
from community.models import Message, Suppression, Unit
from events import registrations, retention, sessions
from events.models import Registration, Session
from tests.browser import signing_in
from tests.browser.keyboard import press, tab_to, write
from tests.factories import a_body, a_registration, a_session, a_user
from tests.factories.cases import open_task
from tests.mail import entry
from tests.together import together
from workflows.engine import cases, desk
from workflows.engine.models import Case, Entry
from workflows.engine.terms import Calendar
from workflows.organising import disclosure
from workflows.organising.deciding import following, outcomes
from workflows.organising.deciding.flows import DecisionFlow
from workflows.organising.models import Decision

State, Reason = Registration.State, Registration.Reason
Cause = Decision.Cause
ADDRESS = "ada@council.example"
WHY = "Aquesta sessió és per a secretaries"


@pytest.fixture(autouse=True)
def _a_far_side(settings):
    """Whatever leaves is taken."""
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"


def bounce(registration: Registration) -> Suppression:
    row = Message.objects.filter(order_key=registration.thread).latest("pk")
    return suppressions.suppress(row, Suppression.Reason.BOUNCED, "550 5.1.1 Nobody")


def to_approve(series, **values) -> Registration:
    session = a_session(1, series=series, approval=True, **values)
    return a_registration(session, ADDRESS, name="Ada Puig", question="Com es fa?")


def over_limit(series, **values) -> Registration:
    session = a_session(5, series=series, body_limit=1, **values)
    a_registration(session, name="Biel Roca", body_text="Gelida")
    return a_registration(session, ADDRESS, name="Ada Puig", body_text="GELIDA")


def unreached(series, **values) -> Registration:
    session = a_session(1, series=series, **values)
    registration = a_registration(session, ADDRESS, name="Ada Puig")
    bounce(registration)
    return registration


MAKE = {
    Cause.APPROVAL: to_approve,
    Cause.LIMIT: over_limit,
    Cause.ADDRESS: unreached,
}


def look() -> int:
    return following.follow_due(200)


def case_of(registration: Registration) -> Case:
    look()
    return Case.objects.get(decision__registration=registration)


def step(case: Case) -> str:
    return reverse("cases:step", args=[case.number, open_task(case).pk])


def words(answer: HttpResponse) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def mails_of(registration: Registration, since: int = 0) -> list[str]:
    rows = Message.objects.filter(order_key=registration.thread, pk__gt=since)
    return list(rows.order_by("pk").values_list("kind", flat=True))


def newest() -> int:
    return Message.objects.latest("pk").pk


@pytest.mark.parametrize("cause", Cause)
def test_what_needs_somebody_is_one_case_in_the_queue_of_its_unit(
    series, sign_in, cause
):
    registration = MAKE[cause](series)
    a_registration(a_session(series=series), "ningu@council.example")

    assert [look(), look()] == [1, 0]

    case = Case.objects.get()
    assert case.decision.cause == cause
    assert case.unit == series.unit
    assert case.name == "Ada Puig"
    assert case.due
    queue = words(sign_in().get(reverse("cases:queue")))
    assert f"{case.title} {case.number} · Ada Puig" in queue
    assert "Dades obertes" in case.title
    elsewhere = sign_in(unit=Unit.objects.create(code="elsewhere", name="Una altra"))
    assert case.number not in words(elsewhere.get(reverse("cases:queue")))
    page = reverse("cases:case", args=[case.number])
    assert elsewhere.get(page).status_code == 404
    assert mails_of(registration) == mails_of(registration)[:1], "nobody hears of it"


@pytest.mark.parametrize(
    "values",
    [
        {"state": Session.State.CANCELLED},
        {"state": Session.State.CLOSED},
        {"starts": timezone.now() - timedelta(days=1)},
    ],
)
@pytest.mark.parametrize("cause", Cause)
def test_what_is_over_needs_nobody(series, cause, values):
    registration = MAKE[cause](series)
    Session.objects.filter(pk=registration.session_id).update(
        **values, **({"ends": timezone.now()} if "starts" in values else {})
    )

    look()

    assert not Case.objects.exists()


def test_who_waits_in_a_full_session_waits_as_all_do(series):
    session = a_session(1, series=series, body_limit=1)
    a_registration(session, body_text="Gelida")
    a_registration(session, body_text="Gelida")

    look()

    assert not Case.objects.exists()


# Decided in the case.

DECISIONS = [
    (Cause.APPROVAL, {"decision": "approve"}, State.CONFIRMED, "approved",
     ["registration_confirmed"]),
    (Cause.APPROVAL, {"decision": "decline", "reason": WHY}, State.CANCELLED,
     "declined", ["registration_declined"]),
    (Cause.LIMIT, {"decision": "let_in"}, State.CONFIRMED, "let_in",
     ["registration_promoted"]),
    (Cause.LIMIT, {"decision": "leave"}, State.WAITING, "left_waiting", []),
    (Cause.LIMIT, {"decision": "turn_away", "reason": WHY}, State.CANCELLED,
     "turned_away", ["registration_declined"]),
    (Cause.ADDRESS, {"decision": "correct", "email": "ada@altre.example"},
     State.CONFIRMED, "corrected", ["registration_confirmed"]),
    (Cause.ADDRESS, {"decision": "again", "note": "Ho diu Ada"}, State.CONFIRMED,
     "written_again", ["registration_confirmed"]),
    (Cause.ADDRESS, {"decision": "reached", "note": "Trucada"}, State.CONFIRMED,
     "reached", []),
    (Cause.ADDRESS, {"decision": "cancel"}, State.CANCELLED, "cancelled", []),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "sent", "state", "outcome", "mails"), DECISIONS)
def test_each_decision_does_what_it_says_once_and_shows_its_mails_first(
    series, sign_in, cause, sent, state, outcome, mails
):
    registration = MAKE[cause](series)
    case = case_of(registration)
    client, address, before = sign_in(), step(case), newest()
    as_it_was = registration.state, registration.email

    if mails:
        shown = words(client.post(address, sent))
        assert f"1 person will be told, {sent.get('email', ADDRESS)}, in Cat" in shown
        assert newest() == before
        registration.refresh_from_db()
        assert (registration.state, registration.email) == as_it_was
    for _twice in range(2):
        client.post(address, {**sent, "confirm": "1"})
    look()

    registration.refresh_from_db()
    case.refresh_from_db()
    assert registration.state == state
    assert (case.state, case.outcome) == (Case.State.FINISHED, outcome)
    assert mails_of(registration, before) == mails
    assert Case.objects.count() == 1, "what was decided is not asked again"


@pytest.mark.parametrize(
    ("cause", "sent", "said"),
    [
        (Cause.APPROVAL, {"decision": "decline"}, "Write why: the person is told."),
        (Cause.LIMIT, {"decision": "turn_away"}, "Write why: the person is told."),
        (Cause.ADDRESS, {"decision": "correct"}, "Write the right address."),
        (Cause.ADDRESS, {"decision": "again"}, "Write who said"),
        (Cause.ADDRESS, {"decision": "reached"}, "Write how the person was told."),
        (Cause.ADDRESS, {"decision": "correct", "email": "ada"}, "ada"),
        (
            Cause.ADDRESS,
            {"decision": "correct", "email": ADDRESS.upper()},
            "This is the one that mail does not reach.",
        ),
        (Cause.APPROVAL, {"decision": "let_in"}, "let_in"),
        (Cause.APPROVAL, {}, "What do you do?"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(
    series, sign_in, cause, sent, said
):
    case = case_of(MAKE[cause](series))

    answer = sign_in().post(step(case), {**sent, "confirm": "1"})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    case.refresh_from_db()
    assert case.is_active


def test_who_is_not_approved_reads_why(series, sign_in, smtp_server, work, settings):
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    registration = to_approve(series)
    case = case_of(registration)
    sent = {"decision": "decline", "reason": WHY, "note": "Ja va venir"}
    client = sign_in()

    shown = unescape(client.post(step(case), sent).content.decode())
    assert WHY in shown
    assert registration.token not in shown
    client.post(step(case), {**sent, "confirm": "1"})
    work()

    last = smtp_server.mails[-1]
    for part in ("plain", "html"):
        body = unescape(last.get_body((part,)).get_content())
        assert WHY in " ".join(body.split())
        assert "Ja va venir" not in body
    assert case.entries.get().way == Entry.Way.NOTE


def test_the_right_address_gets_how_things_stand_and_links_of_its_own(
    series, sign_in, smtp_server, work, settings
):
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    registration = unreached(series)
    work()
    failed = Message.objects.filter(order_key=registration.thread, state="failed")
    assert failed.exists()
    case = Case.objects.get()

    right = "Ada.Puig@council.example"
    sent = {"decision": "correct", "email": right, "confirm": "1"}
    sign_in().post(step(case), sent)
    work()

    last = smtp_server.mails[-1]
    assert last["To"] == right
    assert entry(last)[0] == "REQUEST"
    fresh = Registration.objects.get(pk=registration.pk)
    own = reverse("my_registration", args=[fresh.token])
    assert own in last.get_body(("plain",)).get_content()
    old = reverse("my_registration", args=[registration.token])
    assert Client().get(old).status_code == 404
    assert not failed.exists(), "nobody needs to see to the mails of before"


def test_an_address_that_is_registered_too_is_not_taken(series, sign_in):
    registration = unreached(series)
    a_registration(registration.session, "biel@council.example")
    case = case_of(registration)

    sent = {"decision": "correct", "email": "Biel@council.example", "note": "Per tel."}
    answer = sign_in().post(step(case), {**sent, "confirm": "1"})

    assert answer.status_code == 409
    assert "registered for the session too" in words(answer)
    assert "Per tel." in answer.content.decode()
    registration.refresh_from_db()
    assert registration.email == ADDRESS
    assert not case.entries.exists()


def test_whose_place_is_freed_makes_another_hear_and_both_are_shown(series, sign_in):
    registration = unreached(series)
    a_registration(registration.session, "biel@council.example", language="es")
    case = case_of(registration)

    shown = words(sign_in().post(step(case), {"decision": "cancel"}))

    assert "1 person will be told, biel@council.example, in Spanish" in shown


def test_a_person_who_was_reached_is_asked_about_again_only_if_mail_comes_back_anew(
    series, sign_in
):
    registration = unreached(series)
    sent = {"decision": "reached", "note": "Trucada", "confirm": "1"}
    sign_in().post(step(case_of(registration)), sent)
    look()
    assert Case.objects.count() == 1

    mark = suppressions.suppression_of(ADDRESS)
    suppressions.lift(mark, by=a_user(), reason="Bústia arreglada")
    registrations.renew_links(registration, by=a_user())
    bounce(registration)
    look()

    assert Case.objects.active().count() == 1


# Decided elsewhere.

ELSEWHERE: list[tuple[Cause, Callable[[Registration], object], str]] = [
    (Cause.APPROVAL, lambda r: registrations.approve(r, by=a_user()), "elsewhere"),
    (Cause.APPROVAL, lambda r: registrations.decline(r, by=a_user()), "elsewhere"),
    (Cause.APPROVAL, lambda r: registrations.grant(r, by=a_user(), reason="-"),
     "elsewhere"),
    (Cause.APPROVAL, lambda r: registrations.cancel(r, Reason.PERSON), "given_up"),
    (Cause.APPROVAL, registrations.not_me, "given_up"),
    (Cause.APPROVAL, lambda r: sessions.cancel(r.session, "Pluja"), "over"),
    (Cause.LIMIT, lambda r: registrations.grant(r, by=a_user(), reason="-"),
     "has_place"),
    (Cause.LIMIT, lambda r: registrations.correct(r, body_text="Vic"), "in_turn"),
    (Cause.LIMIT, lambda r: registrations.cancel(
        r.session.registrations.get(name="Biel Roca"), Reason.PERSON), "has_place"),
    (Cause.LIMIT, lambda r: sessions.postpone(r.session, "Vaga"), "over"),
    (Cause.LIMIT, lambda r: registrations.cancel(r, Reason.STAFF), "elsewhere"),
    (Cause.ADDRESS, lambda r: suppressions.reached(ADDRESS), "arrives"),
    (Cause.ADDRESS, lambda r: registrations.cancel(r, Reason.PERSON), "given_up"),
    (Cause.ADDRESS, lambda r: registrations.correct_address(
        r, "ada@altre.example", by=a_user()), "arrives"),
    (Cause.ADDRESS, lambda r: sessions.cancel(r.session, "Pluja"), "over"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "act", "outcome"), ELSEWHERE)
def test_a_case_ends_by_itself_when_nobody_has_to_act_any_more(
    series, sign_in, cause, act, outcome
):
    case = case_of(MAKE[cause](series))

    act(case.decision.registration)
    look()
    look()

    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.FINISHED, outcome)
    client = sign_in()
    assert case.number not in words(client.get(reverse("cases:queue")))
    assert case.number in words(client.get(reverse("cases:archive")))
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("cause", "act", "sent"),
    [
        (Cause.APPROVAL, lambda r: registrations.approve(r, by=a_user()),
         {"decision": "decline", "reason": WHY}),
        (Cause.APPROVAL, lambda r: registrations.cancel(r, Reason.PERSON),
         {"decision": "approve", "note": WHY}),
        (Cause.LIMIT, lambda r: registrations.grant(r, by=a_user(), reason="-"),
         {"decision": "turn_away", "reason": WHY}),
        (Cause.LIMIT, lambda r: registrations.cancel(r, Reason.PERSON),
         {"decision": "leave", "note": WHY}),
        (Cause.ADDRESS, lambda r: suppressions.reached(ADDRESS),
         {"decision": "again", "note": WHY}),
        (Cause.ADDRESS, lambda r: registrations.cancel(r, Reason.PERSON),
         {"decision": "correct", "email": "ada@altre.example", "note": WHY}),
    ],
)  # fmt: skip
def test_who_decides_after_it_was_settled_elsewhere_is_told_and_loses_nothing_typed(
    series, sign_in, cause, act, sent
):
    case = case_of(MAKE[cause](series))
    act(case.decision.registration)
    before = list(Registration.objects.order_by("pk").values_list("state", "email"))
    mails = newest()

    for confirmed in ({}, {"confirm": "1"}):
        answer = sign_in().post(step(case), {**sent, **confirmed})
        assert answer.status_code == 409
        assert "This has been settled meanwhile" in words(answer)
        assert WHY in unescape(answer.content.decode())

    assert newest() == mails
    now = Registration.objects.order_by("pk").values_list("state", "email")
    assert list(now) == before
    assert not case.entries.exists()


# What the staff see, and nobody else does.


def test_the_step_shows_all_one_needs_and_leads_to_the_session_and_back(
    series, sign_in
):
    before = a_session(series=series, title={"ca": "Abans"})
    earlier = a_registration(before, ADDRESS)
    ended = timezone.now() - timedelta(days=30)
    hour = timedelta(hours=1)
    Session.objects.filter(pk=before.pk).update(starts=ended, ends=ended + hour)
    earlier.invitations.update(joined=ended)
    body = a_body("Gelida")
    session = a_session(5, series=series, body_limit=1)
    a_registration(session, body=body)
    registration = a_registration(
        session, ADDRESS, name="Ada Puig", body=body, question="Com es fa?"
    )
    case = case_of(registration)
    client = sign_in()

    page = words(client.get(step(case)))

    for said in (
        "Ada Puig", ADDRESS, "Com es fa?", "Dades obertes", "1 / 5", "1 person waits",
        "1 person of it has a place; each body may have 1",
        "Abans", "went into the meeting",
    ):  # fmt: skip
        assert said in page
    people = reverse("sessions:registration", args=[registration.pk])
    here = reverse("sessions:session", args=[session.pk])
    whole = client.get(reverse("cases:case", args=[case.number])).content.decode()
    assert f'href="{people}"' in whole
    assert f'href="{here}"' in whole
    link = reverse("cases:case", args=[case.number])
    for screen in (people, here):
        assert f'href="{link}"' in client.get(screen).content.decode()
    registrations.grant(registration, by=a_user(), reason="-")
    look()
    for screen in (people, here):
        assert f'href="{link}"' not in client.get(screen).content.decode()


@pytest.mark.parametrize("cause", Cause)
def test_the_person_hears_of_no_case_and_has_no_page_of_it(series, sign_in, cause):
    registration = MAKE[cause](series)
    case = case_of(registration)
    client = sign_in()

    assert Client().get(reverse("my_case", args=[case.token])).status_code == 404
    withdraw = reverse("withdraw_case", args=[case.token])
    assert Client().post(withdraw).status_code == 404
    for name in ("close", "extend"):
        address = reverse(f"cases:{name}", args=[case.number])
        assert client.get(address).status_code == 404
        sent = {"reason": "-", "days": "1", "confirm": "1"}
        assert client.post(address, sent).status_code == 404
        page = client.get(reverse("cases:case", args=[case.number]))
        assert address not in page.content.decode()
    case.refresh_from_db()
    assert case.is_active
    assert case.email == ""
    assert not Message.objects.filter(order_key=case.thread).exists()


def test_what_people_wrote_is_for_who_may_see_them_and_reading_it_is_noted(
    series, sign_in
):
    case = case_of(to_approve(series))
    client = sign_in()

    assert "Com es fa?" in words(client.get(step(case)))
    seen = disclosure.entries().get(action=disclosure.PERSON_OPENED)
    assert seen.user == client.user
    assert seen.object_id == str(case.decision.registration_id)

    group = client.user.groups.get()
    group.permissions.remove(
        *group.permissions.filter(codename__endswith="_registration")
    )
    other = sign_in()
    assert "Com es fa?" not in words(other.get(step(case)))
    answer = other.post(step(case), {"decision": "approve", "confirm": "1"})
    assert answer.status_code == 302
    assert answer.url == reverse("wagtailadmin_home")
    case.refresh_from_db()
    assert case.is_active


def test_what_is_corrected_or_moved_is_so_in_the_case_too(series):
    registration = to_approve(series)
    case = case_of(registration)
    registrations.correct(registration, name="Ada Puig Soler")
    starts = timezone.now() + timedelta(hours=30)
    sessions.move(registration.session, starts=starts, ends=starts + timedelta(hours=1))
    other = Unit.objects.create(code="arxiu", name="Arxiu")
    series.unit = other
    series.save()

    look()

    case.refresh_from_db()
    assert (case.name, case.unit) == ("Ada Puig Soler", other)
    assert case.due <= timezone.localdate(starts)
    assert Case.objects.matching("soler").exists()
    assert look() == 0


def test_the_case_of_who_is_forgotten_names_nobody(series):
    registration = to_approve(series)
    case = case_of(registration)
    retention.erase([registration])

    look()
    look()

    case.refresh_from_db()
    assert not case.is_active
    assert case.erased
    assert (case.name, case.title) == ("", "")
    assert look() == 0


def test_who_says_it_was_not_them_is_named_nowhere(series):
    registration = to_approve(series)
    case = case_of(registration)

    registrations.not_me(registration)
    look()

    case.refresh_from_db()
    assert case.name == ""


MONDAY = date(2026, 11, 23)
SUNDAY_HOLIDAY = {date(2026, 11, 24): ("Festa",)}


@pytest.mark.parametrize(
    ("since", "starts", "holidays", "due"),
    [
        (MONDAY, 14, {}, date(2026, 11, 25)),  # two working days
        (MONDAY, 14, SUNDAY_HOLIDAY, date(2026, 11, 26)),
        (date(2026, 11, 27), 14, {}, date(2026, 12, 1)),  # over a weekend
        (MONDAY, 2, {}, date(2026, 11, 24)),  # the day before the session
        (MONDAY, 1, {}, MONDAY),
        (MONDAY, 0, {}, MONDAY),  # on the day itself
        (date(2026, 11, 26), 4, {}, date(2026, 11, 27)),  # the Friday before a Monday
        (date(2026, 11, 28), 2, {}, date(2026, 11, 28)),  # opened on a Saturday
    ],
)
def test_the_deadline_is_two_working_days_and_never_after_the_session_begins(
    since, starts, holidays, due
):
    begins = datetime(since.year, since.month, since.day, 9, tzinfo=UTC)
    session = Session(starts=begins + timedelta(days=starts))

    assert following.due_on(session, since, Calendar(holidays)) == due


# Many at once.


def test_a_round_is_bounded_and_a_bad_row_holds_up_nobody(series, monkeypatch):
    session = a_session(series=series, approval=True)
    for _number in range(5):
        a_registration(session)
    assert following.follow_due(2) == 2
    assert Case.objects.count() == 2

    bad = session.registrations.order_by("pk")[2]
    title_of = following._what

    def broken(cause, registration, *rest):
        if registration == bad:
            raise RuntimeError(bad.name)
        return title_of(cause, registration, *rest)

    monkeypatch.setattr(following, "_what", broken)
    assert look() == 2
    monkeypatch.undo()
    assert look() == 1
    assert Case.objects.count() == 5


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches SIGKILL."""


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (cases, "new_number"),
        (Case, "save"),
        (Decision, "save"),
        (DecisionFlow.instance, "open_case"),
        (following, "due_on"),
    ],
)
def test_a_worker_killed_while_it_opens_one_leaves_nothing_half_done(
    series, monkeypatch, at, name
):
    to_approve(series)

    def killed(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(at, name, killed)
    with pytest.raises(Killed), transaction.atomic():
        look()
    monkeypatch.undo()
    assert not Process.objects.exists()

    assert [look(), look()] == [1, 0]
    assert Case.objects.get().number.endswith("-0001")
    assert open_task(Case.objects.get())


@pytest.mark.parametrize(
    ("at", "name"), [(cases, "finish"), (outcomes, "by_itself"), (Case, "save")]
)
def test_a_worker_killed_while_it_ends_one_leaves_it_as_it_was(
    series, monkeypatch, at, name
):
    case = case_of(to_approve(series))
    registrations.approve(case.decision.registration, by=a_user())

    def killed(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(at, name, killed)
    with pytest.raises(Killed), transaction.atomic():
        look()
    monkeypatch.undo()
    assert open_task(case)

    look()
    case.refresh_from_db()
    assert case.outcome == "elsewhere"


def test_nothing_to_do_costs_the_same_with_many_open(series):
    session = a_session(series=series, approval=True)

    def cost() -> int:
        look()
        with CaptureQueriesContext(connection) as captured:
            assert look() == 0
        return len(captured)

    a_registration(session)
    few = cost()
    for _number in range(20):
        a_registration(session)
    assert cost() == few <= 12


@pytest.mark.parametrize("cause", Cause)
def test_the_page_and_the_step_stay_within_their_budgets(series, sign_in, cause):
    case = case_of(MAKE[cause](series))
    client = sign_in()
    for address in (reverse("cases:case", args=[case.number]), step(case)):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) <= 20, address


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 320])
def test_a_case_worker_decides_by_keyboard_wide_and_narrow(
    page: Page, live_server, series, assert_accessible, width
):
    approval = to_approve(series)
    places, address = over_limit(series), unreached(series)
    look()
    superuser = a_user(is_superuser=True, language="ca")
    signing_in.sign_in(page.context, superuser, live_server.url)
    page.set_viewport_size({"width": width, "height": 900})

    def read() -> None:
        expect(page.get_by_role("main")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    for cause, registration in ((Cause.LIMIT, places), (Cause.ADDRESS, address)):
        mine = Decision.objects.get(cause=cause, registration=registration)
        page.goto(step(mine.case))
        read()
    page.goto(reverse("sessions:session", args=[approval.session_id]))
    read()
    press(page, page.get_by_role("link", name="Ada Puig: per aprovar"))
    read()
    press(page, page.get_by_role("link", name="Aprova la inscripció, o no"))
    no = page.get_by_role("radio", name="No aprovar-la")
    tab_to(page, page.get_by_role("radio", name="Aprovar-la: una"))
    page.keyboard.press("ArrowDown")
    expect(no).to_be_checked()
    write(page, page.get_by_label("Per què no"), WHY)
    press(page, page.get_by_role("button", name="Fes-ho"))
    expect(page.get_by_role("main")).to_contain_text("S’avisarà 1 persona")
    expect(page.frame_locator("iframe").get_by_text(WHY)).to_be_visible()
    read()
    press(page, page.get_by_role("button", name="Fes-ho"))
    expect(page.get_by_role("main")).to_contain_text("no aprovada")
    read()

    approval.refresh_from_db()
    assert (approval.state, approval.refusal) == (State.CANCELLED, WHY)


# Two at once.

ROUNDS = 15


def in_the_case(case: Case, sent: dict[str, str]) -> Callable[[], bool]:
    task, by = open_task(case), a_user(is_superuser=True)
    form = task.flow_task.form_class(sent, case=case)
    assert form.is_valid(), form.errors

    def act() -> bool:
        try:
            desk.complete(task, form.apply, by)
        except (desk.Gone, ValidationError):
            return False
        return True

    return act


def on_the_screen(registration: Registration) -> Callable[[], bool]:
    same, by = Registration.objects.get(pk=registration.pk), a_user()
    return lambda: registrations.approve(same, by=by)


def rounds(series) -> list[tuple[Registration, list[bool]]]:
    session = a_session(series=series, approval=True)
    sent = {"decision": "decline", "reason": WHY}
    found = []
    for _round in range(ROUNDS):
        registration = a_registration(session)
        case = case_of(registration)
        won = together(in_the_case(case, sent), on_the_screen(registration))
        registration.refresh_from_db()
        found.append((registration, won))
    return found


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_in_both_places_one_wins(series):
    for registration, won in rounds(series):
        assert won.count(True) == 1
        declined, approved = won
        state = State.CANCELLED if declined else State.CONFIRMED
        assert registration.state == state
        assert len(mails_of(registration)) == 2
    look()
    assert not Case.objects.active().exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_win(series, monkeypatch):
    """The control: what the test above sees is the lock's doing."""

    def no_lock(session: Session) -> Session:
        # Long enough for the other to read what was there before.
        found = Session.objects.get(pk=session.pk)
        sleep(0.05)
        return found

    refresh = Registration.refresh_from_db

    def read_and_wait(self, *args, **kwargs) -> None:
        refresh(self, *args, **kwargs)
        sleep(0.05)

    monkeypatch.setattr(registrations, "locked", no_lock)
    monkeypatch.setattr(Registration, "refresh_from_db", read_and_wait)

    assert [won for _registration, won in rounds(series) if won.count(True) == 2]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_one_case_for_each(series):
    session = a_session(series=series, approval=True)
    for _number in range(10):
        a_registration(session)

    together(look, look)

    assert Case.objects.count() == Decision.objects.count() == 10


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_worker_and_somebody_at_once_end_a_case_once(series):
    session = a_session(series=series, approval=True)
    for _round in range(ROUNDS):
        registration = a_registration(session)
        case = case_of(registration)
        decide = in_the_case(case, {"decision": "approve"})
        registrations.cancel(registration, Reason.PERSON)

        _ended, decided = together(look, decide)

        assert not decided
        case.refresh_from_db()
        assert (case.state, case.outcome) == (Case.State.FINISHED, "given_up")
        registration.refresh_from_db()
        assert registration.state == State.CANCELLED
