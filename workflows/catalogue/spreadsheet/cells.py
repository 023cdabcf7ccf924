"""What the cells of a row say, what is wrong with them, and how values are written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

LANGUAGES = [code for code, _name in settings.LANGUAGES]
DAY = "%Y-%m-%d"
MOMENT = "%Y-%m-%d %H:%M"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, which has its number in its sheet; with none, the file
    itself is wrong."""

    sheet: str
    row: int
    reason: str | Promise


class Refused(Exception):
    """The file has `faults`; nothing of it was taken."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults

    @classmethod
    def whole(cls, reason: str) -> Self:
        """As a file that is none of ours."""
        return cls([Fault("", 0, reason)])


# Out --------------------------------------------------------------------------------


def lines(text: str) -> str:
    """`text` with the line ends of here and nothing around."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def figure(value: int | Decimal | None) -> str:
    return "" if value is None else str(value)


def moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime(MOMENT) if value else ""


def yes(value: bool) -> str:
    return YES if value else NO


def text(value: Any) -> dict[str, str]:
    """A text in its languages."""
    data = getattr(value, "data", value) or {}
    written = data if isinstance(data, dict) else {settings.LANGUAGE_CODE: data}
    return {code: lines(words) for code, words in written.items() if words}


def texts(thing: Model, names: Iterable[str]) -> dict[str, str]:
    """A cell for each of those texts in each language."""
    written = {name: text(getattr(thing, name)) for name in names}
    return {
        f"{name}_{language}": words.get(language, "")
        for name, words in written.items()
        for language in LANGUAGES
    }


def text_columns(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name}_{language}" for name in names for language in LANGUAGES)


# In ---------------------------------------------------------------------------------


class Constraints:
    """What the database checks, asked once for the same figures: each costs a query."""

    def __init__(self) -> None:
        self._told: dict[tuple, list[str]] = {}

    def refusals(self, thing: Model) -> Iterator[str]:
        for constraint in thing._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                yield from self._refusals(constraint, thing)

    def _refusals(self, constraint: CheckConstraint, thing: Model) -> list[str]:
        names = sorted(constraint.condition.referenced_base_fields)
        key = (constraint.name, *(getattr(thing, name) for name in names))
        if key not in self._told:
            self._told[key] = []
            try:
                constraint.validate(type(thing), thing)
            except ValidationError as refusal:
                self._told[key] = refusal.messages
        return self._told[key]


@dataclass
class Row:
    """A row that is being read: what it says by column, each fault in its words."""

    sheet: str
    number: int
    said: dict[str, str]
    faults: list[Fault]
    constraints: Constraints

    def get(self, column: str) -> str:
        return self.said.get(column, "")

    def fault(self, reason: str, **said: object) -> None:
        """Tell a fault, with what is `said` there put into its words."""
        told = {name: str(word)[:60] for name, word in said.items()}
        self._tell(reason % told)

    def _tell(self, reason: str) -> None:
        self.faults.append(Fault(self.sheet, self.number, reason))

    def empty(self, column: str) -> None:
        self.fault(_("“%(name)s” is empty."), name=column)

    def known(self, column: str, code: str, rows: Mapping[str, Any]) -> Any:
        """That of `rows` which has the code; none of an empty one."""
        found = rows.get(code)
        if code and found is None:
            self.fault(_("“%(name)s” has no code “%(code)s”."), name=column, code=code)
        return found

    def whole(self, column: str) -> int | None:
        said = self.get(column)
        if not said:
            return None
        if not said.isascii() or not said.isdigit() or len(said) > 9:
            words = _("“%(name)s” is no whole number: %(text)s.")
            self.fault(words, name=column, text=said)
            return None
        return int(said)

    def when(self, column: str) -> datetime | None:
        """By the clock of here."""
        said = self.get(column)
        if not said:
            return None
        for pattern in (MOMENT, DAY, "%d/%m/%Y", "%d/%m/%Y %H:%M"):
            try:
                return timezone.make_aware(datetime.strptime(said, pattern))  # noqa: DTZ007
            except ValueError:
                continue
        words = _("“%(name)s” is no date such as 2027-03-31 23:59: %(text)s.")
        self.fault(words, name=column, text=said)
        return None

    def yes(self, column: str, default: bool) -> bool:
        said = self.get(column).lower()
        if said not in (YES, NO, ""):
            words = _("“%(name)s” is yes or no, and not %(text)s.")
            self.fault(words, name=column, text=said)
        return said == YES if said else default

    def several(self, column: str) -> list[str]:
        """What stands between commas, each once."""
        words = (word.strip() for word in self.get(column).split(","))
        return list(dict.fromkeys(word for word in words if word))

    def write_texts(self, thing: Model, names: Iterable[str]) -> None:
        """Have `thing` say what the columns of those texts say; a language without a
        column stays."""
        for name in names:
            self._write_text(thing, name)

    def _write_text(self, thing: Model, name: str) -> None:
        cells = {code: self.said.get(f"{name}_{code}") for code in LANGUAGES}
        if all(cell is None for cell in cells.values()):
            return
        words = text(getattr(thing, name))
        words |= {code: cell for code, cell in cells.items() if cell is not None}
        most = thing._meta.get_field(name).max_length
        if most and any(len(cell) > most for cell in words.values()):
            told = _("“%(name)s” is longer than %(most)s characters.")
            self.fault(told, name=name, most=most)
        setattr(thing, name, LazyI18nString({c: w for c, w in words.items() if w}))

    def needs_text(self, thing: Model, name: str) -> None:
        """It must be there in the language of the house."""
        if settings.LANGUAGE_CODE not in text(getattr(thing, name)):
            self.empty(f"{name}_{settings.LANGUAGE_CODE}")

    def clean(self, thing: Model, without: Iterable[str]) -> None:
        """Tell what the model refuses. That a code is there once, the sheet knows; of
        the fields `without` it has told itself."""
        try:
            thing.full_clean(
                exclude={*without}, validate_unique=False, validate_constraints=False
            )
        except ValidationError as refusal:
            for name, reasons in refusal.message_dict.items():
                where = "" if name == "__all__" else f"{name}: "
                for reason in reasons:
                    self._tell(f"{where}{reason}")
        else:
            for reason in self.constraints.refusals(thing):
                self._tell(reason)
