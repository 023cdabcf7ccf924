"""What an organiser writes down. The rules are the verbs'."""

from copy import copy
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput

from cms.models import SessionPage
from community.forms import DATES
from community.models import LocalBody, User
from community.multilingual import (
    LanguagesField,
    LanguagesTextarea,
    languages_formfield,
)
from events.meetings import providers
from events.models import Mode, Provider, Session

from .access import series_of
from .sessions import page_of
from .widgets import BodiesInput

# As long as most sessions.
USUAL = timedelta(hours=1)

# As moments are written here, and as machines write them.
MOMENTS = ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


class WhenForm(forms.Form):
    """A day and its hours, in the time of the house. Gives `starts` and `ends`."""

    date = forms.DateField(
        label=_("Day"),
        input_formats=DATES,
        widget=AdminDateInput(format=DATES[0]),
        help_text=_("Such as 26/11/2026."),
    )
    start_time = forms.TimeField(
        label=_("Starts at"), widget=AdminTimeInput, help_text=_("Such as 10:00.")
    )
    end_time = forms.TimeField(
        label=_("Ends at"),
        widget=AdminTimeInput,
        required=False,
        help_text=_("Empty: one hour later."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        day, start, end = (data.get(n) for n in ("date", "start_time", "end_time"))
        if day and start:
            data["starts"] = self._moment("start_time", day, start)
            if end:
                data["ends"] = self._moment("end_time", day, end)
            elif data["starts"] and "end_time" not in self.errors:
                data["ends"] = data["starts"] + USUAL
        return data

    def _moment(self, field: str, day: date, at: time) -> datetime | None:
        try:
            return from_current_timezone(datetime.combine(day, at))
        except ValidationError as no_such_hour:
            self.add_error(field, no_such_hour)
            return None

    def refuse(self, refusal: ValidationError) -> None:
        """Say beside the fields why a verb would not do it."""
        beside = {"starts": "date", "ends": "end_time"}
        fields = refusal.error_dict if hasattr(refusal, "error_dict") else {}
        for name, errors in (fields or {None: refusal.error_list}).items():
            name = beside.get(name, name)
            self.add_error(name if name in self.fields else None, errors)


class WhoAndWhenForm(forms.ModelForm):
    """What both forms of a session have: for whom it is, and when registration opens
    and closes."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens", "closes"):
            self.fields[name].input_formats = MOMENTS
        self._offer_providers()
        self.fields["bodies"].help_text = _("Only when it is for chosen bodies.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen = data.get("audience") == Session.Audience.CHOSEN
        if chosen and "bodies" not in self.errors and not data.get("bodies"):
            self.add_error("bodies", _("Choose at least one body."))
        elif not chosen and "bodies" in data:
            data["bodies"] = LocalBody.objects.none()
        link = "join_url" in self.changed_data and data.get("join_url")
        if link and data.get("provider") != Provider.LINK:
            self.add_error(
                "join_url",
                _("This link leads people there only if you choose it above."),
            )
        return data

    def _offer_providers(self) -> None:
        """Those that are set up here, and the one that it has."""
        found = providers.offered()
        if self.instance.pk:
            found = [*dict.fromkeys([*found, Provider(self.instance.provider)])]
        else:
            self.initial.setdefault("provider", found[0])
        self.fields["provider"].choices = [(one, one.label) for one in found]
        self.fields["provider"].required = False

    def clean_provider(self) -> str:
        # As it was, if nothing is said: at first a link, which may be missing yet.
        return self.cleaned_data["provider"] or self.instance.provider

    def _check_registration_times(self, ends: datetime | None) -> None:
        opens, closes = (self.cleaned_data.get(n) for n in ("opens", "closes"))
        if opens and closes and closes <= opens:
            self.add_error("closes", _("Registration must close after it opens."))
        if closes and ends and closes > ends:
            self.add_error("closes", _("Registration must close before the end."))


class SessionForm(WhenForm, WhoAndWhenForm):
    """A new session. Nothing is saved here: `instance` is what to make."""

    # The same form sent twice makes one session.
    key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Session
        fields = (
            "series",
            "code",
            "topic",
            "title",
            "summary",
            "format",
            "place",
            "provider",
            "join_url",
            "capacity_online",
            "capacity_in_person",
            "body_limit",
            "audience",
            "bodies",
            "approval",
            "opens",
            "closes",
            "listed",
            "notes",
        )
        widgets = {
            "audience": forms.RadioSelect,
            "provider": forms.RadioSelect,
            "bodies": BodiesInput,
            "opens": AdminDateTimeInput(format=MOMENTS[0]),
            "closes": AdminDateTimeInput(format=MOMENTS[0]),
            "notes": forms.Textarea({"rows": 3}),
        }
        formfield_callback = languages_formfield

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", self.instance.uuid)
        self.fields["series"].queryset = series_of(user)
        self.fields["code"].required = False
        self.fields["code"].help_text = _(
            "The end of its address, which never changes. Empty: made from the "
            "series and the day."
        )

    def clean_series(self) -> Any:
        series = self.cleaned_data["series"]
        if page_of(series) is None:
            raise ValidationError(
                _("This series has no page yet: make one first, under Pages.")
            )
        return series

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.instance.uuid = data.get("key") or self.instance.uuid
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("end_time", _("The session must end after it starts."))
        self._check_registration_times(ends)
        self.instance.starts, self.instance.ends = starts, ends
        self._check_place(data)
        if not data.get("code") and data.get("series") and data.get("date"):
            data["code"] = free_code(data["series"].code, data["date"])
        elif data.get("code") and _is_taken(data["code"]):
            self.add_error("code", _("Another session or page has this address."))
        return data

    def _check_place(self, data: dict[str, Any]) -> None:
        kind = data.get("format")
        if kind == Session.Format.ONLINE:
            data["capacity_in_person"], data["place"] = None, LazyI18nString({})
        elif kind and "place" not in self.errors and not str(data.get("place")):
            self.add_error("place", _("Write where it will be held."))
        if kind == Session.Format.IN_PERSON:
            data["capacity_online"], data["join_url"] = None, ""


def _is_taken(code: str) -> bool:
    return (
        Session.objects.filter(code=code).exists()
        or SessionPage.objects.filter(slug=code).exists()
    )


def free_code(series: str, day: date) -> str:
    # Room for the day and a number: a code has 50 characters at most.
    code = base = f"{series[:36]}-{day:%Y-%m-%d}"
    number = 1
    while _is_taken(code):
        number += 1
        code = f"{base}-{number}"
    return code


class TextsForm(WhoAndWhenForm):
    """What may be changed without telling anybody."""

    class Meta:
        model = Session
        fields = (
            "title",
            "summary",
            "topic",
            "provider",
            "join_url",
            "audience",
            "bodies",
            "approval",
            "opens",
            "closes",
            "listed",
            "notes",
        )
        widgets = SessionForm.Meta.widgets
        formfield_callback = languages_formfield

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if Mode.ONLINE not in self.instance.modes:
            del self.fields["provider"], self.fields["join_url"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._check_registration_times(self.instance.ends)
        return data

    @property
    def changes(self) -> dict[str, Any]:
        """What was changed, once the form is valid."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class PlaceOrTimeForm(WhenForm):
    """Another time, or another place, for a session."""

    place = LanguagesField(label=_("Where it is held"), max_length=200, required=False)

    def __init__(self, *args, session: Session, **kwargs) -> None:
        kwargs["initial"] = {"place": session.place, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if Mode.IN_PERSON not in session.modes:
            del self.fields["place"]

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verbs take. A place that was not touched stays."""
        place = self.cleaned_data["place"] if "place" in self.changed_data else None
        return {
            "starts": self.cleaned_data["starts"],
            "ends": self.cleaned_data["ends"],
            "place": place,
        }


class MoveForm(PlaceOrTimeForm):
    """Another time, or another place: it says first when it is now."""

    def __init__(self, *args, session: Session, **kwargs) -> None:
        kwargs["initial"] = _hours(session) | {
            "date": timezone.localtime(session.starts).date()
        }
        super().__init__(*args, session=session, **kwargs)


class RescheduleForm(PlaceOrTimeForm):
    """The new date of a session that was put off."""

    def __init__(self, *args, session: Session, **kwargs) -> None:
        super().__init__(*args, session=session, initial=_hours(session), **kwargs)


class DuplicateForm(WhenForm):
    """When the session that is made like another will be held."""

    field_order = ("date", "start_time", "end_time", "code")

    code = forms.SlugField(
        label=_("Code"),
        max_length=50,
        required=False,
        help_text=_(
            "The end of its address, which never changes. Empty: made from the "
            "series and the day."
        ),
    )

    def __init__(self, *args, session: Session, **kwargs) -> None:
        self.session = session
        super().__init__(*args, initial=_hours(session), **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("code") and _is_taken(data["code"]):
            self.add_error("code", _("Another session or page has this address."))
        elif not data.get("code") and data.get("date"):
            data["code"] = free_code(self.session.series.code, data["date"])
        return data

    @property
    def wanted(self) -> dict[str, Any]:
        """What `events.sessions.duplicate` takes."""
        return {name: self.cleaned_data[name] for name in ("code", "starts", "ends")}


def _hours(session: Session) -> dict[str, Any]:
    starts, ends = map(timezone.localtime, (session.starts, session.ends))
    return {"start_time": starts.time(), "end_time": ends.time()}


class ReasonForm(forms.Form):
    """Why a session will not be held, or not yet."""

    reason = LanguagesField(
        label=_("Why"),
        max_length=300,
        widget=LanguagesTextarea,
        help_text=_("Everybody registered reads it, and so does who opens the page."),
    )

    def __init__(self, *args, session: Session, **kwargs) -> None:
        super().__init__(*args, **kwargs)


class PlacesForm(forms.ModelForm):
    class Meta:
        model = Session
        fields = ("capacity_online", "capacity_in_person", "body_limit")

    def __init__(self, *args, session: Session, **kwargs) -> None:
        # A copy: a form that is checked writes on its instance.
        super().__init__(*args, instance=copy(session), **kwargs)
        for mode in Mode:
            if mode not in session.modes:
                del self.fields[f"capacity_{mode}"]

    @property
    def wanted(self) -> dict[str, int | None]:
        """What `workflows.organising.sessions.resize` takes."""
        places = {
            mode.value: self.cleaned_data.get(
                f"capacity_{mode}", self.initial[f"capacity_{mode}"]
            )
            for mode in Mode
        }
        return {**places, "body_limit": self.cleaned_data["body_limit"]}
