"""The flow of a registration follows it, whatever is killed, and decides nothing."""

import pytest
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS

from events import registrations, sessions
from events.models import Registration
from tests.factories import a_registration, a_session, a_user
from tests.together import together
from workflows.registration import following
from workflows.registration.models import Followed

PERSON = Registration.Reason.PERSON
UNDER_WAY = [("registered", "DONE"), ("asked", "DONE"), ("holding", "NEW")]


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches SIGKILL."""


def steps(registration: Registration) -> list[tuple[str, str]]:
    """The nodes of the flow that were reached, and the status of each."""
    tasks = Followed.objects.get(registration=registration).process.task_set
    return [(task.flow_task.name, task.status) for task in tasks.order_by("pk")]


@pytest.mark.django_db
def test_the_worker_starts_one_flow_for_each_registration(work):
    session = a_session(1)
    confirmed, waiting = a_registration(session), a_registration(session)

    work()

    assert Process.objects.count() == 2
    assert [followed.state for followed in Followed.objects.order_by("pk")] == [
        confirmed.state,
        waiting.state,
    ]
    assert steps(confirmed) == UNDER_WAY
    assert Followed.objects.first().process.artifact == confirmed


@pytest.mark.django_db
def test_following_again_changes_nothing():
    registration = a_registration(a_session())
    following.follow(registration.pk)
    before = list(Task.objects.values())

    following.follow(registration.pk)

    assert following.follow_due(10) == 0
    assert list(Task.objects.values()) == before
    assert Process.objects.count() == 1


@pytest.mark.django_db
def test_a_place_given_up_ends_the_flow():
    registration = a_registration(a_session())
    following.follow_due(10)
    registrations.cancel(registration, PERSON)

    assert following.follow_due(10) == 1

    followed = Followed.objects.get()
    assert (followed.state, followed.ended) == ("cancelled", True)
    assert followed.process.status == PROCESS.DONE
    assert steps(registration)[-1] == ("given_up", "DONE")


@pytest.mark.django_db
def test_a_place_given_up_before_the_worker_came_has_its_whole_flow():
    registration = a_registration(a_session())
    registrations.cancel(registration, PERSON)

    following.follow_due(10)

    assert steps(registration)[-1] == ("given_up", "DONE")


@pytest.mark.django_db
def test_who_is_to_be_approved_waits_in_the_flow_for_that():
    registration = a_registration(a_session(approval=True))
    following.follow_due(10)
    assert steps(registration)[-1] == ("approval", "NEW")

    registrations.approve(registration, by=a_user())
    following.follow_due(10)

    assert steps(registration)[-1] == ("holding", "NEW")


@pytest.mark.django_db
def test_a_promotion_moves_no_flow_but_is_followed():
    session = a_session(1)
    first, second = a_registration(session), a_registration(session)
    following.follow_due(10)
    registrations.cancel(first, PERSON)

    following.follow_due(10)

    assert second.followed.state == "confirmed"
    assert steps(second)[-1] == ("holding", "NEW")


@pytest.mark.django_db
def test_a_cancelled_session_ends_the_flows_of_all_who_were_coming():
    session = a_session(1)
    people = [a_registration(session) for _ in range(2)]
    following.follow_due(10)
    sessions.cancel(session)

    assert following.follow_due(10) == 2

    assert [steps(person)[-1] for person in people] == [("done", "DONE")] * 2
    assert following.follow_due(10) == 0


@pytest.mark.django_db
def test_following_changes_no_place():
    session = a_session(1)
    first, *_ = (a_registration(session) for _ in range(3))
    registrations.cancel(first, PERSON)
    before = list(Registration.objects.order_by("pk").values())

    following.follow_due(10)

    assert list(Registration.objects.order_by("pk").values()) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("given_up", [False, True])
def test_a_worker_killed_half_way_leaves_a_flow_that_agrees_later(
    monkeypatch, given_up
):
    registration = a_registration(a_session())
    if given_up:
        registrations.cancel(registration, PERSON)

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Followed, "save", die)
        with pytest.raises(Killed):
            following.follow_due(10)
    assert Process.objects.count() == 0

    following.follow_due(10)

    assert Process.objects.count() == 1
    assert Followed.objects.get().ended == given_up


@pytest.mark.django_db
def test_a_flow_that_cannot_be_brought_forward_holds_up_no_other(monkeypatch):
    session = a_session()
    broken, *others = (a_registration(session) for _ in range(3))
    follow = following.follow

    def follow_all_but_one(key: int) -> None:
        if key == broken.pk:
            raise LookupError
        follow(key)

    monkeypatch.setattr(following, "follow", follow_all_but_one)

    assert following.follow_due(10) == 2
    assert set(Followed.objects.values_list("registration", flat=True)) == {
        person.pk for person in others
    }


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_flow_of_each_registration():
    session = a_session()
    people = [a_registration(session) for _ in range(10)]

    for person in people:
        together(*[lambda key=person.pk: following.follow(key)] * 2)

    assert Process.objects.count() == len(people)
    assert [steps(person) for person in people] == [UNDER_WAY] * len(people)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_end_a_flow_once():
    session = a_session()
    people = [a_registration(session) for _ in range(10)]
    following.follow_due(100)
    for person in people:
        registrations.cancel(person, PERSON)
        together(*[lambda key=person.pk: following.follow(key)] * 2)

    ends = [name for person in people for name, _ in steps(person)]
    assert ends.count("holding") == ends.count("given_up") == len(people)
