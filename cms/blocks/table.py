"""A table of words and figures."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTable, TypedTableBlock
from wagtail_localize.segments import StringSegmentValue

COLUMNS = 8
ROWS = 60


class CellsBlock(TypedTableBlock):
    """The cells; whoever translates gets caption, headings and words, each by itself.
    Figures are written by the language of the page."""

    text = blocks.CharBlock(
        label=_("Text"), icon="pilcrow", max_length=300, required=False
    )
    number = blocks.DecimalBlock(label=_("Figure"), icon="order", required=False)

    def get_translatable_segments(self, table: TypedTable) -> list[StringSegmentValue]:
        return [StringSegmentValue(path, text) for path, text in _words(table)]

    def restore_translated_segments(
        self, table: TypedTable, segments: list[StringSegmentValue]
    ) -> TypedTable:
        for segment in segments:
            _put(table, segment.path, segment.render_text())
        return table


def _words(table: TypedTable) -> list[tuple[str, str]]:
    """Each text of `table` and where it stands."""
    found = [("caption", table.caption)]
    for number, column in enumerate(table.columns):
        found.append((f"heading-{number}", column["heading"]))
        if column["block"].name == "text":
            found += [
                (f"cell-{index}-{number}", row["values"][number] or "")
                for index, row in enumerate(table.row_data)
            ]
    return found


def _put(table: TypedTable, place: str, text: str) -> None:
    kind, *numbers = place.split("-")
    if kind == "caption":
        table.caption = text
    elif kind == "heading":
        table.columns[int(numbers[0])]["heading"] = text
    else:
        row, column = map(int, numbers)
        table.row_data[row]["values"][column] = text


class TableBlock(blocks.StructBlock):
    cells = CellsBlock(
        label=_("Table"),
        help_text=_(
            "The caption says what the table shows. Every column needs a heading: on a "
            "telephone each row becomes a sheet, with the headings as labels. Eight "
            "columns and 60 rows at most; for more, attach a document."
        ),
    )
    named_rows = blocks.BooleanBlock(
        label=_("The first column names its row"),
        required=False,
        default=True,
        help_text=_("Then it is read out with each cell of the row."),
    )

    class Meta:
        label = _("Table")
        icon = "table"
        template = "blocks/table.html"
        description = _("Words and figures to compare, in rows and columns.")
        preview_value = {
            "cells": {
                "columns": [
                    {"type": "text", "heading": _("Town")},
                    {"type": "number", "heading": _("Inhabitants")},
                ],
                "rows": [
                    {"values": ["Gelida", 7874]},
                    {"values": ["Granollers", 63345]},
                ],
                "caption": _("Two towns and their inhabitants"),
            },
            "named_rows": True,
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        fault = None if self.is_deferred_validation else _fault(value["cells"])
        if fault:
            raise StructBlockValidationError({"cells": ValidationError(fault)})
        return value


def _fault(table: TypedTable) -> str | None:
    """What is wrong with `table` as a whole."""
    if not table.columns or not table.row_data:
        return gettext("Add at least one column and one row.")
    if len(table.columns) > COLUMNS or len(table.row_data) > ROWS:
        return gettext(
            "Eight columns and 60 rows at most. For more, attach a document."
        )
    if not (table.caption or "").strip():
        return gettext("Write a caption: what the table shows.")
    if not all((column["heading"] or "").strip() for column in table.columns):
        return gettext("Write a heading for every column.")
    return None
