"""What is decided about a request. The flow calls these: the case is locked, and moves
on when they return.

A decision is prepared first: nobody but the staff knows of it until it is released.
"""

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from community.acting import memberships
from community.models import Unit, User
from workflows.engine import cases, deadlines, desk, letters
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.answers import WITHDRAWN as WITHDRAWAL
from workflows.engine.models import Case, Entry, File

from . import mails
from .models import CatalogueRequest

Decision = CatalogueRequest.Decision
Way = Entry.Way

RELEASE = "requesting.release_cataloguerequest"
RENUNCIATION = "requesting.renounced"

# Stored with every case: how it ended.
DENIED, LAPSED, RENOUNCED = "denied", "lapsed", "renounced"
FINISHED, WITH_INCIDENTS = "finished", "with_incidents"

# To amend a request (Law 39/2015, art. 68.1).
WORKING_DAYS = 10


def add_note(case: Case, text: str, by: User) -> None:
    """Write down what only the staff read; nothing if there is nothing to say."""
    if text:
        cases.write(case, Way.NOTE, text, by)


# Whether it is admitted --------------------------------------------------------------


def admit(case: Case) -> None:
    """It can be valued, or decided at once where nothing is valued."""
    _note(case, decision=Decision.ADMIT, grounds="")


def pass_on(case: Case, unit: Unit, by: User) -> None:
    """Pass it to another unit, which looks at it in its turn."""
    _note(case, decision=Decision.PASS)
    cases.move(case, unit, by)


def have_amended(
    case: Case, parts: list[str], text: str, by: User, files: Iterable[File] = ()
) -> None:
    """Have the body amend those `parts`. Our own term stands still meanwhile."""
    _note(case, decision=Decision.AMEND, reopened=parts)
    cases.write(case, Way.OUT, text, by, files)
    cases.wait(case, WORKING_DAYS, gettext("The body was asked to amend the request."))
    letters.tell(mails.TO_AMEND, case)


def lapse(case: Case) -> None:
    """Nothing came in time: it counts as withdrawn (Law 39/2015, art. 68.1)."""
    _note(case, lapsed=True)
    cases.cancel(case, outcome=LAPSED)
    letters.tell(mails.LAPSED, case)


# Decisions ---------------------------------------------------------------------------


def value(case: Case, points: Mapping[str, int]) -> None:
    """Keep what each criterion got, by its key."""
    _note(case, points=dict(points))


def check_decision(request: CatalogueRequest, decision: Decision, grounds: str) -> None:
    """Raises ValidationError if `request` cannot be decided so."""
    if decision == Decision.DENY and not grounds:
        raise ValidationError({"grounds": _("Write the grounds: the body reads them.")})
    if decision == Decision.GRANT and request.is_below_minimum:
        raise ValidationError(
            {"decision": _("It has fewer points than it needs: it cannot be granted.")}
        )


def prepare(case: Case, decision: Decision, grounds: str) -> None:
    """Have a decision ready to be released, with the grounds that the body will read.
    Raises ValidationError where it cannot be that."""
    check_decision(case.request, decision, grounds)
    _note(case, decision=decision, grounds=grounds)


def look_again(case: Case) -> None:
    """Something was overlooked: whether it is admitted is looked at again."""
    _note(case, decision=Decision.CHECK, grounds="")


def release(case: Case, by: User) -> None:
    """Tell the body what was decided. Raises ValidationError where `by` may not."""
    if not by.has_perm(RELEASE):
        raise ValidationError(
            _("The coordinators release decisions: it waits for them.")
        )
    request = case.request
    _note(case, released=timezone.now())
    if request.grounds:
        cases.write(case, Way.OUT, request.grounds, by)
    if request.decision == Decision.GRANT:
        cases.touch(case)
        deadlines.close(case)
        letters.tell(mails.GRANTED, case)
    else:
        cases.finish(case, DENIED)
        letters.tell(mails.DENIED, case)


def finish(
    case: Case, outcome: str, text: str, by: User, files: Iterable[File] = ()
) -> None:
    """What was granted is carried out: `outcome` says whether with incidents."""
    cases.write(case, Way.OUT, text, by, files)
    cases.finish(case, outcome)
    letters.tell(mails.FINISHED, case)


# What the body does -------------------------------------------------------------------


def give_up(case: Case, reason: str, by: User) -> bool:
    """The body wants no more of it: it withdraws it or, once it was granted, renounces
    it for a `reason`. Returns False if it was settled already. Raises PermissionDenied
    unless `by` represents the body, and ValidationError."""
    with desk.ended(case) as found, memberships.locked(case.body):
        mine = memberships.for_body(by, case.body)
        if mine is None or not mine.signs:
            raise PermissionDenied
        if found is None:
            return False
        if reason:
            cases.write(found, Way.IN, reason, by)
        if not found.request.is_granted:
            cases.cancel(found, outcome=BY_APPLICANT)
            log(found, WITHDRAWAL, user=by)
            letters.tell(letters.WITHDRAWN, found)
            return True
        if not reason:
            raise ValidationError({"reason": _("Write why the body renounces it.")})
        cases.cancel(found, outcome=RENOUNCED)
        log(found, RENUNCIATION, user=by)
        letters.tell(mails.RENOUNCED, found)
    return True


def _note(case: Case, **columns: object) -> None:
    request = case.request
    for name, said in columns.items():
        setattr(request, name, said)
    request.save(update_fields=list(columns))
