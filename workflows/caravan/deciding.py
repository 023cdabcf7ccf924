"""What is decided about a stop. The flow calls these: the case is locked, and moves on
when they return. What its two sides do themselves is in `stops`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from community.models import User
from workflows.engine import cases, deadlines, letters
from workflows.engine.deadlines import Whose
from workflows.engine.models import Case, Entry, File
from workflows.engine.terms import Measure

from . import mails, matching, reading, visiting
from .kits import making
from .models import Offer, Pairing, Side, Stop
from .settings import CaravanSettings

Decision = Stop.Decision
State = Pairing.State
Way = Entry.Way

# Stored with every case: how it ended.
DECLINED, LAPSED, PUBLISHED = "declined", "lapsed", "published"

LEFT = "caravan.rapporteur_left"
CLOSED = "caravan.stop_closed"

# Natural days, in which both sides say how it went.
EVALUATION = 30


def add_note(case: Case, text: str, by: User) -> None:
    """Write down what only the staff read; nothing if there is nothing to say."""
    if text:
        cases.write(case, Way.NOTE, text, by)


# Whether the caravan stops there ------------------------------------------------------


def accept(case: Case) -> None:
    """The caravan stops there: who tells of it is looked for."""
    note(case, decision=Decision.ACCEPT)
    cases.touch(case)
    deadlines.close(case)
    letters.tell(mails.ACCEPTED, case)


def have_amended(case: Case, text: str, by: User, files: Iterable[File] = ()) -> None:
    """Have the host amend it, as `text` says. Our own term stands still meanwhile."""
    note(case, decision=Decision.AMEND)
    # What was sent last is what is written again.
    days = CaravanSettings.load().amend_days
    cases.write(case, Way.OUT, text, by, files)
    cases.wait(case, days, gettext("The host was asked to amend the stop."))
    letters.tell(mails.TO_AMEND, case)


def lapse(case: Case) -> None:
    """Nothing came in time: it counts as withdrawn (Law 39/2015, art. 68.1)."""
    cases.cancel(case, outcome=LAPSED)
    letters.tell(mails.LAPSED, case)


def decline(case: Case, text: str, by: User) -> None:
    """The caravan does not stop there, for a reason that the host reads."""
    note(case, decision=Decision.DECLINE)
    cases.write(case, Way.OUT, text, by)
    cases.finish(case, DECLINED)
    letters.tell(mails.DECLINED, case)


# Who tells of it ----------------------------------------------------------------------


def ask(case: Case, offer: Offer) -> Pairing:
    """Ask that offer to tell of it. Raises ValidationError if it cannot: it is of the
    same body, or does not stand any more."""
    stop = case.stop
    if offer.body_id == stop.body_id:
        raise ValidationError(_("Host and rapporteur are of the same body."))
    if not matching.could_tell(offer, stop):
        raise ValidationError(_("This offer does not stand any more: choose another."))
    pairing = stop.pairings.create(offer=offer)
    note(case, decision=Decision.ASK, rapporteur=None)
    cases.touch(case)
    letters.tell(mails.ASKED, case, reading.rapporteurs(stop))
    return pairing


def comes(case: Case, pairing: Pairing) -> None:
    """Who was asked comes."""
    _settle(pairing, State.ACCEPTED)
    note(case, decision=Decision.YES, rapporteur=pairing.offer)
    cases.touch(case)
    if case.stop.held:
        # The visit is over: it is told by somebody else.
        letters.tell(mails.HELD, case, reading.rapporteurs(case.stop))
        return
    letters.tell(mails.PAIRED, case)
    letters.tell(mails.COMES, case, reading.rapporteurs(case.stop))


def does_not_come(case: Case, pairing: Pairing, reason: str) -> None:
    """Who was asked does not come: the next is proposed."""
    _settle(pairing, State.DECLINED, reason)
    note(case, decision=Decision.NO, rapporteur=None)
    cases.touch(case)


def let_go(
    case: Case, reason: str, by: User | None = None, *, by_herself: bool = False
) -> None:
    """The rapporteur, or who was asked to be, is it no more: calendars are told, and
    another is looked for. The `reason` is for the office alone. Raises ValidationError
    if there is none."""
    stop = case.stop
    pairing = reading.paired(stop)
    if pairing is None:
        raise ValidationError(_("Nobody is its rapporteur."))
    to = reading.rapporteurs(stop)
    was_asked = pairing.state == State.ASKED
    with override(case.language):
        told = gettext("Who was to visit cannot come: we look for somebody else.")
    visiting.call_off(case, told, by)
    _settle(pairing, State.LEFT, reason)
    note(case, decision=Decision.LEFT, rapporteur=None)
    stop.possible_dates.filter(side=Side.RAPPORTEUR).delete()
    cases.touch(case)
    log(case, LEFT, user=by, data={"reason": reason})
    if not by_herself:
        letters.tell(mails.RELIEVED, case, to)
    if not was_asked and not stop.held:
        letters.tell(mails.UNPAIRED, case)


def _settle(pairing: Pairing, state: State, reason: str = "") -> None:
    pairing.state, pairing.reason = state, reason
    pairing.answered = timezone.now()
    pairing.save(update_fields=["state", "reason", "answered"])


# When it is ---------------------------------------------------------------------------


def fix_date(case: Case, *, by: User, **what: Any) -> None:
    """The visit is then and there: `what` as `visiting.fix` has it. Raises
    ValidationError."""
    if reading.paired(case.stop) is None:
        raise ValidationError(_("Nobody is its rapporteur."))
    note(case, decision=Decision.FIXED)
    visiting.fix(case, by=by, **what)
    making.wanted(case.stop)


def move_date(
    case: Case, *, starts: datetime, ends: datetime, place: str, by: User
) -> None:
    """It is at another time or place. Raises ValidationError."""
    note(case, decision=Decision.FIXED)
    if not visiting.move(case, starts=starts, ends=ends, place=place, by=by):
        raise ValidationError(_("It is there and then already: nothing changes."))
    making.wanted(case.stop)


def find_another_date(case: Case, reason: str, by: User) -> None:
    """It is put off, for a `reason` that all of them read."""
    note(case, decision=Decision.REDATE)
    visiting.call_off(case, reason, by)
    letters.tell(mails.TO_DATE, case)
    letters.tell(mails.TO_DATE, case, reading.rapporteurs(case.stop))


def hold(case: Case) -> None:
    """It was held. Raises ValidationError while it has not begun."""
    stop = case.stop
    if stop.appointment is None or stop.appointment.starts > timezone.now():
        raise ValidationError(_("It has not begun yet."))
    note(case, decision=Decision.HELD, held=stop.appointment.ends)
    cases.touch(case)
    letters.tell(mails.HELD, case, reading.rapporteurs(stop))


# What is told of it -------------------------------------------------------------------


def draft_page(case: Case, made: None = None) -> None:
    """Make the good practice of it, with the draft of its page."""
    # It calls back once the page is published.
    from .practices import publishing

    publishing.draft(case.stop)


def obstacles(stop: Stop) -> list[str]:
    """What keeps what came of it from being published, in words."""
    from .practices import publishing

    practice = getattr(stop, "practice", None)
    if practice is None or practice.page is None:
        return [gettext("It has no page yet.")]
    return publishing.obstacles(practice)


def publish(case: Case, by: User) -> None:
    """Publish the page as it is, and tell both sides. Raises ValidationError where
    something is missing, or `by` publishes no pages."""
    stop = case.stop
    if found := obstacles(stop):
        raise ValidationError([*found])
    page = stop.practice.page
    if not page.live:
        if not page.permissions_for_user(by).can_publish():
            raise ValidationError(_("An editor publishes the page: ask one of them."))
        try:
            page.get_latest_revision().publish(user=by)
        except PermissionDenied as refusal:
            words = _("An editor publishes the page: ask one of them.")
            raise ValidationError(words) from refusal
    tell_published(case)


def tell_published(case: Case) -> None:
    """Everybody can read it: both sides are told, and have a term to say how it
    went."""
    note(case, decision=Decision.PUBLISH)
    cases.touch(case, state=Case.State.WAITING)
    days = Measure.NATURAL_DAYS
    deadlines.start(case, days, EVALUATION, whose=Whose.APPLICANT)
    letters.tell(mails.PUBLISHED, case)
    letters.tell(mails.PUBLISHED, case, reading.rapporteurs(case.stop))


def close(case: Case) -> None:
    """Nothing more is waited for: both sides have said how it went, or let the time
    pass."""
    with override(settings.LANGUAGE_CODE):
        why = (
            gettext("Not all have said how it went in time.")
            if reading.unheard(case.stop)
            else gettext("All have said how it went.")
        )
    cases.finish(case, PUBLISHED)
    log(case, CLOSED, data={"reason": why})


def settled_as(case: Case) -> str:
    """How a case counts as settled of which only the opinions are still to come; "" of
    any other."""
    return PUBLISHED if case.is_active and reading.is_published(case.stop) else ""


def ended(case: Case) -> None:
    """A case has ended, however it did: nobody meets for it any more, and the
    rapporteur of one that was not published is told."""
    visiting.cancel_ahead(case)
    if case.outcome not in (PUBLISHED, DECLINED, LAPSED):
        letters.tell(mails.OFF, case, reading.rapporteurs(case.stop))


def note(case: Case, **columns: object) -> None:
    """Set `columns` of its stop: the flow goes on by them."""
    stop = case.stop
    for name, said in columns.items():
        setattr(stop, name, said)
    stop.save(update_fields=list(columns))
