"""A topic, from who proposes it to the session that treats it: what each step does,
through the flow; and who supports it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.acting import merging
from community.cover import today
from community.models import Message
from community.privacy import holders, register
from events.models import Session
from tests.factories import a_series, a_session, a_user
from tests.factories.acting import a_town, acting
from tests.factories.cases import mails_of, open_task
from tests.factories.proposals import a_member, a_proposal, an_open_one, decided
from workflows.engine import answers, jobs
from workflows.engine.models import Case
from workflows.proposals import holding, supporting
from workflows.proposals.models import Proposal, Support
from workflows.proposals.proposing import Wish, propose

pytestmark = pytest.mark.django_db

State = Proposal.State


def news_of(proposal: Proposal) -> list[str]:
    rows = Message.objects.filter(kind="proposal_supported", about=proposal.pk)
    return list(rows.order_by("pk").values_list("recipient", flat=True))


def leave(address: str) -> None:
    """Have all that is held of `address` erased, as the page of *Your data* does."""
    for holder in holders.holders():
        holder.give_up(address)
    for holder in holders.holders():
        holder.erase(address, timezone.now())


def test_what_is_proposed_waits_for_the_unit_of_the_series_for_five_working_days():
    proposal = a_proposal()

    case = proposal.case
    assert case.number == f"PRO-{today().year}-0001"
    assert (case.unit, proposal.state) == (proposal.series.unit, State.RECEIVED)
    assert case.due >= today() + timedelta(days=5)
    assert mails_of(case) == ["proposal_received"]
    assert not Proposal.objects.public().exists()


def test_the_same_form_sent_twice_is_one_proposal():
    series, key = a_series(), uuid4()
    wish = Wish(series, "Actes", "Quines?", "", "now", "Ada", "ada@a.example", "ca")

    assert propose(wish, form_key=key) == propose(wish, form_key=key)
    assert Proposal.objects.count() == 1


def test_it_goes_its_whole_way_and_each_change_is_told_once_to_each():
    proposal = an_open_one()
    case = proposal.case
    assert (proposal.state, case.due) == (State.OPEN, None)
    pau = a_member()
    supporting.support(proposal, pau)

    decided(proposal, "shortlist")
    assert proposal.state == State.SHORTLISTED
    session = a_session(series=proposal.series)
    decided(proposal, "plan", session=session.pk)
    assert (proposal.state, proposal.session) == (State.PLANNED, session)
    assert holding.hold_due(10) == 0, "it has not been held"
    with pytest.raises(AssertionError, match="encara no s’ha fet"):
        decided(proposal, "answer", text="Feta")
    past = timezone.now() - timedelta(hours=2)
    Session.objects.update(starts=past, ends=past + timedelta(hours=1))
    assert holding.hold_due(10) == 1
    assert holding.hold_due(10) == 0
    proposal.refresh_from_db()
    assert proposal.state == State.HELD
    decided(proposal, "answer", text="Cada trimestre.", link="https://a.example/x")

    assert (proposal.state, proposal.answer) == (State.ANSWERED, "Cada trimestre.")
    jobs.run_due(1)
    case.refresh_from_db()
    case.process.refresh_from_db()
    assert (case.outcome, case.process.status) == ("answered", "DONE")
    assert mails_of(case) == [
        f"proposal_{name}"
        for name in ("received", "published", "shortlisted", "planned", "held")
    ] + ["proposal_answer"]
    # What waits is written when it leaves: it says the last.
    assert news_of(proposal) == [pau.email]


def test_a_session_that_fell_through_has_another_looked_for():
    proposal = an_open_one()
    decided(proposal, "shortlist")
    decided(proposal, "plan", session=a_session(series=proposal.series).pk)

    decided(proposal, "replan")

    assert (proposal.state, proposal.session) == (State.SHORTLISTED, None)
    decided(proposal, "reopen")
    assert proposal.state == State.OPEN


@pytest.mark.parametrize(
    ("state", "ends"), [(Session.State.CANCELLED, -1), (Session.State.ANNOUNCED, 1)]
)
def test_what_was_not_held_is_not_said_to_be(state, ends):
    proposal = an_open_one()
    decided(proposal, "shortlist")
    decided(proposal, "plan", session=a_session(series=proposal.series).pk)
    moment = timezone.now() + timedelta(hours=ends)
    Session.objects.update(
        state=state, starts=moment - timedelta(minutes=5), ends=moment
    )

    assert holding.hold_due(10) == 0


def test_who_is_asked_to_amend_it_sends_it_again_and_our_term_stands_still():
    proposal = a_proposal()
    case = decided(proposal, "ask", text="Què voleu dir?")
    assert case.state == Case.State.WAITING

    task = answers.open_step(case)
    form = task.flow_task.form_class(
        {"title": "Altres mots", "wanted": "Què?"}, case=case
    )
    assert form.is_valid(), form.errors
    answers.give(task, lambda case: form.apply(case, None))

    proposal.refresh_from_db()
    case.refresh_from_db()
    assert (proposal.title, case.title) == ("Altres mots", "Altres mots")
    assert case.state == Case.State.OPEN
    assert open_task(case).flow_task.name == "moderate"


def test_who_does_not_amend_it_in_time_has_it_closed():
    proposal = a_proposal()
    case = decided(proposal, "ask", text="Què voleu dir?")
    Case.objects.update(answer_by=today() - timedelta(days=1))

    assert holding.end_due(10) == 1

    proposal.refresh_from_db()
    case.refresh_from_db()
    assert (proposal.state, case.outcome) == (State.DECLINED, "lapsed")
    assert mails_of(case)[-1] == "proposal_lapsed"


@pytest.mark.parametrize(
    ("decision", "said", "outcome"),
    [
        ("answer", {"text": "Ja hi és", "link": "https://a.example/"}, "answered"),
        ("decline", {"text": "No és tema nostre"}, "declined"),
    ],
)
def test_what_is_not_published_is_answered_to_who_proposed_it_alone(
    decision, said, outcome
):
    proposal = a_proposal()

    case = decided(proposal, decision, **said)

    assert case.outcome == outcome
    assert said["text"] in case.entries.filter(way="out").get().text
    assert not Proposal.objects.public().exists()


# Merging ----------------------------------------------------------------------------


def test_who_supports_one_that_is_merged_supports_the_other_once():
    one, other = an_open_one(), an_open_one()
    both, alone = a_member(), a_member()
    for proposal, user in ((one, both), (other, both), (one, alone)):
        supporting.support(proposal, user)

    case = decided(one, "merge", into=other.case.number)

    other.refresh_from_db()
    assert (one.state, one.merged_into, one.supporters) == (State.MERGED, other, 1)
    assert {row.user for row in other.supports.all()} == {both, alone}
    assert other.supporters == 2
    assert case.outcome == "merged"
    assert set(news_of(one)) == {both.email, alone.email}


def test_none_is_merged_into_itself_nor_in_a_circle_nor_into_what_is_closed():
    one, other, hidden = an_open_one(), an_open_one(), a_proposal()
    for wrong in (one, hidden):
        with pytest.raises(ValidationError):
            decided(one, "merge", into=wrong.case.number)
    decided(one, "merge", into=other.case.number)

    with pytest.raises(ValidationError, match="no és oberta"):
        decided(other, "merge", into=one.case.number)

    other.refresh_from_db()
    assert other.state == State.OPEN


# Support ----------------------------------------------------------------------------


def test_what_more_bodies_want_comes_first():
    town, village = a_town("Vila"), a_town("Poble")
    many, few = an_open_one(), an_open_one()
    for _each in range(3):
        supporting.support(many, acting(town).user)
    supporting.support(few, acting(town).user)
    supporting.support(few, acting(village).user)

    assert list(Proposal.objects.ranked()) == [few, many]
    many.refresh_from_db()
    assert (many.supporters, many.bodies) == (3, 1)


def test_a_body_that_goes_on_as_another_is_counted_once():
    town, village = a_town("Vila"), a_town("Poble")
    proposal = an_open_one()
    for body in (town, village):
        supporting.support(proposal, acting(body).user)

    merging.merge(village, town, by=a_user())

    proposal.refresh_from_db()
    assert (proposal.supporters, proposal.bodies) == (2, 1)


def test_support_is_one_each_and_can_be_taken_back():
    proposal, pau = an_open_one(), a_member()

    assert supporting.support(proposal, pau)
    assert not supporting.support(proposal, pau, shares=True)
    assert Support.objects.get().shares
    assert supporting.leave(proposal, pau)
    assert not supporting.leave(proposal, pau)

    proposal.refresh_from_db()
    assert proposal.supporters == 0


@pytest.mark.parametrize("decision", [None, "decline"])
def test_what_is_not_open_takes_no_support(decision):
    proposal = a_proposal()
    if decision:
        decided(proposal, decision, text="No")

    with pytest.raises(ValidationError):
        supporting.support(proposal, a_member())

    assert not Support.objects.exists()


def test_what_was_withdrawn_takes_no_support_and_is_not_public():
    proposal = an_open_one()

    answers.withdraw(proposal.case)

    with pytest.raises(ValidationError):
        supporting.support(proposal, a_member())
    assert not Proposal.objects.public().exists()


# What is forgotten ------------------------------------------------------------------


def test_what_is_published_stays_without_who_proposed_it():
    proposal = an_open_one(email="ada@council.example")
    token = proposal.case.token

    leave("ada@council.example")

    case = Case.objects.get()
    assert (case.name, case.email, case.is_active) == ("", "", True)
    assert case.token != token
    assert not case.entries.exists()
    assert Proposal.objects.public().get().wanted == proposal.wanted
    decided(proposal, "decline", text="No")
    assert proposal.state == State.DECLINED, "and it goes on"


def test_what_is_not_published_goes_with_who_proposed_it():
    proposal = a_proposal(email="ada@council.example")

    leave("ada@council.example")

    proposal.refresh_from_db()
    assert (proposal.title, proposal.wanted, proposal.search_key) == ("", "", "")
    assert Case.objects.get().outcome == "withdrawn"


def test_who_leaves_supports_nothing_any_more():
    proposal, pau = an_open_one(), a_member()
    supporting.support(proposal, pau)
    [part] = [p for p in holders.all_of(pau.email) if p.name == "proposal_supports"]
    assert part.records[0].title == proposal.title

    leave(pau.email)

    proposal.refresh_from_db()
    assert (proposal.supporters, Support.objects.count()) == (0, 0)


def test_a_year_after_it_was_declined_only_figures_stay_of_what_was_not_published():
    hidden, public = a_proposal(), an_open_one()
    for proposal in (hidden, public):
        decided(proposal, "decline", text="No")
    [entry] = [e for e in register.entries() if e.name == "proposals"]
    now = timezone.now()
    assert not entry.due(now).exists()

    later = now + timedelta(days=366)
    assert list(entry.due(later)) == [hidden]
    assert entry.end_some(later, 10) == 1
    assert not entry.due(later).exists()

    hidden.refresh_from_db()
    public.refresh_from_db()
    assert (hidden.title, hidden.answer) == ("", "")
    assert public.answer == "No"
