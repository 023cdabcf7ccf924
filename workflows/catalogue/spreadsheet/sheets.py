"""What all sheets have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext as _

from community.models import LocalBody, Topic, Unit, User
from workflows.catalogue.records import Area, Instrument, Resource

from .cells import Constraints, Fault, Refused, Row
from .files import Table


class Known:
    """What rows name by its code: what there is, and what the same file makes."""

    def __init__(self) -> None:
        self.areas = Area.objects.in_bulk(field_name="code")
        self.instruments = Instrument.objects.in_bulk(field_name="code")
        self.units = Unit.objects.in_bulk(field_name="code")
        self.topics = Topic.objects.in_bulk(field_name="code")
        self.bodies = LocalBody.objects.in_bulk(field_name="code")
        rows = Resource.objects.select_related("area", "unit", "instrument")
        self.resources = {
            row.code.lower(): row for row in rows.prefetch_related("topics")
        }
        self.constraints = Constraints()


class Read(NamedTuple):
    """What a row is about as it becomes, what the sheet said of it before, and what
    writes it."""

    thing: Model
    before: dict[str, str]
    take: Callable[[User], None]


@dataclass
class Line:
    """A row that is sound: what it is about, and what it changes there (the names of
    the columns). `take` writes it."""

    sheet: str
    row: int
    thing: Model
    is_new: bool
    changes: list[str]
    take: Callable[[User], None]

    @property
    def is_same(self) -> bool:
        """Whether all is as it was."""
        return not self.is_new and not self.changes


class Sheet(ABC):
    """Rows under the names of their columns; those that it `needs` have to be there.
    `keys` name what a row is about; what they say is never changed."""

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]
    keys: ClassVar[tuple[str, ...]]
    columns: ClassVar[tuple[str, ...]]

    def __init__(self, known: Known) -> None:
        self.known = known

    @abstractmethod
    def rows(self) -> Iterator[dict[str, str]]:
        """What there is, by column."""

    @abstractmethod
    def read(self, row: Row) -> Read:
        """What the row says. Faults are told to the row; two rows about the same get
        the same thing."""

    def table(self) -> Table:
        rows = ([said[column] for column in self.columns] for said in self.rows())
        return [list(self.columns), *rows]

    def lines(self, table: Table) -> Iterator[Line | Fault]:
        """Every row that says something, or what is wrong with it. Raises Refused."""
        columns = self._columns(table)
        seen: dict[int, tuple[int, Model]] = {}
        for number, cells in enumerate(table[1:], start=2):
            if not any(cells):
                continue
            cells = cells + [""] * (len(columns) - len(cells))
            said = dict(zip(columns, cells, strict=False))
            row = Row(self.name, number, said, [], self.known.constraints)
            thing, before, take = self.read(row)
            first, _thing = seen.setdefault(id(thing), (number, thing))
            if first < number:
                row.fault(_("It is about the same as row %(row)s."), row=first)
            changes = [
                name
                for name, written in said.items()
                if name not in self.keys and written != before.get(name, "")
            ]
            is_new = thing._state.adding
            yield from row.faults or [
                Line(self.name, number, thing, is_new, changes, take)
            ]

    def _columns(self, table: Table) -> list[str]:
        columns = [name.strip().lower() for name in table[0]] if table else []
        while columns and not columns[-1]:
            columns.pop()
        for name in columns:
            if name not in self.columns:
                words = _("No column is called “%(name)s”.") % {"name": name[:40]}
                raise Refused([Fault(self.name, 1, words)])
        if not set(self.needs) <= set(columns) or len(set(columns)) < len(columns):
            words = _("It needs these columns, and each column once: %(names)s.")
            told = words % {"names": ", ".join(self.needs)}
            raise Refused([Fault(self.name, 1, told)])
        return columns
