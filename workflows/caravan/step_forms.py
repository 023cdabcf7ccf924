"""What the steps of a stop ask of the office. What they ask of its two sides is on the
page of the stop (`stop_views`)."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import User
from events.meetings import providers
from events.models import Provider
from events.wording import hour
from workflows.consultation.fields import TextField
from workflows.engine.file_fields import FilesField
from workflows.engine.models import Case
from workflows.engine.nodes import StepForm
from workflows.organising.forms import WhenForm

from . import deciding, matching, visiting
from .matching import Proposed
from .models import Form, Stop

Decision = Stop.Decision


def _note() -> TextField:
    return TextField(
        label=_("Internal note"),
        required=False,
        rows=3,
        help_text=_("Only the staff see it."),
    )


class PageForm(StepForm):
    """A step of one of the two sides: the page of the stop asks it, and a verb of
    `stops` does it."""


class ReviewForm(StepForm):
    """Whether the caravan stops there."""

    class Media:
        css: ClassVar = {"all": ("caravan/steps.css",)}

    decision = forms.ChoiceField(
        label=_("What do you do?"),
        choices=[
            (one.value, one.label)
            for one in (Decision.ACCEPT, Decision.AMEND, Decision.DECLINE)
        ],
        widget=forms.RadioSelect,
        initial=Decision.ACCEPT,
    )
    text = TextField(
        label=_("What the host will read"),
        required=False,
        help_text=_(
            "To amend it: what is missing, or wrong. To decline it: the reason. It "
            "goes into a mail."
        ),
    )
    files = FilesField(label=_("Files for the host"))
    note = _note()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        decision = data.get("decision")
        told = decision in (Decision.AMEND, Decision.DECLINE)
        if told and "text" not in self.errors and not data.get("text"):
            self.add_error("text", _("Write what the host will read."))
        if decision != Decision.AMEND and data.get("files"):
            self.add_error(
                "files",
                _("They go to the host only with what it is to amend: take them away."),
            )
        return data

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        deciding.add_note(case, data["note"], by)
        if data["decision"] == Decision.AMEND:
            deciding.have_amended(case, data["text"], by, data["files"])
        elif data["decision"] == Decision.DECLINE:
            deciding.decline(case, data["text"], by)
        else:
            deciding.accept(case)


class MatchForm(StepForm):
    """Who is asked to tell of it: those who have offered, the best first, with why."""

    class Media:
        css: ClassVar = {"all": ("caravan/steps.css",)}

    offer = forms.TypedChoiceField(
        label=_("Whom do you ask?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whom you ask."),
            "invalid_choice": _("This offer does not stand any more: choose another."),
        },
        help_text=_("The best first. You choose: only the same body is impossible."),
    )
    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = matching.proposed(self.case.stop)
        offer = self.fields["offer"]
        offer.choices = [(one.offer.pk, _in_words(one)) for one in self.proposed]
        if not self.proposed:
            offer.help_text = _(
                "Nobody of another body has offered to tell of stops. Ask for offers, "
                "and come back."
            )

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        deciding.add_note(case, data["note"], by)
        offers = {one.offer.pk: one.offer for one in self.proposed}
        deciding.ask(case, offers[data["offer"]])


def _in_words(one: Proposed) -> SafeString:
    said_no = gettext("has said no")
    out = f" ({said_no})" if one.is_out else ""
    return format_html(
        '<span class="caravan-choice"><strong>{}</strong>, {}{}{}</span>',
        one.offer.user,
        one.offer.body,
        out,
        # In a label there is no room for a list.
        format_html_join("", "<span>{}</span>", ((each,) for each in one.reasons)),
    )


class PlaceForm(WhenForm, StepForm):
    """When the visit is, and where. What else is on that day is said first."""

    class Media:
        css: ClassVar = {"all": ("caravan/steps.css",)}

    place = forms.CharField(
        label=_("Where people meet"),
        max_length=200,
        required=False,
        help_text=_("Empty if people only meet online."),
    )
    anyway = forms.BooleanField(
        label=_("On that day all the same"),
        required=False,
        help_text=_("Where a session or another stop is on the same day."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("starts"):
            self._check_day(data["starts"], data.get("ends"))
        return data

    def where_and_when(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts", "ends", "place")}

    def _check_day(self, starts: Any, ends: Any) -> None:
        if starts <= timezone.now():
            self.add_error("date", _("Choose a moment that is still to come."))
            return
        if ends and ends <= starts and "end_time" not in self.errors:
            self.add_error("end_time", _("It must end after it starts."))
        if self.cleaned_data.get("anyway"):
            return
        day = timezone.localdate(starts)
        for other in visiting.conflicts([day], self.case.stop)[day]:
            words = _("On that day there is also: %(what)s (%(when)s).")
            said = {"what": other.what, "when": hour(other.starts)}
            self.add_error("anyway", ValidationError(words, params=said))


class DateForm(PlaceForm):
    """The date is fixed."""

    provider = forms.ChoiceField(label=_("Online meeting"))
    join_url = forms.URLField(
        label=_("Link of the online meeting"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("Only where it is a link of your own."),
    )
    note = _note()

    field_order = (
        *("date", "start_time", "end_time", "anyway"),
        *("place", "provider", "join_url", "note"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stop, found = self.case.stop, providers.offered()
        online = stop.form != Form.IN_PERSON
        self.fields["provider"].choices = [(one, one.label) for one in found]
        self.fields["provider"].initial = found[0] if online else Provider.NONE
        if stop.form != Form.ONLINE:
            self.fields["place"].initial = stop.place

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        by_link = data.get("provider") == Provider.LINK
        if by_link and not data.get("join_url") and "join_url" not in self.errors:
            self.add_error("join_url", _("Write the link."))
        if data.get("provider") == Provider.NONE and not data.get("place"):
            self.add_error("place", _("Say where people meet, here or online."))
        return data

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        deciding.add_note(case, data["note"], by)
        link = data["join_url"] if data["provider"] == Provider.LINK else ""
        _do(
            deciding.fix_date,
            case,
            **self.where_and_when(),
            provider=data["provider"],
            join_url=link,
            by=by,
        )


class VisitForm(PlaceForm):
    """What became of the visit, or what becomes of its date."""

    decision = forms.ChoiceField(
        label=_("What do you do?"),
        choices=(
            (Decision.HELD, _("It was held")),
            (Decision.FIXED, _("Move it to the day, hour or place below")),
            (Decision.REDATE, _("Put it off, and find another date with both sides")),
            (Decision.LEFT, _("Look for another rapporteur")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
        help_text=_("A day after its end it counts as held by itself."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "To put it off: all who were invited read it. For another rapporteur: only "
            "the staff see it."
        ),
    )
    note = _note()

    field_order = (
        *("decision", "reason", "date", "start_time", "end_time", "anyway", "place"),
        "note",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("date", "start_time"):
            self.fields[name].required = False
        if appointment := self.case.stop.appointment:
            starts = timezone.localtime(appointment.starts)
            ends = timezone.localtime(appointment.ends)
            self.fields["date"].initial = starts.date()
            self.fields["start_time"].initial = starts.time()
            self.fields["end_time"].initial = ends.time()
            self.fields["place"].initial = str(appointment.place)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        decision = data.get("decision")
        if decision == Decision.FIXED:
            for name in ("date", "start_time"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Write when it is then."))
        asked = decision in (Decision.REDATE, Decision.LEFT)
        if asked and "reason" not in self.errors and not data.get("reason"):
            self.add_error("reason", _("Write why."))
        return data

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        deciding.add_note(case, data["note"], by)
        if data["decision"] == Decision.FIXED:
            _do(deciding.move_date, case, **self.where_and_when(), by=by)
        elif data["decision"] == Decision.REDATE:
            deciding.find_another_date(case, data["reason"], by)
        elif data["decision"] == Decision.LEFT:
            deciding.let_go(case, data["reason"], by)
        else:
            deciding.hold(case)

    def _check_day(self, starts: Any, ends: Any) -> None:
        # What is not moved is not looked at.
        if self.cleaned_data.get("decision") == Decision.FIXED:
            super()._check_day(starts, ends)


def _do(verb: Any, *args: Any, **what: Any) -> None:
    """What the verb says of fields that the form has not is said of the whole."""
    try:
        verb(*args, **what)
    except ValidationError as refusal:
        raise ValidationError(refusal.messages) from refusal


class PublishForm(StepForm):
    """Nothing more is asked: what keeps the page from being published is said."""

    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practice = getattr(self.case.stop, "practice", None)
        if practice and practice.page_id:
            page = reverse("wagtailadmin_pages:edit", args=[practice.page_id])
            self.fields["note"].help_text = format_html(
                '{} <a href="{}">{}</a>',
                _("Only the staff see it."),
                page,
                _("Look at the draft of the page"),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for words in deciding.obstacles(self.case.stop):
            self.add_error(None, words)
        return data

    def apply(self, case: Case, by: User | None) -> None:
        deciding.add_note(case, self.cleaned_data["note"], by)
        deciding.publish(case, by)
