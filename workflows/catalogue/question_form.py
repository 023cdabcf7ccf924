"""What the form of a resource asks besides, as a form of Django."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cms.form_renderer import PlacaRenderer

from .records import Question, lines_of


def form_for(questions: Iterable[Question], *args: Any, **kwargs: Any) -> forms.Form:
    """A form that asks `questions` in their order, in the active language. A field is
    called by the key of its question, which no change of words changes; a choice by its
    place among the choices."""
    form = forms.Form(*args, renderer=PlacaRenderer(), prefix="question", **kwargs)
    form.fields.update({str(each.pk): _field(each) for each in questions})
    return form


def _field(question: Question) -> forms.Field:
    said = {
        "label": str(question.label),
        "help_text": str(question.help),
        "required": question.required,
    }
    kinds = Question.Kind
    if question.kind == kinds.CHOICE:
        choices = list(enumerate(lines_of(question.choices)))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **said)
    if question.kind == kinds.NUMBER:
        return forms.DecimalField(localize=True, **said)
    if question.kind == kinds.DATE:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, **said)
    if question.kind == kinds.FILE:
        return forms.FileField(**said)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **said)
