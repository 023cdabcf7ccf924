"""What the worker has to look after.

A room registers, at start-up, a function that makes true what its rows say should
be true. Nothing here knows what the work is.
"""

from collections.abc import Callable

# Does at most `limit` pieces of due work; returns how many it did.
RunDue = Callable[[int], int]

_works: dict[str, RunDue] = {}


def register(name: str, run_due: RunDue) -> None:
    """Have the worker call `run_due` whenever it wakes, and in every sweep."""
    if name in _works and _works[name] is not run_due:
        raise ValueError(f"work {name!r} is registered twice")
    _works[name] = run_due


def works() -> dict[str, RunDue]:
    """The registered works by name, in order of registration."""
    return dict(_works)
