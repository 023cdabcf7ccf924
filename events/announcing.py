"""Who else hears that a session is announced. This room knows those who follow its
series; slices that know of others say so here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives

from .models import Session


@dataclass(frozen=True)
class Told:
    """A mail that an announcement queues: in which language, and how it reads, without
    the links that are its reader's own."""

    language: str
    preview: Callable[[], EmailMultiAlternatives]


Teller = Callable[[Session], list[Told]]

_tellers: dict[str, Teller] = {}


def register(name: str, teller: Teller) -> None:
    """At start-up: `teller` queues the mails of a slice, in the transaction that
    announces the session, and returns them."""
    _tellers[name] = teller


def tell(session: Session) -> list[Told]:
    """Queue the mails of all of them. The caller holds the session's lock."""
    return [told for teller in _tellers.values() for told in teller(session)]
