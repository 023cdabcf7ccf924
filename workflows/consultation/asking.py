"""A question comes in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from community.models import LocalBody
from workflows.engine import cases, deadlines, letters
from workflows.engine.models import Case, Entry, File
from workflows.engine.terms import Measure

from . import mails
from .flows import ConsultationFlow
from .kind import NAME, PREFIX
from .models import Consultation, ConsultationSettings


class NobodySorts(Exception):
    """No unit looks after what is asked: see the settings of consultations."""


@dataclass(frozen=True)
class Question:
    """What somebody asks, and who; `on_behalf` if in the name of the `body`, which she
    acts for."""

    title: str
    text: str
    name: str
    email: str
    language: str
    body: LocalBody | None = None
    on_behalf: bool = False
    files: Sequence[File] = ()


def ask(question: Question, *, form_key: uuid.UUID | None = None) -> Case:
    """Open a case for `question`, and tell who asked. The same `form_key` once more
    gives the case that is there.

    Raises NobodySorts.
    """
    settings = ConsultationSettings.load()
    if settings.unit is None:
        raise NobodySorts

    def begin(number: str) -> Case:
        case = Case(
            kind=NAME,
            number=number,
            unit=settings.unit,
            title=question.title,
            name=question.name,
            email=question.email,
            language=question.language,
            body=question.body,
            on_behalf=question.on_behalf,
            form_key=form_key,
        )
        ConsultationFlow.asked.run(case=case, consultation=Consultation())
        deadlines.start(case, Measure.WORKING_DAYS, settings.answer_days)
        cases.write(case, Entry.Way.IN, question.text, files=question.files)
        letters.tell(mails.RECEIVED, case)
        return case

    return cases.open_once(PREFIX, form_key, begin)
