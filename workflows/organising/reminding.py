"""How the staff say when people are reminded, and see what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events import before
from events.before import Before
from events.models import Session
from events.reminders import befores_of

from .post import Fate, fates

DAYS, HOURS = "D", "H"
# Rows to fill in, besides those there are.
EMPTY = 2

Pair = tuple[str, str]


class RemindersInput(forms.Widget):
    """A row for each: a number, and whether it counts days or hours."""

    template_name = "organising/widgets/reminders.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Pair]:
        numbers, units = (data.getlist(f"{name}_{part}") for part in ("number", "unit"))
        pairs = zip(numbers, units, strict=False)
        return [(number.strip(), unit) for number, unit in pairs if number.strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_number" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [_pair(one) for one in value or []]
        units = [(DAYS, _("days before")), (HOURS, _("hours before"))]
        return {**context, "rows": [*rows, *[("", DAYS)] * EMPTY], "units": units}


class RemindersField(forms.Field):
    """When people are reminded, as `Before` writes it, the longest before first."""

    widget = RemindersInput

    def to_python(self, value: list[Pair] | None) -> list[str]:
        found = []
        for number, unit in value or []:
            if not number.isdecimal() or len(number) > 4:
                raise ValidationError(_("Write a whole number, such as 7."))
            days = unit == DAYS
            found.append(Before(**{"days" if days else "hours": int(number)}))
        found.sort(key=lambda one: one.length, reverse=True)
        written = [str(one) for one in found]
        before.check(written)
        return written

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True


def _pair(one: str | Pair) -> Pair:
    """As a row has it: what is stored, or what somebody wrote."""
    if isinstance(one, str):
        known = Before.read(one)
        return (str(known.days), DAYS) if known.days else (str(known.hours), HOURS)
    return one


class RemindForm(forms.Form):
    """Whether people are reminded of one session."""

    remind = forms.BooleanField(
        label=_("Remind those who have a place in this session"), required=False
    )

    def __init__(self, *args, session: Session, **kwargs) -> None:
        initial = {"remind": session.remind}
        super().__init__(*args, initial=initial, **kwargs)


@dataclass(frozen=True)
class Outlook:
    """One reminder of a session: when it leaves, and what became of it if it has."""

    words: str
    moment: datetime
    has_left: bool
    is_past: bool
    fate: Fate


def outlook(session: Session, now: datetime) -> list[Outlook]:
    """The reminders of `session` at the date it has now, the first to leave first."""
    left = {row.before: row for row in session.reminders.filter(starts=session.starts)}
    fate_of = fates("reminder", [row.pk for row in left.values()])
    found = {*befores_of(session), *map(Before.read, left)}
    return [
        Outlook(
            words=one.words,
            moment=one.moment(session.starts),
            has_left=str(one) in left,
            is_past=one.moment(session.starts) <= now
            and not one.is_due(session.starts, now),
            fate=fate_of.get(left[str(one)].pk, Fate()) if str(one) in left else Fate(),
        )
        for one in sorted(found, key=lambda one: one.length, reverse=True)
    ]
