"""What `events` holds of people, and how it comes to its end."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from community.privacy import register
from community.privacy.register import YEAR, Entry, delete_some
from community.privacy.retention import PUBLIC_TASK

from .models import (
    AccessibilityNeeds,
    Follower,
    Invitation,
    Registration,
    Session,
    new_token,
    new_uid,
)

# Said on the form, and in each mail.
REGISTRATION_KEPT = YEAR
# Said on the form, where consent is given.
NEEDS_KEPT = timedelta(days=30)
# An address that never said yes.
QUESTION_KEPT = timedelta(days=7)

# What people wrote of themselves; the rest of the row is a figure.
OF_SOMEBODY = {
    "user": None,
    "name": "",
    "email": "",
    "body_text": "",
    "position": "",
    "question": "",
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
        AccessibilityNeeds.objects.filter(registration__in=keys).delete()
        _histories_of(keys).update(data={})
    return len(rows)


def _erase_invitations(keys: list[int]) -> None:
    """Only what the calendar answered stays."""
    invitations = list(Invitation.objects.filter(registration__in=keys))
    for invitation in invitations:
        invitation.uid, invitation.join_token = new_uid(), new_token()
    Invitation.objects.bulk_update(invitations, ["uid", "join_token"])


def _histories_of(keys: list[int]) -> QuerySet[ModelLogEntry]:
    kind = ContentType.objects.get_for_model(Registration)
    names = [str(key) for key in keys]
    return ModelLogEntry.objects.filter(content_type=kind, object_id__in=names)


def _old_needs(now: datetime) -> QuerySet[AccessibilityNeeds]:
    return AccessibilityNeeds.objects.filter(
        registration__session__ends__lt=now - NEEDS_KEPT
    )


def erase_needs(now: datetime, limit: int) -> int:
    """Erase at most `limit` accessibility needs whose session ended 30 days ago;
    returns how many."""
    return delete_some(_old_needs(now), limit)


def _unanswered(now: datetime) -> QuerySet[Follower]:
    return Follower.objects.filter(confirmed=False, created__lt=now - QUESTION_KEPT)


def erase_unanswered(now: datetime, limit: int) -> int:
    """Erase at most `limit` addresses that were asked whether they want to follow a
    series, and never answered; returns how many."""
    return delete_some(_unanswered(now), limit)


ENTRIES = (
    Entry(
        name="registrations",
        models=("events.Registration", "events.Invitation"),
        what=_(
            "Registrations: name, address, local body, position, question, language, "
            "invitation and its answer"
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
        end=erase_needs,
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
        end=erase_unanswered,
    ),
)


def register_all() -> None:
    """At start-up."""
    for entry in ENTRIES:
        register.register(entry)
    register.holds_nobody(
        "Facts of a session. The organiser’s notes are about the session: what is "
        "about a person belongs in the registration.",
        "events.Series",
        "events.Session",
    )
