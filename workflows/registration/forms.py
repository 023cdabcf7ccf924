"""The forms by which people ask for a place and say who they are."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from community.acting import memberships
from community.models import LocalBody
from community.privacy.accounts import account_of
from events.models import AccessibilityNeeds, Registration, Session
from events.registrations import Applicant, Needs, welcomes

from . import guard
from .fields import (
    AddressField,
    LanguageField,
    LineField,
    NameField,
    OwnBodyField,
    PositionField,
    TrapField,
)

# Of the words of the privacy notice under the form; a change of words is a new one.
NOTICE_VERSION = "2026-11"


class GuardedForm(forms.Form):
    """A public form that robots leave alone."""

    default_renderer = PlacaRenderer()

    website = TrapField()
    shown = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=200, initial=guard.stamp
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        guard.check_pace(data.get("shown", ""))
        return data


class BodyForm(forms.Form):
    """For which body somebody acts: one of the list, or another in words."""

    default_renderer = PlacaRenderer()

    body = LineField(
        label=_("Local body"),
        max_length=200,
        help_text=_(
            "Start writing its name, with accents or without, and choose it "
            "from the list."
        ),
        error_messages={"required": _("Write the name of your local body.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "organization", "list": "bodies"}
        ),
    )
    other_body = forms.BooleanField(label=_("It is not in the list"), required=False)

    def __init__(
        self, *args, session: Session, own: Sequence[LocalBody] = (), **kwargs
    ) -> None:
        """`own` are the bodies that whoever fills it in acts for: of several one
        chooses, or names another."""
        self.session = session
        self.suggestions: list[LocalBody] = []
        super().__init__(*args, **kwargs)
        if session.audience != Session.Audience.OPEN:
            del self.fields["other_body"]
        if len(own) > 1:
            offer_own(self, own)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        text, own = data.get("body"), data.get("own_body")
        data["local_body"] = own
        if own:
            self._check_welcome("own_body", own)
        elif text and not data.get("other_body"):
            data["local_body"] = LocalBody.objects.named(text)
            if data["local_body"] is None:
                self._ask_which(text)
            else:
                self._check_welcome("body", data["local_body"])
        elif "own_body" in data and not text:
            self.add_error("body", self.fields["body"].error_messages["required"])
        return data

    def _check_welcome(self, field: str, body: LocalBody) -> None:
        if not welcomes(self.session, body):
            self.add_error(field, _not_for(body))

    def body_columns(self) -> dict[str, Any]:
        """The body as a registration holds it."""
        body = self.cleaned_data["local_body"]
        text = "" if body else self.cleaned_data["body"]
        return {"body": body, "body_text": text}

    def _ask_which(self, text: str) -> None:
        self.suggestions = list(LocalBody.objects.matching(text)[:6])
        if self.suggestions:
            message = _("Choose which one: several are called “%(text)s”.")
        elif "other_body" in self.fields:
            message = _(
                "Choose it from the list: none is called “%(text)s”. If it is not "
                "there, say so below."
            )
        else:
            message = _("Choose it from the list: none is called “%(text)s”.")
        self.add_error("body", ValidationError(message, params={"text": text[:60]}))


def offer_own(form: forms.Form, own: Sequence[LocalBody]) -> None:
    """Have `form` ask first for which of the bodies that one acts for. What it knew of
    the body is chosen there, or stays as another."""
    must = form.fields["body"].required
    field = form.fields["own_body"] = OwnBodyField(own, required=must)
    form.order_fields(form.field_order)
    known = field.named(form.initial.get("body", ""))
    form.initial = {**form.initial, "own_body": known}
    if known != field.ANOTHER:
        form.initial["body"] = ""
    form.fields["body"].required = False
    form.fields["body"].label = _("The other body")


def own_bodies(address: str) -> list[LocalBody]:
    """Those that the reader of `address` acts for."""
    return [row.body for row in memberships.of(account_of(address))]


def _not_for(body: LocalBody) -> ValidationError:
    return ValidationError(
        _("This session is for other bodies, and %(body)s is not one of them."),
        params={"body": body.name},
    )


class NeedsForm(forms.Form):
    """What somebody needs to follow the session, with express consent to say so."""

    sign_language = forms.BooleanField(label=_("Catalan sign language"), required=False)
    materials_before = forms.BooleanField(
        label=_("The materials beforehand"), required=False
    )
    telephone = forms.BooleanField(label=_("To join by telephone"), required=False)
    other_needs = LineField(label=_("Something else"), max_length=500, required=False)
    needs_consent = forms.BooleanField(
        label=_("Yes, you may keep what I need"),
        required=False,
        help_text=_(
            "Only those who organise the session will see it, and we will erase it "
            "30 days after."
        ),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.needs() != Needs() and not data.get("needs_consent"):
            self.add_error(
                "needs_consent",
                _("Tick this box too, or leave what you need empty."),
            )
        return data

    def needs(self) -> Needs:
        """What was asked for."""
        data = self.cleaned_data
        return Needs(
            sign_language=data.get("sign_language", False),
            materials_before=data.get("materials_before", False),
            telephone=data.get("telephone", False),
            other=data.get("other_needs", ""),
        )


class PersonForm(BodyForm, NeedsForm):
    """What one person says when asking for a place, and may correct later."""

    name = NameField()
    position = PositionField()
    question = forms.CharField(
        label=_("What would you like to ask?"),
        max_length=2000,
        required=False,
        help_text=_(
            "We will read it without saying who asks and, if we can, answer it in "
            "writing on the page of the session."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = LanguageField()

    # Errors are listed as the page reads.
    field_order = (
        "name",
        "email",
        "own_body",
        "body",
        "other_body",
        "position",
        "mode",
        "question",
        "sign_language",
        "materials_before",
        "telephone",
        "other_needs",
        "needs_consent",
        "language",
    )


class ModeMixin:
    """A form that asks how people attend, where they can choose."""

    def offer_modes(self, session: Session) -> None:
        """Ask for the mode, or take the question away if there is only one."""
        if len(session.modes) == 1:
            del self.fields["mode"]
        else:
            self.fields["mode"].choices = [
                (m, capfirst(m.label)) for m in session.modes
            ]

    def mode(self) -> str:
        """The mode chosen, or the only one."""
        return self.cleaned_data.get("mode") or self.session.modes[0]


class ApplicantForm(ModeMixin, PersonForm):
    """All that makes somebody an applicant for a session."""

    email = AddressField(help_text=_("You will get the calendar invitation there."))
    mode = forms.ChoiceField(label=_("How will you attend?"), widget=forms.RadioSelect)

    def __init__(self, *args, session: Session, **kwargs) -> None:
        super().__init__(*args, session=session, **kwargs)
        self.offer_modes(session)

    def applicant(self) -> Applicant:
        """Who asks, once the form is valid."""
        data = self.cleaned_data
        return Applicant(
            name=data["name"],
            email=data["email"],
            position=data["position"],
            question=data["question"],
            mode=self.mode(),
            language=data["language"],
            notice_version=NOTICE_VERSION,
            needs=self.needs(),
            **self.body_columns(),
        )


class RegistrationForm(GuardedForm, ApplicantForm):
    """Asking for a place in a session."""

    follow = forms.BooleanField(
        label=_("Tell me of the next sessions of the series"),
        required=False,
        help_text=_("A mail for each. You can leave from any of them."),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, session: Session, **kwargs) -> None:
        kwargs["initial"] = {**_new_form(), **kwargs.get("initial", {})}
        super().__init__(*args, session=session, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # A form with mistakes sends no mail.
        if not self.errors:
            guard.check_number(data["email"], data["question"])
        return data


def written_before(address: str) -> dict[str, Any]:
    """What the form is filled in with for whoever has shown that `address` is theirs:
    what they wrote last time or, without one, what their account says. Neither the
    question, which was for another session, nor what they need: they consented to that
    for one."""
    if last := _last_of(address):
        return {
            "email": address,
            "name": last.name,
            "body": last.body_name,
            "other_body": bool(last.body_text),
            "position": last.position,
            "mode": last.mode,
            "language": last.language,
        }
    if account := account_of(address):
        bodies = [body.name for body in own_bodies(address)]
        return {
            "email": address,
            "name": account.name,
            # Of several one chooses.
            "body": bodies[0] if len(bodies) == 1 else "",
            "language": account.language,
        }
    return {"email": address} if address else {}


def _last_of(address: str) -> Registration | None:
    # What somebody else wrote with the address was erased when that was said.
    written = Registration.objects.of_address(address).exclude(name="")
    return written.select_related("body").order_by("-pk").first()


class CorrectionForm(PersonForm):
    """Correcting what one wrote. The address stays: the place is that address's."""

    def __init__(self, *args, registration: Registration, **kwargs) -> None:
        self.registration = registration
        kwargs["initial"] = _as_written(registration)
        super().__init__(*args, session=registration.session, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "body" not in self.changed_data and "other_body" not in self.changed_data:
            # Whoever was let in for that body need not prove it again.
            data["local_body"] = self.registration.body
            data["body"] = self.registration.body_name
            self.errors.pop("body", None)
            self.suggestions = []
        return data

    def corrections(self) -> dict[str, Any]:
        """What `events.registrations.correct` takes."""
        data = self.cleaned_data
        written = ("name", "position", "question", "language")
        return {
            **{name: data[name] for name in written},
            **self.body_columns(),
            "needs": self.needs(),
        }


def _as_written(registration: Registration) -> dict[str, Any]:
    needs = AccessibilityNeeds.objects.filter(registration=registration).first()
    return {
        "name": registration.name,
        "body": registration.body_name,
        "other_body": bool(registration.body_text),
        "position": registration.position,
        "question": registration.question,
        "language": registration.language,
        "sign_language": needs and needs.sign_language,
        "materials_before": needs and needs.materials_before,
        "telephone": needs and needs.telephone,
        "other_needs": needs.other if needs else "",
        "needs_consent": needs is not None,
    }


class ColleagueForm(forms.Form):
    """One of several people of a body."""

    default_renderer = PlacaRenderer()

    name = NameField()
    email = AddressField()
    position = PositionField()


class BaseColleagues(forms.BaseFormSet):
    """Several people, each address once."""

    default_error_messages = {
        "missing_management_form": _("Load this page again, please, and fill it in."),
        "too_many_forms": _("At most %(num)d people in one go."),
        "too_few_forms": _("Write at least one person."),
    }

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            address = getattr(form, "cleaned_data", {}).get("email", "").lower()
            if address in seen:
                form.add_error("email", _("This address is written twice."))
            elif address:
                seen.add(address)
                _check_number(form, address)

    def people(self) -> list[dict[str, Any]]:
        """The clean data of each row that was filled in."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data]


def _check_number(form: forms.Form, address: str) -> None:
    try:
        guard.check_number(address)
    except ValidationError as often:
        form.add_error("email", often)


Colleagues = forms.formset_factory(
    ColleagueForm,
    formset=BaseColleagues,
    extra=4,
    min_num=1,
    validate_min=True,
    max_num=10,
    absolute_max=10,
)


class GroupForm(ModeMixin, GuardedForm, BodyForm):
    """Registering several people of one body: what they share."""

    field_order = ("own_body", "body", "other_body", "mode", "language")

    language = LanguageField(label=_("In which language shall we write to them?"))
    mode = forms.ChoiceField(label=_("How will they attend?"), widget=forms.RadioSelect)
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args, session: Session, own: Sequence[LocalBody] = (), **kwargs
    ) -> None:
        body = own[0].name if len(own) == 1 else ""
        initial = {**_new_form(), "body": body}
        super().__init__(*args, session=session, own=own, initial=initial, **kwargs)
        self.offer_modes(session)

    def applicants(self, people: list[dict[str, Any]]) -> list[Applicant]:
        """Who asks: each of `people`, with what they share."""
        return [
            Applicant(
                name=person["name"],
                email=person["email"],
                position=person["position"],
                mode=self.mode(),
                language=self.cleaned_data["language"],
                notice_version=NOTICE_VERSION,
                **self.body_columns(),
            )
            for person in people
        ]


def _new_form() -> dict[str, Any]:
    return {
        "form_key": uuid.uuid4(),
        "language": get_language() or settings.LANGUAGE_CODE,
    }


class FollowForm(GuardedForm):
    """Asking to hear of the next session of a series."""

    email = AddressField()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            guard.check_number(data["email"])
        return data
