"""What every body can request, in one table: a row for each body, a column for each
resource."""

from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import LocalBody

from . import requested
from .eligibility import Rule, Tone
from .offers import Answered, answers, bodies, find
from .records import Resource


def table() -> list[list[str]]:
    """The answers of today, each in a word or two: *yes*, *no: kind*."""
    now = timezone.now()
    offers = find(Resource.objects.public().order_by("code"))
    asking = bodies(LocalBody.objects.standing())
    made = requested.by_each([body.code for body in asking])
    words = _words()
    head = [_("Code"), _("Local body"), *(offer.code for offer in offers)]
    rows = []
    for body in asking:
        told = answers(body, offers, now, made.get(body.code))
        rows.append([body.code, body.name, *(_word(each, words) for each in told)])
    return [head, *rows]


def _word(told: Answered, words: dict[tuple[Tone, Rule | None], str]) -> str:
    reason = told.answer.first_no
    return words[told.answer.tone, reason.rule if reason else None]


def _words() -> dict[tuple[Tone, Rule | None], str]:
    rules = {
        Rule.KIND: _("kind"),
        Rule.BAND: _("population"),
        Rule.INSTRUMENT: _("not signed"),
        Rule.WINDOW: _("not open"),
        Rule.LIMIT: _("requested already"),
    }
    tones = {
        Tone.YES: _("yes"),
        Tone.NO: _("no"),
        Tone.LATER: _("not yet"),
        Tone.WAIT: _("not now"),
        Tone.UNSURE: _("perhaps"),
    }
    said = {(tone, None): word for tone, word in tones.items()}
    for tone, word in tones.items():
        said |= {(tone, rule): f"{word}: {why}" for rule, why in rules.items()}
    return said
