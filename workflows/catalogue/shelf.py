"""What a reader of the catalogue may choose, and what comes of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cms.caching import memory
from cms.choosing import Choice, Chosen, Filter, pick
from cms.search.words import Words
from community.models import LocalBody, Topic

from .eligibility import Body
from .offers import Answered, Offer, answers, offers
from .records import Resource
from .requested import Requests
from .wording import band_in_words

PER_PAGE = 24
MOST = 1000
# The bands that the province knows, with the most inhabitants of each.
BANDS = (5_000, 10_000, 20_000, 50_000, 75_000)
OPEN = "now"


class Choices(NamedTuple):
    """What each filter can choose."""

    areas: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    bands: tuple[Choice, ...]
    topics: tuple[Choice, ...]


class Shelf(Chosen):
    """The resources that `asked`, the query of the address, chooses, and what the
    `body` that it names, which has made those `requests`, is told of each;
    `with_numbers` to who may see them."""

    # What an address may choose, besides a body and words.
    ASKS = ("area", "kind", "population", "when", "topic", "can", "page")

    def __init__(
        self,
        asked: QueryDict,
        body: Body | None = None,
        requests: Requests | None = None,
        *,
        with_numbers: bool = False,
    ) -> None:
        self.now = timezone.now()
        self.looked_for = asked.get("words", "").strip()[:100]
        self.body = body
        every, there = offers(), _choices()
        filters = [
            pick(asked, "area", _("Area"), _("All"), there.areas),
            pick(asked, "kind", _("Kind of body"), _("All"), there.kinds),
            pick(asked, "population", _("Population"), _("All"), there.bands),
            pick(asked, "topic", _("Topic"), _("All"), there.topics),
            pick(asked, "when", _("When"), _("At any time"), _times()),
        ]
        if self.body:
            only = [Choice("yes", str(_("What it can request now")))]
            filters.append(pick(asked, "can", _("Answer"), _("All"), only))
        chosen = self._looked_for(_chosen(filters, every, self.now))
        rows: list[Offer] | list[Answered] = chosen
        if self.body:
            rows = answers(
                self.body, chosen, self.now, requests, with_numbers=with_numbers
            )
            if any(f.name == "can" and f.chosen for f in filters):
                rows = [each for each in rows if each.answer.can]
            self.can_now = sum(each.answer.can for each in rows)
        else:
            self.can_now = sum(offer.is_open(self.now) for offer in chosen)
        words = {"words": self.looked_for} if self.looked_for else {}
        if self.body:
            words["body"] = self.body.code
        super().__init__(asked, filters, rows, PER_PAGE, words)

    def _looked_for(self, found: list[Offer]) -> list[Offer]:
        """Those of `found` that have the words, the best first."""
        if not self.looked_for:
            return found
        # The index knows its tables once all models are there.
        from cms.search.backend import matching

        words = Words(self.looked_for)
        by_key = {offer.key: offer for offer in found}
        if not words:
            return []
        kind = ContentType.objects.get_for_model(Resource).pk
        entries = matching(words, {get_language()}, True).filter(kind=kind)
        keys = entries.order_by("-score", "-pk").values_list("key", flat=True)[:MOST]
        return [by_key[int(key)] for key in keys if int(key) in by_key]

    @property
    def without_body(self) -> str:
        """The query of the page for no body."""
        return self.query(body="", can="")


def _chosen(
    filters: Iterable[Filter], every: list[Offer], now: datetime
) -> list[Offer]:
    by = {f.name: f.chosen.value for f in filters if f.chosen}
    return [
        offer
        for offer in every
        if by.get("area", offer.area) == offer.area
        and ("kind" not in by or by["kind"] in offer.terms.kinds)
        and ("topic" not in by or by["topic"] in offer.topics)
        and ("population" not in by or _is_for(offer, int(by["population"])))
        and ("when" not in by or offer.is_open(now))
    ]


def _is_for(offer: Offer, most: int) -> bool:
    """Whether some body of that band, up to `most` inhabitants, may request it."""
    below = max((band for band in BANDS if band < most), default=0)
    terms = offer.terms
    return (terms.least is None or terms.least <= most) and (
        terms.most is None or terms.most > below
    )


def _choices() -> Choices:
    """Those of the whole catalogue in the active language, remembered with it."""

    def look_up() -> Choices:
        every = offers()
        found = (_areas(every), _kinds(every), _bands(), _topics(every))
        return Choices(*map(tuple, found))

    return memory.once_here(f"choices {get_language()}", look_up)


def _areas(every: Iterable[Offer]) -> list[Choice]:
    names = {offer.area: offer.area_name for offer in every}
    choices = [Choice(code, name) for code, name in names.items()]
    return sorted(choices, key=lambda choice: choice.label)


def _kinds(every: Iterable[Offer]) -> list[Choice]:
    there = {kind for offer in every for kind in offer.terms.kinds}
    kinds = LocalBody.Kind
    return [Choice(k.value, str(k.label)) for k in kinds if k.value in there]


def _bands() -> list[Choice]:
    return [Choice(str(band), band_in_words(None, band)) for band in BANDS]


def _topics(every: Iterable[Offer]) -> list[Choice]:
    there = {topic for offer in every for topic in offer.topics}
    if not there:
        return []
    topics = Topic.objects.filter(code__in=there)
    return [Choice(topic.code, str(topic.name)) for topic in topics]


def _times() -> list[Choice]:
    return [Choice(OPEN, str(pgettext_lazy("resources", "Open now")))]
