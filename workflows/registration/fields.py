"""Fields of the public forms: what can be asked of people, and no more."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.models import LocalBody

# They turn what follows around, in a mail as on a screen.
BIDI_CONTROLS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}

# Controls, and what ends a line or a paragraph.
BREAKS = ("Cc", "Zl", "Zp")

PLAIN_DOMAIN = re.compile(r"([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)


class LineField(forms.CharField):
    """One line of text: what a header or a calendar property can hold."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        kept = (
            " " if unicodedata.category(c) in BREAKS and c != "\0" else c
            for c in text
            if c not in BIDI_CONTROLS
        )
        return " ".join("".join(kept).split())


class NameField(LineField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Name and surname"),
            max_length=150,
            error_messages={"required": _("Write the name and surname.")},
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            **kwargs,
        )


class OwnBodyField(forms.ChoiceField):
    """Which of the `bodies` that one acts for; None for another."""

    ANOTHER = "-"

    def __init__(self, bodies: Iterable[LocalBody], **kwargs: Any) -> None:
        self._bodies = {body.code: body for body in bodies}
        named = [(code, body.name) for code, body in self._bodies.items()]
        super().__init__(
            label=_("For which body?"),
            choices=[*named, (self.ANOTHER, _("Another one"))],
            error_messages={"required": _("Say for which body.")},
            widget=forms.RadioSelect,
            **kwargs,
        )

    def clean(self, value: Any) -> LocalBody | None:
        return self._bodies.get(super().clean(value))

    def named(self, name: str) -> str:
        """The choice that the name of a body stands for; "" for no name."""
        codes = (code for code, body in self._bodies.items() if body.name == name)
        return next(codes, self.ANOTHER if name else "")


class AddressField(forms.EmailField):
    """An address that a mail and a calendar entry can carry as it is.

    Of the shapes that RFC 5321 allows, not the quoted name ("a b"@council.cat) nor
    the number in place of the domain. A domain beyond ASCII is kept as registries
    write it (RFC 3490), so that no two ways of writing it are two addresses.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Work e-mail address"),
            max_length=254,
            error_messages={
                "required": _("Write the e-mail address."),
                "invalid": _("Write the whole address, for example name@council.cat"),
            },
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        address = super().clean(value)
        local, _at, domain = address.rpartition("@")
        try:
            ascii_domain = domain.encode("idna").decode()
            address = f"{local}@{ascii_domain.encode().decode('idna')}"
        except UnicodeError:
            ascii_domain = ""
        if not PLAIN_DOMAIN.fullmatch(ascii_domain) or local.startswith('"'):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class PositionField(LineField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Position or work"),
            max_length=150,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
            **kwargs,
        )


class LanguageField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("In which language shall we write to you?"))
        super().__init__(
            choices=[("ca", "Català"), ("es", "Castellano"), ("en", "English")],
            widget=forms.RadioSelect,
            **kwargs,
        )


class TrapField(forms.CharField):
    """Robots fill in every field they find; people do not see this one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Leave this empty"), required=False, **kwargs)

    def clean(self, value: Any) -> str:
        if super().clean(value):
            raise ValidationError(_("Leave this field empty: it is for robots."))
        return ""
