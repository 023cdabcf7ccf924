"""What the page of the caravan shows of its records, each list in one query."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Min, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.choosing import Choice, Chosen, pick
from events.models import Appointment

from .kits import blanks
from .map.dots import Drawn, drawn
from .map.marks import Mark, marks
from .models import BlankFile, Field, GoodPractice, Tool
from .pages import places

PER_PAGE = 12
COMING = 6
PAST = 3

# The tile that each field wears everywhere: its name, glaze and ground.
TILES = {
    Field.GROUPS: ("banc", "g1 on2"),
    Field.OPEN_DATA: ("obert", "g3 on5"),
    Field.TRANSPARENCY: ("ull", "g4 on5"),
    Field.SERVICES: ("persiana", "g2 on1"),
    Field.BIG_DATA: ("anells", "g2 on3"),
}
ABOUT = {
    Field.GROUPS: _("Near to older people, young people, companies …"),
    Field.OPEN_DATA: _("Public data within reach of whoever wants to use them"),
    Field.TRANSPARENCY: _("The one that is understood, and helps to decide"),
    Field.SERVICES: _("Procedures that fill themselves in, easy for everybody"),
    Field.BIG_DATA: _("Better services and predictions from what is measured"),
}
COLUMNS = {
    "field": "field",
    "comarca": "body__comarca",
    "year": "published__year",
}


class FieldShown(NamedTuple):
    """One of the five, in the words of the editors or in ours."""

    code: str
    title: str
    text: str
    tile: str
    css: str


class Card(NamedTuple):
    """A good practice in the list, and its address."""

    practice: GoodPractice
    url: str
    tile: str
    css: str


class PracticeShelf(Chosen):
    """The good practices that `asked`, the query of the address, chooses."""

    def __init__(self, asked: QueryDict) -> None:
        every = GoodPractice.objects.public().order_by()
        everything, any_year = _("All"), pgettext_lazy("year", "Any")
        filters = [
            pick(asked, "field", _("Field"), everything, _fields()),
            pick(asked, "comarca", _("County"), everything, _comarques(every)),
            pick(asked, "year", _("Year"), any_year, _years(every)),
        ]
        rows = every.order_by("-published", "-pk").select_related("body")
        for each in filters:
            if each.chosen:
                rows = rows.filter(**{COLUMNS[each.name]: each.chosen.value})
        super().__init__(asked, filters, rows, PER_PAGE)


def _fields() -> list[Choice]:
    return [Choice(field.value, str(field.label)) for field in Field]


def _comarques(every: Any) -> list[Choice]:
    found = every.exclude(body__comarca="").values_list("body__comarca", flat=True)
    return [Choice(name, name) for name in sorted(set(found))]


def _years(every: Any) -> list[Choice]:
    days = every.datetimes("published", "year", order="DESC")
    return [Choice(str(day.year), str(day.year)) for day in days]


def cards(rows: Iterable[GoodPractice]) -> list[Card]:
    where = places().practices
    return [Card(row, where.get(row.pk, ""), *tile_of(row.field)) for row in rows]


def tile_of(field: str) -> tuple[str, str]:
    return TILES.get(Field(field), ("roda", "g1 on5"))


def fields(words: Iterable[Any]) -> list[FieldShown]:
    """The five, in their order."""
    said = {block.value["field"]: block.value for block in words}
    return [
        FieldShown(
            field.value,
            said[field]["title"] if field in said else str(field.label),
            said[field]["text"] if field in said else str(ABOUT[field]),
            *TILES[field],
        )
        for field in Field
    ]


class Ahead(NamedTuple):
    """What of the map the page shows: the next stops and the last ones, numbered, with
    the map of them."""

    marks: list[Mark]
    map: Drawn

    @property
    def next(self) -> Mark | None:
        return next((mark for mark in self.marks if mark.standing == "next"), None)


def ahead() -> Ahead:
    """The next stops, and the last things that came of others."""
    every = marks(timezone.now(), places().practices)
    coming = [mark for mark in every if mark.is_coming]
    shown = coming[:COMING] + every[len(coming) :][:PAST]
    for number, mark in enumerate(shown, start=1):
        mark.number = number
    return Ahead(shown, drawn(shown))


def next_turn(now: datetime) -> datetime | None:
    """When the next stop begins or is over: until then the clock changes nothing that
    its pages say."""
    planned = Appointment.objects.filter(
        state=Appointment.State.PLANNED, of_stop__isnull=False, ends__gt=now
    )
    times = planned.aggregate(
        starts=Min("starts", filter=Q(starts__gt=now)), ends=Min("ends")
    )
    return min(filter(None, times.values()), default=None)


class ToolShown(NamedTuple):
    """A tool of the kit, as everybody reads of it, and its `files`, blank."""

    code: str
    title: str
    side: str
    is_required: bool
    files: list[BlankFile]


class KitShown(NamedTuple):
    """What the kit of a stop has, and all of it blank in one file, once it is made."""

    tools: list[ToolShown]
    bundle: BlankFile | None

    @property
    def has_files(self) -> bool:
        return any(tool.files for tool in self.tools)


def kit() -> KitShown:
    """In the active language where it is written in it."""
    made: dict[int | None, list[BlankFile]] = {}
    for file in blanks.files():
        made.setdefault(file.tool_id, []).append(file)
    rows = Tool.objects.filter(active=True).prefetch_related("versions")
    shown = [
        ToolShown(
            tool.code,
            tool.title,
            tool.get_side_display(),
            tool.required,
            made.get(tool.pk, []),
        )
        for tool in rows
    ]
    return KitShown(shown, next(iter(made.get(None, [])), None))
