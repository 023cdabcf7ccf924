"""The sheet of what the form of each resource asks besides."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import CustomDocument
from community.models import User
from workflows.catalogue.records import Question, Resource

from .cells import Row, figure, text, text_columns, texts, yes
from .lists import IMPORTED
from .sheets import Known, Read, Sheet

TEXTS = ("label", "help", "choices")


class Questions(Sheet):
    """A question is known by its number. Without one it is that of its resource which
    asks in the same words, or else a new one."""

    name = "questions"
    needs = ("resource",)
    keys = ("resource", "number")
    columns = (
        *("resource", "number", "order", "kind", "required", "template"),
        *text_columns(TEXTS),
    )

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        rows = Question.objects.select_related("resource")
        self._all = {
            str(row.pk): row
            for row in rows.order_by("resource__code", "sort_order", "pk")
        }
        self._of: dict[str, list[Question]] = defaultdict(list)
        for row in self._all.values():
            self._of[row.resource.code.lower()].append(row)
        self._documents = {
            str(document.pk): document for document in CustomDocument.objects.all()
        }

    def rows(self) -> Iterator[dict[str, str]]:
        for question in self._all.values():
            yield _said_of(question)

    def read(self, row: Row) -> Read:
        if not row.get("resource"):
            row.empty("resource")
        code = row.get("resource").lower()
        resource = row.known("resource", code, self.known.resources)
        question = self._find(row, code)
        before = {} if question._state.adding else _said_of(question)
        if question._state.adding:
            question.sort_order = len(self._of[code]) + 1
            self._of[code].append(question)
        for name in ("kind", "order", "required", "template"):
            if name in row.said:
                self._write(row, question, name)
        row.write_texts(question, TEXTS)
        row.needs_text(question, "label")
        row.clean(question, without=["resource", "label", "help"])
        return Read(question, before, _taking(question, resource))

    def _find(self, row: Row, code: str) -> Question:
        asked = row.get(f"label_{settings.LANGUAGE_CODE}")
        for question in self._of[code]:
            if row.get("number"):
                if row.get("number") == str(question.pk):
                    return question
            elif asked and text(question.label).get(settings.LANGUAGE_CODE) == asked:
                return question
        if row.get("number"):
            words = _("The resource has no question with the number %(number)s.")
            row.fault(words, number=row.get("number"))
        return Question()

    def _write(self, row: Row, question: Question, name: str) -> None:
        if name == "kind":
            question.kind = row.get("kind") or Question.Kind.TEXT
        elif name == "order":
            order = row.whole("order")
            question.sort_order = question.sort_order if order is None else order
        elif name == "required":
            question.required = row.yes("required", False)
        else:
            code = row.get("template")
            question.template = row.known("template", code, self._documents)


def _said_of(question: Question) -> dict[str, str]:
    return {
        "resource": question.resource.code,
        "number": str(question.pk),
        "order": figure(question.sort_order),
        "kind": question.kind,
        "required": yes(question.required),
        "template": figure(question.template_id),
        **texts(question, TEXTS),
    }


def _taking(question: Question, resource: Resource) -> Callable[[User], None]:
    def take(by: User) -> None:
        question.resource = resource
        question.save()
        log(resource, IMPORTED, user=by)

    return take
