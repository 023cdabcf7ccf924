"""The guided form of a chronicle, and that of its pictures."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from workflows.consultation.fields import TextField
from workflows.registration.fields import LineField

from . import chronicle
from .chronicle import BY_NAME, LONGEST, SECTIONS, Section
from .host_form import typed


class ChronicleForm(forms.Form):
    """What is `written` of a chronicle. While it is written nothing has to be there:
    what is missing is said by `lack`."""

    default_renderer = PlacaRenderer()

    def __init__(self, written: Mapping[str, Any]) -> None:
        super().__init__(initial=dict(written))
        self.fields.update({each.name: _field(each) for each in SECTIONS})

    def lack(self, missing: Mapping[str, str]) -> None:
        """Say what is missing, each beside its section."""
        # A form that is not looked at has no errors of its own.
        self.full_clean()
        self.cleaned_data: dict[str, Any] = {}
        for name, words in missing.items():
            self.add_error(name if name in self.fields else None, words)

    def compare(self, theirs: Mapping[str, Any]) -> None:
        """Show beside each section in which it differs what a colleague has saved."""
        for name, field in self.fields.items():
            other = theirs.get(name, "")
            if other != self.initial.get(name, ""):
                field.theirs = chronicle.in_words(name, other) or "—"


def _field(section: Section) -> forms.Field:
    words = {
        "label": section.title,
        "help_text": section.help,
        "required": section.required,
    }
    if section.choices:
        return forms.ChoiceField(
            choices=[("", _("I do not know")), *section.choices],
            widget=forms.RadioSelect,
            **words,
        )
    return TextField(longest=LONGEST, rows=section.rows, **words)


def written_in(data: Mapping[str, Any]) -> dict[str, str]:
    """What a form says, to be kept: all that was typed, and nothing that is not
    asked."""
    return {name: typed(data, name) for name in BY_NAME if typed(data, name)}


class DescribeForm(forms.Form):
    """What a picture shows, and whether who is in it agrees."""

    default_renderer = PlacaRenderer()

    alt = LineField(
        label=_("What does it show?"),
        help_text=_("In a sentence, for who does not see it."),
        max_length=300,
        error_messages={"required": _("Write what it shows.")},
    )
    consent = forms.BooleanField(
        label=_("Who can be recognised in it agrees that it is published"),
        help_text=_("The kit has the form to be signed. Tick it too if nobody can."),
        error_messages={
            "required": _("Without the consent of who is in it, it cannot be shown.")
        },
    )


class PictureForm(DescribeForm):
    """A picture more."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPEG, PNG, WebP or HEIC, of at most 15 MB. Where it was taken is taken "
            "out of it."
        ),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.heic,.heif"}),
        error_messages={
            "required": _("Choose the picture."),
            "empty": _("The file is empty."),
        },
    )
    field_order = ("file", "alt", "consent")
