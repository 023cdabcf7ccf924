"""The form of a request: what all of them say, and what the resource asks besides.

While it is a draft anything may be written and nothing has to be. Whether it can be
sent is asked of what is kept: `checked`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from workflows.catalogue.models import Question
from workflows.catalogue.question_form import form_for
from workflows.consultation.fields import TextField
from workflows.engine.file_fields import KeptField, what_is_taken
from workflows.registration.fields import LineField

from . import content
from .models import CatalogueRequest, Document

DOCUMENTS = "documents"


class DocumentField(KeptField):
    """The documents of a request for one `question`, or besides: those that are kept
    already."""

    def __init__(
        self,
        request: CatalogueRequest,
        kept: list[Document],
        question: Question | None = None,
        **more: Any,
    ) -> None:
        super().__init__(
            kept,
            to=reverse("add_document", args=[request.body.code, request.key]),
            multiple=question is None,
            template=question.template if question else None,
            **more,
        )
        self.question = question


class Part(NamedTuple):
    """A field of the form as it would be sent: what it says, and the documents of one
    that takes them."""

    field: forms.BoundField
    said: str
    documents: list[Document] | None


class WritingForm(forms.Form):
    """What a body asks of a resource. `written` is what is kept of it; it is looked at
    for mistakes if it `is_checked`."""

    default_renderer = PlacaRenderer()

    subject = LineField(
        label=_("In a few words, what do you request?"),
        max_length=150,
        error_messages={"required": _("Write what you request.")},
    )
    text = TextField(
        label=_("What do you need, and why?"),
        help_text=_("Please no data of other people, nor of health."),
        error_messages={"required": _("Write what you need, and why.")},
    )

    def __init__(
        self,
        request: CatalogueRequest,
        written: Mapping[str, Any],
        *,
        is_checked: bool = False,
    ) -> None:
        known = _by_name(written)
        if is_checked:
            super().__init__(data=known)
        else:
            super().__init__(initial=known)
        self.request = request
        self.fields.update(self._asked())

    def _asked(self) -> dict[str, forms.Field]:
        """The fields of the questions, in their order, and other documents."""
        kept = documents_of(self.request)
        own = form_for(self.questions).fields
        asked = {
            _name(each): (
                self._document(each, kept)
                if each.kind == Question.Kind.FILE
                else own[str(each.pk)]
            )
            for each in self.questions
        }
        others = DocumentField(
            self.request,
            [each for each in kept if each.question_id is None],
            label=_("Other documents"),
            help_text=what_is_taken(),
            required=False,
        )
        return {**asked, DOCUMENTS: others}

    def _document(self, question: Question, kept: list[Document]) -> DocumentField:
        return DocumentField(
            self.request,
            [each for each in kept if each.question_id == question.pk],
            question,
            label=str(question.label),
            help_text=str(question.help),
            required=question.required,
        )

    @cached_property
    def questions(self) -> list[Question]:
        asked = self.request.resource.questions.select_related("template")
        return list(asked.order_by("sort_order", "pk"))

    def question_of(self, name: str) -> Question | None:
        """The question for a file whose field is called that; None for other documents.
        KeyError if there is none."""
        if name == DOCUMENTS:
            return None
        files = (each for each in self.questions if each.kind == Question.Kind.FILE)
        return {_name(each): each for each in files}[name]

    def refuse(self, name: str, words: str) -> None:
        """Say of a file that it was not taken, in a form that is not looked at."""
        self.full_clean()
        self.cleaned_data: dict[str, Any] = {}
        self.add_error(name, words)

    def compare(self, theirs: Mapping[str, Any]) -> None:
        """Show beside each field in which it differs what a colleague has saved."""
        other = _by_name(theirs)
        for name, field in self.fields.items():
            if other.get(name, "") != self.initial.get(name, ""):
                field.theirs = self._in_words(name, other.get(name, "")) or "—"

    def parts(self) -> list[Part]:
        """All that is kept, in words, with what is wrong with it."""
        return [
            Part(
                field,
                self._in_words(field.name, self.data.get(field.name, "")),
                getattr(field.field, "kept", None),
            )
            for field in self
        ]

    def _in_words(self, name: str, typed: str) -> str:
        question = next((q for q in self.questions if _name(q) == name), None)
        if question is None or not typed:
            return typed
        try:
            return content.in_words(content.answer(question, typed))
        except (ArithmeticError, ValueError):
            return typed

    def content(self) -> dict[str, Any]:
        """What is sent, as `Submission` keeps it; for a form without mistakes."""
        data = self.cleaned_data
        return {
            "subject": data["subject"],
            "text": data["text"],
            "answers": [
                content.answer(each, data[_name(each)]) for each in self.questions
            ],
        }


def checked(request: CatalogueRequest) -> WritingForm:
    """What is kept of `request`, looked at as if it were sent now."""
    return WritingForm(request, request.written, is_checked=True)


def written_in(request: CatalogueRequest, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says, to be kept: all that was typed, and nothing that is not
    asked."""
    asked = request.resource.questions.exclude(kind=Question.Kind.FILE)
    answers = {str(each.pk): _typed(data, _name(each)) for each in asked}
    return {
        "subject": _typed(data, "subject"),
        "text": _typed(data, "text"),
        "answers": {key: text for key, text in answers.items() if text},
    }


def documents_of(request: CatalogueRequest) -> list[Document]:
    """Those that are part of the request now."""
    rows = request.documents.filter(replaced=None)
    return list(rows.select_related("file", "request__body"))


def _by_name(written: Mapping[str, Any]) -> dict[str, str]:
    """What is kept, by the names of the fields."""
    answers = written.get("answers", {})
    named = {f"question-{key}": text for key, text in answers.items()}
    return {
        "subject": written.get("subject", ""),
        "text": written.get("text", ""),
        **named,
    }


def _name(question: Question) -> str:
    return f"question-{question.pk}"


def _typed(data: Mapping[str, Any], name: str) -> str:
    # PostgreSQL keeps no NUL; a browser sends two characters for the end of a line.
    return data.get(name, "").replace("\0", "").replace("\r\n", "\n")
