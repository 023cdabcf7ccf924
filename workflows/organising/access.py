"""Whose sessions somebody looks after: those of one's units, of those that one covers
for today, or of all of them."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from community.cover import ALL_UNITS, today
from community.models import Message, Suppression, Unit, User
from events import mails
from events.models import (
    Announcement,
    Circular,
    Follower,
    Registration,
    RegistrationQuerySet,
    Reminder,
    Series,
    Session,
    SessionQuerySet,
    Substitution,
)
from workflows.engine import letters
from workflows.engine.access import cases_of
from workflows.engine.kinds import other_mails

from . import post

# Of who writes speakers and materials, and nothing else of a session.
PROGRAMME = ("cms.change_speaker", "cms.change_material")


def units_of(user: User) -> QuerySet[Unit]:
    """The units whose things `user` looks after today."""
    return Unit.objects.looked_after_by(user, today())


def series_of(user: User) -> QuerySet[Series]:
    """The series that `user` may hold sessions of."""
    return Series.objects.filter(unit__in=units_of(user))


def sessions_of(user: User) -> SessionQuerySet:
    """The sessions that `user` may see in the admin."""
    return Session.objects.filter(series__unit__in=units_of(user))


def messages_of(user: User) -> QuerySet[Message]:
    """The mails that `user` may see: those to the people of the sessions, series and
    cases that one looks after and, for who sees every unit, sign-in codes and what is
    nobody's."""
    sees_people = user.has_perm("events.view_registration")
    sees_all = user.has_perm(ALL_UNITS)
    if sees_people and sees_all:
        return Message.objects.all()
    if sees_people:
        return Message.objects.filter(_about_mine(user))
    if sees_all:
        personal = [kind.name for kind in mails.KINDS]
        of_cases = [*letters.names(), *other_mails()]
        return Message.objects.exclude(kind__in=[*personal, *of_cases])
    return Message.objects.none()


def suppressions_of(user: User) -> QuerySet[Suppression]:
    """The addresses without mail that `user` may see: those of the people of one's
    sessions and series and, for who sees every unit, all of them."""
    current = Suppression.objects.current()
    if user.has_perm(ALL_UNITS):
        return current
    if not user.has_perm("events.view_registration"):
        return current.none()
    people = Registration.objects.filter(session__in=sessions_of(user))
    followers = Follower.objects.filter(series__in=series_of(user))
    return current.alias(address=Lower("email")).filter(
        Q(address__in=people.values(address=Lower("email")))
        | Q(address__in=followers.values(address=Lower("email")))
    )


def without_mail(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Those of `registrations` to whose address nothing is sent."""
    marked = Suppression.objects.current().of(OuterRef("email"))
    return registrations.filter(Exists(marked))


def _about_mine(user: User) -> Q:
    sessions = sessions_of(user)
    registrations = Registration.objects.filter(session__in=sessions)
    announcements = Announcement.objects.filter(session__in=sessions)
    reminders = Reminder.objects.filter(session__in=sessions)
    circulars = Circular.objects.filter(session__in=sessions)
    substitutions = Substitution.objects.filter(registration__in=registrations)
    followers = Follower.objects.filter(series__in=series_of(user))
    return (
        Q(kind__in=post.KINDS, about__in=registrations.values("pk"))
        | Q(kind="reminder", about__in=reminders.values("pk"))
        | Q(kind="circular", about__in=circulars.values("pk"))
        | Q(kind__in=post.OF_SUBSTITUTIONS, about__in=substitutions.values("pk"))
        | Q(kind="session_announced", about__in=announcements.values("pk"))
        | Q(kind="follow_confirm", about__in=followers.values("pk"))
        | letters.about_cases(cases_of(user))
    )
