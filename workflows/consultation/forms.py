"""What the steps of a consultation ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Unit, User
from workflows.engine.file_fields import FilesField
from workflows.engine.models import Case
from workflows.engine.nodes import StepForm

from . import consultations
from .consultations import Decision
from .fields import TextField


class SortForm(StepForm):
    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit that answers"))
    note = TextField(
        label=_("Internal note"),
        required=False,
        help_text=_("Only the staff see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].initial = self.case.unit_id

    def apply(self, case: Case, by: User | None) -> None:
        consultations.add_note(case, self.cleaned_data["note"], by)
        consultations.sort(case, self.cleaned_data["unit"], by)


class AnswerForm(StepForm):
    decision = forms.ChoiceField(
        label=_("What do you do?"),
        choices=Decision.choices,
        widget=forms.RadioSelect,
        initial=Decision.ANSWER,
    )
    text = TextField(
        label=_("What the applicant will read"),
        required=False,
        help_text=_("The answer, or what you ask back. It goes into a mail."),
    )
    files = FilesField(label=_("Files for the applicant"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=_("Unit to pass it to"), required=False
    )
    note = TextField(
        label=_("Internal note"),
        required=False,
        help_text=_("Only the staff see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Unit.objects.exclude(pk=self.case.unit_id)
        self.fields["unit"].queryset = others

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("decision") == Decision.PASS:
            if "unit" not in self.errors and not data.get("unit"):
                self.add_error("unit", _("Choose the unit that goes on with it."))
            if data.get("files"):
                self.add_error(
                    "files",
                    _(
                        "They would go to the applicant, who is told nothing now. Take "
                        "them away here, and put them into an internal note."
                    ),
                )
        elif "text" not in self.errors and not data.get("text"):
            self.add_error("text", _("Write what the applicant will read."))
        return data

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        consultations.add_note(case, data["note"], by)
        if data["decision"] == Decision.PASS:
            consultations.pass_on(case, data["unit"], by)
        elif data["decision"] == Decision.ASK:
            consultations.ask_back(case, data["text"], by, data["files"])
        else:
            consultations.answer(case, data["text"], by, data["files"])


class ReplyForm(StepForm):
    text = TextField(
        label=_("Your answer"),
        error_messages={"required": _("Write your answer.")},
    )
    files = FilesField()

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        consultations.reply(case, data["text"], data["files"])


class OpinionForm(StepForm):
    useful = forms.TypedChoiceField(
        label=_("Was the answer useful to you?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    text = TextField(label=_("What could we do better?"), required=False)

    def apply(self, case: Case, by: User | None) -> None:
        consultations.rate(case, self.cleaned_data["useful"], self.cleaned_data["text"])
