"""Who writes to the team by a public form, for a local body or not."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models import LocalBody
from workflows.registration.fields import (
    AddressField,
    LanguageField,
    LineField,
    NameField,
)
from workflows.registration.forms import GuardedForm


class BodyField(LineField):
    """The name of a local body of the list, if any."""

    def __init__(self, **kwargs: Any) -> None:
        known = {"autocomplete": "organization", "list": "bodies"}
        defaults = {
            "label": _("Local body"),
            "max_length": 200,
            "required": False,
            "widget": forms.TextInput(attrs=known),
        }
        super().__init__(**{**defaults, **kwargs})


class AskerForm(GuardedForm):
    """With what somebody asks, which the form of each kind of case adds."""

    name = NameField()
    email = AddressField()
    body = BodyField()
    language = LanguageField()
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        fresh = {"language": get_language(), "form_key": uuid.uuid4()}
        kwargs["initial"] = {**fresh, **_of_list(kwargs.get("initial", {}))}
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.suggestions: list[LocalBody] = []

    def clean_body(self) -> LocalBody | None:
        text = self.cleaned_data["body"]
        if not text:
            return None
        body = LocalBody.objects.named(text)
        if body is None:
            self.suggestions = list(LocalBody.objects.matching(text)[:6])
            raise ValidationError(
                _("Choose it from the list, or leave it empty: none is called that.")
            )
        return body


def _of_list(known: dict[str, Any]) -> dict[str, Any]:
    """What is `known` of somebody, without a body that is not in the list."""
    return {**known, "body": ""} if known.get("other_body") else known
