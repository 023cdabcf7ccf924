"""The public form: anybody asks the team something."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.models import LocalBody
from workflows.engine.file_fields import FilesField
from workflows.registration import guard
from workflows.registration.fields import AddressField, LineField
from workflows.registration.forms import offer_own

from .asker_form import AskerForm, BodyField
from .asking import Question
from .fields import TextField


class QuestionForm(AskerForm):
    title = LineField(
        label=_("In a few words, what is it about?"),
        max_length=200,
        error_messages={"required": _("Write what it is about.")},
    )
    text = TextField(
        label=_("What do you want to know?"),
        help_text=_("Please no data of other people, nor of health."),
        error_messages={"required": _("Write your question.")},
    )
    files = FilesField()
    email = AddressField(help_text=_("We answer to it."))
    body = BodyField(
        help_text=_("If you ask for one: start writing and choose it from the list.")
    )
    on_behalf = forms.BooleanField(
        label=_("I ask in the name of the body"),
        required=False,
        help_text=_(
            "Then everybody who acts for it sees that you asked, what about and how it "
            "goes; not what is written. Otherwise it is between you and us."
        ),
    )

    field_order = ("title", "text", "files", "name", "email", "own_body", "body")

    def __init__(
        self,
        *args: Any,
        address: str = "",
        own: Sequence[LocalBody] = (),
        **kwargs: Any,
    ) -> None:
        """`own` are the bodies that the reader of `address`, who fills it in, acts for:
        she may ask in their name."""
        super().__init__(*args, **kwargs)
        self.address, self.own = address, own
        if not own:
            del self.fields["on_behalf"]
        if len(own) > 1:
            offer_own(self, own)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["body"] = data.get("own_body") or data.get("body")
        if data.get("on_behalf"):
            self._check_behalf(data["body"], data.get("email", ""))
        # A form with mistakes sends no mail.
        if not self.errors:
            guard.check_number(data["email"], data["text"])
        return data

    def _check_behalf(self, body: LocalBody | None, email: str) -> None:
        if body not in self.own:
            words = _("You can ask in the name of: %(bodies)s.")
            names = ", ".join(one.name for one in self.own)
            self.add_error(
                "on_behalf", ValidationError(words, params={"bodies": names})
            )
        elif email.lower() != self.address.lower():
            words = _("You act for it with another address: %(address)s.")
            params = {"address": self.address}
            self.add_error("email", ValidationError(words, params=params))

    def question(self) -> Question:
        asked = ("title", "text", "files", "name", "email", "language", "body")
        return Question(
            **{name: self.cleaned_data[name] for name in asked},
            on_behalf=self.cleaned_data.get("on_behalf", False),
        )
