"""The sessions of a month, as a calendar."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events.models import Session
from workflows.organising import labels
from workflows.organising.access import sessions_of

YEARS = range(1990, 2100)


@dataclass(frozen=True)
class Entry:
    """A session in the calendar."""

    session: Session
    words: str
    tone: str


@dataclass(frozen=True)
class Day:
    date: date
    in_month: bool
    is_today: bool
    entries: list[Entry]


class MonthView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A month as a table of weeks, and as a list for narrow screens."""

    model = Session
    any_permission_required = ("view", "add", "change")
    template_name = "organising/month.html"
    page_title = _("Calendar")
    header_icon = "calendar-alt"

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("sessions:index"), "label": gettext("Sessions")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        month = _month(self.request.GET.get("month", "")) or today.replace(day=1)
        weeks = self._weeks(month, today)
        days = [day for week in weeks for day in week if day.in_month]
        return {
            **super().get_context_data(**kwargs),
            "month": _name(month),
            "before": _link(_shifted(month, -1)),
            "after": _link(_shifted(month, 1)),
            "now": None if month == today.replace(day=1) else _link(today),
            "weekdays": [(WEEKDAYS[n], WEEKDAYS_ABBR[n]) for n in range(7)],
            "weeks": weeks,
            "days": [day for day in days if day.entries],
        }

    def _weeks(self, month: date, today: date) -> list[list[Day]]:
        weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
        entries: dict[date, list[Entry]] = {}
        for session in self._sessions(weeks[0][0], weeks[-1][-1]):
            day = timezone.localdate(session.starts)
            entries.setdefault(day, []).append(_entry(session))
        return [
            [
                Day(day, day.month == month.month, day == today, entries.get(day, []))
                for day in week
            ]
            for week in weeks
        ]

    def _sessions(self, first: date, last: date) -> QuerySet[Session]:
        held = sessions_of(self.request.user).with_places().select_related("series")
        return held.filter(
            starts__gte=_moment(first, time.min), starts__lte=_moment(last, time.max)
        ).order_by("starts")


def _entry(session: Session) -> Entry:
    standing = session.standing
    tone = labels.STANDING_TONES.get(standing.kind, "")
    return Entry(session, labels.standing_words(standing), tone)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _month(text: str) -> date | None:
    """The first day of *2026-11*; None if it is no month."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
    if not found:
        return None
    year, month = map(int, found.groups())
    return date(year, month, 1) if year in YEARS and month in range(1, 13) else None


def _shifted(month: date, by: int) -> date:
    years, index = divmod(month.month - 1 + by, 12)
    return date(month.year + years, index + 1, 1)


def _name(month: date) -> str:
    return gettext("%(month)s %(year)s") % {
        "month": MONTHS[month.month],
        "year": month.year,
    }


def _link(month: date) -> dict[str, str]:
    address = reverse("sessions:month")
    return {"url": f"{address}?month={month:%Y-%m}", "name": _name(month)}
