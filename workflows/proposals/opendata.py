"""What is proposed as open data: a row for each public proposal, in CSV and JSON, the
same columns in both. It names nobody, and grows without taking more memory."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from community.opendata import Column, Row, answer, plain
from events.models import Session

from .models import Proposal

AT_ONCE = 500
# So long as pages are remembered.
SECONDS = 60


COLUMNS = (
    Column("number", "case__number", _("its number, which never changes")),
    Column("address", "case__number", _("its page")),
    Column("language", "case__language", _("the language in which it is written")),
    Column("series", "series__title", _("the series that it is for")),
    Column("topic", "topic__name", _("its topic, if it has one")),
    Column("title", "title", _("what it is about")),
    Column("wanted", "wanted", _("what is asked")),
    Column("why", "why", _("why it matters")),
    Column("urgency", "urgency", _("now, soon or whenever")),
    Column(
        "state",
        "state",
        _("open, shortlisted, planned, held, answered, merged or declined"),
    ),
    Column("proposed", "case__created", _("the day on which it came in")),
    Column("published", "published", _("the day on which it was published")),
    Column("settled", "case__finished", _("the day on which it was settled")),
    Column("people", "supporters", _("how many people support it")),
    Column("bodies", "bodies", _("of how many local bodies they are")),
    Column("session", "session__code", _("the code of the session that treats it")),
    Column("session_day", "session__starts", _("the day of that session")),
    Column("merged_into", "merged_into__case__number", _("where it goes on")),
    Column("answer", "answer", _("what came of it, in words")),
    Column("link", "link", _("where to read more")),
)
# A session that is not announced yet is told to nobody.
OF_SESSION = ("session", "session_day")


def rows(language: str) -> Iterator[Row]:
    """All of them, the oldest first, in one query. They are read as they are sent, when
    the language of the request is over."""
    lookups = [column.lookup for column in COLUMNS]
    found = Proposal.objects.public().order_by("case__created", "pk")
    found = found.values_list(*lookups, "session__state")
    for *values, state in found.iterator(AT_ONCE):
        with override(language):
            row = _row(values, is_told=state != Session.State.DRAFT)
        yield row


def _row(values: list[Any], *, is_told: bool) -> Row:
    row = {
        column.name: plain(value) for column, value in zip(COLUMNS, values, strict=True)
    }
    if not is_told:
        row |= dict.fromkeys(OF_SESSION, "")
    row["address"] = urljoin(
        settings.SITE_URL, reverse("proposal", args=[row["number"]])
    )
    return row


@require_safe
@cache_control(public=True, max_age=SECONDS)
def data(request: HttpRequest, how: str) -> StreamingHttpResponse:
    """All of them as a file."""
    return answer("proposals", how, rows(get_language()), COLUMNS)
