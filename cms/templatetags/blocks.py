"""Choosing among the blocks an editor composed, and what their templates ask for."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamValue, StructValue
from wagtail.contrib.typed_table_block.blocks import TypedTable
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page

from cms.reading import shown
from cms.showing import coming_of
from events.models import Session

register = template.Library()

# What people call a kind of file that has a name besides its letters.
KINDS = {
    "csv": _("table of data (CSV)"),
    "docx": _("Word document"),
    "odp": _("presentation (ODP)"),
    "ods": _("spreadsheet (ODS)"),
    "odt": _("text document (ODT)"),
    "pptx": _("PowerPoint presentation"),
    "xlsx": _("Excel spreadsheet"),
    "zip": _("several files (ZIP)"),
}
# A number of fewer digits is written without points: it may be a year.
GROUPED = 10_000


@register.filter
def only(
    body: Iterable[StreamValue.StreamChild], kind: str
) -> list[StreamValue.StreamChild]:
    """The blocks of `body` that are of that kind."""
    return [block for block in body or () if block.block_type == kind]


@register.filter
def without(
    body: Iterable[StreamValue.StreamChild], kind: str
) -> list[StreamValue.StreamChild]:
    """The blocks of `body` that are of any other kind."""
    return [block for block in body or () if block.block_type != kind]


@register.filter
def for_reader(pages: Iterable[Page | None]) -> list[Page]:
    """Of the pages that an editor chose, those that this reader can have."""
    return [page for chosen in pages if (page := shown(chosen))]


@register.filter
def kind_of_file(document: AbstractDocument) -> str:
    """In words: "Word document"."""
    extension = document.file_extension.lower()
    return KINDS.get(extension, extension.upper())


@register.simple_tag
def coming_sessions(value: StructValue) -> list[Session]:
    """As many of the next sessions as the block says, of its series and topic."""
    wanted = {name: value[name] for name in ("series", "topic") if value.get(name)}
    sessions = coming_of(Session.objects.filter(**wanted))
    return list(sessions[: value.get("number") or 3])


@register.filter
def rows(table: TypedTable) -> Iterator[list[tuple[str, str, str]]]:
    """Each row of `table`: of every cell its heading, its kind and what it says."""
    for row in table.row_data:
        cells = zip(table.columns, row["values"], strict=False)
        yield [
            (column["heading"], column["block"].name, _written(value))
            for column, value in cells
        ]


def _written(value: Any) -> str:
    if not isinstance(value, Decimal):
        return value or ""
    return number_format(value, force_grouping=abs(value) >= GROUPED)
