"""What each side answers on its page of a stop."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from workflows.consultation.fields import TextField

YES, NO = "yes", "no"
# Moments that one side marks.
MOST_MOMENTS = 10


class AnswerForm(forms.Form):
    """Whether she comes who was asked to tell of a stop."""

    default_renderer = PlacaRenderer()

    answer = forms.ChoiceField(
        label=_("Do you come?"),
        choices=(
            (YES, _("Yes, I go and tell of it")),
            (NO, _("No, I cannot this time")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    reason = TextField(
        label=_("If you cannot, why?"),
        help_text=_("The team reads it, and asks somebody else. The host does not."),
        longest=500,
        rows=3,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        lacks = data.get("answer") == NO and not data.get("reason")
        if lacks and "reason" not in self.errors:
            self.add_error("reason", _("Write why you cannot."))
        return data

    @property
    def accepts(self) -> bool:
        return self.cleaned_data["answer"] == YES


class ReasonForm(forms.Form):
    """Why somebody leaves a stop, or gives it up."""

    default_renderer = PlacaRenderer()

    reason = TextField(
        label=_("Why"),
        longest=500,
        rows=4,
        error_messages={"required": _("Write why.")},
    )

    def __init__(self, data: Any, *, help_text: Any = "") -> None:
        super().__init__(data)
        self.fields["reason"].help_text = help_text


class ReadForm(forms.Form):
    """Whether the chronicle is right, to the host."""

    default_renderer = PlacaRenderer()

    answer = forms.ChoiceField(
        label=_("Is it right?"),
        choices=(
            (YES, _("Yes, it can be published like this")),
            (NO, _("Something has to change")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    text = TextField(
        label=_("What has to change?"),
        help_text=_("The rapporteur reads it, and sends you the chronicle again."),
        longest=5000,
        rows=6,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        lacks = data.get("answer") == NO and not data.get("text")
        if lacks and "text" not in self.errors:
            self.add_error("text", _("Write what has to change."))
        return data

    @property
    def is_right(self) -> bool:
        return self.cleaned_data["answer"] == YES


class MomentForm(forms.Form):
    """A day and an hour; none, if both are empty."""

    default_renderer = PlacaRenderer()

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 2026-11-24.")},
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Write the time as 10:30.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        day, time = data.get("day"), data.get("time")
        if self.errors or not (day or time):
            return data
        if not day:
            self.add_error("day", _("Write the day too."))
        elif not time:
            self.add_error("time", _("Write the time too."))
        else:
            data["starts"] = self._moment(datetime.combine(day, time))
        return data

    def _moment(self, naive: datetime) -> datetime | None:
        try:
            starts = timezone.make_aware(naive)
        except (OverflowError, ValueError):
            self.add_error("day", _("Write the day as 2026-11-24."))
            return None
        if starts <= timezone.now():
            self.add_error("day", _("It has passed already."))
        return starts


class MomentsFormSet(forms.BaseFormSet):
    """The moments that suit one side: a row for each, and empty ones for more."""

    def clean(self) -> None:
        if not any(self.errors) and len(set(self.moments)) < len(self.moments):
            raise ValidationError(_("One of them is there twice."))

    @property
    def moments(self) -> list[datetime]:
        """What was written, in order."""
        return sorted(self._moments())

    def _moments(self) -> Iterator[datetime]:
        for form in self.forms:
            if starts := form.cleaned_data.get("starts"):
                yield starts


MomentsForm = forms.formset_factory(
    MomentForm,
    formset=MomentsFormSet,
    extra=MOST_MOMENTS,
    max_num=MOST_MOMENTS,
    absolute_max=MOST_MOMENTS,
)
