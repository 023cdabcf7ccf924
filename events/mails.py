"""What we write to those who register, and the calendar entries that go with it.

A mail is written when it leaves, so each kind asks first whether it is still true.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from community.messages import outbox
from community.messages.compose import CalendarPart, compose
from community.messages.kinds import Kind
from community.messages.models import Message
from community.privacy.addresses import of_address
from community.privacy.links import page_link as my_data_link

from . import entries, links
from .before import Before
from .models import (
    Announcement,
    Circular,
    Follower,
    Invitation,
    Registration,
    Reminder,
    Session,
    Substitution,
)

# Five changes in a minute are one update.
COALESCE = timedelta(seconds=60)
PUT_OFF = (Session.State.CANCELLED, Session.State.POSTPONED)


def tell(
    kind: str,
    registrations: Iterable[Registration],
    *,
    about: int | None = None,
    wait: timedelta | None = None,
) -> None:
    """Queue a mail of `kind` to each of `registrations`, in its language. It is about
    the registration, unless `about` is the key of something else.

    With `wait` it leaves that much later, and queueing it again meanwhile adds
    nothing.
    """
    moment = timezone.now() + (wait or timedelta())
    outbox.queue(
        Message(
            kind=kind,
            about=registration.pk if about is None else about,
            recipient=registration.email,
            language=registration.language,
            next_try=moment,
            order_key=registration.thread,
            dedupe_key=f"{kind}:{registration.pk}" if wait else "",
        )
        for registration in registrations
        # Of a figure there is nobody to write to.
        if registration.erased is None
    )


def tell_colleague(kind: str, substitution: Substitution) -> None:
    """Queue a mail of `kind` to whom `substitution` asks; if one waits, that one says
    how things are."""
    outbox.queue(
        [
            Message(
                kind=kind,
                about=substitution.pk,
                recipient=substitution.email,
                language=substitution.language,
                order_key=substitution.thread,
                dedupe_key=f"{kind}:{substitution.pk}",
            )
        ]
    )


def preview(kind: str, registration: Registration) -> EmailMultiAlternatives:
    """The mail of `kind` as `registration` would get it now, for the staff to see:
    its links lead to the session, since the person's own are nobody else's. Nothing
    is saved."""
    return compose(
        kind,
        recipient=registration.email,
        language=registration.language,
        context=_public(_context(registration, _live(registration))),
    )


def sample(
    circular: Circular, *, name: str, email: str, language: str
) -> EmailMultiAlternatives:
    """What `circular` says in `language`, as somebody of that name would read it."""
    session = circular.session
    reader = Registration(
        session=session,
        name=name,
        state=Registration.State.CONFIRMED,
        mode=circular.mode or session.modes[0],
    )
    context = _public(_context(reader, None)) | _words(circular, language)
    return compose("circular", recipient=email, language=language, context=context)


def preview_news(announcement: Announcement) -> EmailMultiAlternatives:
    """What `announcement` tells a follower, for the staff to see: as `preview`."""
    follower = announcement.follower
    return compose(
        "session_announced",
        recipient=follower.email,
        language=follower.language,
        context=_public(_news(announcement)),
    )


def registration_key(row: Message) -> int | None:
    """The key of the registration that `row` tells of; None if it tells of none."""
    name, _colon, key = row.order_key.partition(":")
    return int(key) if name == "registration" else None


def _public(context: dict[str, Any]) -> dict[str, Any]:
    """The same without anybody's own links."""
    links = context["links"]
    public = {name: link and links["session"] for name, link in links.items()}
    return {**context, "links": public}


def _registration(row: Message) -> Registration:
    return Registration.objects.select_related("session__series", "body").get(
        pk=registration_key(row)
    )


def _live(registration: Registration) -> Invitation | None:
    return registration.invitations.filter(withdrawn=False).first()


def _context(
    registration: Registration, invitation: Invitation | None
) -> dict[str, Any]:
    session = registration.session
    before = invitation.starts if invitation else None
    return {
        "registration": registration,
        "session": session,
        "position": registration.queue_position,
        "until": registration.offered_until,
        "before": before if before != session.starts else None,
        "reason": session.state_reason,
        "to_come": session.state == Session.State.ANNOUNCED
        and session.ends > timezone.now(),
        # Of a reminder it stays true: it leaves before the start.
        "today": timezone.localdate(session.starts) == timezone.localdate(),
        "links": {
            "session": links.session_link(session),
            "manage": links.manage_link(registration),
            "cancel": links.cancel_link(registration),
            "not_me": links.not_me_link(registration),
            "join": links.join_link(invitation) if invitation else "",
            "my_data": my_data_link(registration.language),
        },
    }


def _write(row: Message) -> EmailMultiAlternatives:
    """A mail without a calendar part."""
    registration = _registration(row)
    return compose(
        row.kind,
        recipient=row.recipient,
        language=row.language,
        context=_context(registration, _live(registration)),
    )


def _write_request(row: Message) -> EmailMultiAlternatives:
    """A mail that puts the session into the calendar, or moves it there."""
    registration = _registration(row)
    invitation = _live(registration)
    if invitation is None and registration.state == Registration.State.CONFIRMED:
        # The last one was taken back when the session was postponed.
        invitation = Invitation.objects.create(registration=registration)
    context = _context(registration, invitation)
    part = None
    if invitation:
        # Outlook drops an update whose SEQUENCE does not grow, so it is counted for
        # each invitation, when it leaves.
        invitation.sequence = _next_sequence(invitation)
        invitation.revision = registration.session.revision
        if invitation.starts != registration.session.starts:
            _forget_answer(invitation)
        invitation.starts = registration.session.starts
        # What is answered meanwhile is not overwritten.
        invitation.save(update_fields=["sequence", "revision", "starts"])
        with override(row.language):
            part = CalendarPart("REQUEST", entries.request(registration, invitation))
    return compose(
        row.kind,
        recipient=row.recipient,
        language=row.language,
        context=context,
        calendar=part,
    )


def _write_cancel(row: Message) -> EmailMultiAlternatives:
    """A mail that takes the session out of the calendar, if it was ever there."""
    registration = _registration(row)
    invitation = _live(registration)
    if invitation is None and row.again:
        # The first one took it back, and may never have arrived.
        invitation = registration.invitations.order_by("-pk").first()
    context = _context(registration, invitation)
    part = None
    if invitation:
        if invitation.sequence is not None:
            invitation.sequence = _next_sequence(invitation)
            with override(row.language):
                part = CalendarPart("CANCEL", entries.cancel(registration, invitation))
        invitation.withdrawn = True
        invitation.save(update_fields=["sequence", "withdrawn"])
    return compose(
        row.kind,
        recipient=row.recipient,
        language=row.language,
        context=context,
        calendar=part,
    )


def _write_links(row: Message) -> EmailMultiAlternatives:
    """New personal links: also into the calendar, where the old one is."""
    registration = _registration(row)
    invited = registration.state == Registration.State.CONFIRMED
    if invited and not _not_held(registration.session):
        return _write_request(row)
    return _write(row)


def _substitution(row: Message) -> Substitution:
    return Substitution.objects.select_related(
        "registration__session__series", "registration__body"
    ).get(pk=row.about)


def _write_to_colleague(row: Message) -> EmailMultiAlternatives:
    """What is asked of a colleague. It has no link of whoever asks."""
    substitution = _substitution(row)
    registration = substitution.registration
    context = {
        "substitution": substitution,
        "registration": registration,
        "session": registration.session,
        "links": {
            "session": links.session_link(registration.session),
            "answer": links.substitution_link(substitution),
            "my_data": my_data_link(row.language),
        },
    }
    return compose(
        row.kind, recipient=row.recipient, language=row.language, context=context
    )


def _write_answered(row: Message) -> EmailMultiAlternatives:
    """To who asked: the colleague does not go."""
    substitution = _substitution(row)
    registration = substitution.registration
    context = _context(registration, _live(registration))
    return compose(
        row.kind,
        recipient=row.recipient,
        language=row.language,
        context=context | {"substitution": substitution},
    )


def _forget_answer(invitation: Invitation) -> None:
    """What was answered was about another date. What still comes of it is older than
    this SEQUENCE."""
    invitation.rsvp, invitation.rsvp_stamp = "", None
    invitation.rsvp_sequence = invitation.sequence
    invitation.save(update_fields=["rsvp", "rsvp_stamp", "rsvp_sequence"])


def _next_sequence(invitation: Invitation) -> int:
    return 0 if invitation.sequence is None else invitation.sequence + 1


def _no_place(row: Message) -> str:
    return _no_place_of(_registration(row))


def _no_place_of(registration: Registration) -> str:
    if registration.state != Registration.State.CONFIRMED:
        return "The person has no place any more."
    return _not_held(registration.session)


def _not_waiting(row: Message) -> str:
    registration = _registration(row)
    if registration.state != Registration.State.WAITING:
        return "The person does not wait any more."
    return _not_held(registration.session)


def _not_offered(row: Message) -> str:
    registration = _registration(row)
    offer = registration.offers.open().first()
    if offer is None or offer.created > row.created:
        return "This offer has ended."
    return _not_held(registration.session)


def _not_expired(row: Message) -> str:
    registration = _registration(row)
    if registration.reason != Registration.Reason.EXPIRED:
        return "The person has not lost an offer."
    others = registration.session.registrations.active()
    if others.of_address(row.recipient).exists():
        return "The person has asked again."
    if registration.session.starts <= timezone.now():
        return "The session has begun."
    return _not_held(registration.session)


def _already_told(row: Message) -> str:
    registration = _registration(row)
    if not registration.is_active:
        return "The person has given up the place."
    invitation = _live(registration)
    told = invitation.revision if invitation else None
    knows = told is not None and told >= registration.session.revision
    if row.mime is None and knows and not row.again:
        return "The person knows of this change."
    if told is None and _is_being_invited(row):
        return "The invitation, which is to follow, tells it."
    return _not_held(registration.session)


def _is_being_invited(row: Message) -> bool:
    """Whether a place was given after `row` was queued, in a mail yet to leave."""
    later = Message.objects.filter(order_key=row.order_key, pk__gt=row.pk)
    kinds = ("registration_confirmed", "registration_promoted", "registration_offered")
    return later.filter(kind__in=kinds).unsettled().exists()


def _still_on(row: Message) -> str:
    if _takes_back(row):
        return ""
    registration = _registration(row)
    if not registration.is_active:
        return "The person has given up the place."
    if registration.session.state != Session.State.CANCELLED:
        return "The session is not cancelled."
    return ""


def _gone(row: Message) -> str:
    if not _registration(row).is_active:
        return "The person has given up the place."
    return ""


def _not_pending(row: Message) -> str:
    registration = _registration(row)
    if registration.state != Registration.State.PENDING:
        return "It has been decided."
    return _not_held(registration.session)


def _takes_back(row: Message) -> bool:
    """Whether `row`, once written, has taken back an entry: if it did not leave, the
    entry would stay in the calendar for ever."""
    return row.mime is not None


def _not_postponed(row: Message) -> str:
    if _takes_back(row):
        return ""
    registration = _registration(row)
    if not registration.is_active:
        return "The person has given up the place."
    if registration.session.state != Session.State.POSTPONED:
        return "The session has a date."
    return ""


def _not_asked(row: Message) -> str:
    substitution = _substitution(row)
    if substitution.outcome or substitution.expires <= timezone.now():
        return "There is nothing to answer any more."
    return _no_place_of(substitution.registration)


def _never_asked(row: Message) -> str:
    asked = Message.objects.filter(kind="substitution_asked", about=row.about)
    if not asked.filter(state=Message.State.DONE).exists():
        return "The person had never been asked."
    later = _substitution(row).registration.substitutions.filter(pk__gt=row.about)
    if of_address(later, row.recipient).exists():
        return "The person has been asked again."
    return ""


def _not_answered(row: Message) -> str:
    return _no_place_of(_substitution(row).registration)


def _no_announcement(row: Message) -> str:
    announcement = Announcement.objects.filter(pk=row.about).first()
    if announcement is None:
        return "The address has left the list."
    return _not_held(announcement.session)


def _no_follower(row: Message) -> str:
    follower = Follower.objects.filter(pk=row.about).first()
    if follower is None or follower.confirmed:
        return "There is nothing to confirm."
    return ""


def _no_reminder(row: Message) -> str:
    reminder = Reminder.objects.get(pk=row.about)
    registration = _registration(row)
    session = registration.session
    if registration.state != Registration.State.CONFIRMED:
        return "The person has no place any more."
    if reminder.starts != session.starts:
        return "The session has moved."
    if not session.remind:
        return "Nobody is reminded of this session any more."
    if not Before.read(reminder.before).is_due(session.starts, timezone.now()):
        return "It is too late for it."
    return _not_held(session)


def _no_circular(row: Message) -> str:
    circular = Circular.objects.select_related("session").filter(pk=row.about).first()
    if circular is None:
        return "What was written has been erased."
    state = circular.session.state
    if state in PUT_OFF and state != circular.session_state:
        return "It was written before the session was put off."
    if not circular.addressees.filter(pk=registration_key(row)).exists():
        return "The person is no longer one of those it was written to."
    return ""


def _write_circular(row: Message) -> EmailMultiAlternatives:
    circular = Circular.objects.get(pk=row.about)
    registration = _registration(row)
    context = _context(registration, _live(registration))
    return compose(
        row.kind,
        recipient=row.recipient,
        language=row.language,
        context=context | _words(circular, row.language),
    )


def _words(circular: Circular, language: str) -> dict[str, str]:
    """What `circular` says to who reads `language`, and in which language that is."""
    written = circular.text.data.get(language)
    return {
        "subject": circular.subject.localize(language),
        "text": circular.text.localize(language),
        "text_language": language if written else settings.LANGUAGE_CODE,
    }


def _write_announcement(row: Message) -> EmailMultiAlternatives:
    announcement = Announcement.objects.select_related(
        "session__series", "follower"
    ).get(pk=row.about)
    return compose(
        row.kind,
        recipient=row.recipient,
        language=row.language,
        context=_news(announcement),
    )


def _news(announcement: Announcement) -> dict[str, Any]:
    session, follower = announcement.session, announcement.follower
    return {
        "session": session,
        "follower": follower,
        "links": {
            "session": links.session_link(session),
            "leave": links.following_link(follower),
        },
    }


def _write_confirm(row: Message) -> EmailMultiAlternatives:
    follower = Follower.objects.select_related("series").get(pk=row.about)
    context = {
        "follower": follower,
        "series": follower.series,
        "links": {"confirm": links.following_link(follower)},
    }
    return compose(
        row.kind, recipient=row.recipient, language=row.language, context=context
    )


def _not_declined(row: Message) -> str:
    registration = _registration(row)
    invitation = _live(registration)
    if invitation is None or invitation.rsvp != Invitation.Rsvp.DECLINED:
        return "The calendar no longer says that the person does not come."
    if registration.session.starts <= timezone.now():
        return "The session has begun."
    return _no_place_of(registration)


def _not_held(session: Session) -> str:
    if session.state != Session.State.ANNOUNCED:
        return "The session is not going to be held."
    return ""


KINDS = (
    Kind("registration_confirmed", _("Place"), _write_request, _no_place),
    Kind("registration_promoted", _("Place after waiting"), _write_request, _no_place),
    Kind("registration_waiting", _("Waiting list"), _write, _not_waiting),
    Kind("registration_offered", _("Place offered"), _write, _not_offered),
    Kind("offer_expired", _("Offer not answered"), _write, _not_expired),
    Kind("offer_withdrawn", _("Offer taken back"), _write, _not_waiting),
    Kind("registration_pending", _("To be approved"), _write, _not_pending),
    Kind("registration_declined", _("Not approved"), _write),
    Kind(
        "registration_declined_in_calendar",
        _("Declined in the calendar"),
        _write,
        _not_declined,
    ),
    Kind("registration_again", _("Registered already"), _write),
    Kind("registration_links", _("New links"), _write_links, _gone),
    Kind(
        "registration_cancelled",
        _("Registration cancelled"),
        _write_cancel,
        parting=True,
    ),
    Kind(
        "substitution_asked",
        _("Asked to go instead"),
        _write_to_colleague,
        _not_asked,
    ),
    Kind(
        "substitution_withdrawn",
        _("Need not go instead"),
        _write_to_colleague,
        _never_asked,
    ),
    Kind(
        "substitution_refused",
        _("The colleague cannot go"),
        _write_answered,
        _not_answered,
    ),
    Kind(
        "substitution_expired",
        _("The colleague has not answered"),
        _write_answered,
        _not_answered,
    ),
    Kind("session_moved", _("Session moved"), _write_request, _already_told),
    Kind("session_postponed", _("Session postponed"), _write_cancel, _not_postponed),
    Kind("session_rescheduled", _("New date"), _write_request, _already_told),
    Kind(
        "session_cancelled",
        _("Session cancelled"),
        _write_cancel,
        _still_on,
        parting=True,
    ),
    Kind("reminder", _("Reminder"), _write, _no_reminder),
    Kind("circular", _("Message from the organisers"), _write_circular, _no_circular),
    Kind(
        "session_announced",
        _("News of a series"),
        _write_announcement,
        _no_announcement,
    ),
    Kind("follow_confirm", _("Question to a follower"), _write_confirm, _no_follower),
)
