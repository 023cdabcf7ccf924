"""What happens and when, and who comes."""

from .answers import Answer
from .appointments import Appointment, Guest
from .followers import Announcement, Follower
from .invitations import Invitation, PersonalFeed
from .letters import Circular, Reminder
from .meetings import Meeting, Occasion
from .names import new_token, new_uid
from .offers import Offer
from .places import Mode
from .registrations import AccessibilityNeeds, Registration, RegistrationQuerySet
from .sessions import Provider, Series, Session, SessionQuerySet
from .substitutions import Substitution

__all__ = [
    "Substitution",
    "Offer",
    "Appointment",
    "Answer",
    "AccessibilityNeeds",
    "Announcement",
    "Circular",
    "Follower",
    "Guest",
    "Invitation",
    "Meeting",
    "Mode",
    "Occasion",
    "PersonalFeed",
    "Provider",
    "Registration",
    "RegistrationQuerySet",
    "Reminder",
    "Series",
    "Session",
    "SessionQuerySet",
    "new_token",
    "new_uid",
]
