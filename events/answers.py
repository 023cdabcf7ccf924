"""What people answer from their calendars: how it reaches us, and what it changes.

An answer says how a calendar stands. It never frees a place: who declines gets one
mail, with a button that does.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage, MIMEPart

from django.db import transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.log_actions import log

from community.messages.incoming import is_automatic
from community.models import User

from . import calendar, mails
from .models import (
    Answer,
    Guest,
    Invitation,
    Registration,
    RegistrationQuerySet,
    Session,
)

logger = logging.getLogger(__name__)

Outcome = Answer.Outcome

CALENDARS = ("text/calendar", "application/ics")
# Nobody changes their mind so often: a program does, or somebody plays.
MOST_KEPT = 30


def read(mail: EmailMessage) -> bool:
    """Take the answer in `mail`. False if there is none."""
    for octets in _calendars(mail):
        try:
            reply = calendar.reply(octets)
        except ValueError:
            logger.info("A mail came with a broken calendar file")
            continue
        if reply:
            if sender := _sender(mail):
                take(reply, sender=sender, automatic=is_automatic(mail))
            return True
    return False


def take(
    reply: calendar.Reply,
    *,
    sender: str,
    automatic: bool = False,
    now: datetime | None = None,
) -> Answer | None:
    """Keep `reply`, which came from the address `sender`, and have the invitation show
    it. The same reply is kept once, however often it comes.

    One that is older than what is known changes nothing; nor does one that comes from,
    or speaks for, another address than the one we invited, until somebody of the staff
    says so. Who newly declines is asked about the place, unless nobody has clicked
    anything (`automatic`). Returns None for what is no invitation of ours, or has been
    taken back.
    """
    now = now or timezone.now()
    with transaction.atomic():
        invited = _locked(uid=reply.uid)
        if invited is None:
            return None
        answer = _judged(invited, reply, sender)
        if before := _same(answer):
            return before
        if _has_enough(answer):
            logger.warning("Invitation %d is answered too often", invited.pk)
            return None
        answer.save()
        if answer.outcome == Outcome.TAKEN:
            declines = _show(invited, answer, now)
            if declines and not automatic and isinstance(invited, Invitation):
                _ask(invited.registration, now)
    return answer


def settle(answer: Answer, *, by: User, believe: bool) -> bool:
    """Say whether a doubtful `answer` is the person's. Nobody gets a mail. Returns
    False if somebody has said so already, or the invitation has been taken back."""
    with transaction.atomic():
        invited = _locked(uid=answer.invited.uid)
        answer.refresh_from_db()
        if invited is None or answer.outcome != Outcome.DOUBTFUL:
            return False
        answer.outcome = Outcome.TAKEN if believe else Outcome.LEFT
        answer.save(update_fields=["outcome"])
        if believe and not _is_older(answer, invited):
            _show(invited, answer, timezone.now())
        action = "events.take_answer" if believe else "events.leave_answer"
        is_guest = isinstance(invited, Guest)
        about = invited.appointment if is_guest else invited.registration
        log(about, action, user=by, data={"answer": answer.rsvp})
    return True


def answered(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """`registrations` with the `answer` of each one's calendar, "" without one, and
    whether it `has_doubts`: answers that somebody has to settle."""
    doubts = Answer.objects.filter(
        invitation__registration=OuterRef("pk"),
        invitation__withdrawn=False,
        outcome=Outcome.DOUBTFUL,
    )
    live = FilteredRelation("invitations", condition=Q(invitations__withdrawn=False))
    return registrations.annotate(
        live=live,
        answer=Coalesce(F("live__rsvp"), Value("")),
        has_doubts=Exists(doubts),
    )


def figures(session: Session) -> Counter[str]:
    """How many of those who have a place in `session` answered what; under "" those who
    have not."""
    confirmed = session.registrations.filter(state=Registration.State.CONFIRMED)
    answers = answered(confirmed).order_by().values_list("answer", flat=True)
    return Counter(answers)


def declines(registration: Registration) -> bool:
    """Whether the person's calendar says no to the place there is."""
    live = registration.invitations.filter(withdrawn=False)
    return live.filter(rsvp=Invitation.Rsvp.DECLINED).exists()


def _locked(uid: str) -> Invitation | Guest | None:
    """Who was invited by that UID, if it stands, held until the transaction ends: two
    answers at once are one after the other."""
    for rows in (
        Invitation.objects.select_related("registration__session"),
        Guest.objects.select_related("appointment", "user"),
    ):
        found = rows.filter(uid=uid, withdrawn=False)
        if invited := found.select_for_update(of=("self",)).first():
            return invited
    return None


def _judged(invited: Invitation | Guest, reply: calendar.Reply, sender: str) -> Answer:
    """The answer that `reply` would be, not saved yet."""
    latest = invited.sequence or 0
    whose = "guest" if isinstance(invited, Guest) else "invitation"
    answer = Answer(
        **{whose: invited},
        rsvp=reply.rsvp,
        # Of a sequence that we never sent, nobody could say anything newer.
        sequence=latest if reply.sequence is None else min(reply.sequence, latest),
        stamp=reply.stamp,
        sender=_stranger(invited.email, sender, reply.attendee),
        outcome=Outcome.TAKEN,
    )
    if _is_older(answer, invited):
        answer.outcome = Outcome.OLD
    elif answer.sender:
        answer.outcome = Outcome.DOUBTFUL
    return answer


def _stranger(known: str, *addresses: str) -> str:
    """The first of `addresses` that is not the `known` one; "" if all are."""
    return next((a for a in addresses if a.lower() != known.lower()), "")


def _same(answer: Answer) -> Answer | None:
    """The one that is kept already, if the same has come before."""
    return answer.invited.answers.filter(
        rsvp=answer.rsvp,
        sequence=answer.sequence,
        stamp=answer.stamp,
        sender=answer.sender,
    ).first()


def _has_enough(answer: Answer) -> bool:
    """Whether its invitation has so many answers that no more are kept. Those of
    strangers are apart, so that they keep nobody from answering."""
    of_strangers = ~Q(sender="") if answer.sender else Q(sender="")
    return answer.invited.answers.filter(of_strangers).count() >= MOST_KEPT


def _is_older(answer: Answer, invited: Invitation | Guest) -> bool:
    """Whether a newer one is known (RFC 5546, 2.1.5)."""
    sequence, stamp = invited.rsvp_sequence, invited.rsvp_stamp
    if sequence is None or answer.sequence > sequence:
        return False
    return answer.sequence < sequence or (stamp is not None and answer.stamp < stamp)


def _show(invited: Invitation | Guest, answer: Answer, now: datetime) -> bool:
    """Have it be known what `answer` says. Returns whether it newly declines."""
    before = invited.rsvp
    invited.rsvp = answer.rsvp
    invited.rsvp_sequence = answer.sequence
    # Of a clock that goes wrong, nobody could say anything newer either.
    invited.rsvp_stamp = min(answer.stamp, now)
    invited.save(update_fields=["rsvp", "rsvp_sequence", "rsvp_stamp"])
    return before != answer.rsvp == Invitation.Rsvp.DECLINED


def _ask(registration: Registration, now: datetime) -> None:
    """Ask who declined whether to free the place, if there is time for somebody else to
    have it."""
    has_place = registration.state == Registration.State.CONFIRMED
    if has_place and registration.session.starts > now:
        mails.tell(
            "registration_declined_in_calendar", [registration], wait=mails.COALESCE
        )


def _sender(mail: EmailMessage) -> str:
    """The one address in From; "" if there is none, or several."""
    header = mail.get("From")
    addresses = header.addresses if header else ()
    return addresses[0].addr_spec if len(addresses) == 1 else ""


def _calendars(part: MIMEPart) -> Iterator[bytes]:
    """The calendar files of a mail, in UTF-8, as they come. Not those of mails that it
    carries: what comes back to us is no answer."""
    if part.get_content_maintype() == "message":
        return
    if part.is_multipart():
        for inner in part.iter_parts():
            yield from _calendars(inner)
    elif part.get_content_type() in CALENDARS:
        yield _in_utf8(part.get_payload(decode=True), part.get_content_charset())


def _in_utf8(octets: bytes, charset: str | None) -> bytes:
    try:
        return octets.decode(charset or "utf-8", errors="replace").encode()
    except (LookupError, UnicodeError):
        # One that nobody knows: what matters in the file is ASCII.
        return octets.decode(errors="replace").encode()
