"""What bodies have requested already, and where one requests: whoever takes requests
says so when the site starts. Until then nothing has been requested, nor can be here."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cms.caching import memory

# The numbers of a body's requests that count, by the code of the resource and the year
# of the edition.
Requests = Mapping[str, Mapping[int, tuple[str, ...]]]


class Taker(NamedTuple):
    """Who takes requests. `made` finds those of some bodies, by their codes, or of
    all; `address` is where a resource is requested, by its code, and `page` where the
    people of a body read a request, by the code and the number."""

    made: Callable[[Iterable[str] | None], Mapping[str, Requests]]
    address: Callable[[str], str]
    page: Callable[[str, str], str]


_takers: list[Taker] = []


def taken_by(taker: Taker) -> None:
    """Say who takes requests; called at start-up."""
    _takers[:] = [taker]


def by(body: str) -> Requests:
    """What the body of that code has requested."""
    return by_each([body]).get(body, {})


def by_each(bodies: Iterable[str] | None = None) -> Mapping[str, Requests]:
    """What each of those bodies, or of all, that has requested anything has, by its
    code."""
    return next((taker.made(bodies) for taker in _takers), {})


def lately_by(body: str) -> Requests:
    """As `by`, a minute old at most: remembered with that of all bodies."""
    return memory.once_here("requested", by_each).get(body, {})


def address(resource: str) -> str:
    """Where the resource of that code is requested, or "" if nowhere here."""
    return next((taker.address(resource) for taker in _takers), "")


def page(body: str, number: str) -> str:
    """Where the people of the body read that request, or "" if nowhere here."""
    return next((taker.page(body, number) for taker in _takers), "")
