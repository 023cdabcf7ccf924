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
from .models import Answer, Invitation, Registration, RegistrationQuerySet, Session

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
        invitation = _locked(uid=reply.uid)
        if invitation is None:
            return None
        answer = _judged(invitation, reply, sender)
        if before := _same(answer):
            return before
        if _has_enough(answer):
            logger.warning("Invitation %d is answered too often", invitation.pk)
            return None
        answer.save()
        if answer.outcome == Outcome.TAKEN:
            declines = _show(invitation, answer, now)
            if declines and not automatic:
                _ask(invitation.registration, now)
    return answer


def settle(answer: Answer, *, by: User, believe: bool) -> bool:
    """Say whether a doubtful `answer` is the person's. Nobody gets a mail. Returns
    False if somebody has said so already, or the invitation has been taken back."""
    with transaction.atomic():
        invitation = _locked(pk=answer.invitation_id)
        answer.refresh_from_db()
        if invitation is None or answer.outcome != Outcome.DOUBTFUL:
            return False
        answer.outcome = Outcome.TAKEN if believe else Outcome.LEFT
        answer.save(update_fields=["outcome"])
        if believe and not _is_older(answer, invitation):
            _show(invitation, answer, timezone.now())
        action = "events.take_answer" if believe else "events.leave_answer"
        data = {"answer": answer.rsvp}
        log(invitation.registration, action, user=by, data=data)
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


def _locked(**which: object) -> Invitation | None:
    """The invitation, if it stands, held until the transaction ends: two answers at
    once are one after the other."""
    found = Invitation.objects.filter(withdrawn=False, **which)
    found = found.select_related("registration__session")
    return found.select_for_update(of=("self",)).first()


def _judged(invitation: Invitation, reply: calendar.Reply, sender: str) -> Answer:
    """The answer that `reply` would be, not saved yet."""
    latest = invitation.sequence or 0
    answer = Answer(
        invitation=invitation,
        rsvp=reply.rsvp,
        # Of a sequence that we never sent, nobody could say anything newer.
        sequence=latest if reply.sequence is None else min(reply.sequence, latest),
        stamp=reply.stamp,
        sender=_stranger(invitation.registration.email, sender, reply.attendee),
        outcome=Outcome.TAKEN,
    )
    if _is_older(answer, invitation):
        answer.outcome = Outcome.OLD
    elif answer.sender:
        answer.outcome = Outcome.DOUBTFUL
    return answer


def _stranger(invited: str, *addresses: str) -> str:
    """The first of `addresses` that is not the `invited` one; "" if all are."""
    return next((a for a in addresses if a.lower() != invited.lower()), "")


def _same(answer: Answer) -> Answer | None:
    """The one that is kept already, if the same has come before."""
    return answer.invitation.answers.filter(
        rsvp=answer.rsvp,
        sequence=answer.sequence,
        stamp=answer.stamp,
        sender=answer.sender,
    ).first()


def _has_enough(answer: Answer) -> bool:
    """Whether its invitation has so many answers that no more are kept. Those of
    strangers are apart, so that they keep nobody from answering."""
    of_strangers = ~Q(sender="") if answer.sender else Q(sender="")
    return answer.invitation.answers.filter(of_strangers).count() >= MOST_KEPT


def _is_older(answer: Answer, invitation: Invitation) -> bool:
    """Whether the invitation knows a newer one (RFC 5546, 2.1.5)."""
    sequence, stamp = invitation.rsvp_sequence, invitation.rsvp_stamp
    if sequence is None or answer.sequence > sequence:
        return False
    return answer.sequence < sequence or (stamp is not None and answer.stamp < stamp)


def _show(invitation: Invitation, answer: Answer, now: datetime) -> bool:
    """Have `invitation` say what `answer` says. Returns whether it newly declines."""
    before = invitation.rsvp
    invitation.rsvp = answer.rsvp
    invitation.rsvp_sequence = answer.sequence
    # Of a clock that goes wrong, nobody could say anything newer either.
    invitation.rsvp_stamp = min(answer.stamp, now)
    invitation.save(update_fields=["rsvp", "rsvp_sequence", "rsvp_stamp"])
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
