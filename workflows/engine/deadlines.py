"""What happens to the deadlines of a case. Each verb locks the case, so that whoever
holds it already may call them, and writes the last day in the case too."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from wagtail.log_actions import log

from community.cover import today
from community.models import User

from .clock import calendar_of, version
from .models import Case, Deadline, DeadlineQuerySet, Suspension
from .terms import Calendar, Measure, Reckoning, reckon

Whose = Deadline.Whose

EXTENDED = "engine.deadline_extended"
RECKONED_AGAIN = "engine.deadline_reckoned_again"

# In place of a reason.
FORGOTTEN = "…"

# Where a case shows the last day of each.
COLUMNS = {Whose.OURS: "due", Whose.APPLICANT: "answer_by"}


@transaction.atomic
def start(
    case: Case,
    measure: Measure,
    amount: int,
    *,
    whose: Whose = Whose.OURS,
    on: date | None = None,
) -> Deadline:
    """Count so many working days, natural days or months from the day after `on`,
    today if none is said. One that is open goes on as it is."""
    deadline = _open(case, whose)
    if deadline is None:
        deadline = Deadline.objects.create(
            case=case,
            whose=whose,
            measure=measure,
            amount=amount,
            started=on or today(),
        )
        _write(deadline, case)
    return deadline


@transaction.atomic
def suspend(
    case: Case, reason: str, *, whose: Whose = Whose.OURS, on: date | None = None
) -> bool:
    """Have it stand still from `on`, today if it is not said. Returns False where there
    is nothing to stop: it stands still already, or its last day is past."""
    on = on or today()
    deadline = _open(case, whose)
    if deadline is None or deadline.due is None or deadline.due < on:
        return False
    deadline.suspensions.create(since=on, reason=reason)
    _write(deadline, case)
    return True


@transaction.atomic
def resume(case: Case, *, whose: Whose = Whose.OURS, on: date | None = None) -> bool:
    """Have it run again, that day included. Returns False if it did not stand still."""
    deadline = _open(case, whose)
    if deadline is None or not deadline.is_suspended:
        return False
    still = deadline.suspensions.get(until=None)
    still.until = max(on or today(), still.since)
    still.save(update_fields=["until"])
    _write(deadline, case)
    return True


@transaction.atomic
def extend(
    case: Case,
    days: int,
    *,
    reason: str,
    by: User,
    whose: Whose = Whose.OURS,
    at_most: int | None = None,
    on: date | None = None,
) -> Deadline:
    """Make it longer, once, by so many days: working ones if it is counted in them,
    or else natural ones; by half of it at most (Law 39/2015, art. 32.1) unless another
    law says `at_most`. Raises ValidationError, also where it is too late (32.3)."""
    deadline = _open(case, whose)
    if deadline is None or deadline.is_overdue(on or today()):
        raise ValidationError(_("It is over, so it cannot be made longer."))
    if deadline.extension:
        raise ValidationError(_("It has been made longer once already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Write why.")})
    longest = deadline.term.longest_extension if at_most is None else at_most
    if not 0 < days <= longest:
        words = ngettext_lazy(
            "It can be made longer by %(days)d day at most.",
            "It can be made longer by %(days)d days at most.",
            "days",
        )
        raise ValidationError({"days": words % {"days": longest}})
    before = deadline.due
    deadline.extension = days
    deadline.extension_reason = reason.strip()
    deadline.extended_by = by
    _write(deadline, case)
    _log(EXTENDED, deadline, before, by, reason=deadline.extension_reason)
    return deadline


@transaction.atomic
def close(case: Case, *, whose: Whose = Whose.OURS, on: date | None = None) -> bool:
    """What was to be done is done, or need not be. Returns False if none was open."""
    deadline = _open(case, whose)
    if deadline is None:
        return False
    deadline.closed = on or today()
    deadline.save(update_fields=["closed"])
    _show(case, whose, None)
    return True


def forget_reasons(cases: Iterable[int]) -> None:
    """Keep the days of `cases` that are made anonymous, and not what was written."""
    theirs = Deadline.objects.filter(case__in=cases)
    theirs.update(extended_by=None)
    theirs.exclude(extension=0).update(extension_reason=FORGOTTEN)
    Suspension.objects.filter(deadline__in=theirs).update(reason=FORGOTTEN)


def explain(deadline: Deadline, calendar: Calendar | None = None) -> Reckoning:
    """Its arithmetic, by the holidays known now; or by `calendar`, where they are
    known."""
    return reckon(deadline.term, calendar or calendar_of(deadline.case.body))


def stale() -> DeadlineQuerySet:
    """The open ones that were reckoned with other holidays than those there are now."""
    return Deadline.objects.open().exclude(reckoned_with=version())


def reckon_due(limit: int) -> int:
    """Reckon again at most `limit` deadlines that are `stale`; returns how many."""
    now = version()
    rows = list(stale().select_related("case__body__parent").order_by("pk")[:limit])
    calendar = cache(calendar_of)
    for row in rows:
        _reckon_again(row, now, calendar(row.case.body))
    return len(rows)


@transaction.atomic
def reckon_for(case: Case) -> None:
    """Count the terms of `case` again: it is of another local body now."""
    for whose in Whose:
        if deadline := _open(case, whose):
            _write(deadline, case)


@transaction.atomic
def _reckon_again(row: Deadline, now: str, calendar: Calendar) -> None:
    deadline = _open(row.case, Whose(row.whose))
    if deadline is None or deadline.pk != row.pk:
        return
    before = deadline.due
    _set(deadline, now, calendar)
    deadline.save()
    if deadline.due != before:
        _show(row.case, Whose(row.whose), deadline.due)
        _log(RECKONED_AGAIN, deadline, before)


def _open(case: Case, whose: Whose) -> Deadline | None:
    """The open one, with its case locked until the end of the transaction."""
    Case.objects.select_for_update().get(pk=case.pk)
    return Deadline.objects.open().filter(case=case, whose=whose).first()


def _write(deadline: Deadline, case: Case) -> None:
    # The version first: what changes while the holidays are read is seen next time.
    now = version()
    deadline.case = case
    _set(deadline, now, calendar_of(case.body))
    deadline.save()
    _show(case, Whose(deadline.whose), deadline.due)


def _set(deadline: Deadline, now: str, calendar: Calendar) -> None:
    reckoning = reckon(deadline.term, calendar)
    deadline.due = reckoning.due
    deadline.provisional = reckoning.is_provisional
    deadline.reckoned_with = now


def _show(case: Case, whose: Whose, due: date | None) -> None:
    setattr(case, COLUMNS[whose], due)
    case.save(update_fields=[COLUMNS[whose]])


def _log(
    action: str,
    deadline: Deadline,
    before: date | None,
    by: User | None = None,
    **more: str,
) -> None:
    data = {
        "whose": deadline.whose,
        "before": before.isoformat() if before else None,
        "after": deadline.due.isoformat() if deadline.due else None,
        **more,
    }
    log(deadline.case, action, user=by, data=data)
