"""What is asked of who decides about a registration."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.models import User
from workflows.engine.models import Case
from workflows.engine.nodes import StepForm, Words

from . import decisions


class DecisionForm(StepForm):
    """A choice, and what has to be said with it: `needs` are the fields that a choice
    cannot do without, and what is said if one is missing."""

    choices: ClassVar[tuple[tuple[str, Words], ...]]
    needs: ClassVar[dict[str, tuple[str, Words]]] = {}

    decision = forms.ChoiceField(label=_("What do you do?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Internal note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the staff see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = self.choices

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if need := self.needs.get(data.get("decision", "")):
            field, words = need
            if field not in self.errors and not data.get(field):
                self.add_error(field, words)
        return data

    def apply(self, case: Case, by: User | None) -> None:
        decisions.add_note(case, self.cleaned_data["note"], by)
        self.verbs()[self.cleaned_data["decision"]](case, by)

    def verbs(self) -> dict[str, Callable[[Case, User], None]]:
        raise NotImplementedError


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why not"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it, in the mail that says no."),
    )


class ApproveForm(DecisionForm):
    choices = (
        ("approve", _("Approve: a place if one is free, or else the waiting list")),
        ("decline", _("Do not approve")),
    )
    needs: ClassVar = {"decline": ("reason", _("Write why: the person is told."))}
    field_order = ("decision", "reason", "note")

    reason = _reason()

    def verbs(self) -> dict[str, Callable[[Case, User], None]]:
        reason = self.cleaned_data["reason"]
        return {
            "approve": decisions.approve,
            "decline": lambda case, by: decisions.decline(case, reason, by),
        }


class LimitForm(DecisionForm):
    choices = (
        ("let_in", _("Let in: a place over those of its body")),
        ("leave", _("Leave it waiting: it gets a place if its body has one less")),
        ("turn_away", _("Take it off the waiting list")),
    )
    needs: ClassVar = {"turn_away": ("reason", _("Write why: the person is told."))}
    field_order = ("decision", "reason", "note")

    reason = _reason()

    def verbs(self) -> dict[str, Callable[[Case, User], None]]:
        data = self.cleaned_data
        return {
            "let_in": lambda case, by: decisions.let_in(case, data["note"], by),
            "leave": decisions.leave_waiting,
            "turn_away": lambda case, by: decisions.turn_away(case, data["reason"], by),
        }


class AddressForm(DecisionForm):
    choices = (
        ("correct", _("The address is another: write to that one")),
        ("again", _("The address is right: write to it again")),
        ("reached", _("The person knows already, by telephone or otherwise")),
        ("cancel", _("Cancel the registration: the place goes to the next")),
    )
    needs: ClassVar = {
        "correct": ("email", _("Write the right address.")),
        "again": ("note", _("Write who said that mail arrives there again.")),
        "reached": ("note", _("Write how the person was told.")),
    }
    field_order = ("decision", "email", "note")

    email = forms.EmailField(
        label=_("The right address"),
        required=False,
        help_text=_("It gets a mail with how things stand, and links of its own."),
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email.lower() == self.case.decision.registration.email.lower():
            raise ValidationError(_("This is the one that mail does not reach."))
        return email

    def verbs(self) -> dict[str, Callable[[Case, User], None]]:
        email, note = self.cleaned_data["email"], self.cleaned_data["note"]
        return {
            "correct": lambda case, by: decisions.correct_address(case, email, by),
            "again": lambda case, by: decisions.write_again(case, note, by),
            "reached": decisions.reached,
            "cancel": decisions.cancel,
        }
