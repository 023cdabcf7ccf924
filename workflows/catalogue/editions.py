"""What is done with the editions of a whole year in one go. Each shows first, with
`dry_run`, what it would do; all is done or nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.models import User

from .records import Criterion, Edition, Resource

COPIED = "catalogue.copied"
WINDOW = "catalogue.window"


class Copied(NamedTuple):
    """The editions that a copy makes, and those of its year that were there already and
    stay as they are."""

    new: list[Edition]
    there: list[Edition]


class Change(NamedTuple):
    """An edition as it becomes, with the dates and the publication that it had."""

    edition: Edition
    opens: datetime | None
    closes: datetime | None
    was_published: bool


def copy_year(source: int, target: int, *, by: User, dry_run: bool = False) -> Copied:
    """Have each resource that had an edition in the year `source` have one in `target`:
    with the same criteria, its dates so many years later, and not published yet.

    Raises ValidationError if there is nothing to copy or `target` is no later year.
    """
    if target <= source:
        raise ValidationError(_("Copy to a later year."))
    with transaction.atomic():
        # Nobody adds an edition of a resource between looking and writing.
        old = Edition.objects.filter(year=source).select_related("resource")
        old = old.prefetch_related("criteria").order_by("resource__code")
        keys = [edition.resource_id for edition in old]
        if not keys:
            raise ValidationError(_("No resource has an edition of that year."))
        list(Resource.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        there = Edition.objects.filter(year=target, resource__in=keys)
        there = list(there.select_related("resource").order_by("resource__code"))
        known = {edition.resource_id for edition in there}
        pairs = [(e, _later(e, target)) for e in old if e.resource_id not in known]
        if not dry_run:
            _make(pairs, by, source)
    return Copied([new for _old, new in pairs], there)


def _later(edition: Edition, year: int) -> Edition:
    years = year - edition.year
    return Edition(
        resource=edition.resource,
        year=year,
        opens=_years_later(edition.opens, years),
        closes=_years_later(edition.closes, years),
        months=edition.months,
        minimum=edition.minimum,
        budget=edition.budget,
    )


def _years_later(moment: datetime | None, years: int) -> datetime | None:
    """The same hour of the same day by the clock of the installation; of a 29 February
    the day before, where there is none."""
    if moment is None:
        return None
    local = timezone.localtime(moment).replace(tzinfo=None)
    try:
        later = local.replace(year=local.year + years)
    except ValueError:
        later = local.replace(year=local.year + years, day=28)
    return timezone.make_aware(later)


def _make(pairs: list[tuple[Edition, Edition]], by: User, source: int) -> None:
    Edition.objects.bulk_create([new for _old, new in pairs])
    criteria = [
        Criterion(
            edition=new,
            sort_order=each.sort_order,
            name=each.name,
            how=each.how,
            least=each.least,
            most=each.most,
        )
        for old, new in pairs
        for each in old.criteria.all()
    ]
    Criterion.objects.bulk_create(criteria)
    for _old, new in pairs:
        log(new, COPIED, user=by, data={"from": source})


def set_windows(
    editions: Iterable[Edition],
    *,
    opens: datetime | None = None,
    closes: datetime | None = None,
    publish: bool | None = None,
    by: User,
    dry_run: bool = False,
) -> list[Change]:
    """Give each of `editions` (a queryset) these dates, and publish it or take it back;
    None leaves what it had. Returns those that change; raises ValidationError, naming
    them, if some would be wrong."""
    with transaction.atomic():
        rows = editions.select_related("resource").select_for_update(of=("self",))
        changes = [
            change
            for row in rows.order_by("pk")
            if (change := _changed(row, opens, closes, publish))
        ]
        _check(changes)
        if not dry_run:
            for change in changes:
                change.edition.save(update_fields=["opens", "closes", "is_published"])
                log(change.edition, WINDOW, user=by)
    return sorted(changes, key=lambda change: change.edition.resource.code)


def _changed(
    row: Edition,
    opens: datetime | None,
    closes: datetime | None,
    publish: bool | None,
) -> Change | None:
    change = Change(row, row.opens, row.closes, row.is_published)
    row.opens, row.closes = opens or row.opens, closes or row.closes
    row.is_published = row.is_published if publish is None else publish
    now = (row.opens, row.closes, row.is_published)
    return change if now != change[1:] else None


def _check(changes: list[Change]) -> None:
    wrong = []
    for change in changes:
        edition = change.edition
        code = edition.resource.code
        if edition.is_published and edition.opens is None:
            wrong.append(
                _("%(code)s would be published without a date.") % {"code": code}
            )
        if edition.opens and edition.closes and edition.closes <= edition.opens:
            words = _("%(code)s would close before it opens.")
            wrong.append(words % {"code": code})
    if wrong:
        raise ValidationError(wrong)
