"""What the step of the office asks, and the public forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Role, User
from community.privacy.accounts import account_of
from workflows.engine.models import Case
from workflows.engine.nodes import StepForm, Words

from . import requests

YES, NO = "yes", "no"


class DecideForm(StepForm):
    """Whether who asks may act for the body, and as what."""

    decision = forms.ChoiceField(
        label=_("May this person act for the body?"),
        choices=((YES, _("Yes")), (NO, _("No"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    role = forms.ChoiceField(
        label=_("As"), choices=Role.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why not"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who asked will read it. It goes into a mail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = self.case.membership_request.role

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("decision") == NO and not data.get("reason"):
            self.add_error("reason", _("Write the reason."))
        if data.get("decision") == YES and (reason := self._why_nobody_can()):
            self.add_error("decision", reason)
        return data

    def _why_nobody_can(self) -> Words:
        if self.case.body is None:
            return _("The case is for no body: correct that first.")
        account = account_of(self.case.email)
        if account and not account.is_active:
            return _("The account of this address was closed: open it first.")
        return ""

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        if data["decision"] == YES:
            requests.grant(case, Role(data["role"]), by)
        else:
            requests.refuse(case, data["reason"], by)
