"""What is worked out once for everybody, and remembered for a minute at most.

All of it belongs to one generation, a word in the cache. A change that anybody can see
starts a new generation when it is committed, and everything older is forgotten at once.
Where each process has a cache of its own, the others notice when its time is over.
"""

import hashlib
from collections.abc import Callable
from secrets import token_hex
from time import monotonic
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import transaction

GENERATION = "generation"
HURRY = "hurry"
# While people register one after the other, pages would be forgotten each time: from
# the first of them on, what is remembered lasts only so many seconds instead.
HURRIED = 5


# Of a few keys, whose number no visitor can raise.
_here: dict[str, tuple[tuple[str | None, object], float, Any]] = {}


class Moment(NamedTuple):
    """When something was looked up: before its first query, not after its last. What
    is changed meanwhile starts another generation, so that it is never remembered."""

    generation: str | None
    hurry: bool


def recall(key: str) -> tuple[Moment, Any]:
    """What is remembered as `key`, or None, and the moment to `keep` it with."""
    if not settings.REMEMBERED_SECONDS:
        return Moment(None, False), None
    key, pages = _digest(key), caches["pages"]
    known = pages.get_many((GENERATION, key))
    generation = known.get(GENERATION) or _first_generation()
    born, value = known.get(key, (None, None))
    if born == generation:
        # Who looks it up again all the same keeps it for a short time.
        return Moment(generation, hurry=True), value
    return Moment(generation, HURRY in pages), None


def keep(key: str, moment: Moment, value: Any, seconds: float | None = None) -> None:
    """Remember `value`, which was looked up after `moment`, as `key`: for `seconds`
    at most, if they are said."""
    if moment.generation is None:
        return
    lasting = HURRIED if moment.hurry else settings.REMEMBERED_SECONDS
    lasting = lasting if seconds is None else min(lasting, seconds)
    caches["pages"].set(_digest(key), (moment.generation, value), lasting)


def once(key: str, look_up: Callable[[], Any]) -> Any:
    """What `look_up` finds, looked up once in a generation as `key`."""
    moment, known = recall(key)
    if known is None:
        known = (look_up(),)
        keep(key, moment, known)
    return known[0]


def once_here(key: str, look_up: Callable[[], Any], on: object = None) -> Any:
    """As `once`, of what is large and read whole: this process remembers it as it is,
    where the cache would copy it each time. Nobody may change it. It is looked up anew
    `on` another day, or whatever else that says."""
    generation = None
    if settings.REMEMBERED_SECONDS:
        generation = caches["pages"].get(GENERATION) or _first_generation()
    if generation is None:
        return look_up()
    of = (generation, on)
    known, until, value = _here.get(key, (None, 0.0, None))
    if known == of and monotonic() < until:
        return value
    value = look_up()
    _here[key] = (of, monotonic() + settings.REMEMBERED_SECONDS, value)
    return value


def forget() -> None:
    """Forget everything once what is being changed is committed."""
    transaction.on_commit(_new_generation)


def forget_soon() -> None:
    """As `forget`, but if that was asked within the last seconds, let what has been
    remembered since then live out its short time."""
    transaction.on_commit(_hurry)


def _digest(key: str) -> str:
    # A key may hold an address, of any length and letters.
    return hashlib.sha256(key.encode()).hexdigest()


def _hurry() -> None:
    if caches["pages"].add(HURRY, True, HURRIED):
        _new_generation()


def _new_generation() -> None:
    # Never a number: one that is lost and counted again would bring the past back.
    caches["pages"].set(GENERATION, token_hex(8), None)


def _first_generation() -> str | None:
    pages = caches["pages"]
    pages.add(GENERATION, token_hex(8), None)
    return pages.get(GENERATION)
