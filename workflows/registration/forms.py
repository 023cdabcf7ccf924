import re
import unicodedata
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from community.models import LocalBody
from events.calendar import Person
from events.calendar.text import mailbox
from events.models import Session
from events.registrations import Applicant

# Of the words of the privacy notice under the form; a change of words is a new one.
NOTICE_VERSION = "2026-11"

# They turn what follows around, in a mail as on a screen.
BIDI_CONTROLS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}

PLAIN_DOMAIN = re.compile(r"([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)


class LineField(forms.CharField):
    """One line of text: what a header or a calendar property can hold."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        kept = (
            " " if unicodedata.category(c) == "Cc" and c != "\0" else c
            for c in text
            if c not in BIDI_CONTROLS
        )
        return " ".join("".join(kept).split(" ")).strip()


class AddressField(forms.EmailField):
    """An address that a mail and a calendar entry can carry as it is.

    Of the shapes that RFC 5321 allows, not the quoted name nor the number in place
    of the domain. A domain beyond ASCII is kept as the registries write it
    (RFC 3490), so that no two ways of writing it are two addresses.
    """

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


class RegistrationForm(forms.Form):
    """Asking for a place in a session."""

    default_renderer = PlacaRenderer()

    name = LineField(
        label=_("Name and surname"),
        max_length=150,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Work e-mail address"),
        max_length=254,
        help_text=_("You will get the calendar invitation there."),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write the whole address, for example name@council.cat"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
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
    position = LineField(
        label=_("Position or work"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    mode = forms.ChoiceField(label=_("How will you attend?"), widget=forms.RadioSelect)
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
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"),
        choices=[("ca", "Català"), ("es", "Castellano"), ("en", "English")],
        widget=forms.RadioSelect,
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Robots fill in every field they find.
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def __init__(self, *args, session: Session, **kwargs) -> None:
        self.session = session
        self.suggestions: list[LocalBody] = []
        kwargs["initial"] = {
            "form_key": uuid.uuid4(),
            "language": get_language() or settings.LANGUAGE_CODE,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        if len(session.modes) == 1:
            del self.fields["mode"]
        else:
            self.fields["mode"].choices = [(m, m.label) for m in session.modes]

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        try:
            mailbox(Person("", address))
        except ValueError:
            # An address that mail takes and calendars do not, such as "a b"@c.cat.
            raise ValidationError(
                self.fields["email"].error_messages["invalid"], "invalid"
            ) from None
        return address

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this field empty: it is for robots."))
        return ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        text = data.get("body")
        data["local_body"] = None
        if text and not data.get("other_body"):
            data["local_body"] = LocalBody.objects.named(text)
            if data["local_body"] is None:
                self._ask_which(text)
        return data

    def _ask_which(self, text: str) -> None:
        self.suggestions = list(LocalBody.objects.matching(text)[:6])
        if self.suggestions:
            message = _("Choose which one: several are called “%(text)s”.")
        else:
            message = _(
                "Choose it from the list: none is called “%(text)s”. If it is not "
                "there, say so below."
            )
        self.add_error("body", ValidationError(message, params={"text": text[:60]}))

    def applicant(self) -> Applicant:
        """Who asks, once the form is valid."""
        data = self.cleaned_data
        return Applicant(
            name=data["name"],
            email=data["email"],
            body=data["local_body"],
            body_text="" if data["local_body"] else data["body"],
            position=data["position"],
            question=data["question"],
            mode=data.get("mode") or self.session.modes[0],
            language=data["language"],
            notice_version=NOTICE_VERSION,
        )
