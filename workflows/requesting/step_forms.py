"""What the steps of a request ask."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Unit, User
from workflows.catalogue.models import Criterion, Question
from workflows.catalogue.question_form import form_for
from workflows.consultation.fields import TextField
from workflows.engine.file_fields import FilesField, FilesInput
from workflows.engine.models import Case
from workflows.engine.nodes import StepForm
from workflows.registration.fields import LineField

from . import amending, content, requests
from .models import CatalogueRequest, Submission

Decision = CatalogueRequest.Decision


def _note() -> TextField:
    return TextField(
        label=_("Internal note"),
        required=False,
        help_text=_("Only the staff see it."),
    )


class CheckForm(StepForm):
    """Whether the request is admitted."""

    class Media:
        css: ClassVar = {"all": ("requesting/steps.css",)}

    decision = forms.ChoiceField(
        label=_("What do you do?"),
        choices=[
            (one.value, one.label)
            for one in (Decision.ADMIT, Decision.AMEND, Decision.PASS, Decision.DENY)
        ],
        widget=forms.RadioSelect,
        initial=Decision.ADMIT,
    )
    parts = forms.MultipleChoiceField(
        label=_("What the body is to amend"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only this is opened to be written again."),
    )
    text = TextField(
        label=_("What the body will read"),
        required=False,
        help_text=_(
            "To amend it: what is missing, or wrong. It goes into a mail. To deny it: "
            "the grounds. They are told when the decision is released."
        ),
    )
    files = FilesField(label=_("Files for the body"))
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=_("Unit to pass it to"), required=False
    )
    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Unit.objects.exclude(pk=self.case.unit_id)
        self.fields["unit"].queryset = others
        self.fields["parts"].choices = amending.parts(self.case.request)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        decision = data.get("decision")
        told = decision in (Decision.AMEND, Decision.DENY)
        if told and "text" not in self.errors and not data.get("text"):
            self.add_error("text", _("Write what the body will read."))
        if decision == Decision.AMEND and not data.get("parts"):
            self.add_error("parts", _("Choose what the body is to amend."))
        if decision == Decision.PASS and not data.get("unit"):
            self.add_error("unit", _("Choose the unit that goes on with it."))
        if decision != Decision.AMEND and data.get("files"):
            self.add_error(
                "files",
                _("They go to the body only with what it is to amend: take them away."),
            )
        return data

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        requests.add_note(case, data["note"], by)
        if data["decision"] == Decision.AMEND:
            requests.have_amended(case, data["parts"], data["text"], by, data["files"])
        elif data["decision"] == Decision.PASS:
            requests.pass_on(case, data["unit"], by)
        elif data["decision"] == Decision.DENY:
            requests.prepare(case, Decision.DENY, data["text"])
        else:
            requests.admit(case)


class ValueForm(StepForm):
    """What the request gets for each criterion of its edition."""

    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        got = self.case.request.points
        fields = {
            str(one.pk): _points(one, got.get(str(one.pk)))
            for one in self.case.request.edition.criteria.all()
        }
        self.criteria = tuple(fields)
        self.fields = fields | self.fields

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        requests.add_note(case, data["note"], by)
        requests.value(case, {key: data[key] for key in self.criteria})


def _points(criterion: Criterion, got: int | None) -> forms.IntegerField:
    bounds = _("From %(least)d to %(most)d points.") % {
        "least": criterion.least,
        "most": criterion.most,
    }
    return forms.IntegerField(
        label=str(criterion.name),
        help_text=" · ".join(filter(None, (str(criterion.how), bounds))),
        min_value=criterion.least,
        max_value=criterion.most,
        initial=got,
    )


class DecideForm(StepForm):
    """The decision, prepared: nobody but the staff knows of it."""

    decision = forms.ChoiceField(
        label=_("What do you prepare?"),
        choices=[
            (one.value, one.label)
            for one in (Decision.GRANT, Decision.DENY, Decision.CHECK)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    grounds = TextField(
        label=_("What the body will read"),
        required=False,
        help_text=_(
            "To deny it, the grounds. To grant it, what is granted and how it goes on, "
            "if there is more to say. Nobody is told before it is released."
        ),
    )
    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grounds"].initial = self.case.request.grounds

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        decision = data.get("decision")
        if decision in (Decision.GRANT, Decision.DENY) and "grounds" in data:
            try:
                requests.check_decision(
                    self.case.request, Decision(decision), data["grounds"]
                )
            except ValidationError as refusal:
                self.add_error(None, refusal)
        return data

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        requests.add_note(case, data["note"], by)
        if data["decision"] == Decision.CHECK:
            requests.look_again(case)
        else:
            requests.prepare(case, Decision(data["decision"]), data["grounds"])


class ReleaseForm(StepForm):
    """Nothing more is asked: the mail is shown, and then it leaves."""

    def apply(self, case: Case, by: User | None) -> None:
        requests.release(case, by)


class FinishForm(StepForm):
    """How what was granted ended."""

    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=(
            (requests.FINISHED, _("It was carried out")),
            (requests.WITH_INCIDENTS, _("It was carried out, with incidents")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    text = TextField(
        label=_("What the body will read"),
        help_text=_("What was done and, if so, which incidents. It goes into a mail."),
        error_messages={"required": _("Write what was done.")},
    )
    files = FilesField(label=_("Files for the body"))
    note = _note()

    def apply(self, case: Case, by: User | None) -> None:
        data = self.cleaned_data
        requests.add_note(case, data["note"], by)
        requests.finish(case, data["outcome"], data["text"], by, data["files"])


class AmendedFilesInput(FilesInput):
    """Has each file sent to an address as it is chosen, and kept, so that nothing that
    is the matter with the rest of the form loses it."""

    template_name = "forms/amended_files.html"

    def __init__(self, to: str) -> None:
        super().__init__()
        self.to = to

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["to"] = self.to
        return context


class AmendForm(StepForm):
    """The parts that are reopened, filled in as they were sent."""

    message = TextField(
        label=_("Do you want to say something about it?"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = amending.latest(self.case.request)
        answered = [one["question"] for one in amending.answers_of(sent)]
        questions = Question.objects.filter(pk__in=answered)
        self.questions = {str(one.pk): one for one in questions}
        self.fields = self._reopened(sent) | self.fields

    def apply(self, case: Case, by: User | None) -> None:
        said = dict(self.cleaned_data)
        text = said.pop("message")
        files = {
            name: said.pop(name)
            for name, field in self.fields.items()
            if isinstance(field, FilesField)
        }
        for name in said.keys() & self.questions.keys():
            said[name] = content.answer(self.questions[name], said[name])
        amending.amend(case, said, files, text, by)

    def _reopened(self, sent: Submission) -> dict[str, forms.Field]:
        """The fields of what is to be amended, by part."""
        request = self.case.request
        fields: dict[str, forms.Field] = {
            amending.SUBJECT: LineField(
                label=amending.label_of(amending.SUBJECT),
                max_length=150,
                initial=sent.content["subject"],
                error_messages={"required": _("Write what you request.")},
            ),
            amending.TEXT: TextField(
                label=amending.label_of(amending.TEXT),
                initial=sent.content["text"],
                error_messages={"required": _("Write what you need, and why.")},
            ),
            **self._asked(sent),
            amending.DOCUMENTS: self._files(
                label=amending.label_of(amending.DOCUMENTS),
                help_text=_("What you send is added to those that we have."),
            ),
            amending.SIGNATURE: forms.ChoiceField(
                label=_("You sign as"),
                choices=CatalogueRequest.SignsAs.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose as what you sign.")},
            ),
        }
        return {name: fields[name] for name in fields if name in request.reopened}

    def _asked(self, sent: Submission) -> dict[str, forms.Field]:
        """The questions that were answered and are still asked."""
        fields = dict(form_for(self.questions.values()).fields)
        known = {one["question"]: one["value"] for one in amending.answers_of(sent)}
        for name, question in self.questions.items():
            if question.kind == Question.Kind.FILE:
                fields[name] = self._files(
                    label=str(question.label),
                    required=question.required,
                    help_text=_("It takes the place of the one that we have."),
                )
            elif question.kind == Question.Kind.NUMBER and known[name]:
                fields[name].initial = Decimal(known[name])
            else:
                fields[name].initial = known[name]
        return fields

    def _files(self, **more: Any) -> FilesField:
        one = [self.case.body.code, self.case.number]
        to = reverse("add_to_amendment", args=one)
        return FilesField(widget=AmendedFilesInput(to), **more)
