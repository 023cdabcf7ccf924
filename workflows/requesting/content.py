"""What `Submission.content` holds: the words of the questions as they were read, and
the answers as they were typed, to be said in any language and amended."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from i18nfield.strings import LazyI18nString

from events.wording import long_date
from workflows.catalogue.models import Question
from workflows.catalogue.records import lines_of

Kind = Question.Kind


def answer(question: Question, value: object) -> dict[str, Any]:
    """What is kept of the answer to `question`, whose clean `value` it is. That to a
    question for a file is its documents."""
    kept = "" if value is None or question.kind == Kind.FILE else str(value)
    found = {
        "question": str(question.pk),
        "label": _in_languages(question.label),
        "kind": question.kind,
        "value": kept,
    }
    if question.kind == Kind.CHOICE:
        found["choices"] = _in_languages(question.choices)
    return found


def question_in_words(answer: dict[str, Any]) -> str:
    """The question as it was read, in the active language."""
    return str(LazyI18nString(answer["label"]))


def in_words(answer: dict[str, Any]) -> str:
    """The answer in the active language; "" for none."""
    value = str(answer.get("value") or "")
    if not value:
        return ""
    if answer["kind"] == Kind.CHOICE:
        choices = lines_of(LazyI18nString(answer["choices"]))
        return choices[int(value)] if int(value) < len(choices) else value
    if answer["kind"] == Kind.DATE:
        return long_date(date.fromisoformat(value))
    if answer["kind"] == Kind.NUMBER:
        return str(formats.localize(Decimal(value)))
    return value


def on_a_line(answer: dict[str, Any]) -> str:
    """The question and its answer."""
    asked = question_in_words(answer)
    return f"{asked}{'' if asked.endswith('?') else ':'} {in_words(answer)}"


def _in_languages(text: Any) -> Any:
    return getattr(text, "data", str(text))
