"""What the organiser's screens call things."""

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community.messages.kinds import kind_of
from community.models import Message, Suppression
from events.meetings.rooms import Stage
from events.models import Invitation, Registration, Session
from events.standing import Kind, Standing
from events.wording import hour, plate
from workflows.staff.labels import MAIL as MAIL
from workflows.staff.labels import MAIL_TONES as MAIL_TONES

STANDING = {
    Kind.DRAFT: _("Draft"),
    Kind.NOT_OPEN: _("Not open yet"),
    Kind.OPEN: _("Registration open"),
    Kind.FULL: _("Full"),
    Kind.SHUT: _("Registration closed"),
    Kind.HELD: _("Held"),
    Kind.POSTPONED: _("Postponed"),
    Kind.CANCELLED: _("Cancelled"),
}
# The look of the tag: see staff.css.
STANDING_TONES = {
    Kind.OPEN: "ok",
    Kind.FEW_LEFT: "warn",
    Kind.FULL: "warn",
    Kind.CANCELLED: "bad",
    Kind.POSTPONED: "info",
}
REGISTRATION_TONES = {
    Registration.State.CONFIRMED: "ok",
    Registration.State.OFFERED: "info",
    Registration.State.WAITING: "warn",
    Registration.State.PENDING: "warn",
}
# What people answered from their calendars; "" are those who have not.
ANSWERS = {**dict(Invitation.Rsvp.choices), "": _("no answer")}
ANSWER_TONES = {
    Invitation.Rsvp.ACCEPTED: "ok",
    Invitation.Rsvp.TENTATIVE: "info",
    Invitation.Rsvp.DECLINED: "bad",
}
SUPPRESSION = {
    Suppression.Reason.BOUNCED: _("mail comes back"),
    Suppression.Reason.COMPLAINED: _("wants no mail"),
}
MEETING = {
    Stage.READY: _("ready"),
    Stage.MISSING: _("still missing"),
    Stage.NOT_YET: _("made once it is announced"),
    Stage.GONE: _("taken away"),
    Stage.LEAVING: _("being taken away"),
    Stage.UNDER_WAY: _("being made ready"),
    Stage.RETRYING: _("to be tried again"),
    Stage.FAILED: _("needs somebody"),
}
MEETING_TONES = {
    Stage.READY: "ok",
    Stage.MISSING: "warn",
    Stage.UNDER_WAY: "info",
    Stage.LEAVING: "info",
    Stage.RETRYING: "warn",
    Stage.FAILED: "bad",
}


def mail_kind(row: Message) -> str:
    """What kind of mail it is, in words."""
    try:
        return str(kind_of(row).label)
    except KeyError:
        # Of something that this house no longer does.
        return row.kind


def standing_words(standing: Standing) -> str:
    """How a session stands, in the words of its tag."""
    if standing.kind == Kind.FEW_LEFT:
        free = standing.free
        return ngettext("%d place left", "%d places left", free) % free
    return str(STANDING[standing.kind])


def places_words(standing: Standing) -> str:
    """Places taken, of how many: *18 / 30*."""
    if standing.capacity is None:
        return str(standing.taken)
    words = f"{standing.taken} / {standing.capacity}"
    over = standing.taken - standing.capacity
    return gettext("%(places)s, over-full") % {"places": words} if over > 0 else words


def people_over(session: Session) -> int:
    """How many more people have a place than there are places, in all its modes."""
    holding = session.registrations.holding().values_list("mode")
    taken = dict(holding.annotate(count=Count("pk")).order_by())
    over = 0
    for mode in session.modes:
        capacity = session.capacity_of(mode)
        if capacity is not None:
            over += max(taken.get(mode, 0) - capacity, 0)
    return over


def over_full_words(over: int) -> str:
    """*Over-full: 3 people more than places*."""
    return ngettext(
        "Over-full: %d person more than places",
        "Over-full: %d people more than places",
        over,
    ) % (over)


def short_moment(session: Session) -> str:
    """When it starts, for a table: *dj. 26 nov. 2026, 10 h*."""
    day = plate(session.starts)
    return gettext("%(weekday)s %(day)s %(month)s %(year)s, %(hour)s") % {
        "weekday": day.weekday,
        "day": day.day,
        "month": day.month,
        "year": timezone.localtime(session.starts).year,
        "hour": hour(session.starts),
    }
