"""A request from its submission to its end, by the screens of those who act: the staff
on theirs, the people of the body on its page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from community.acting import memberships
from community.cover import today
from community.messages.kinds import kind_of
from community.models import Membership, Message, Role, User
from tests.factories.acting import a_town, acting, representing
from tests.factories.cases import a_unit, a_worker, open_task
from tests.factories.catalogue import a_resource
from tests.factories.requests import a_file, a_question, a_request
from workflows.catalogue.models import Criterion
from workflows.engine import answers, desk, retention
from workflows.engine.models import Case, Entry
from workflows.requesting import silence

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> SimpleNamespace:
    """A unit with its worker and a coordinator, a resource of two criteria, and a town
    with a mayor and a technician."""
    unit = a_unit("Govern obert")
    resource = a_resource(unit=unit, edition={"minimum": 10})
    edition = resource.editions.get()
    criteria = [
        Criterion.objects.create(edition=edition, name=name, most=10)
        for name in ("Necessitat", "Mida")
    ]
    town = a_town("Rubí")
    return SimpleNamespace(
        unit=unit,
        resource=resource,
        criteria=[str(one.pk) for one in criteria],
        worker=a_worker(unit, name="Berta Soler"),
        coordinator=a_worker(role="Coordinators", name="Carla Vidal"),
        town=town,
        mayor=representing(town, name="Ona Puig"),
        technician=acting(town, name="Pau Roca"),
        reader=acting(town, Role.READER, name="Rut Pla"),
    )


@pytest.fixture
def case(house) -> Case:
    return a_request(house.resource, by=house.mayor)


def does(case: Case, by: User, **said: object):
    """What the screen of the open step answers, once its mails were seen."""
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(by)
    task = open_task(case)
    address = reverse("cases:step", args=[case.number, task.pk])
    answer = browser.post(address, {**said, "confirm": "1"}, follow=True)
    case.refresh_from_db()
    case.request.refresh_from_db()
    return answer


def step(case: Case) -> str:
    """The name of the office's step that waits."""
    return open_task(case).flow_task.name


def told(case: Case) -> list[str]:
    rows = Message.objects.filter(order_key=case.thread)
    return list(rows.order_by("pk").values_list("kind", flat=True))


def page(case: Case, name: str = "body_request", *more: object) -> str:
    with override("en"):
        return reverse(name, args=[case.body.code, case.number, *more])


def signed_in(user: User) -> Client:
    """The browser of who has shown that the address is hers."""
    link = Message.objects.create(kind="my_bodies", recipient=user.email, language="ca")
    client = Client()
    session = client.session
    until = timezone.now() + timedelta(minutes=59)
    session["my_data"] = {"mail": link.pk, "until": until.isoformat()}
    session.save()
    return client


def sees(member: Membership, case: Case) -> str:
    answer = signed_in(member.user).get(page(case))
    assert answer.status_code == 200
    return answer.content.decode()


def prepared(house, case: Case, decision: str, **said: str) -> None:
    does(case, house.worker, decision="admit")
    does(case, house.worker, **dict.fromkeys(house.criteria, "7"))
    does(case, house.worker, decision=decision, **said)
    assert step(case) == "release"


def to_amend(house, case: Case, *parts: str) -> None:
    opened = list(parts or ["text"])
    does(case, house.worker, decision="amend", parts=opened, text="Falta dir-ho.")
    assert case.state == Case.State.WAITING


def amended(member: Membership, case: Case, **said: object):
    task = answers.open_step(case)
    sent = {"step": task.pk if task else 0, **said}
    answer = signed_in(member.user).post(page(case), sent, follow=True)
    case.refresh_from_db()
    return answer


# From hand to hand --------------------------------------------------------------------


def test_a_request_is_checked_valued_decided_released_carried_out_and_finished(
    house, case
):
    assert told(case) == ["request_received"]
    does(case, house.worker, decision="admit", note="Tot correcte")
    first, second = house.criteria
    assert "Necessitat" in does(case, house.worker, **{first: "8", second: "4"}).text
    assert case.request.total == 12
    does(case, house.worker, decision="grant", grounds="Comencem al gener.")
    assert told(case) == ["request_received"], "nobody is told before it is released"

    does(case, house.coordinator)

    assert told(case)[1:] == ["request_granted"]
    assert (case.state, case.due) == (Case.State.OPEN, None)
    assert step(case) == "execution"
    does(case, house.worker, outcome="finished", text="Mesurat i explicat.")
    assert (case.state, case.outcome) == (Case.State.FINISHED, "finished")
    assert told(case)[2:] == ["request_finished"]
    assert "Mesurat i explicat." in sees(house.reader, case)


def test_without_criteria_nothing_is_valued(house):
    case = a_request(a_resource(unit=house.unit), by=house.mayor)

    does(case, house.worker, decision="admit")

    assert step(case) == "decide"


def test_points_stay_between_the_least_and_the_most_of_their_criterion(house, case):
    does(case, house.worker, decision="admit")

    for wrong in ("11", "-1", ""):
        answer = does(case, house.worker, **dict.fromkeys(house.criteria, wrong))
        assert (answer.status_code, step(case)) == (422, "value")


def test_what_has_fewer_points_than_the_minimum_is_not_granted(house, case):
    does(case, house.worker, decision="admit")
    does(case, house.worker, **dict.fromkeys(house.criteria, "4"))

    answer = does(case, house.worker, decision="grant")

    assert (answer.status_code, step(case)) == (422, "decide")
    does(case, house.worker, decision="deny", grounds="Té 8 punts i en calen 10.")
    assert step(case) == "release"


def test_another_unit_looks_at_what_is_passed_to_it(house, case):
    archive = a_unit("Arxiu")

    does(case, house.worker, decision="pass", unit=archive.pk)

    assert (case.unit, step(case)) == (archive, "check")
    assert told(case) == ["request_received"]


def test_what_is_prepared_can_be_looked_at_again(house, case):
    prepared(house, case, "grant")
    task = case.process.task_set.get(
        flow_task_type="HUMAN",
        owner=house.worker,
        status="DONE",
        flow_task__endswith=".decide",
    )
    desk.undo(task, house.worker)
    assert step(case) == "decide"

    does(case, house.worker, decision="check")

    assert step(case) == "check"


# Decisions ----------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["check", "decide"])
def test_a_denial_has_grounds_and_tells_them_once_it_is_released(house, case, stage):
    if stage == "decide":
        does(case, house.worker, decision="admit")
        does(case, house.worker, **dict.fromkeys(house.criteria, "7"))
    name = "text" if stage == "check" else "grounds"
    assert does(case, house.worker, decision="deny").status_code == 422

    does(case, house.worker, decision="deny", **{name: "No és del seu àmbit."})

    assert step(case) == "release"
    does(case, house.coordinator)
    assert (case.state, case.outcome) == (Case.State.FINISHED, "denied")
    assert told(case) == ["request_received", "request_denied"]
    assert "No és del seu àmbit." in sees(house.technician, case)


def test_nobody_of_the_body_learns_of_a_decision_before_it_is_released(house, case):
    before = sees(house.mayor, case)

    prepared(house, case, "deny", grounds="Secret fins demà.")

    assert sees(house.mayor, case) == before
    receipt = case.entries.exclude(way=Entry.Way.NOTE)
    assert "Secret" not in "".join(entry.text for entry in receipt)


def test_only_a_coordinator_releases(house, case):
    prepared(house, case, "grant")

    answer = does(case, house.worker)

    assert answer.status_code == 409
    assert "The coordinators release decisions" in answer.text
    assert step(case) == "release"
    assert case.request.released is None


# Amendments ---------------------------------------------------------------------------


def test_an_amendment_stops_our_term_opens_only_what_is_said_and_shows_the_difference(
    house,
):
    resource = house.resource
    number, unasked = a_question(resource, "number"), a_question(resource, "text")
    report = a_question(resource, "file", label="Informe")
    case = a_request(
        resource,
        by=house.mayor,
        documents=("acord.pdf",),
        answers={str(number.pk): "3", str(unasked.pk): "Ho sabem tot"},
    )
    to_amend(house, case, "text", str(number.pk), str(report.pk))
    assert case.due is None, "our term stands still"
    assert case.answer_by > today() + timedelta(days=10)
    assert told(case)[1:] == ["request_to_amend"]
    assert "It is your turn" in sees(house.technician, case)

    amended(
        house.technician,
        case,
        text="Ara amb xifres.",
        subject="Un altre assumpte",
        **{str(number.pk): "5", str(unasked.pk): "Res"},
        **{str(report.pk): a_file("informe.pdf")},
    )

    assert (case.state, case.answer_by, step(case)) == (Case.State.OPEN, None, "check")
    assert case.due > today()
    assert open_task(case).owner == house.worker
    first, second = case.request.submissions.all()
    changed = {
        key for key in ("subject", "text") if first.content[key] != second.content[key]
    }
    assert changed == {"text"}
    values = [one["value"] for one in second.content["answers"]]
    assert values == ["5", "Ho sabem tot", ""]
    assert (second.by, second.signer) == (house.technician.user, house.mayor.user)
    staff = Client(headers={"accept-language": "en"})
    staff.force_login(house.worker)
    shown = staff.get(reverse("cases:case", args=[case.number])).text
    assert "<ins>Ara amb xifres.</ins>" in shown
    assert "<del>Volem saber com estem.</del>" in shown
    assert "informe.pdf" in shown


def test_who_only_reads_amends_nothing_and_a_stranger_finds_nothing(house, case):
    to_amend(house, case)

    assert amended(house.reader, case, text="Jo").status_code == 403
    assert amended(representing(a_town()), case, text="Jo").status_code == 404
    assert 'name="text"' not in sees(house.reader, case)

    assert case.request.submissions.count() == 1


def test_what_must_be_signed_again_only_a_representative_sends(house, case):
    to_amend(house, case, "signature")

    refused = amended(house.technician, case, signature="secretary")

    assert refused.status_code == 403
    other = representing(house.town, name="Nil Mas")
    amended(other, case, signature="secretary")
    last = case.request.submissions.last()
    assert (last.signer_name, last.signs_as) == ("Nil Mas", "secretary")


def test_who_lost_the_role_meanwhile_sends_and_withdraws_nothing(house, case):
    to_amend(house, case)
    boss = representing(house.town)
    browser = signed_in(house.mayor.user)
    memberships.end(house.mayor, by=boss.user)
    task = answers.open_step(case)

    for address in (page(case), page(case, "give_up_request")):
        sent = {"step": task.pk, "text": "Massa tard", "reason": "No"}
        assert browser.post(address, sent).status_code == 404

    case.refresh_from_db()
    assert (case.state, case.request.submissions.count()) == (Case.State.WAITING, 1)
    to = Message.objects.filter(order_key=case.thread).latest("pk")
    assert to.recipient == house.mayor.user.email, "told while she still acted"


def test_mails_follow_the_body_when_who_sent_it_does_not_act_for_it_any_more(
    house, case
):
    boss = representing(house.town)
    memberships.end(house.mayor, by=boss.user)

    to_amend(house, case)

    to = Message.objects.filter(order_key=case.thread, kind="request_to_amend")
    assert [row.recipient for row in to] == [boss.user.email]


def test_what_is_not_amended_in_time_counts_as_withdrawn_once(house, case):
    to_amend(house, case)
    late = Case.objects.filter(pk=case.pk)
    late.update(answer_by=today())
    assert silence.end_due(10) == 0, "the last day is theirs"
    late.update(answer_by=today() - timedelta(days=1))

    assert (silence.end_due(10), silence.end_due(10)) == (1, 0)

    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.CANCELLED, "lapsed")
    assert told(case)[-1] == "request_lapsed"
    answer = amended(house.mayor, case, text="Tard")
    assert answer.status_code == 409
    assert "<p>Tard</p>" in answer.text, "it is given back"
    assert case.request.submissions.count() == 1


# Giving it up -------------------------------------------------------------------------


def gives_up(member: Membership, case: Case, reason: str = ""):
    answer = signed_in(member.user).post(
        page(case, "give_up_request"), {"reason": reason}, follow=True
    )
    case.refresh_from_db()
    return answer


def test_a_representative_withdraws_until_it_is_granted_and_renounces_afterwards(
    house, case
):
    prepared(house, case, "grant")
    assert gives_up(house.technician, case).status_code == 403
    granted = a_request(house.resource, by=house.mayor)
    prepared(house, granted, "grant")
    does(granted, house.coordinator)

    gives_up(house.mayor, case)
    assert gives_up(house.mayor, granted).status_code == 422, "it asks why"
    gives_up(house.mayor, granted, "No tenim qui ho porti.")

    assert (case.state, case.outcome) == (Case.State.CANCELLED, "withdrawn")
    assert told(case)[-1] == "case_withdrawn"
    assert (granted.state, granted.outcome) == (Case.State.CANCELLED, "renounced")
    assert told(granted)[-1] == "request_renounced"
    open_steps = case.process.task_set.filter(finished=None, flow_task_type="HUMAN")
    assert not open_steps.exists()


# What is the body's -------------------------------------------------------------------


def test_the_link_of_a_mail_opens_nothing_to_who_is_not_signed_in(house, case):
    stranger = Client()

    for address in (f"/c/{case.token}/", f"/c/{case.token}/withdraw/", page(case)):
        stranger.post(address)
        answer = stranger.get(address, follow=True)
        assert case.title not in answer.text
        assert "/account/login/?next=" in answer.redirect_chain[-1][0]
    case.refresh_from_db()
    assert case.is_active


def test_who_leaves_with_her_data_leaves_the_request_to_the_body(house, case):
    address = house.mayor.user.email
    retention.give_up(address)
    retention.forget(address, case.created + timedelta(days=1))

    case.refresh_from_db()
    assert (case.state, case.name, case.email) == (Case.State.OPEN, "", "")
    assert case.entries.exists()


def test_the_office_gives_it_to_no_other_body(house, case):
    browser = Client()
    browser.force_login(house.worker)
    address = reverse("cases:correct", args=[case.number])

    assert browser.get(address).status_code == 404
    assert address not in browser.get(reverse("cases:case", args=[case.number])).text
    assert not desk.correct(case, "Un altre", a_town(), house.worker)


def test_each_mail_leads_to_the_page_that_asks_who_one_is(house, case):
    row = Message.objects.get(order_key=case.thread)

    text = kind_of(row).render(row).body

    assert f"/ca/b/{house.town.code}/cases/{case.number}/" in text
    assert case.token not in text
