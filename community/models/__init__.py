"""People, local bodies and units, and the messages that reach them."""

from community.messages.models import Message

from .bodies import LocalBody
from .people import User
from .units import Topic, Unit, UnitMembership

__all__ = ["LocalBody", "Message", "Topic", "Unit", "UnitMembership", "User"]
