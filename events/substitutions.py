"""Sending a colleague: a place passes to somebody else of the same body.

Who has the place keeps it until the colleague says yes. Each verb is one short
transaction under the session's lock, as in `registrations`. What happens to the
session or to the place meanwhile ends the question, or has it put anew: the worker
sees to that, and until then nobody can answer what is no longer true.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.models import User

from . import mails
from .answering import answer_by
from .models import Registration, Session, Substitution
from .models.places import State
from .registrations import Applicant, HasPlace, locked, pass_on

Outcome = Substitution.Outcome

# To answer; a colleague may be away for a day.
TO_ANSWER = timedelta(hours=48)
# So many may be asked for one place: our server does not write to strangers for ever.
TRIES = 3

LOGGED = {
    Outcome.REFUSED: "events.refuse_substitute",
    Outcome.EXPIRED: "events.expire_substitute",
    Outcome.WITHDRAWN: "events.withdraw_substitute",
}


@dataclass(frozen=True)
class Prospect:
    """How it stands with sending a colleague instead of somebody. `asked` is who can
    still answer, `answered` who was asked last and does not go; `by_staff` says that
    only the organisers can do it."""

    asked: Substitution | None = None
    answered: Substitution | None = None
    can_ask: bool = False
    by_staff: bool = False


def prospect(registration: Registration, now: datetime | None = None) -> Prospect:
    """What `registration` can do about sending a colleague. Of a body that we do not
    know nobody is a colleague."""
    now = now or timezone.now()
    if not (can_pass_on(registration, now) and registration.body_name):
        return Prospect()
    rows = list(registration.substitutions.all())
    asked = next((row for row in rows if _is_open(row, registration, now)), None)
    by_staff = registration.session.approval or len(rows) >= TRIES
    return Prospect(
        asked=asked,
        answered=rows[-1] if rows and not asked else None,
        can_ask=not (asked or by_staff) and _answer_by(registration, now) is not None,
        by_staff=by_staff and not asked,
    )


def is_open(substitution: Substitution, now: datetime | None = None) -> bool:
    """Whether the colleague can still say yes."""
    return _is_open(substitution, substitution.registration, now or timezone.now())


def can_pass_on(registration: Registration, now: datetime | None = None) -> bool:
    """Whether `registration` has a place that is still of use to somebody."""
    session = registration.session
    return (
        registration.state == State.CONFIRMED
        and registration.erased is None
        and session.state == Session.State.ANNOUNCED
        and session.starts > (now or timezone.now())
    )


def ask(
    registration: Registration,
    *,
    name: str,
    email: str,
    language: str,
    now: datetime | None = None,
) -> Substitution:
    """Ask a colleague, by mail, to go instead. Asking the same one again changes
    nothing. Raises ValidationError, in words for who asks, if that cannot be: it does
    not tell whether the colleague is registered."""
    now = now or timezone.now()
    with transaction.atomic():
        registration = _held(registration)
        _check_other(registration, email)
        # One that the worker has not come to end yet would stand in the way.
        if old := registration.substitutions.filter(outcome="").first():
            _settle(old, now)
        found = prospect(registration, now)
        if found.asked and found.asked.email.lower() == email.lower():
            return found.asked
        if not found.can_ask:
            raise ValidationError(_("Now you cannot ask anybody to go instead."))
        substitution = registration.substitutions.create(
            name=name,
            email=email,
            language=language,
            starts=registration.session.starts,
            expires=_answer_by(registration, now),
        )
        log(registration, "events.ask_substitute")
        mails.tell_colleague("substitution_asked", substitution)
    return substitution


def confirm(
    substitution: Substitution, colleague: Applicant, *, now: datetime | None = None
) -> bool:
    """The colleague goes, as `colleague` says of themselves, with the address that was
    asked. Returns False if it was too late or decided already. One who has a place of
    their own cannot take another: that counts as a no."""
    with transaction.atomic():
        substitution = _locked(substitution)
        if not is_open(substitution, now):
            return False
        return _pass(substitution, colleague, None, now)


def refuse(substitution: Substitution, *, now: datetime | None = None) -> bool:
    """The colleague cannot go: whoever asked keeps the place, and is told. Returns
    False if it was too late or decided already."""
    with transaction.atomic():
        substitution = _locked(substitution)
        if not is_open(substitution, now):
            return False
        _end(substitution, Outcome.REFUSED)
    return True


def withdraw(substitution: Substitution) -> bool:
    """Whoever asked goes after all, and the colleague is told. Returns False if it
    was decided already."""
    with transaction.atomic():
        substitution = _locked(substitution)
        if substitution.outcome:
            return False
        _end(substitution, Outcome.WITHDRAWN)
    return True


def substitute(
    registration: Registration,
    *,
    name: str,
    email: str,
    language: str,
    position: str = "",
    by: User,
    now: datetime | None = None,
) -> Registration:
    """Have a colleague go instead, at once: the staff were told so by telephone. Both
    get a mail. Returns the colleague's registration. Raises ValidationError if that
    cannot be."""
    now = now or timezone.now()
    with transaction.atomic():
        registration = _held(registration)
        _check_other(registration, email)
        if not can_pass_on(registration, now):
            raise ValidationError(_("There is no place to pass on any more."))
        substitution = registration.substitutions.filter(outcome="").first()
        if substitution and substitution.email.lower() != email.lower():
            _end(substitution, Outcome.WITHDRAWN)
            substitution = None
        substitution = substitution or Substitution(
            registration=registration,
            starts=registration.session.starts,
            expires=now,
            language=language,
        )
        colleague = Applicant(
            name=name, email=email, language=language, position=position
        )
        if not _pass(substitution, colleague, by, now):
            raise ValidationError({"email": _("This address has a place already.")})
    return substitution.successor


def settle_due(limit: int) -> int:
    """End at most `limit` questions that were not answered in time, or whose place or
    session is gone, and put those anew whose session has moved; returns how many."""
    now = timezone.now()
    registration = "registration__"
    session = f"{registration}session__"
    due = Substitution.objects.filter(
        Q(expires__lte=now)
        | ~Q(**{f"{registration}state": State.CONFIRMED})
        | ~Q(**{f"{session}state": Session.State.ANNOUNCED})
        | ~Q(**{f"{session}starts": F("starts")}),
        outcome="",
    )
    rows = list(due[:limit])
    for row in rows:
        with transaction.atomic():
            _settle(_locked(row), now)
    return len(rows)


def _held(registration: Registration) -> Registration:
    """`registration` as it is now, with its session locked."""
    session = locked(registration.session)
    fresh = Registration.objects.select_related("body").get(pk=registration.pk)
    fresh.session = session
    return fresh


def _locked(substitution: Substitution) -> Substitution:
    """`substitution` as it is now, with its session locked."""
    registration = _held(substitution.registration)
    fresh = Substitution.objects.get(pk=substitution.pk)
    fresh.registration = registration
    return fresh


def _is_open(
    substitution: Substitution, registration: Registration, now: datetime
) -> bool:
    waits = not substitution.outcome and substitution.expires > now
    return waits and can_pass_on(registration, now)


def _answer_by(registration: Registration, now: datetime) -> datetime | None:
    return answer_by(now, registration.session.starts, TO_ANSWER)


def _check_other(registration: Registration, email: str) -> None:
    if email.lower() == registration.email.lower():
        raise ValidationError({"email": _("This is the address that has the place.")})


def _pass(
    substitution: Substitution,
    colleague: Applicant,
    by: User | None,
    now: datetime | None,
) -> bool:
    """Have the place pass; returns False if the colleague has one already."""
    registration = substitution.registration
    try:
        substitution.successor = pass_on(registration, colleague, by=by, now=now)
    except HasPlace:
        if substitution.pk:
            _end(substitution, Outcome.REFUSED)
        return False
    substitution.outcome = Outcome.CONFIRMED
    substitution.ended = timezone.now()
    # From now on they are in the colleague's own registration.
    substitution.name = substitution.email = ""
    substitution.save()
    return True


def _end(substitution: Substitution, outcome: Outcome) -> None:
    """It comes to nothing; whoever does not know yet is told."""
    substitution.outcome = outcome
    substitution.ended = timezone.now()
    substitution.save(update_fields=["outcome", "ended"])
    log(substitution.registration, LOGGED[outcome])
    if outcome == Outcome.WITHDRAWN:
        mails.tell_colleague("substitution_withdrawn", substitution)
    else:
        kind = f"substitution_{outcome}"
        mails.tell(kind, [substitution.registration], about=substitution.pk)


def _settle(substitution: Substitution, now: datetime) -> None:
    """Make the open `substitution` agree with what has happened meanwhile."""
    registration = substitution.registration
    starts = registration.session.starts
    if substitution.outcome:
        return
    if not can_pass_on(registration, now):
        _end(substitution, Outcome.WITHDRAWN)
        return
    has_moved = substitution.starts != starts
    expires = _answer_by(registration, now) if has_moved else substitution.expires
    if expires is None or substitution.expires <= now:
        _end(substitution, Outcome.EXPIRED)
    elif has_moved:
        substitution.starts, substitution.expires = starts, expires
        substitution.save(update_fields=["starts", "expires"])
        mails.tell_colleague("substitution_asked", substitution)
