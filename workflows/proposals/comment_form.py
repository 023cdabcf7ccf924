"""What people write under a proposal, and what who proposed it adds to it."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.consultation.fields import TextField
from workflows.registration import guard
from workflows.registration.forms import GuardedForm

COMMENT, ADDITION = 2_000, 1_000


class CommentForm(GuardedForm):
    text = TextField(
        longest=COMMENT,
        rows=5,
        label=_("Your comment"),
        help_text=_(
            "Everybody reads it, with the name of your local body and never with yours."
        ),
        error_messages={"required": _("Write the comment.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            guard.check_text(data["text"])
        return data


class AdditionForm(CommentForm):
    """What is added to a published proposal, whose words stay as they are."""

    text = TextField(
        longest=ADDITION,
        rows=5,
        label=_("What you add"),
        help_text=_(
            "Everybody reads it under the proposal, with the day and without your "
            "name. It cannot be changed afterwards."
        ),
        error_messages={"required": _("Write what you add.")},
    )
