"""The tools of the kit that come with the site, in every language. They are planted
once: what somebody made of them since stays."""

from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from workflows.caravan.models import Side, Tool

from . import tools

FOLDER = Path(__file__).parent / "words"


class Planted(NamedTuple):
    code: str
    what: Tool.What
    side: Side | str = ""
    required: bool = False


TOOLS = (
    Planted("host-guide", Tool.What.GUIDE, Side.HOST),
    Planted("rapporteur-guide", Tool.What.GUIDE, Side.RAPPORTEUR),
    Planted("agenda", Tool.What.AGENDA),
    Planted("host-checklist", Tool.What.CHECKLIST, Side.HOST),
    Planted("rapporteur-checklist", Tool.What.CHECKLIST, Side.RAPPORTEUR),
    Planted("interview", Tool.What.SCRIPT, Side.RAPPORTEUR, required=True),
    Planted("images-consent", Tool.What.CONSENT, required=True),
    Planted("publishing-consent", Tool.What.CONSENT, Side.HOST, required=True),
    Planted("poster", Tool.What.POSTER, Side.HOST),
    Planted("thanks", Tool.What.OTHER),
)


@transaction.atomic
def plant() -> int:
    """Plant them where there is no tool at all; returns how many."""
    if Tool.objects.exists():
        return 0
    for order, one in enumerate(TOOLS, start=1):
        tool = Tool.objects.create(**one._asdict(), order=10 * order)
        tools.say(tool, words_of(one.code), seen=tools.mark(None), by=None)
    return len(TOOLS)


def words_of(code: str) -> tools.InLanguages:
    """What comes with the site: the first line of each file is its title."""
    found = {}
    for language, _name in settings.LANGUAGES:
        file = FOLDER / f"{code}.{language}.txt"
        title, _, text = file.read_text(encoding="utf-8").partition("\n")
        found[language] = {"title": title.strip(), "text": text.strip()}
    return found
