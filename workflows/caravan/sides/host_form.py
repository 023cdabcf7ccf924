"""The form of a stop, as the host writes it.

While it is written anything may be there and nothing has to be. Whether it can be sent
is asked of what is kept: `checked`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from workflows.caravan.models import Field, Form, Stop
from workflows.consultation.fields import TextField
from workflows.engine.file_fields import KeptField, what_is_taken
from workflows.registration.fields import AddressField, LineField, NameField

from . import host_files

CONSENTS = ("may_publish", "may_show")
FILES = "files"


class Fieldset(NamedTuple):
    title: str | Promise
    help: str | Promise
    fields: tuple[str, ...]


FIELDSETS = (
    Fieldset(
        _("The practice"),
        _("What you would show. Short is enough: the rapporteur asks the rest."),
        (
            *("title", "field", "summary", "social_value", "difficulties"),
            *("status", "evidence", "links", FILES),
        ),
    ),
    Fieldset(
        _("The visit"),
        "",
        ("form", "place", "accessibility", "dates"),
    ),
    Fieldset(
        _("Whom we talk to"),
        _("The team and the rapporteur see it; nobody else does."),
        ("contact_name", "contact_email", "contact_phone"),
    ),
    Fieldset(_("What you agree to"), "", CONSENTS),
)


class Part(NamedTuple):
    """A fieldset of a form, with its fields."""

    title: str | Promise
    help: str | Promise
    fields: list[forms.BoundField]


class StopForm(forms.Form):
    """What a body tells of what it would show, with the files that are kept with
    `stop`. `written` is what is kept of the rest; it is looked at for mistakes if it
    `is_checked`."""

    default_renderer = PlacaRenderer()

    title = LineField(
        label=_("What is the practice called?"),
        help_text=_("As you would say it to a colleague of another town."),
        max_length=150,
        error_messages={"required": _("Write what the practice is called.")},
    )
    field = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Field.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    summary = TextField(
        label=_("What do you do, and for whom?"),
        longest=2000,
        rows=6,
        error_messages={"required": _("Write what you do, and for whom.")},
    )
    social_value = TextField(
        label=_("What do people gain by it?"),
        longest=3000,
        rows=5,
        error_messages={"required": _("Write what people gain by it.")},
    )
    difficulties = TextField(
        label=_("What was difficult?"), longest=3000, rows=4, required=False
    )
    status = forms.ChoiceField(
        label=_("How far is it?"),
        choices=Stop.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how far it is.")},
    )
    evidence = TextField(
        label=_("Which figures or facts show it?"),
        help_text=_("With their year and where they come from, if you have them."),
        longest=3000,
        rows=4,
        required=False,
    )
    links = TextField(
        label=_("Links to read more"),
        help_text=_("One to a line, whole: https://…"),
        longest=2000,
        rows=3,
        required=False,
    )
    form = forms.ChoiceField(
        label=_("How would you show it?"),
        choices=Form.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you would show it.")},
    )
    place = LineField(
        label=_("Where?"),
        help_text=_("Street, number and town. Leave it empty if it is online."),
        max_length=200,
        required=False,
    )
    accessibility = TextField(
        label=_("How does one get in?"),
        help_text=_(
            "Steps, lift, parking, loop for hearing aids: whatever somebody should "
            "know before coming."
        ),
        longest=1000,
        rows=3,
        required=False,
    )
    dates = TextField(
        label=_("When would it suit you?"),
        help_text=_(
            "Roughly: months, days of the week, hours. Once there is a rapporteur, "
            "each side says its days."
        ),
        longest=2000,
        rows=3,
        error_messages={"required": _("Write roughly when it would suit you.")},
    )
    contact_name = NameField()
    contact_email = AddressField()
    contact_phone = LineField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    may_publish = forms.BooleanField(
        label=_("What comes of it may be published as a good practice, with our name"),
        help_text=_("You read it first: nothing is published before you say yes."),
        error_messages={
            "required": _("Without this consent there is nothing to tell of it.")
        },
    )
    may_show = forms.BooleanField(
        label=_("Pictures may be taken at the visit, and shown"),
        help_text=_("Who is in them is asked besides."),
        required=False,
    )

    def __init__(
        self, stop: Stop, written: Mapping[str, Any], *, is_checked: bool = False
    ) -> None:
        if is_checked:
            super().__init__(data=dict(written))
        else:
            super().__init__(initial=dict(written))
        self.fields[FILES] = files_field(stop)

    def clean_links(self) -> str:
        text = self.cleaned_data["links"]
        check = URLValidator(schemes=["http", "https"])
        for line in filter(None, (line.strip() for line in text.splitlines())):
            try:
                check(line)
            except ValidationError:
                raise ValidationError(
                    _("“%(line)s” is no whole link, such as https://example.cat."),
                    params={"line": line[:80]},
                ) from None
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        comes = data.get("form") in (Form.IN_PERSON, Form.HYBRID)
        if comes and "place" not in self.errors and not data.get("place"):
            self.add_error("place", _("Write where it would be shown."))
        return data

    def parts(self) -> Iterator[Part]:
        """Its fieldsets, with their fields."""
        for each in FIELDSETS:
            yield Part(each.title, each.help, [self[name] for name in each.fields])

    def refuse(self, refused: Iterable[str]) -> None:
        """Say of files that they were not taken, in a form that is not looked at."""
        self.full_clean()
        self.cleaned_data: dict[str, Any] = {}
        for words in refused:
            self.add_error(FILES, words)

    def compare(self, theirs: Mapping[str, Any]) -> None:
        """Show beside each field in which it differs what a colleague has saved."""
        for name, field in self.fields.items():
            other = theirs.get(name, "")
            if other != self.initial.get(name, ""):
                field.theirs = _in_words(field, other) or "—"


def checked(stop: Stop) -> StopForm:
    """What is kept of `stop`, looked at as if it were sent now."""
    return StopForm(stop, stop.written, is_checked=True)


def files_field(stop: Stop) -> KeptField:
    """Takes the files of `stop`, and shows those that its form has."""
    return KeptField(
        host_files.written(stop),
        to=reverse("caravan_add_file", args=[stop.body.code, stop.key]),
        label=_("Files to read more"),
        help_text=format_lazy(
            "{} {}",
            _("Who tells of it reads them too. Please no data of other people."),
            what_is_taken(),
        ),
        required=False,
    )


def written_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says, to be kept: all that was typed, and nothing that is not
    asked."""
    return {name: typed(data, name) for name in StopForm.base_fields if name in data}


def typed(data: Mapping[str, Any], name: str) -> str:
    """What was typed into a field, as it can be kept."""
    # PostgreSQL keeps no NUL; a browser sends two characters for the end of a line.
    return data.get(name, "").replace("\0", "").replace("\r\n", "\n")


def of_columns(stop: Stop) -> dict[str, Any]:
    """What was sent last, as the form would keep it."""
    said = {name: getattr(stop, name) for name in StopForm.base_fields}
    consents = {name: "on" for name in CONSENTS if said.pop(name)}
    own = {name: text for name, text in said.items() if name not in CONSENTS}
    return own | consents


def _in_words(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.BooleanField):
        return str(_("yes") if value else _("no"))
    return str(dict(getattr(field, "choices", ())).get(value, value))
