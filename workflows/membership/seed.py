"""Demonstration data: the unit that looks after who acts for the bodies."""

from collections.abc import Callable

from community.models import Unit
from community.seed import UNIT

from .models import MembershipSettings


def seed(say: Callable[[str], None]) -> None:
    """Have the unit of the demonstration look after it, unless somebody has chosen
    one."""
    settings = MembershipSettings.load()
    if settings.unit is None:
        settings.unit = Unit.objects.get(code=UNIT)
        settings.save()
        say("acting for a body")
