"""Whose sessions somebody looks after: those of one's units, or of all of them."""

from django.db.models import QuerySet

from community.models import Unit, User
from events.models import Series, Session, SessionQuerySet

ALL_UNITS = "community.see_all_units"


def units_of(user: User) -> QuerySet[Unit]:
    """The units whose things `user` looks after."""
    if user.has_perm(ALL_UNITS):
        return Unit.objects.all()
    return Unit.objects.filter(memberships__user=user)


def series_of(user: User) -> QuerySet[Series]:
    """The series that `user` may hold sessions of."""
    return Series.objects.filter(unit__in=units_of(user))


def sessions_of(user: User) -> SessionQuerySet:
    """The sessions that `user` may see in the admin."""
    return Session.objects.filter(series__unit__in=units_of(user))
