"""Many who press at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from community.models import Message
from tests.factories.cases import a_worker
from tests.factories.proposals import a_member, a_proposal, an_open_one, decided
from workflows.proposals import commenting, moderating, supporting
from workflows.proposals.models import Comment, Proposal, Support

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CLICKS = 50
PEOPLE = 10


def at_once(acts) -> list:
    """What each of `acts` returned, or the refusal, all begun together."""
    start = Barrier(len(acts))

    def one(act):
        try:
            start.wait(30)
            return act()
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_fifty_clicks_of_ten_people_are_ten_supports():
    proposal = an_open_one()
    people = [a_member() for _each in range(PEOPLE)]

    said = at_once(
        [
            lambda user=people[n % PEOPLE]: supporting.support(proposal, user)
            for n in range(CLICKS)
        ]
    )

    proposal.refresh_from_db()
    assert (said.count(True), said.count(False)) == (PEOPLE, CLICKS - PEOPLE)
    assert proposal.supporters == Support.objects.count() == PEOPLE


def test_of_two_that_are_merged_into_each_other_one_stays_open():
    pair = [an_open_one(), an_open_one()]
    workers = [a_worker(one.case.unit) for one in pair]

    def merge(one, other, by):
        return lambda: decided(one, "merge", by, into=other.case.number)

    said = at_once([merge(*pair, workers[0]), merge(*pair[::-1], workers[1])])

    assert sum(isinstance(each, ValidationError) for each in said) == 1
    states = sorted(Proposal.objects.values_list("state", flat=True))
    assert states == ["merged", "open"]


def test_who_supports_while_it_is_merged_is_not_lost():
    one, other = an_open_one(), an_open_one()
    worker = a_worker(one.case.unit)
    people = [a_member() for _each in range(PEOPLE)]

    said = at_once(
        [
            lambda: decided(one, "merge", worker, into=other.case.number),
            *[lambda user=user: supporting.support(one, user) for user in people],
        ]
    )

    other.refresh_from_db()
    assert other.supporters == said.count(True)
    assert not one.supports.exists()


def test_one_form_pressed_at_once_is_one_comment_and_notes_stay_within_their_number():
    proposal, pau, key = an_open_one(), a_member(), uuid4()

    said = at_once(
        [
            lambda: commenting.write(
                proposal, pau, "Ja ho fem.", language="ca", form_key=key
            )
            for _click in range(PEOPLE)
        ]
    )
    notes = at_once(
        [
            lambda number=number: commenting.add(proposal.case, f"Nota {number}")
            for number in range(PEOPLE)
        ]
    )

    assert {comment.pk for comment in said} == {Comment.objects.get(user=pau).pk}
    kept = [one for one in notes if not isinstance(one, ValidationError)]
    assert len(kept) == proposal.comments.additions().count() == 3


def test_two_workers_tell_a_moderator_once(monkeypatch):
    proposal = a_proposal()
    a_worker(proposal.case.unit)
    tomorrow = datetime(2027, 3, 2, 9, tzinfo=timezone.get_default_timezone())
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)

    at_once([lambda: moderating.tell_due(10) for _worker in range(4)])

    assert Message.objects.filter(kind="proposals_to_moderate").count() == 1
