"""What happens to a case whatever its kind. The verbs of a slice call these with the
case locked: `CaseFlow`, `desk` and `answers` see to that.
"""

import uuid
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from community.cover import today
from community.models import Unit, User

from . import deadlines
from .deadlines import Whose
from .files import put_in
from .kinds import kind_of
from .models import Case, Entry, File, LastNumber
from .terms import Measure

MOVED = "engine.case_moved"


def new_number(prefix: str) -> str:
    """The next number of this year: *CON-2026-0012*. Call it in the transaction that
    saves the case, so that none is lost."""
    series = f"{prefix}-{today().year}"
    LastNumber.objects.get_or_create(series=series)
    # The update locks the row until the end of the transaction.
    LastNumber.objects.filter(series=series).update(number=F("number") + 1)
    number = LastNumber.objects.get(series=series).number
    return f"{series}-{number:04d}"


def open_once(
    prefix: str, form_key: uuid.UUID | None, begin: Callable[[str], Case]
) -> Case:
    """The case that `begin` opens with the next number of `prefix`, in one transaction.
    The same `form_key` once more, which `begin` keeps in the case, gives the case that
    is there."""
    with transaction.atomic():
        # The number first: its lock has two that send the same form wait here.
        number = new_number(prefix)
        known = form_key and Case.objects.filter(form_key=form_key).first()
        if known:
            transaction.set_rollback(True)
            return known
        return begin(number)


def write(
    case: Case,
    way: Entry.Way,
    text: str,
    by: User | None = None,
    files: Iterable[File] = (),
) -> Entry:
    """Write `text` into the case with `files`, drafts until now, and say that something
    was done."""
    entry = Entry.objects.create(case=case, way=way, text=text, by=by)
    put_in(case, entry, files, by)
    touch(case)
    return entry


def touch(case: Case, **columns: object) -> None:
    """Set `columns`, and that something was done just now."""
    case.last_action = timezone.now()
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=["last_action", *columns])


def move(case: Case, unit: Unit, by: User) -> None:
    """Have another unit look after it."""
    if unit.pk != case.unit_id:
        touch(case, unit=unit)
        log(case, MOVED, user=by, data={"unit": str(unit)})


def wait(case: Case, days: int, reason: str) -> None:
    """Nothing is ours to do until the applicant answers, within so many working days;
    our own term stands still for `reason` (Law 39/2015, art. 22.1.a)."""
    touch(case, state=Case.State.WAITING)
    deadlines.suspend(case, reason)
    deadlines.start(case, Measure.WORKING_DAYS, days, whose=Whose.APPLICANT)


def go_on(case: Case) -> None:
    """It is ours again, and our term runs on."""
    touch(case, state=Case.State.OPEN)
    deadlines.close(case, whose=Whose.APPLICANT)
    deadlines.resume(case)


def finish(case: Case, outcome: str) -> None:
    """It is settled. Steps may follow, such as asking what the applicant thought."""
    _end(case, Case.State.FINISHED, outcome=outcome)


def cancel(case: Case, **columns: str) -> None:
    """It ends without being settled."""
    _end(case, Case.State.CANCELLED, **columns)


def _end(case: Case, state: Case.State, **columns: str) -> None:
    touch(case, state=state, finished=timezone.now(), **columns)
    for whose in Whose:
        deadlines.close(case, whose=whose)
    if ended := kind_of(case).ended:
        ended(case)
