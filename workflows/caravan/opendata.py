"""Stops and good practices as open data: a row for each public one, in CSV and JSON,
the same columns in both. They name nobody."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from community.opendata import WAYS, Column, Row, answer, plain

from .models import GoodPractice, Stop
from .pages import places
from .sides import chronicle

AT_ONCE = 500
# So long as pages are remembered.
SECONDS = 60

STOPS = (
    Column("number", "case__number", _("its number, which never changes")),
    Column("title", "title", _("what is shown")),
    Column("field", "field", _("its field, one of five")),
    Column("host", "body__name", _("the body that opens its door")),
    Column("host_code", "body__code", _("the code of that body")),
    Column("comarca", "body__comarca", _("its county")),
    Column("rapporteur", "rapporteur__body__name", _("the body that tells of it")),
    Column("form", "form", _("in person, online or both")),
    Column("day", "appointment__starts", _("the day of the visit")),
    Column("place", "place", _("where it is")),
    Column("practice", "practice__key", _("the key of the good practice")),
)
PRACTICES = (
    Column("key", "key", _("its key, which never changes")),
    Column("address", "pk", _("its page")),
    Column("language", "language", _("the language in which it is written")),
    Column("title", "title", _("what it is called")),
    Column("field", "field", _("its field, one of five")),
    Column("body", "body__name", _("the body whose practice it is")),
    Column("body_code", "body__code", _("the code of that body")),
    Column("comarca", "body__comarca", _("its county")),
    Column("goals", "sdgs", _("Sustainable Development Goals, by their numbers")),
    Column("published", "published", _("the day on which it was published")),
    Column("stop", "stop__case__number", _("the number of its stop")),
    *(
        Column(section.name, f"content__{section.name}", section.title)
        for section in chronicle.SECTIONS
    ),
)


class Set(NamedTuple):
    """What can be had, and its columns."""

    rows: Callable[[], QuerySet]
    columns: tuple[Column, ...]


SETS = {
    "stops": Set(Stop.objects.public, STOPS),
    "practices": Set(GoodPractice.objects.public, PRACTICES),
}


def rows(what: str, language: str) -> Iterator[Row]:
    """All of them, the oldest first, in one query. They are read as they are sent, when
    the language of the request is over."""
    found = SETS[what]
    lookups = [column.lookup for column in found.columns]
    with override(language):
        where = places().practices if what == "practices" else {}
    for values in found.rows().order_by("pk").values_list(*lookups).iterator(AT_ONCE):
        with override(language):
            row = {
                column.name: _said(column.name, value, where)
                for column, value in zip(found.columns, values, strict=True)
            }
        yield row


def _said(name: str, value: Any, where: dict[int, str]) -> str | int:
    if name == "address":
        return urljoin(settings.SITE_URL, where.get(value, ""))
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    if isinstance(value, str) and name in chronicle.BY_NAME:
        return chronicle.in_words(name, value)
    return plain(value)


@require_safe
@cache_control(public=True, max_age=SECONDS)
def data(request: HttpRequest, what: str, how: str) -> StreamingHttpResponse:
    """All of them as a file. Http404 for what there is not."""
    if what not in SETS or how not in WAYS:
        raise Http404
    found = rows(what, get_language() or settings.LANGUAGE_CODE)
    return answer(what, how, found, SETS[what].columns)
