"""The public form: anybody proposes a topic for a series."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.models import Topic
from events.models import Series
from workflows.consultation.asker_form import AskerForm, BodyField
from workflows.consultation.fields import TextField
from workflows.registration import guard
from workflows.registration.fields import AddressField, LineField

from . import spam
from .models import Proposal
from .proposing import Wish

TEXTS = ("wanted", "why")


class ProposeForm(AskerForm):
    title = LineField(
        label=_("In a few words, what is it about?"),
        max_length=200,
        error_messages={"required": _("Write what it is about.")},
    )
    wanted = TextField(
        label=_("What do you want to know?"),
        help_text=_("Everybody will read it: please no data of other people."),
        error_messages={"required": _("Write what you want to know.")},
    )
    why = TextField(
        label=_("Why does it matter?"),
        required=False,
        help_text=_("What you could do then, and who else it would help."),
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        label=_("Topic"),
        required=False,
        empty_label=_("I do not know"),
    )
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=Proposal.Urgency.choices,
        initial=Proposal.Urgency.SOON,
        widget=forms.RadioSelect,
    )
    shares = forms.BooleanField(
        label=_("I could tell the others how we did it"), required=False
    )
    email = AddressField(help_text=_("We tell you there what comes of it."))
    body = BodyField(
        help_text=_("If you work for one: start writing and choose it from the list.")
    )
    # Whether what is like it has been shown.
    seen = forms.BooleanField(widget=forms.HiddenInput, required=False)

    field_order = ("title", *TEXTS, "topic", "urgency", "shares")

    def __init__(self, *args: Any, series: Series, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series = series

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        try:
            spam.check_links(*(data.get(name, "") for name in ("title", *TEXTS)))
        except ValidationError as refusal:
            self.add_error("wanted", refusal)
        return data

    def check_number(self, network: str) -> bool:
        """Whether nobody sends as many, or the same as many, nor does anybody from its
        `network` address; an error says if not. Ask it once, right before it is
        sent."""
        data = self.cleaned_data
        try:
            guard.check_network(network)
            guard.check_number(data["email"], data["wanted"])
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return False
        return True

    def wish(self) -> Wish:
        """What it says, once it is valid."""
        asked = (
            "title",
            "wanted",
            "why",
            "topic",
            "urgency",
            "shares",
            "name",
            "email",
            "language",
            "body",
        )
        return Wish(
            series=self.series, **{name: self.cleaned_data[name] for name in asked}
        )
