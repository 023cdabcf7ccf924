"""What somebody says who would tell of others."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from workflows.caravan.models import Field, Form, Offer
from workflows.consultation.fields import TextField

# Days that one can be away, and what may stand between them.
MOST_DAYS = 200
BETWEEN = re.compile(r"[\s,;]+")
# As people write a day, the day first.
SHAPES = (
    re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
)


class DaysField(forms.CharField):
    """Some days, written one after the other; its value are ISO dates in order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        days = (date.fromisoformat(day) for day in value)
        return "\n".join(f"{day:%d/%m/%Y}" for day in days)

    def clean(self, value: Any) -> list[str]:
        words = filter(None, BETWEEN.split(super().clean(value)))
        days = sorted({_day(word) for word in words})
        if len(days) > MOST_DAYS:
            raise ValidationError(
                _("Write at most %(most)d days."), params={"most": MOST_DAYS}
            )
        return [day.isoformat() for day in days]


def _day(word: str) -> date:
    found = next(
        (each.fullmatch(word) for each in SHAPES if each.fullmatch(word)), None
    )
    try:
        return date(**{name: int(part) for name, part in found.groupdict().items()})
    except (AttributeError, ValueError):
        raise ValidationError(
            _("“%(word)s” is no day. Write it as 24/11/2026."),
            params={"word": word[:20]},
        ) from None


class OfferForm(forms.Form):
    """An offer to be rapporteur."""

    default_renderer = PlacaRenderer()

    fields_of_interest = forms.MultipleChoiceField(
        label=_("What would you like to tell of?"),
        choices=Field.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one field at least.")},
    )
    forms_of_visit = forms.MultipleChoiceField(
        label=_("How can you visit?"),
        choices=[(value, capfirst(label)) for value, label in Form.choices],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one way to visit at least.")},
    )
    distance = forms.IntegerField(
        label=_("How far would you go, in kilometres?"),
        help_text=_("Leave it empty if it does not matter."),
        min_value=1,
        max_value=500,
        required=False,
    )
    dates = TextField(
        label=_("When does it suit you?"),
        help_text=_("Roughly: months, days of the week, hours."),
        longest=2000,
        rows=3,
        required=False,
    )
    away = DaysField(
        label=_("Days when you cannot"),
        help_text=_("One to a line, as 24/11/2026. Those that pass are forgotten."),
        required=False,
    )
    experience = TextField(
        label=_("What do you know that helps to tell of it?"),
        help_text=_(
            "Your work, and what you have written or organised. None is needed: the "
            "kit leads you."
        ),
        longest=5000,
        rows=5,
        required=False,
    )

    def __init__(self, data: Any, *, offer: Offer | None) -> None:
        super().__init__(data, initial=_said(offer) if offer else None)

    @property
    def said(self) -> dict[str, Any]:
        """As the columns of an offer."""
        data = dict(self.cleaned_data)
        today = timezone.localdate().isoformat()
        return {
            "fields": data.pop("fields_of_interest"),
            "forms": data.pop("forms_of_visit"),
            **data,
            "away": [day for day in data["away"] if day >= today],
        }


def _said(offer: Offer) -> dict[str, Any]:
    return {
        "fields_of_interest": offer.fields,
        "forms_of_visit": offer.forms,
        "distance": offer.distance,
        "dates": offer.dates,
        "away": offer.away,
        "experience": offer.experience,
    }
