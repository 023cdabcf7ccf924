"""Those who keep videos for others, and whose player a page may show (by a click)."""

import re
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings


class Player(NamedTuple):
    """Where a video is watched: whose it is, and the address of the player alone."""

    provider: str
    url: str


def find_player(address: str) -> Player | None:
    """The player of the video at `address`, an address as people copy it; None if
    nobody in the settings keeps it."""
    for provider in settings.VIDEO_PROVIDERS:
        if match := re.match(provider["pattern"], address):
            # What the address says besides the key, the player is told.
            told = {name: word for name, word in match.groupdict().items() if word}
            player = provider["player"].format(key=told.pop("key"))
            query = urlencode({**provider["query"], **told})
            return Player(provider["name"], f"{player}?{query}")
    return None


def providers() -> str:
    """Their names, for people to read."""
    return ", ".join(provider["name"] for provider in settings.VIDEO_PROVIDERS)
