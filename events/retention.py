"""What `events` holds of people, and how it comes to its end."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from community.privacy import register
from community.privacy.register import YEAR, Entry
from community.privacy.retention import PUBLIC_TASK

from .models import (
    AccessibilityNeeds,
    Answer,
    Circular,
    Follower,
    Guest,
    Invitation,
    PersonalFeed,
    Registration,
    Session,
    Substitution,
    new_token,
    new_uid,
)

# Said on the form, and in each mail.
REGISTRATION_KEPT = YEAR
# Said on the form, where consent is given.
NEEDS_KEPT = timedelta(days=30)
# Said to who asks a colleague, and to the colleague.
SUBSTITUTION_KEPT = timedelta(days=30)
# An address that never said yes.
QUESTION_KEPT = timedelta(days=7)
# A personal calendar with nothing in it.
FEED_KEPT = YEAR

# What people wrote of themselves; the rest of the row is a figure.
OF_SOMEBODY = {
    "user": None,
    "name": "",
    "email": "",
    "body_text": "",
    "position": "",
    "question": "",
    "refusal": "",
    "form_key": None,
}


def _of_somebody() -> QuerySet[Registration]:
    return Registration.objects.of_somebody()


def _old(now: datetime) -> QuerySet[Registration]:
    # What is put off without a date is still to come.
    return (
        _of_somebody()
        .filter(session__ends__lt=now - REGISTRATION_KEPT)
        .exclude(session__state=Session.State.POSTPONED)
    )


def erase_old(now: datetime, limit: int) -> int:
    """Make figures of at most `limit` registrations whose session ended twelve months
    ago; returns how many."""
    return erase(_old(now).order_by("pk")[:limit])


def erase(registrations: Iterable[Registration]) -> int:
    """Make figures of `registrations`: session, body, mode, state and date stay, so
    every count stays as it was. Their links no longer lead anywhere, and the words
    that the staff wrote about them go too. Returns how many."""
    with transaction.atomic():
        rows = list(registrations)
        for row in rows:
            for name, nothing in OF_SOMEBODY.items():
                setattr(row, name, nothing)
            row.token = new_token()
            row.erased = timezone.now()
        Registration.objects.bulk_update(rows, [*OF_SOMEBODY, "token", "erased"])
        keys = [row.pk for row in rows]
        _erase_invitations(keys)
        asked = Substitution.objects.filter(registration__in=keys)
        forget_asked(asked.exclude(outcome=""))
        AccessibilityNeeds.objects.filter(registration__in=keys).delete()
        _histories_of(keys).update(data={})
        _moves_of(keys).update(data={})
    return len(rows)


def forget_asked(substitutions: Iterable[Substitution]) -> int:
    """Forget who was asked in `substitutions`; that somebody was, and what came of it,
    stays. Returns how many."""
    rows = list(substitutions)
    for row in rows:
        row.name = row.email = ""
        row.token = new_token()
    Substitution.objects.bulk_update(rows, ["name", "email", "token"])
    return len(rows)


def _asked() -> QuerySet[Substitution]:
    return Substitution.objects.exclude(email="")


def _answered(now: datetime) -> QuerySet[Substitution]:
    return _asked().filter(ended__lt=now - SUBSTITUTION_KEPT)


def forget_answered(now: datetime, limit: int) -> int:
    """Forget at most `limit` of those who were asked to go instead, and do not; returns
    how many."""
    return forget_asked(_answered(now).order_by("pk")[:limit])


def _erase_invitations(keys: list[int]) -> None:
    """Only what the calendar said at last stays."""
    Answer.objects.filter(invitation__registration__in=keys).delete()
    invitations = list(Invitation.objects.filter(registration__in=keys))
    for invitation in invitations:
        invitation.uid, invitation.join_token = new_uid(), new_token()
        invitation.joined = None
    Invitation.objects.bulk_update(invitations, ["uid", "join_token", "joined"])


def _histories_of(keys: list[int]) -> QuerySet[ModelLogEntry]:
    kind = ContentType.objects.get_for_model(Registration)
    names = [str(key) for key in keys]
    return ModelLogEntry.objects.filter(content_type=kind, object_id__in=names)


def _moves_of(keys: list[int]) -> QuerySet[ModelLogEntry]:
    """In the histories of sessions, who was moved in the waiting list, and why."""
    return ModelLogEntry.objects.filter(
        action="events.move_in_line", data__registration__in=keys
    )


def _old_needs(now: datetime) -> QuerySet[AccessibilityNeeds]:
    return AccessibilityNeeds.objects.filter(
        registration__session__ends__lt=now - NEEDS_KEPT
    )


def _old_circulars(now: datetime) -> QuerySet[Circular]:
    return Circular.objects.filter(session__ends__lt=now - REGISTRATION_KEPT).exclude(
        session__state=Session.State.POSTPONED
    )


def _unanswered(now: datetime) -> QuerySet[Follower]:
    return Follower.objects.filter(confirmed=False, created__lt=now - QUESTION_KEPT)


def _idle_feeds(now: datetime) -> QuerySet[PersonalFeed]:
    registered = _of_somebody().alias(as_one=Lower("email"))
    return PersonalFeed.objects.filter(
        ~Exists(registered.filter(as_one=Lower(OuterRef("email")))),
        created__lt=now - FEED_KEPT,
    )


ENTRIES = (
    Entry(
        name="registrations",
        models=(
            "events.Registration",
            "events.Invitation",
            "events.Answer",
            "events.Offer",
        ),
        what=_(
            "Registrations: name, address, local body, position, question, language, "
            "why it was not approved, invitation, what the calendar answered to it and "
            "from which address, and when the online meeting was opened by it"
        ),
        purpose=_("To hold sessions, and to ask what people thought of them"),
        basis=PUBLIC_TASK,
        term=REGISTRATION_KEPT,
        since=_("after the session"),
        kept=_("Figures: how many, of which local body, in which mode and state"),
        rows=_of_somebody,
        due=_old,
        end=erase_old,
    ),
    Entry(
        name="needs",
        models=("events.AccessibilityNeeds",),
        what=_("What people need to follow a session: sign language, materials …"),
        purpose=_("To let everybody follow the session"),
        basis=_("Express consent (GDPR, art. 9.2.a)"),
        term=NEEDS_KEPT,
        since=_("after the session"),
        kept=_("Nothing"),
        rows=AccessibilityNeeds.objects.all,
        due=_old_needs,
    ),
    Entry(
        name="substitutions",
        models=("events.Substitution",),
        what=_("Who was asked to go instead of a colleague: name, address, language"),
        purpose=_("To ask them, and to tell who asked what they say"),
        basis=PUBLIC_TASK,
        term=SUBSTITUTION_KEPT,
        since=_("after the answer, or the time to answer"),
        kept=_("That somebody was asked, when, and what came of it"),
        rows=_asked,
        due=_answered,
        end=forget_answered,
    ),
    Entry(
        name="guests",
        models=("events.Guest",),
        what=_(
            "Who is invited to the appointments of a case, what the calendar answered "
            "and from which address"
        ),
        purpose=_("To meet those who carry out a case together"),
        basis=PUBLIC_TASK,
        since=_("Until the words of the case are forgotten"),
        kept=_("Nothing"),
        rows=Guest.objects.all,
    ),
    Entry(
        name="circulars",
        models=("events.Circular",),
        what=_(
            "What the organisers wrote to the people of a session, and who of them "
            "wrote it"
        ),
        purpose=_("To be able to say what people were told"),
        basis=PUBLIC_TASK,
        term=REGISTRATION_KEPT,
        since=_("after the session"),
        kept=_("Nothing"),
        rows=Circular.objects.all,
        due=_old_circulars,
    ),
    Entry(
        name="followers",
        models=("events.Follower",),
        what=_("Addresses that hear of the next session of a series"),
        purpose=_("To tell them of it"),
        basis=_("Consent (GDPR, art. 6.1.a)"),
        since=_("Until the address leaves: every mail has the way out"),
        kept=_("Nothing"),
        rows=Follower.objects.filter(confirmed=True).all,
    ),
    Entry(
        name="questions to followers",
        models=("events.Follower",),
        what=_("Addresses that were asked whether they want to hear"),
        purpose=_("To write to nobody who did not ask for it"),
        basis=_("Consent (GDPR, art. 6.1.a)"),
        term=QUESTION_KEPT,
        since=_("after asking, without an answer"),
        kept=_("Nothing"),
        rows=Follower.objects.filter(confirmed=False).all,
        due=_unanswered,
    ),
    Entry(
        name="personal calendars",
        models=("events.PersonalFeed",),
        what=_("Addresses that have their sessions in a personal calendar"),
        purpose=_("To show them in the calendar program that subscribes to it"),
        basis=_("Consent (GDPR, art. 6.1.a)"),
        term=FEED_KEPT,
        since=_(
            "after it was turned on, once no registration of the address is left; or "
            "when the address turns it off"
        ),
        kept=_("Nothing"),
        rows=PersonalFeed.objects.all,
        due=_idle_feeds,
    ),
)


def register_all() -> None:
    """At start-up."""
    for entry in ENTRIES:
        register.register(entry)
    register.holds_nobody(
        "Facts of a session or an appointment. The organiser’s notes are about the "
        "session: what is about a person belongs in the registration.",
        "events.Series",
        "events.Session",
        "events.Appointment",
        "events.Meeting",
        "events.Reminder",
    )
