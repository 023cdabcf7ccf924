"""What is decided about a consultation. The flow calls these: the case is locked, and
moves on when they return.
"""

from collections.abc import Iterable

from django.utils.translation import gettext

from community.models import Unit, User
from workflows.engine import cases, letters
from workflows.engine.models import Case, Entry, File

from . import mails
from .models import Consultation, ConsultationSettings

Decision = Consultation.Decision
Way = Entry.Way

# Stored with every case: how it ended.
ANSWERED, LAPSED = "answered", "lapsed"


def add_note(case: Case, text: str, by: User) -> None:
    """Write down what only the staff read; nothing if there is nothing to say."""
    if text:
        cases.write(case, Way.NOTE, text, by)


def sort(case: Case, unit: Unit, by: User) -> None:
    """Send it to the unit that can answer it."""
    cases.move(case, unit, by)


def answer(case: Case, text: str, by: User, files: Iterable[File] = ()) -> None:
    """Answer it: it is settled."""
    _decide(case, Decision.ANSWER)
    cases.write(case, Way.OUT, text, by, files)
    cases.finish(case, ANSWERED)
    letters.tell(mails.ANSWER, case)


def ask_back(case: Case, text: str, by: User, files: Iterable[File] = ()) -> None:
    """Ask the applicant something. Our term stands still meanwhile."""
    _decide(case, Decision.ASK)
    cases.write(case, Way.OUT, text, by, files)
    cases.wait(
        case,
        ConsultationSettings.load().reply_days,
        gettext("The applicant was asked something."),
    )
    letters.tell(mails.ASKED_BACK, case)


def pass_on(case: Case, unit: Unit, by: User) -> None:
    """Pass it to another unit."""
    _decide(case, Decision.PASS)
    cases.move(case, unit, by)


def reply(case: Case, text: str, files: Iterable[File] = ()) -> None:
    """The applicant answers what was asked back."""
    cases.write(case, Way.IN, text, files=files)
    cases.go_on(case)


def lapse(case: Case) -> None:
    """Nothing came in time to what was asked back: it is closed."""
    consultation = case.consultation
    consultation.lapsed = True
    consultation.save(update_fields=["lapsed"])
    cases.finish(case, LAPSED)
    letters.tell(mails.LAPSED, case)


def rate(case: Case, useful: bool, text: str) -> None:
    """The applicant says whether the answer was useful."""
    consultation = case.consultation
    consultation.useful = useful
    consultation.save(update_fields=["useful"])
    if text:
        cases.write(case, Way.IN, text)


def _decide(case: Case, decision: Decision) -> None:
    consultation = case.consultation
    consultation.decision = decision
    consultation.save(update_fields=["decision"])
