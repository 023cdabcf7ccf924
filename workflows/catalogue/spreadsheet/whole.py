"""All the sheets of the catalogue, and the taking of some of them."""

from collections.abc import Mapping
from contextlib import nullcontext

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community.models import User

from .cells import Fault, Refused
from .files import Table
from .lists import Areas, Instruments, Signed
from .questions import Questions
from .resources import Resources
from .sheets import Known, Line, Sheet

# Those that others name come before them.
NAMES = tuple(
    sheet.name for sheet in (Areas, Instruments, Resources, Questions, Signed)
)
COLUMNS = {
    sheet.name: sheet.columns
    for sheet in (Resources, Questions, Areas, Instruments, Signed)
}


def sheets_of(year: int) -> dict[str, Table]:
    """The whole catalogue with its editions of `year`: each sheet by its name, under
    the names of its columns, resources first."""
    sheets = _sheets(year)
    return {name: sheets[name].table() for name in COLUMNS}


def _sheets(year: int) -> dict[str, Sheet]:
    known = Known()
    made = (
        Areas(known),
        Instruments(known),
        Resources(known, year),
        Questions(known),
        Signed(known),
    )
    return {sheet.name: sheet for sheet in made}


def import_catalogue(
    tables: Mapping[str, Table], *, by: User, dry_run: bool = False
) -> list[Line]:
    """Have the catalogue as `tables` say, by the name of their sheets; the first row of
    each names the columns. What has no sheet or no column stays as it is, an empty cell
    empties; nothing is deleted. Returns every row with what it changes.

    All is done or, if a row is wrong, nothing: raises Refused with every fault. With
    `dry_run` nothing is written.
    """
    try:
        # Looking only, nobody waits for it.
        with nullcontext() if dry_run else transaction.atomic():
            lines = _lines(tables)
            for line in lines:
                if not (dry_run or line.is_same):
                    line.take(by)
    except IntegrityError:
        told = _("Somebody has changed the catalogue just now. Look at it once more.")
        raise Refused.whole(told) from None
    return lines


def _lines(tables: Mapping[str, Table]) -> list[Line]:
    sheets = _sheets(year=0)
    found = [
        line
        for name, sheet in sheets.items()
        if name in tables
        for line in sheet.lines(tables[name])
    ]
    faults = [line for line in found if isinstance(line, Fault)]
    lines = [line for line in found if isinstance(line, Line)]
    if not found:
        told = _("There are no rows under the names of the columns.")
        raise Refused.whole(told)
    if faults:
        raise Refused(faults)
    return lines
