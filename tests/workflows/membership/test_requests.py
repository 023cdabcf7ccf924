"""Asking to act for a body: what comes of it at once, and who decides the rest."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.acting import memberships
from community.models import Membership, Message, Role, User
from tests.factories.acting import (
    a_town,
    a_wish,
    acting,
    an_office,
    asking,
    representing,
    roles_of,
)
from tests.factories.cases import a_unit, a_worker, do, mails_of, open_task
from tests.together import together
from workflows.engine import answers, desk
from workflows.engine.models import Case
from workflows.membership import deciding
from workflows.membership.asking import NobodyDecides, ask
from workflows.membership.forms import DecideForm
from workflows.membership.models import MembershipRequest, MembershipSettings

pytestmark = pytest.mark.django_db

ADA = "ada@council.example"
YES = {"decision": "yes", "role": "technician"}
NO = {"decision": "no", "role": "technician", "reason": "No us coneixem"}


def ada_acts_for() -> dict[str, str]:
    return roles_of(User.objects.filter(email=ADA).first())


def decided_by(by: Membership, case: Case, **said: str) -> bool:
    """Somebody of the body decides, as the page does."""
    form = DecideForm(said, case=case)
    assert form.is_valid(), form.errors
    done = deciding.decide(deciding.open_step(case), form.apply, by=by.user)
    case.refresh_from_db()
    return done


# At once, or not ----------------------------------------------------------------------

NOW, LATER, BOTH = "now", "later", "both"


@pytest.mark.parametrize(
    ("role", "domains", "what"),
    [
        ("reader", ["council.example"], NOW),
        ("technician", ["council.example"], NOW),
        ("representative", ["council.example"], BOTH),
        ("reader", [], LATER),
        ("technician", [], LATER),
        ("representative", [], LATER),
        ("technician", ["other.example"], LATER),
    ],
)
def test_a_known_domain_makes_a_technician_at_once_and_never_a_representative(
    role, domains, what
):
    town = a_town("Vila", *domains)

    asked = asking(town, role=Role(role), email=ADA)

    at_once = {"Vila": "technician" if what == BOTH else role}
    assert ada_acts_for() == ({} if what == LATER else at_once)
    assert (asked.case is None) == (what == NOW)
    assert Case.objects.count() == (0 if what == NOW else 1)


def test_a_domain_of_two_bodies_gives_nothing_at_once():
    town = a_town("Vila", "council.example")
    a_town("Vila de Dalt", "council.example")

    assert asking(town, email=ADA).membership is None


def test_a_domain_gives_nothing_for_another_body():
    a_town("Vila", "council.example")

    assert asking(a_town("Una altra"), email=ADA).membership is None


def test_what_is_given_at_once_is_told_to_her_and_to_who_represents_the_body():
    town = a_town("Vila", "council.example")
    boss = representing(town)

    asking(town, email=ADA)

    kinds = dict(Message.objects.values_list("kind", "recipient"))
    assert kinds == {"membership_begun": ADA, "membership_joined": boss.user.email}


def test_asking_again_gives_what_is_there():
    town = a_town()

    first, again = asking(town, email=ADA), asking(town, email=ADA.upper())

    assert first.case == again.case
    assert mails_of(first.case) == ["membership_asked"]


def test_who_is_that_already_or_more_needs_no_case():
    town = a_town()
    acting(town, Role.REPRESENTATIVE, email=ADA)

    assert asking(town, role=Role.TECHNICIAN, email=ADA).case is None
    assert ada_acts_for() == {town.name: "representative"}


def test_nobody_makes_an_account_before_it_is_granted():
    asking(a_town(), email=ADA)

    assert not User.objects.filter(email=ADA).exists()


def test_without_a_unit_nobody_asks_and_by_a_closed_account_neither():
    with pytest.raises(NobodyDecides):
        ask(a_wish(a_town()))
    an_office()
    user = acting(a_town(), email=ADA).user
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(ValidationError):
        ask(a_wish(a_town("Vila", "council.example"), email=ADA))
    assert not Case.objects.exists()


# Who decides --------------------------------------------------------------------------


def test_the_office_grants_it_and_she_is_told():
    town = a_town("Vila")
    case = asking(town, email=ADA).case

    do(case, a_worker(case.unit), **YES)

    assert (case.state, case.outcome) == ("finished", "granted")
    assert ada_acts_for() == {"Vila": "technician"}
    assert mails_of(case) == ["membership_asked", "membership_granted"]
    assert case.due is None


def test_the_office_refuses_it_with_a_reason_that_she_reads():
    case = asking(a_town(), email=ADA).case

    do(case, a_worker(case.unit), **NO)

    assert (case.state, case.outcome) == ("finished", "refused")
    assert ada_acts_for() == {}
    assert mails_of(case)[-1] == "membership_refused"
    assert case.entries.get(way="out").text == "No us coneixem"


def test_a_refusal_needs_its_reason():
    case = asking(a_town()).case

    assert "reason" in DecideForm({**NO, "reason": " "}, case=case).errors


def test_it_can_be_granted_as_something_else_than_was_asked():
    case = asking(a_town("Vila"), role=Role.REPRESENTATIVE, email=ADA).case

    do(case, a_worker(case.unit), decision="yes", role="reader")

    assert ada_acts_for() == {"Vila": "reader"}
    assert MembershipRequest.objects.get().role == "reader"


def test_it_is_not_granted_to_a_closed_account_nor_for_no_body():
    case = asking(a_town(), email=ADA).case
    acting(a_town(), email=ADA)
    User.objects.filter(email=ADA).update(is_active=False)
    assert "decision" in DecideForm(YES, case=case).errors

    User.objects.filter(email=ADA).update(is_active=True)
    case.body = None
    assert "decision" in DecideForm(YES, case=case).errors
    assert not DecideForm(NO, case=case).errors


def test_a_representative_is_asked_and_decides_and_then_it_is_over_for_the_office():
    town = a_town("Vila")
    boss = representing(town, "boss@vila.cat")
    case = asking(town, email=ADA).case
    assert Message.objects.get(recipient="boss@vila.cat").kind == "membership_to_decide"
    worker = a_worker(case.unit)
    task = open_task(case)
    desk.claim(task, worker)

    assert decided_by(boss, case, **YES)

    assert (case.outcome, ada_acts_for()) == ("granted", {"Vila": "technician"})
    with pytest.raises(desk.Gone):
        desk.complete(task, lambda case, by: None, worker)
    task.refresh_from_db()
    assert (task.status, task.owner) == ("DONE", None), "a step is never hers"
    given = Membership.objects.get(user__email=ADA)
    assert given.given_by == boss.user


def test_what_is_decided_is_not_decided_again():
    town = a_town()
    boss = representing(town)
    case = asking(town, email=ADA).case
    task = deciding.open_step(case)
    form = DecideForm(NO, case=case)
    assert form.is_valid()
    do(case, a_worker(case.unit), **YES)

    assert not deciding.decide(task, form.apply, by=boss.user)
    assert deciding.open_step(case) is None
    assert ada_acts_for() == {town.name: "technician"}


@pytest.mark.parametrize(
    "who", ["technician", "of another body", "removed", "who asks", "shut out"]
)
def test_nobody_decides_who_does_not_represent_the_body(who):
    town = a_town()
    case = asking(town, email=ADA).case
    user = {
        "technician": lambda: acting(town).user,
        "of another body": lambda: representing(a_town()).user,
        "removed": lambda: _removed(town),
        "who asks": lambda: acting(a_town(), email=ADA).user,
        "shut out": lambda: _shut_out(town),
    }[who]()
    form = DecideForm(YES, case=case)
    assert form.is_valid()

    with pytest.raises(PermissionDenied):
        deciding.decide(deciding.open_step(case), form.apply, by=user)

    case.refresh_from_db()
    assert case.state == "open"
    assert mails_of(case) == ["membership_asked"]


def _removed(town):
    gone = representing(town)
    memberships.end(gone, by=gone.user)
    return gone.user


def _shut_out(town):
    user = representing(town).user
    User.objects.filter(pk=user.pk).update(is_active=False)
    return User.objects.get(pk=user.pk)


def test_withdrawing_gives_nothing_and_she_can_ask_again():
    town = a_town()
    case = asking(town, email=ADA).case

    assert answers.withdraw(case)

    assert ada_acts_for() == {}
    assert list(deciding.waiting_for(town)) == []
    again = asking(town, email=ADA).case
    assert again
    assert again != case


def test_the_term_is_of_the_settings():
    an_office(answer_days=1)
    soon = asking(a_town()).case
    an_office(answer_days=10)
    later = asking(a_town(), email="b@council.example").case

    assert soon.due < later.due


def test_the_office_is_told_when_nobody_represents_a_body_any_more():
    unit = an_office()
    town = a_town()
    boss = representing(town)
    memberships.end(boss, by=boss.user)
    assert not Message.objects.filter(kind="body_left_alone").exists(), "no address"
    unit.email = "suport@placa.example"
    unit.save()
    again = representing(town)

    memberships.end(again, by=again.user)

    row = Message.objects.get(kind="body_left_alone")
    assert row.recipient == "suport@placa.example"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_the_office_and_a_representative_at_once_one_decides():
    MembershipSettings.objects.create(unit=a_unit())
    town = a_town("Vila")
    boss = representing(town)
    case = asking(town, email=ADA).case
    worker = a_worker(case.unit)

    def office() -> str:
        try:
            do(Case.objects.get(pk=case.pk), worker, **NO)
        except desk.Gone:
            return ""
        return "refused"

    def body() -> str:
        mine = Case.objects.get(pk=case.pk)
        form = DecideForm(YES, case=mine)
        assert form.is_valid()
        task = deciding.open_step(mine)
        done = task and deciding.decide(task, form.apply, by=boss.user)
        return "granted" if done else ""

    said = [word for word in together(office, body) if word]

    case.refresh_from_db()
    assert said == [case.outcome]
    assert ada_acts_for() == ({"Vila": "technician"} if said == ["granted"] else {})
    assert len(mails_of(case)) == 2
