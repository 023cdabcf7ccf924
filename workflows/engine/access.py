"""Whose cases somebody looks after: those of one's units, of those that one covers for
today, or of all of them."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q, QuerySet

from community.cover import ALL_UNITS, today
from community.models import Cover, Unit, User

from .models import Case, CaseQuerySet

VIEW, CHANGE, EXPORT = "engine.view_case", "engine.change_case", "engine.export_case"
READ_WORDING = "engine.view_wording"


def units_of(user: User) -> QuerySet[Unit]:
    """The units whose cases `user` looks after today."""
    return Unit.objects.looked_after_by(user, today())


def cases_of(user: User) -> CaseQuerySet:
    """The cases that `user` may see; none without the permission."""
    if not user.has_perm(VIEW):
        return Case.objects.none()
    return Case.objects.filter(unit__in=units_of(user))


def may_work(user: User, case: Case) -> bool:
    """Whether `user` may do the steps of `case` today."""
    return may_work_for(user, case.unit_id)


def may_work_for(user: User, unit: int | None) -> bool:
    """Whether `user` may do the steps of the cases of `unit`, by key, today."""
    if not user.is_active or not user.has_perm(CHANGE):
        return False
    return unit is not None and units_of(user).filter(pk=unit).exists()


def workers_of(*units: int) -> QuerySet[User]:
    """Those to whom a step of a case of one of `units`, by key, can be given."""
    covers = Cover.objects.running(today()).filter(unit__in=units)
    everywhere = ModelBackend().with_perm(ALL_UNITS, include_superusers=False)
    near = Q(unit_memberships__unit__in=units) | Q(pk__in=covers.values("user"))
    workers = ModelBackend().with_perm(CHANGE, include_superusers=False)
    found = workers.filter(near | Q(pk__in=everywhere.values("pk")))
    return found.distinct().order_by("name", "email")
