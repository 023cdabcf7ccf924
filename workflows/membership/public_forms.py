"""What people write who act for a body, or want to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from community.models import LocalBody, Role
from workflows.registration import guard
from workflows.registration.fields import (
    AddressField,
    LanguageField,
    LineField,
    NameField,
)
from workflows.registration.forms import GuardedForm
from workflows.registration.proof import AskForm

from .asking import Wish

CHOICES = (
    (Role.TECHNICIAN, _("Technician: drafts what the body asks for, and follows it")),
    (Role.REPRESENTATIVE, _("Representative: signs, and says who acts for the body")),
    (Role.READER, _("Reader: sees what the body asks for")),
)


class RoleField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=CHOICES,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose a role.")},
            **kwargs,
        )


class AskBodiesForm(AskForm):
    """Asking for the link to one's bodies."""

    email = AddressField(
        help_text=_("The one of your work. We send a link to it, good for an hour.")
    )


class ActForm(GuardedForm):
    """Asking to act for a body. Whose address it is, is known."""

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
    role = RoleField(label=_("What do you do for it?"))
    name = NameField()
    text = forms.CharField(
        label=_("What should whoever looks at it know?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your position, for example, or who can confirm it."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        self.suggestions: list[LocalBody] = []
        super().__init__(*args, **kwargs)

    def clean_body(self) -> LocalBody:
        text = self.cleaned_data["body"]
        body = LocalBody.objects.named(text)
        if body is None:
            self.suggestions = list(LocalBody.objects.matching(text)[:6])
            words = _("Choose it from the list: none is called “%(text)s”.")
            if self.suggestions:
                words = _("Choose which one: several are called “%(text)s”.")
            raise ValidationError(words, params={"text": text[:60]})
        return body

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # A form with mistakes sends no mail.
        if not self.errors:
            guard.check_number(self.email, data["text"])
        return data

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(
            body=data["body"],
            role=Role(data["role"]),
            name=data["name"],
            email=self.email,
            language=get_language(),
            text=data["text"],
        )


class InviteForm(forms.Form):
    """Whom a representative asks to act for the body too."""

    default_renderer = PlacaRenderer()

    email = AddressField(help_text=_("We send the invitation to it."))
    role = RoleField(label=_("What will they do for it?"))
    language = LanguageField(label=_("In which language shall we write to them?"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            guard.check_number(data["email"])
        return data


class AcceptForm(forms.Form):
    """Who says that they act for the body."""

    default_renderer = PlacaRenderer()

    name = NameField()


class ChangeRoleForm(forms.Form):
    default_renderer = PlacaRenderer()

    role = RoleField(label=_("What do they do for it?"))
