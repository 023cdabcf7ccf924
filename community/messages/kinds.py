"""The kinds of message. Each room registers its own at start-up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.mail import EmailMultiAlternatives

if TYPE_CHECKING:
    from .models import Message


def _never(row: "Message") -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """What one kind of message says and when it is still worth saying.

    `name` is stored in rows: it never changes without a migration.
    `label` is what staff read.
    `render` writes the mail in the row's language, in a transaction of its own
    and with the row locked; None for mail that arrives written.
    `pointless` gives, before each attempt, the reason to drop the row, or "".
    A `secret` kind (codes, personal links) loses its text once nothing more is to
    be done with it. An `urgent` kind overtakes the others. A `parting` kind reaches
    even an address that has asked to be forgotten, which it helps to: it takes an
    entry out of its calendar.
    """

    name: str
    label: str
    render: Callable[["Message"], EmailMultiAlternatives] | None = None
    pointless: Callable[["Message"], str] = _never
    secret: bool = False
    urgent: bool = False
    parting: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make `kind` known to the outbox. A name is taken once."""
    if kind.name in _kinds and _kinds[kind.name] != kind:
        raise ValueError(f"message kind {kind.name!r} is registered twice")
    _kinds[kind.name] = kind


def kind_of(row: "Message") -> Kind:
    """The kind of `row`. KeyError if no room registered it."""
    return _kinds[row.kind]


def known() -> list[Kind]:
    """Every kind there is."""
    return list(_kinds.values())


def parting() -> list[str]:
    """The names of the kinds that reach even an address that has left."""
    return [kind.name for kind in _kinds.values() if kind.parting]


def is_secret(row: "Message") -> bool:
    """Whether the text of `row` may not be kept. Of an unknown kind it may not."""
    return row.kind not in _kinds or _kinds[row.kind].secret
