"""The worker does what is due, and what was lost is caught."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from community.management.commands.sweep import ADVISORY_LOCK
from community.work import registry, tasks
from tests.together import meanwhile

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING


def wakes() -> int:
    """How often the worker is to be woken."""
    return DBTaskResult.objects.filter(
        task_path=tasks.drain.module_path, status=READY
    ).count()


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Callable]]:
    """The registered works: these and no others."""
    works: dict[str, Callable] = {}
    monkeypatch.setattr(registry, "_works", works)
    return works


def test_a_work_is_registered_once(works):
    def run_due(limit: int) -> int:
        return 0

    registry.register("mail", run_due)
    registry.register("mail", run_due)

    with pytest.raises(ValueError, match="twice"):
        registry.register("mail", lambda limit: 0)
    assert registry.works() == {"mail": run_due}


@pytest.mark.django_db
@pytest.mark.parametrize(("done", "woken"), [(tasks.BATCH, 1), (tasks.BATCH - 1, 0)])
def test_a_drain_that_fills_its_batch_has_the_next_one_follow(works, done, woken):
    registry.register("little", lambda limit: 0)
    registry.register("much", lambda limit: min(limit, done))

    tasks.drain.call()

    assert wakes() == woken


@pytest.mark.django_db
def test_a_work_that_breaks_is_seen_and_keeps_no_other_from_its_own(works):
    limits = []
    registry.register("broken", lambda limit: 1 // 0)
    registry.register("sound", lambda limit: limits.append(limit) or limit)

    with pytest.raises(tasks.BrokenWork, match="broken: builtins.ZeroDivisionError"):
        tasks.drain.call()

    assert limits == [tasks.BATCH]
    assert wakes() == 1


@pytest.mark.django_db
def test_a_wake_is_undone_with_its_transaction():
    with transaction.atomic():
        tasks.wake()
        transaction.set_rollback(True)

    assert wakes() == 0


@pytest.mark.django_db
def test_sweeps_wake_the_worker_once_until_it_has_come():
    call_command("sweep")
    call_command("sweep")

    assert wakes() == 1


@pytest.mark.django_db
def test_a_sweep_wakes_the_worker_again_after_one_that_was_killed():
    """A task whose worker was killed counts as running for ever."""
    tasks.wake()
    DBTaskResult.objects.update(status=RUNNING)

    call_command("sweep")

    assert wakes() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_two_sweepers_at_once_one_sweeps():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            with meanwhile(lambda: call_command("sweep")):
                pass
            assert wakes() == 0
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])

    call_command("sweep")
    assert wakes() == 1
