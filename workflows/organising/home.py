"""What the organiser finds on the first screen of the admin."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from wagtail.admin.ui.components import Component

from community.models import Message, User
from events.models import Meeting, Registration, Session

from . import labels
from .access import messages_of, sessions_of, without_mail

# Sessions on the first screen: the rest is in their list.
AT_MOST = 5


class FailuresPanel(Component):
    """How many mails could not be sent, or are on hold, how many of those who come get
    none, and the sessions whose online meeting could not be made: they wait for a
    person. Empty if there are none."""

    name = "failed_messages"
    template_name = "organising/home_failures.html"
    order = 10

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        waiting = messages_of(self.user).needing_somebody()
        states = Counter(waiting.order_by().values_list("state", flat=True))
        return {
            "failures": states[Message.State.FAILED],
            "held": states[Message.State.HELD],
            "without_meeting": self._without_meeting(),
            "without_mail": self._without_mail(),
        }

    def _without_mail(self) -> int:
        """How many people of sessions to come get no mail."""
        if not self.user.has_perm("events.view_registration"):
            return 0
        mine = Registration.objects.filter(session__in=sessions_of(self.user))
        return without_mail(mine.to_come(timezone.now())).count()

    def _without_meeting(self) -> list[Session]:
        if not self.user.has_perm("events.change_session"):
            return []
        sessions = sessions_of(self.user).filter(ends__gt=timezone.now())
        failed = sessions.filter(meeting__state=Meeting.State.FAILED)
        return list(failed.order_by("starts", "pk")[:AT_MOST])


class ComingPanel(Component):
    """The next sessions of one's units, and who of them waits for a decision."""

    name = "coming_sessions"
    template_name = "organising/home_coming.html"
    order = 40

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self.user.has_perm("events.view_session"):
            return {}
        coming = self._coming()
        return {
            "rows": [_row(session) for session in coming],
            "deciding": [session for session in coming if session.pending],
            "can_add": self.user.has_perm("events.add_session"),
            # Before the first session there is another panel.
            "any": coming or Session.objects.exists(),
        }

    def _coming(self) -> list[Session]:
        pending = Q(registrations__state=Registration.State.PENDING)
        sessions = sessions_of(self.user).filter(ends__gt=timezone.now())
        sessions = sessions.exclude(state=Session.State.CANCELLED)
        sessions = sessions.with_places().annotate(
            pending=Count("registrations", filter=pending)
        )
        sessions = sessions.select_related("series").order_by("starts", "pk")
        return list(sessions[:AT_MOST])


def _row(session: Session) -> dict[str, Any]:
    standing = session.standing
    return {
        "session": session,
        "when": labels.short_moment(session),
        "words": labels.standing_words(standing),
        "tone": labels.STANDING_TONES.get(standing.kind, ""),
        "places": labels.places_words(standing),
        "waiting": standing.waiting,
    }
