"""The sheets of areas, of instruments and of which body has signed them."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import log

from community.models import User
from workflows.catalogue.records import Area, InForce, Instrument

from .cells import DAY, Row, figure, text_columns, texts
from .sheets import Known, Read, Sheet

IMPORTED = "catalogue.imported"


def saving(thing: Model) -> Callable[[User], None]:
    """What writes `thing` and says so in its history."""

    def take(by: User) -> None:
        thing.save()
        log(thing, IMPORTED, user=by)

    return take


class Areas(Sheet):
    name = "areas"
    needs = keys = ("code",)
    columns = ("code", "order", *text_columns(["name"]))

    def rows(self) -> Iterator[dict[str, str]]:
        for area in self.known.areas.values():
            yield _said_of_area(area)

    def read(self, row: Row) -> Read:
        code = row.get("code")
        area = self.known.areas.get(code) or Area(code=code)
        before = {} if area._state.adding else _said_of_area(area)
        if "order" in row.said:
            area.order = row.whole("order") or 0
        row.write_texts(area, ["name"])
        row.needs_text(area, "name")
        row.clean(area, without=["name"])
        self.known.areas[code] = area
        return Read(area, before, saving(area))


def _said_of_area(area: Area) -> dict[str, str]:
    said = {"code": area.code, "order": figure(area.order)}
    return said | texts(area, ["name"])


class Instruments(Sheet):
    name = "instruments"
    needs = keys = ("code",)
    columns = ("code", "url", *text_columns(["name"]))

    def rows(self) -> Iterator[dict[str, str]]:
        for instrument in self.known.instruments.values():
            yield _said_of_instrument(instrument)

    def read(self, row: Row) -> Read:
        code = row.get("code")
        instrument = self.known.instruments.get(code) or Instrument(code=code)
        before = {} if instrument._state.adding else _said_of_instrument(instrument)
        if "url" in row.said:
            instrument.url = row.get("url")
        row.write_texts(instrument, ["name"])
        row.needs_text(instrument, "name")
        row.clean(instrument, without=["name"])
        self.known.instruments[code] = instrument
        return Read(instrument, before, saving(instrument))


def _said_of_instrument(instrument: Instrument) -> dict[str, str]:
    said = {"code": instrument.code, "url": instrument.url}
    return said | texts(instrument, ["name"])


class Signed(Sheet):
    """A body, an instrument, and from when to when it is in force."""

    name = "signed"
    needs = keys = ("instrument", "body", "starts")
    columns = ("instrument", "body", "starts", "until")

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        rows = InForce.objects.select_related("instrument", "body")
        self._signed = {
            (row.instrument.code, row.body.code, row.starts): row
            for row in rows.order_by("instrument__code", "body__code", "starts")
        }

    def rows(self) -> Iterator[dict[str, str]]:
        for signed in self._signed.values():
            yield _said_of_signed(signed)

    def read(self, row: Row) -> Read:
        for name in self.keys:
            if not row.get(name):
                row.empty(name)
        # A spreadsheet takes the code of a town for a number, and drops its zero.
        body_code = row.get("body")
        if (filled := body_code.zfill(5)) in self.known.bodies:
            body_code = filled
        instrument = row.known(
            "instrument", row.get("instrument"), self.known.instruments
        )
        body = row.known("body", body_code, self.known.bodies)
        starts, until = _day(row, "starts"), _day(row, "until")
        key = (row.get("instrument"), body_code, starts)
        signed = self._signed.get(key) or InForce(
            instrument=instrument, body=body, starts=starts
        )
        before = {} if signed._state.adding else _said_of_signed(signed)
        if "until" in row.said:
            signed.until = until
        if not row.faults:
            row.clean(signed, without=["instrument", "body"])
            self._signed[key] = signed
        return Read(signed, before, saving(signed))


def _day(row: Row, column: str) -> date | None:
    when = row.when(column)
    return timezone.localtime(when).date() if when else None


def _said_of_signed(signed: InForce) -> dict[str, str]:
    return {
        "instrument": signed.instrument.code,
        "body": signed.body.code,
        "starts": signed.starts.strftime(DAY),
        "until": signed.until.strftime(DAY) if signed.until else "",
    }
