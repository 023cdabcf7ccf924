"""People, local bodies and units, and the messages that reach them."""

from community.messages.models import Message, Suppression
from community.privacy.models import Departure, RetentionRun
from community.work.heartbeat import Heartbeat

from .bodies import LocalBody
from .memberships import (
    BodyDomain,
    Membership,
    MembershipInvitation,
    MembershipQuerySet,
    Role,
)
from .people import User
from .units import Cover, Topic, Unit, UnitMembership

__all__ = [
    "BodyDomain",
    "Cover",
    "Departure",
    "Heartbeat",
    "LocalBody",
    "Membership",
    "MembershipInvitation",
    "MembershipQuerySet",
    "Message",
    "RetentionRun",
    "Role",
    "Suppression",
    "Topic",
    "Unit",
    "UnitMembership",
    "User",
]
