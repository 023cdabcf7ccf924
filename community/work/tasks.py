from datetime import datetime

from django_tasks import task

from community.running import logs

from . import heartbeat, registry

# A task is short enough for a deploy to wait for it; what is left is enqueued.
BATCH = 200


class BrokenWork(Exception):
    """Some work broke: which, how and where. Never in the words of the fault, which
    may be a person's, since the queue keeps them."""


@task()
def drain() -> None:
    """Do what is due, in every registered work.

    A work that breaks does not keep the others from theirs; the task fails after
    all, so that it is seen. Raises BrokenWork.
    """
    more, faults = False, []
    for name, run_due in registry.works().items():
        heartbeat.beat(heartbeat.WORKER)
        try:
            more |= run_due(BATCH) >= BATCH
        except Exception as fault:  # noqa: BLE001 — told below
            kind, where = logs.fault(fault).values()
            faults.append(f"{name}: {kind} at {', '.join(where)}")
    if more:
        wake()
    if faults:
        raise BrokenWork("; ".join(faults))


def wake(at: datetime | None = None) -> None:
    """Wake the worker now, or at the moment `at`.

    The queue is a table, so this is undone with the caller's transaction.
    """
    drain.using(run_after=at).enqueue()
