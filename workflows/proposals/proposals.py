"""What is decided about a proposal. The flow calls these: the case is locked, and moves
on when they return. Each change is told once, to who proposed it and who supports it.
"""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import User
from events import registrations
from events.models import Session
from workflows.engine import cases, deadlines, letters
from workflows.engine.models import Case, Entry

from . import early_mails, mails, supporting
from .models import Proposal

Decision, State = Proposal.Decision, Proposal.State
Way = Entry.Way

# Stored with every case: how it ended.
ANSWERED, MERGED, DECLINED, LAPSED = "answered", "merged", "declined", "lapsed"

AMEND_DAYS = 10


def add_note(case: Case, text: str, by: User) -> None:
    """Write down what only the staff read; nothing if there is nothing to say."""
    if text:
        cases.write(case, Way.NOTE, text, by)


def publish(case: Case) -> None:
    """Everybody reads it, and who has an account may support it. The term to look at
    it is kept."""
    _set(case, Decision.PUBLISH, state=State.OPEN, published=timezone.now())
    deadlines.close(case)
    cases.touch(case)
    letters.tell(mails.PUBLISHED, case)


def ask(case: Case, text: str, by: User) -> None:
    """Have who proposed it amend it. Our term stands still meanwhile."""
    _set(case, Decision.ASK)
    cases.write(case, Way.OUT, text, by)
    cases.wait(case, AMEND_DAYS, gettext("The applicant was asked something."))
    letters.tell(mails.TO_AMEND, case)


def amend(case: Case, title: str, wanted: str, why: str) -> None:
    """Who proposed it puts it in other words. What it said before stays in the case."""
    proposal = _set(case, "", title=title, wanted=wanted, why=why)
    cases.write(case, Way.IN, in_words(proposal))
    cases.touch(case, title=title, search_key=case.found_by)
    cases.go_on(case)


def lapse(case: Case) -> None:
    """Nothing came in time: it is closed."""
    _set(case, "", state=State.DECLINED, lapsed=True)
    cases.finish(case, LAPSED)
    letters.tell(mails.LAPSED, case)


def merge(case: Case, into: Proposal, by: User) -> None:
    """Another says the same: those who support this one support that. Raises
    ValidationError if it is itself, or is closed or merged."""
    keys = sorted((case.proposal.pk, into.pk))
    # In one order: two that are merged into each other come one after the other.
    rows = Proposal.objects.select_for_update(of=("self",)).order_by("pk")
    by_key = {row.pk: row for row in rows.filter(pk__in=keys).select_related("case")}
    into = by_key[into.pk]
    if into.pk == case.proposal.pk:
        raise ValidationError(_("It cannot be merged into itself."))
    if into.state not in Proposal.TAKES_OTHERS or not into.case.is_active:
        raise ValidationError(_("That one is not open: choose one that is."))
    proposal = _set(case, Decision.MERGE, state=State.MERGED, merged_into=into)
    mails.tell_supporters(proposal)
    supporting.hand_on(proposal, into)
    words = gettext("It goes on as “%(title)s” (%(number)s).")
    words %= {"title": into.title, "number": into.case.number}
    cases.write(case, Way.OUT, words, by)
    cases.finish(case, MERGED)
    letters.tell(mails.MERGED, case)
    letters.tell(mails.JOINED, into.case)


def answer(case: Case, text: str, link: str, by: User) -> None:
    """Say what came of it, perhaps with where to read more: it is settled."""
    _set(case, Decision.ANSWER, state=State.ANSWERED, answer=text, link=link)
    cases.write(case, Way.OUT, "\n\n".join(filter(None, (text, link))), by)
    cases.finish(case, ANSWERED)
    _tell(mails.ANSWER, case)


def decline(case: Case, text: str, by: User) -> None:
    """No session will treat it, for a reason."""
    _set(case, Decision.DECLINE, state=State.DECLINED, answer=text)
    cases.write(case, Way.OUT, text, by)
    cases.finish(case, DECLINED)
    _tell(mails.DECLINED, case)


def shortlist(case: Case) -> None:
    """It is among those that the next sessions are chosen from."""
    _set(case, Decision.SHORTLIST, state=State.SHORTLISTED)
    cases.touch(case)
    _tell(mails.SHORTLISTED, case)


def reopen(case: Case) -> None:
    """It is open for support as it was; nobody is told."""
    _set(case, Decision.REOPEN, state=State.OPEN)
    cases.touch(case)


def plan(case: Case, session: Session) -> None:
    """`session` will treat it. Raises ValidationError if it is of another series, or
    not to come."""
    # Who announces it at this moment waits, and then tells who asked for this too.
    held = registrations.locked(session)
    proposal = _locked(case)
    if held.series_id != proposal.series_id or not can_treat(held):
        raise ValidationError(_("Choose a session of its series that is to come."))
    proposal = _set(case, Decision.PLAN, state=State.PLANNED, session=held)
    cases.touch(case)
    _tell(mails.PLANNED, case)
    early_mails.tell_late(proposal)


def can_treat(session: Session) -> bool:
    """Whether proposals can still be planned for `session`."""
    open_states = (Session.State.DRAFT, Session.State.ANNOUNCED)
    return session.state in open_states and session.ends > timezone.now()


def replan(case: Case) -> None:
    """The session does not treat it after all: another is looked for."""
    _set(case, Decision.REPLAN, state=State.SHORTLISTED, session=None)
    cases.touch(case)
    _tell(mails.REPLANNED, case)


def hold(case: Case) -> bool:
    """Its session is over. Returns False if it is not planned any more."""
    if _locked(case).state != State.PLANNED:
        return False
    _set(case, Decision.PLAN, state=State.HELD)
    cases.touch(case)
    _tell(mails.HELD, case)
    return True


def in_words(proposal: Proposal) -> str:
    """What was written, as the case keeps it."""
    return "\n\n".join(filter(None, (proposal.title, proposal.wanted, proposal.why)))


def _tell(name: str, case: Case) -> None:
    letters.tell(name, case)
    mails.tell_supporters(case.proposal)


def _set(case: Case, decision: str, **columns: object) -> Proposal:
    """Write what was decided, under the lock that those who support it wait for."""
    proposal = _locked(case)
    proposal.decision = decision
    for name, value in columns.items():
        setattr(proposal, name, value)
    proposal.save()
    case.proposal = proposal
    return proposal


def _locked(case: Case) -> Proposal:
    return Proposal.objects.select_for_update().get(case=case)
