"""The sheet of resources, each with its edition of one year."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString
from wagtail.log_actions import log

from community.models import LocalBody, Topic, User
from workflows.catalogue.records import Criterion, Edition, Resource, lines_of

from .cells import LANGUAGES, Row, figure, moment, text, text_columns, texts, yes
from .lists import IMPORTED
from .sheets import Known, Read, Sheet

TEXTS = (
    "name",
    "subject",
    "summary",
    "description",
    "actions",
    "conditions",
    "execution",
    "justification",
    "commitments",
    "contact",
)
NUMBERS = ("least", "most", "limit")
OF_EDITION = (
    *("opens", "closes", "months", "minimum", "budget", "published"),
    "criteria",
)
BAR = " | "


class CriterionText(NamedTuple):
    """A criterion as a cell says it."""

    least: int
    most: int
    name: dict[str, str]
    how: dict[str, str]


class Resources(Sheet):
    name = "resources"
    needs = keys = ("code",)
    columns = (
        *("code", "area", "support", "unit", "kinds", *NUMBERS),
        *("instrument", "goals", "topics", "listed"),
        *text_columns(TEXTS),
        *("year", *OF_EDITION),
    )

    def __init__(self, known: Known, year: int) -> None:
        super().__init__(known)
        self._year = year
        editions = Edition.objects.prefetch_related("criteria")
        self._editions = {(each.resource_id, each.year): each for each in editions}

    def rows(self) -> Iterator[dict[str, str]]:
        for resource in self.known.resources.values():
            edition = self._editions.get((resource.pk, self._year))
            yield _said_of(resource, edition)

    def read(self, row: Row) -> Read:
        code = row.get("code")
        resource = self.known.resources.get(code.lower()) or Resource(code=code)
        year = row.whole("year")
        edition = self._editions.get((resource.pk, year)) if year else None
        before = {} if resource._state.adding else _said_of(resource, edition)
        if year and edition is None:
            edition = Edition(resource=resource, year=year)
        elif not year and any(row.get(column) for column in OF_EDITION):
            row.fault(_("Its edition has no year."))
        topics = self._write(row, resource)
        criteria = _write_edition(row, edition) if edition else None
        row.clean(resource, without=["area", "unit", "instrument", *TEXTS])
        row.needs_text(resource, "name")
        if edition:
            row.clean(edition, without=["resource"])
        self.known.resources[code.lower()] = resource
        return Read(resource, before, _taking(resource, topics, edition, criteria))

    def _write(self, row: Row, resource: Resource) -> list[Topic] | None:
        known = self.known
        for name, rows in (("area", known.areas), ("unit", known.units)):
            if row.get(name):
                setattr(resource, name, row.known(name, row.get(name), rows))
            elif name in row.said or resource._state.adding:
                row.empty(name)
        if "instrument" in row.said:
            code = row.get("instrument")
            resource.instrument = row.known("instrument", code, known.instruments)
        for name in NUMBERS:
            if name in row.said:
                setattr(resource, name, row.whole(name))
        if row.get("support"):
            resource.support = row.get("support")
        if "goals" in row.said:
            resource.goals = row.get("goals")
        if "kinds" in row.said:
            resource.kinds = _kinds(row)
        if "listed" in row.said:
            resource.listed = row.yes("listed", True)
        row.write_texts(resource, TEXTS)
        if "topics" not in row.said:
            return None
        codes = row.several("topics")
        found = (row.known("topics", code, known.topics) for code in codes)
        return [topic for topic in found if topic]


def _kinds(row: Row) -> list[str]:
    known = LocalBody.Kind.values
    kinds = row.several("kinds")
    for kind in kinds:
        if kind not in known:
            words = _("“%(kind)s” is no kind of body. There are:")
            row.fault(f"{words} {', '.join(known)}.", kind=kind)
    return [kind for kind in kinds if kind in known]


def _said_of(resource: Resource, edition: Edition | None) -> dict[str, str]:
    """The cells of a resource and its edition, by column."""
    said = {
        "code": resource.code,
        "area": resource.area.code,
        "support": resource.support,
        "unit": resource.unit.code,
        "kinds": ", ".join(resource.kinds),
        "instrument": resource.instrument.code if resource.instrument else "",
        "goals": resource.goals,
        "topics": ", ".join(sorted(topic.code for topic in resource.topics.all())),
        "listed": yes(resource.listed),
        **{name: figure(getattr(resource, name)) for name in NUMBERS},
        **texts(resource, TEXTS),
        **dict.fromkeys(("year", *OF_EDITION), ""),
    }
    if edition:
        said |= {
            "year": str(edition.year),
            "opens": moment(edition.opens),
            "closes": moment(edition.closes),
            "months": str(edition.months),
            "minimum": figure(edition.minimum),
            "budget": figure(edition.budget),
            "published": yes(edition.is_published),
            "criteria": "\n".join(_criterion_cell(c) for c in edition.criteria.all()),
        }
    return said


# Its edition ------------------------------------------------------------------------


def _write_edition(row: Row, edition: Edition) -> list[CriterionText] | None:
    for name in ("opens", "closes"):
        if name in row.said:
            setattr(edition, name, row.when(name))
    if row.get("months"):
        edition.months = row.whole("months") or 0
    if "minimum" in row.said:
        edition.minimum = row.whole("minimum")
    if "budget" in row.said:
        edition.budget = _budget(row)
    if "published" in row.said:
        edition.is_published = row.yes("published", False)
    if "criteria" not in row.said:
        return None
    read = (_criterion(row, line) for line in lines_of(row.get("criteria")))
    return [criterion for criterion in read if criterion]


def _budget(row: Row) -> Decimal | None:
    said = row.get("budget")
    try:
        return Decimal(said) if said else None
    except InvalidOperation:
        row.fault(_("“%(name)s” is no amount: %(text)s."), name="budget", text=said)
        return None


def _criterion_cell(criterion: Criterion) -> str:
    name, how = text(criterion.name), text(criterion.how)
    words = (each.get(code, "") for code in LANGUAGES for each in (name, how))
    points = f"{criterion.least}-{criterion.most}"
    line = BAR.join((points, *(word.replace("|", "/") for word in words)))
    return line.rstrip(" |")


def _criterion(row: Row, line: str) -> CriterionText | None:
    points, *words = (part.strip() for part in line.split(BAR.strip()))
    least, _dash, most = points.partition("-")
    sound = least.isdigit() and most.isdigit() and int(least) <= int(most) < 10_000
    if not sound or not words or not words[0] or len(words) > 2 * len(LANGUAGES):
        told = _("A criterion is written “0-40 | its name | how”: %(text)s.")
        row.fault(told, text=line)
        return None
    words += [""] * (2 * len(LANGUAGES) - len(words))
    if any(len(word) > 200 for word in words):
        row.fault(_("A criterion is longer than 200 characters."))
        return None
    names = {code: words[2 * i] for i, code in enumerate(LANGUAGES)}
    hows = {code: words[2 * i + 1] for i, code in enumerate(LANGUAGES)}
    return CriterionText(int(least), int(most), _filled(names), _filled(hows))


def _filled(words: dict[str, str]) -> dict[str, str]:
    return {code: word for code, word in words.items() if word}


# Writing ----------------------------------------------------------------------------


def _taking(
    resource: Resource,
    topics: list[Topic] | None,
    edition: Edition | None,
    criteria: list[CriterionText] | None,
) -> Callable[[User], None]:
    def take(by: User) -> None:
        resource.save()
        if topics is not None:
            resource.topics.set(topics)
        if edition:
            edition.resource = resource
            edition.save()
            if criteria is not None:
                _value_by(edition, criteria)
        log(resource, IMPORTED, user=by)

    return take


def _value_by(edition: Edition, criteria: list[CriterionText]) -> None:
    Criterion.objects.filter(edition=edition).delete()
    Criterion.objects.bulk_create(
        Criterion(
            edition=edition,
            sort_order=order,
            least=each.least,
            most=each.most,
            name=LazyI18nString(each.name),
            how=LazyI18nString(each.how),
        )
        for order, each in enumerate(criteria)
    )
