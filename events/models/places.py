"""The words for a place in a session."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How somebody attends."""

    ONLINE = "online", _("online")
    IN_PERSON = "in_person", _("in person")


class State(models.TextChoices):
    """Whether somebody has a place, or how far they are from one."""

    PENDING = "pending", _("to be approved")
    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("offered")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")


# Those who take up a place: an offered one is nobody else's.
HOLDING = (State.CONFIRMED, State.OFFERED)
