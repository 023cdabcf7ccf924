from datetime import datetime

from django_tasks import task

from . import registry

# A task is short enough for a deploy to wait for it; what is left is enqueued.
BATCH = 200


@task()
def drain() -> None:
    """Do what is due, in every registered work.

    A work that breaks does not keep the others from theirs; the task fails after
    all, so that it is seen.
    """
    more, faults = False, []
    for run_due in registry.works().values():
        try:
            more |= run_due(BATCH) >= BATCH
        except Exception as fault:  # noqa: BLE001 — raised again below
            faults.append(fault)
    if more:
        wake()
    if faults:
        raise ExceptionGroup("broken work", faults)


def wake(at: datetime | None = None) -> None:
    """Wake the worker now, or at the moment `at`.

    The queue is a table, so this is undone with the caller's transaction.
    """
    drain.using(run_after=at).enqueue()
