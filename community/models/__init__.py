"""People, local bodies and units, and the messages that reach them."""

from community.messages.models import Message, Suppression
from community.privacy.models import Departure, RetentionRun
from community.work.heartbeat import Heartbeat

from .bodies import LocalBody
from .people import User
from .units import Cover, Topic, Unit, UnitMembership

__all__ = [
    "Cover",
    "Departure",
    "Heartbeat",
    "LocalBody",
    "Message",
    "RetentionRun",
    "Suppression",
    "Topic",
    "Unit",
    "UnitMembership",
    "User",
]
