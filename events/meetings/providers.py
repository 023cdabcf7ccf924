"""Who can hold the online part of a session.

A link of our own needs nobody: it leads where the organiser says. What the others hold
has to be made, by the worker and never in a request.
"""

from django.conf import settings

from community.work.rows import Permanent
from events.models import Provider

from . import here, troubles
from .making import Maker

# Whose meetings have to be made.
MADE = (Provider.TEAMS, Provider.HERE)
# Where people see, days before, whether their office lets them through.
TRIAL = {Provider.TEAMS: "https://teams.microsoft.com/"}


def maker_of(provider: str) -> Maker:
    """Raises Permanent if that one is not set up here."""
    if provider == Provider.TEAMS and settings.TEAMS_CLIENT_ID:
        # Only the worker gets here: web processes do without what it brings in.
        from . import teams

        return teams.of_settings()
    if provider == Provider.HERE and settings.MEETINGS_HERE:
        return here.Here()
    raise Permanent(troubles.NOT_SET_UP)


def offered() -> list[Provider]:
    """Those that an organiser may choose here, the usual one first."""
    by_teams = [Provider.TEAMS] if settings.TEAMS_CLIENT_ID else []
    by_us = [Provider.HERE] if settings.MEETINGS_HERE else []
    return [*by_teams, *by_us, Provider.LINK, Provider.NONE]
