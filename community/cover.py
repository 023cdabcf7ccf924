"""Lending what a unit owns to a colleague, while its people are away."""

from datetime import date

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from .days import day_in_words
from .models import Cover, Unit, User

ALL_UNITS = "community.see_all_units"

LENT = "community.cover_lent"
CHANGED = "community.cover_changed"
ENDED = "community.cover_ended"


def today() -> date:
    """The day by the installation's clock, whatever that of a person's screen is."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def units_to_lend(user: User) -> QuerySet[Unit]:
    """The units that `user` may lend: those of one's own, or all. What one only
    covers for is not lent on."""
    if user.has_perm(ALL_UNITS):
        return Unit.objects.all()
    return Unit.objects.filter(memberships__user=user)


def people_to_cover() -> QuerySet[User]:
    """Who can cover for a unit: those who work in the admin."""
    staff = ModelBackend().with_perm("wagtailadmin.access_admin")
    return staff.order_by("name", "email")


def covers_of(user: User) -> QuerySet[Cover]:
    """The covers that `user` may see, end, and lend more like."""
    return Cover.objects.filter(unit__in=units_to_lend(user))


def running_for(user: User) -> QuerySet[Cover]:
    """What `user` covers for today, the first to end first."""
    running = Cover.objects.running(today()).filter(user=user)
    return running.select_related("unit").order_by("until", "pk")


def lend(
    unit: Unit, user: User, *, starts: date, until: date, by: User, note: str = ""
) -> Cover:
    """Have `user` look after what `unit` owns from the day `starts` to the day
    `until`, both included.

    Raises ValidationError, with the words beside the field that they are about, if
    the days are past or the wrong way round, or if `user` needs or can have no such
    cover then.
    """
    with transaction.atomic():
        # Two that overlap are never lent at once.
        Unit.objects.select_for_update().get(pk=unit.pk)
        cover = Cover(
            unit=unit, user=user, starts=starts, until=until, note=note, lent_by=by
        )
        if starts < today():
            raise ValidationError({"starts": _("This day is past.")})
        _check_person(cover)
        _check_days(cover)
        cover.save()
        log(cover, LENT, user=by, data=_what(cover))
    return cover


def change(cover: Cover, *, until: date, note: str, by: User) -> bool:
    """Give `cover` another last day, or another note. Returns False if it has them.

    Raises ValidationError as `lend` does, and if it has ended already.
    """
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=cover.unit_id)
        cover.refresh_from_db()
        if cover.when(today()) == Cover.When.PAST:
            raise ValidationError(_("This cover has ended already."))
        if (cover.until, cover.note) == (until, note):
            return False
        cover.until, cover.note = until, note
        if until < today():
            raise ValidationError({"until": _("This day is past.")})
        _check_days(cover)
        cover.save(update_fields=["until", "note"])
        log(cover, CHANGED, user=by, data=_what(cover))
    return True


def end(cover: Cover, *, by: User) -> bool:
    """End `cover` now, or call it off before it starts. Returns False if it has ended
    already."""
    with transaction.atomic():
        standing = Cover.objects.standing().filter(pk=cover.pk, until__gte=today())
        if not standing.update(ended=timezone.now()):
            return False
        log(cover, ENDED, user=by, data=_what(cover))
    return True


def _check_person(cover: Cover) -> None:
    if not people_to_cover().filter(pk=cover.user_id).exists():
        raise ValidationError({"user": _("Only who works in the admin can cover.")})
    if cover.unit.memberships.filter(user=cover.user_id).exists():
        raise ValidationError(
            {"user": _("This person belongs to the unit, and needs no cover.")}
        )


def _check_days(cover: Cover) -> None:
    if cover.until < cover.starts:
        raise ValidationError({"until": _("The last day is before the first.")})
    same = Cover.objects.standing().filter(
        unit=cover.unit_id,
        user=cover.user_id,
        starts__lte=cover.until,
        until__gte=cover.starts,
    )
    if other := same.exclude(pk=cover.pk).first():
        words = _(
            "This person covers for the unit from %(starts)s to %(until)s already."
        )
        days = {
            "starts": day_in_words(other.starts),
            "until": day_in_words(other.until),
        }
        field = "until" if cover.pk else "starts"
        raise ValidationError({field: ValidationError(words, params=days)})


def _what(cover: Cover) -> dict[str, object]:
    """What the log keeps: whose cover, and when. A number, no name."""
    return {
        "person": cover.user_id,
        "starts": cover.starts.isoformat(),
        "until": cover.until.isoformat(),
    }
