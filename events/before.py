"""How long before a session something happens: *7 days*, *1 hour*.

Written as RFC 5545 (3.3.6) and ISO 8601 write durations: `P7D` is so many days, which
keep the hour of the day over a change of clock, and `PT1H` is so many hours, which are
hours whatever the clock says.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

LONGEST = timedelta(days=60)
# A reminder may leave so much later, or half of its time if that is less: after a
# longer stop of the worker it is no longer the one that was promised.
LATE = timedelta(hours=12)
USUAL = ("P7D", "P1D", "PT1H")

_WRITTEN = re.compile(r"P(?:(\d{1,4})D|T(\d{1,4})H)")


@dataclass(frozen=True)
class Before:
    """So many whole days, or else so many hours."""

    days: int = 0
    hours: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """From `P7D` or `PT1H`. Raises ValueError."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"not so many days or hours: {text!r}")
        days, hours = written.groups()
        return cls(int(days or 0), int(hours or 0))

    def __str__(self) -> str:
        return f"P{self.days}D" if self.days else f"PT{self.hours}H"

    @property
    def length(self) -> timedelta:
        """How long it is when no clock changes."""
        return timedelta(days=self.days, hours=self.hours)

    @property
    def words(self) -> str:
        """*7 days before*"""
        if self.days:
            said = ngettext("%d day before", "%d days before", self.days)
            return said % self.days
        return ngettext("%d hour before", "%d hours before", self.hours) % self.hours

    def moment(self, starts: datetime) -> datetime:
        """The moment that is so long before `starts`."""
        if not self.days:
            return starts - self.length
        here = timezone.localtime(starts)
        # Days are counted on the clock of the house; its hour there is ours here.
        return (here - self.length).astimezone(starts.tzinfo)

    def is_due(self, starts: datetime, now: datetime) -> bool:
        """Whether its moment has come, and it has not lost its sense yet."""
        moment = self.moment(starts)
        return moment <= now < min(moment + min(self.length / 2, LATE), starts)


def usual() -> list[str]:
    """What a new series begins with."""
    return list(USUAL)


def check(written: Iterable[str]) -> None:
    """Raise ValidationError unless all of `written` can be, and none is there twice."""
    try:
        lengths = [Before.read(text).length for text in written]
    except (TypeError, ValueError):
        raise ValidationError(_("Write so many days, or so many hours.")) from None
    if any(not timedelta() < length <= LONGEST for length in lengths):
        raise ValidationError(
            _("A reminder leaves at least an hour before, and at most %(days)d days."),
            params={"days": LONGEST.days},
        )
    if len(set(lengths)) < len(lengths):
        raise ValidationError(_("One of them is there twice."))
