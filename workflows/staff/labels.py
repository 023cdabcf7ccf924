"""What the staff's screens of cases call things."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community.models import Message
from events.wording import plate
from workflows.engine.kinds import kind_of, outcome_words
from workflows.engine.models import Case

TONES = {
    Case.State.WAITING: "info",
    Case.State.FINISHED: "ok",
    Case.State.CANCELLED: "bad",
}
MAIL = {
    Message.State.QUEUED: _("about to leave"),
    Message.State.RUNNING: _("leaving"),
    Message.State.RETRYING: _("to be tried again"),
    Message.State.DONE: _("sent"),
    Message.State.FAILED: _("could not be sent"),
    Message.State.DROPPED: _("not needed any more"),
    Message.State.HELD: _("on hold"),
}
MAIL_TONES = {
    Message.State.DONE: "ok",
    Message.State.RETRYING: "warn",
    Message.State.FAILED: "bad",
    Message.State.HELD: "warn",
}
# So many days before the last one it is said how many are left.
SOON = 2


class Words(NamedTuple):
    """Something said of a case, and its tone: ok, warn, bad, info or nothing."""

    words: str
    tone: str = ""


def kind(case: Case) -> str:
    return str(kind_of(case).label)


def state(case: Case) -> Words:
    """How the case stands: in the words of its kind, once it is settled."""
    words = outcome_words(case) or case.get_state_display()
    return Words(words, TONES.get(case.state, ""))


def short_day(day: date) -> str:
    """For a table: *dv. 4 des. 2026*."""
    shown = plate(day)
    return f"{shown.weekday} {shown.day} {shown.month} {day.year}"


def deadline(case: Case, on: date) -> Words:
    """Until when something is to be done, and by whom. Nothing is overdue while we
    wait for the applicant."""
    if case.state == Case.State.WAITING and case.answer_by:
        words = gettext("the applicant, until %(day)s")
        return Words(words % {"day": short_day(case.answer_by)}, "info")
    if case.due is None or not case.is_active:
        return Words("")
    left = (case.due - on).days
    if left < 0:
        words = ngettext("%d day overdue", "%d days overdue", -left) % -left
        return Words(f"{short_day(case.due)}: {words}", "bad")
    if left > SOON:
        return Words(short_day(case.due))
    words = gettext("today")
    if left:
        words = ngettext("%d day left", "%d days left", left) % left
    return Words(f"{short_day(case.due)}: {words}", "warn")


def holders(case: Case) -> str:
    """Who has a step of it; with `inbox.with_steps`."""
    steps = case.process.open_steps
    return ", ".join(str(step.owner) for step in steps if step.owner)


def moved(before: Case, after: Case) -> list[tuple[str, str, str]]:
    """Which of its deadlines moved: whose, from which day and to which."""
    found = []
    for name in ("due", "answer_by"):
        days = getattr(before, name), getattr(after, name)
        if days[0] != days[1]:
            label = str(Case._meta.get_field(name).verbose_name)
            found.append((label, *(short_day(day) if day else "–" for day in days)))
    return found


def since(case: Case) -> str:
    """How long ago something was last done: *3 days ago*."""
    days = (timezone.localdate() - timezone.localdate(case.last_action)).days
    if not days:
        return gettext("today")
    return ngettext("%d day ago", "%d days ago", days) % days
