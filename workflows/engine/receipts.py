"""The receipt of a case (*justificant*): what was asked, by whom and when, and until
when it is to be answered, for the applicant to keep (Law 39/2015, arts. 16.3 and 21.4).

It is a tagged PDF that typst sets by `documents/receipt.typ` of the theme. The worker
makes it beside the way of the case, so that nobody waits for it.
"""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from events.wording import long_date, moment

from . import files, paper
from .arithmetic import in_words
from .clock import calendar_of
from .models import Case, Deadline, Entry
from .nodes import WorkerTask
from .terms import Reckoning, Term, reckon


def step() -> WorkerTask:
    """The step that makes it, for the flow of any kind of case."""
    return WorkerTask(
        make,
        keep,
        title=gettext_lazy("Make the receipt"),
        done=gettext_lazy("The receipt was made"),
    )


def make(case: Case) -> bytes:
    """The receipt of `case`, in the language of who asked."""
    with override(case.language):
        return paper.set_pdf("receipt.typ", _told(case))


def keep(case: Case, pdf: bytes) -> None:
    """Put it with the files of `case`, where the applicant finds it."""
    with override(case.language):
        name = _("Receipt %(number)s.pdf") % {"number": case.number}
    files.add(case, name=name, content=pdf, content_type="application/pdf")


def _told(case: Case) -> dict[str, Any]:
    """All that it says, in the active language."""
    first = case.entries.filter(way=Entry.Way.IN).first()
    lines = first.text.splitlines() if first else []
    names = first.files.values_list("name", flat=True) if first else ()
    return {
        "language": case.language,
        **paper.letterhead(),
        "title": _("Receipt"),
        "number": case.number,
        "lead": _(
            "We have received what you ask us. Keep this document: it says what it is, "
            "and when it came."
        ),
        "facts": _facts(case),
        "asked": {
            "heading": _("What you ask"),
            "title": case.title,
            "paragraphs": [line for line in lines if line.strip()],
        },
        "files": {"heading": _("Files that came with it"), "names": list(names)},
        "next": {"heading": _("What comes next"), "sentences": _next(case)},
        "contact": paper.contact(),
    }


def _facts(case: Case) -> list[tuple[str, str]]:
    found = (
        (_("Number"), case.number),
        (_("Received"), moment(case.created)),
        (_("Name"), case.name),
        (_("E-mail address"), case.email),
        (_("Local body"), case.body.name if case.body else ""),
        (_("Who looks after it"), str(case.unit)),
    )
    return [(label, said) for label, said in found if said]


def _next(case: Case) -> list[str]:
    words = [_("You will get a mail with every step, and with the answer.")]
    reckoning = _first_term(case)
    if reckoning and reckoning.due:
        due = _("We answer by %(day)s at the latest.")
        words = [
            due % {"day": long_date(reckoning.due)},
            # How it is counted; without its last sentence, which is the day again.
            " ".join(in_words(reckoning)[:-1]),
            *words,
        ]
    own = _(
        "The link in the mail that we have sent you leads to your page: there you see "
        "how it goes, and can withdraw it."
    )
    return [*words, own]


def _first_term(case: Case) -> Reckoning | None:
    """Our term as it was when it began, whatever has become of it since."""
    deadline = case.deadlines.filter(whose=Deadline.Whose.OURS).first()
    if deadline is None:
        return None
    term = Term(deadline.measure, deadline.amount, deadline.started)
    # Which holidays the office has not written down yet is not the applicant's to mend.
    return replace(reckon(term, calendar_of(case.body)), gaps=())
