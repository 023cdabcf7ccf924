"""Many who asked for a session press the button of their mail at the same moment, and
coordinators who choose the same."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.models import Message
from events import sessions
from events.models import Mode, Registration, Session
from events.registrations import Placed, RegistrationRefused
from tests.factories import a_series, a_session
from tests.factories.acting import a_town, acting
from tests.factories.cases import a_worker
from tests.factories.proposals import an_open_one
from tests.together import together
from workflows.proposals import early, planning, supporting
from workflows.proposals.models import Proposal

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PEOPLE, PLACES, LIMIT = 50, 7, 2


def test_of_fifty_at_once_as_many_have_a_place_as_there_are():
    series = a_series(early=True)
    proposal = an_open_one(series=series)
    towns = [a_town(f"Vila {n}") for n in range(5)]
    for n in range(PEOPLE):
        supporting.support(proposal, acting(towns[n % 5]).user)
    opens = timezone.now() + timedelta(days=7)
    session = a_session(PLACES, series=series, opens=opens, body_limit=LIMIT)
    planning.plan([proposal], session, a_worker(series.unit))
    proposal.refresh_from_db()
    askers = [a for a in early.askers_of([proposal]) if a.support]
    assert len(askers) == PEOPLE

    def press(asker):
        def pressed():
            try:
                return early.register(asker, Mode.ONLINE)[1]
            except RegistrationRefused as refused:
                return refused

        return pressed

    said = together(*[press(asker) for asker in askers])

    confirmed = Registration.objects.filter(state="confirmed")
    assert confirmed.count() == PLACES
    bodies = Counter(confirmed.values_list("body", flat=True))
    assert max(bodies.values()) <= LIMIT
    placed = [one for one in said if isinstance(one, Placed)]
    assert len(placed) == Registration.objects.count()
    assert len(said) == PEOPLE


def test_of_two_who_choose_the_same_in_another_order_one_wins():
    series = a_series()
    both = [an_open_one(series=series), an_open_one(series=series)]
    drafts = [a_session(series=series, state=Session.State.DRAFT) for _each in both]
    workers = [a_worker(series.unit) for _each in both]

    def choose(chosen, session, by):
        def chose():
            try:
                planning.plan(chosen, session, by)
            except ValidationError as refusal:
                return refusal
            return session

        return chose

    said = together(
        choose(both, drafts[0], workers[0]),
        choose(both[::-1], drafts[1], workers[1]),
    )

    [winner] = [one for one in said if isinstance(one, Session)]
    rows = Proposal.objects.values_list("state", "session")
    assert set(rows) == {("planned", winner.pk)}


def test_who_is_planned_while_the_session_is_announced_hears_of_it_once():
    series = a_series(early=True)
    proposal = an_open_one(series=series)
    opens = timezone.now() + timedelta(days=7)
    draft = a_session(series=series, state=Session.State.DRAFT, opens=opens)
    worker = a_worker(series.unit)

    together(
        lambda: planning.plan([proposal], draft, worker),
        lambda: sessions.announce(draft),
    )

    told = Message.objects.filter(kind="proposal_announced")
    assert list(told.values_list("recipient", flat=True)) == [proposal.case.email]
