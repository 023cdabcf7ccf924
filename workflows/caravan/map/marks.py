"""What of the caravan is on the map: its stops and good practices, what a visitor
chooses of them, and where each is drawn. The list beside it tells the same."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms.caching import memory
from cms.choosing import Choice, Chosen, Filter, pick
from community.models import LocalBody
from community.models.bodies import search_key
from workflows.caravan.models import Field, GoodPractice, Stop

from . import geometry
from .dots import Drawn, drawn

# As many as the map has room for.
PER_PAGE = 100
# Of each, no more than everybody may read.
OF_A_BODY = ("name", "code", "comarca")
OF_A_PARENT = ("name", "code", "comarca")
OF_A_STOP = ("title", "field", "held", "case__language")
OF_A_PRACTICE = ("title", "field", "language", "published", "stop_id")


@dataclass
class Mark:
    """A stop or a good practice, as map and list mark it with one `number`.

    `standing` is *next*, *soon* or *past* of a stop, and *practice* once there is a
    good practice to read; `address` is that of its page, or "". `town` is the INE code
    of where it is drawn: None leaves it to the list. `other` is the body of the
    rapporteur.
    """

    anchor: str
    title: str
    language: str
    field: str
    body: LocalBody
    other: LocalBody | None
    moment: datetime | None
    standing: str
    is_stop: bool
    address: str = ""
    number: int = 0

    @property
    def field_label(self) -> str:
        return str(Field(self.field).label) if self.field in Field else ""

    @property
    def town(self) -> str | None:
        return geometry.town_of(self.body)

    @property
    def place_name(self) -> str:
        """The municipality where it is drawn."""
        parent = self.body.parent
        is_own = parent is None or self.body.code == self.town
        return self.body.name if is_own else parent.name

    @property
    def comarca(self) -> str:
        parent = self.body.parent
        return self.body.comarca or (parent.comarca if parent else "")

    @property
    def year(self) -> str:
        return str(timezone.localtime(self.moment).year) if self.moment else ""

    @property
    def is_coming(self) -> bool:
        return self.standing in ("next", "soon")


class Shown(Chosen):
    """The marks that `asked`, the query of the address, chooses, a page of them in
    `rows`, and the `map` of that page. `read` is where practices are, by key."""

    def __init__(self, asked: QueryDict, read: dict[int, str]) -> None:
        every = _known(timezone.now(), read)
        filters = _filters(asked, every)
        chosen = (mark for mark in every if _is_chosen(mark, filters))
        # Copies, since what is remembered is everybody's.
        numbered = [
            replace(mark, number=number) for number, mark in enumerate(chosen, start=1)
        ]
        super().__init__(asked, filters, numbered, PER_PAGE)

    @cached_property
    def map(self) -> Drawn:
        return drawn(self.rows)


def _known(now: datetime, read: dict[int, str]) -> list[Mark]:
    """As `marks`, looked up once for everybody until something changes or begins."""
    key = f"caravan marks {get_language()}"
    every = memory.once_here(key, lambda: marks(now, read))
    has_begun = any(m.is_coming and m.moment and m.moment <= now for m in every)
    return marks(now, read) if has_begun else every


def marks(now: datetime, read: dict[int, str]) -> list[Mark]:
    """All of them: what is to come, the next first; then what was, the last first. A
    practice that is nowhere `read`, or not by everybody, is left out."""
    stops = list(_stops())
    practices = _practices({stop.pk for stop in stops})
    found = [
        *(_mark_of_stop(stop, now, read) for stop in stops),
        *(
            _mark_of_practice(practice, read[practice.pk])
            for practice in practices
            if practice.pk in read
        ),
    ]
    coming = sorted((m for m in found if m.is_coming), key=lambda m: m.moment)
    gone = [mark for mark in found if not mark.is_coming]
    gone.sort(key=lambda m: m.moment.timestamp() if m.moment else 0, reverse=True)
    if coming:
        coming[0].standing = "next"
    return coming + gone


def _stops() -> Iterable[Stop]:
    rows = Stop.objects.public().select_related(
        "body__parent", "case", "appointment", "rapporteur__body", "practice"
    )
    return rows.only(
        *OF_A_STOP,
        *_of("body", OF_A_BODY),
        *_of("body__parent", OF_A_PARENT),
        *_of("rapporteur__body", ("name",)),
        *_of("appointment", ("starts", "state")),
        *_of("practice", OF_A_PRACTICE),
    ).order_by("pk")


def _practices(shown: set[int]) -> list[GoodPractice]:
    """Those of no stop that is shown: the others are told with their stop."""
    rows = GoodPractice.objects.public().select_related("body__parent")
    rows = rows.only(
        *OF_A_PRACTICE,
        *_of("body", OF_A_BODY),
        *_of("body__parent", OF_A_PARENT),
    )
    return [row for row in rows.order_by("pk") if row.stop_id not in shown]


def _of(relation: str, columns: tuple[str, ...]) -> list[str]:
    return [f"{relation}__{column}" for column in columns]


def _mark_of_stop(stop: Stop, now: datetime, read: dict[int, str]) -> Mark:
    practice = getattr(stop, "practice", None)
    if practice and practice.pk not in read:
        # Its page is not there, or not for everybody.
        practice = None
    planned = stop.appointment if stop.appointment_id else None
    if planned and not planned.takes_place:
        planned = None
    moment = stop.held or (planned.starts if planned else None)
    is_coming = not stop.held and planned is not None and planned.starts > now
    standing = "practice" if practice else "soon" if is_coming else "past"
    return Mark(
        anchor=f"stop-{stop.pk}",
        title=practice.title if practice else stop.title,
        language=practice.language if practice else stop.case.language,
        field=stop.field,
        body=stop.body,
        other=stop.rapporteur.body if stop.rapporteur_id else None,
        moment=moment or (practice.published if practice else None),
        standing=standing,
        is_stop=True,
        address=read[practice.pk] if practice else "",
    )


def _mark_of_practice(practice: GoodPractice, address: str) -> Mark:
    return Mark(
        anchor=f"practice-{practice.pk}",
        title=practice.title,
        language=practice.language,
        field=practice.field,
        body=practice.body,
        other=None,
        moment=practice.published,
        standing="practice",
        is_stop=False,
        address=address,
    )


def _filters(asked: QueryDict, every: list[Mark]) -> list[Filter]:
    comarcal, every_kind = pgettext_lazy("county", "All"), pgettext_lazy("what", "All")
    comarques = sorted({m.comarca for m in every if m.comarca}, key=search_key)
    years = sorted({mark.year for mark in every if mark.year}, reverse=True)
    fields = [Choice(field.value, str(field.label)) for field in Field]
    return [
        pick(asked, "field", _("Field"), _("All"), fields),
        pick(asked, "comarca", _("County"), comarcal, _alike(comarques)),
        pick(asked, "year", _("Year"), pgettext_lazy("year", "Any"), _alike(years)),
        pick(asked, "kind", _("What"), every_kind, _kinds()),
    ]


def _alike(words: list[str]) -> list[Choice]:
    return [Choice(word, word) for word in words]


def _kinds() -> list[Choice]:
    return [
        Choice("stops", str(_("Stops"))),
        Choice("coming", str(_("Stops to come"))),
        Choice("past", str(_("Stops that were"))),
        Choice("practices", str(_("Good practices"))),
    ]


def _is_chosen(mark: Mark, filters: list[Filter]) -> bool:
    return all(_is_like(mark, f.name, f.chosen.value) for f in filters if f.chosen)


def _is_like(mark: Mark, name: str, value: str) -> bool:
    if name == "kind":
        return {
            "stops": mark.is_stop,
            "coming": mark.is_coming,
            "past": mark.is_stop and not mark.is_coming,
            "practices": mark.standing == "practice",
        }[value]
    return getattr(mark, name) == value
