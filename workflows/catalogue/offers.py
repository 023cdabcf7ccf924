"""The catalogue as plain data, and what a body finds in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from cms.caching import memory
from community.models import LocalBody

from . import eligibility
from .eligibility import Answer, Body, Terms, Window, window_at
from .records import Edition, InForce, Resource
from .requested import Requests
from .wording import Verdict, window_in_words


@dataclass(frozen=True)
class Offer:
    """A resource of the catalogue, with what lists say of it in one language."""

    key: int
    code: str
    name: str
    summary: str
    area: str
    area_name: str
    topics: tuple[str, ...]
    instrument_name: str
    # Where it always is, whether it has a page or not.
    address: str
    terms: Terms

    @property
    def when(self) -> str:
        """The window that counts now, in words."""
        return window_in_words(window_at(self.terms.windows, timezone.now()))

    def is_open(self, now: datetime) -> bool:
        return any(eligibility.is_open(each, now) for each in self.terms.windows)


class Answered(NamedTuple):
    """What a body is told of an offer. Put into words only where somebody reads it:
    `with_numbers` of its requests where that is somebody who may see them."""

    offer: Offer
    body: Body
    answer: Answer
    with_numbers: bool = False

    @property
    def verdict(self) -> Verdict:
        return Verdict(
            self.answer,
            self.body,
            self.offer.terms,
            self.offer.instrument_name,
            with_numbers=self.with_numbers,
        )


def offers() -> tuple[Offer, ...]:
    """Every resource that anybody may find, in the active language, remembered for
    everybody."""
    key = f"catalogue {get_language()}"
    return memory.once_here(key, lambda: tuple(find(Resource.objects.public())))


def find(resources: Iterable[Resource]) -> list[Offer]:
    """Those resources (a queryset) with their published editions: four queries."""
    resources = list(
        resources.select_related("area", "instrument").prefetch_related("topics")
    )
    windows: dict[int, list[Window]] = defaultdict(list)
    published = Edition.objects.published().filter(resource__in=resources)
    rows = published.values_list("resource", "year", "opens", "closes")
    for resource, *window in rows.order_by("resource", "year"):
        windows[resource].append(Window(*window))
    known: dict[Terms, Terms] = {}
    found = []
    for each in resources:
        terms = _terms(each, tuple(windows[each.pk]))
        found.append(_offer(each, known.setdefault(terms, terms)))
    return found


def _terms(resource: Resource, windows: tuple[Window, ...]) -> Terms:
    instrument = resource.instrument
    return Terms(
        kinds=frozenset(resource.kinds),
        windows=windows,
        least=resource.least,
        most=resource.most,
        limit=resource.limit,
        instrument=instrument.code if instrument else "",
    )


def _offer(resource: Resource, terms: Terms) -> Offer:
    instrument = resource.instrument
    return Offer(
        key=resource.pk,
        code=resource.code,
        name=str(resource.name),
        summary=str(resource.summary),
        area=resource.area.code,
        area_name=str(resource.area.name),
        topics=tuple(topic.code for topic in resource.topics.all()),
        instrument_name=str(instrument.name) if instrument else "",
        address=reverse("resource", args=(resource.code,)),
        terms=terms,
    )


def bodies(rows: Iterable[LocalBody]) -> list[Body]:
    """Those bodies (a queryset) with what is in force for each today: two queries."""
    rows = list(rows)
    signed: dict[int, set[str]] = defaultdict(set)
    in_force = InForce.objects.on(timezone.localdate()).filter(body__in=rows)
    for body, code in in_force.values_list("body", "instrument__code"):
        signed[body].add(code)
    return [
        Body(
            code=row.code,
            name=row.name,
            kind=row.kind,
            population=row.population,
            population_year=row.population_year,
            instruments=frozenset(signed[row.pk]),
            is_public=row.is_public,
        )
        for row in rows
    ]


def known(code: str) -> Body | None:
    """The body of that code that can be chosen, remembered with all others."""

    def look_up() -> Mapping[str, Body]:
        standing = bodies(LocalBody.objects.standing())
        return MappingProxyType({body.code: body for body in standing})

    # What is in force is another thing on another day.
    return memory.once_here("bodies", look_up, timezone.localdate()).get(code)


def next_turn(now: datetime) -> datetime | None:
    """When an edition next opens or closes, or something signed begins or ends to
    hold: until then the clock alone changes no answer."""
    windows = Edition.objects.published().aggregate(
        opens=Min("opens", filter=Q(opens__gt=now)),
        closes=Min("closes", filter=Q(closes__gt=now)),
    )
    today = timezone.localdate(now)
    days = InForce.objects.aggregate(
        first=Min("starts", filter=Q(starts__gt=today)),
        last=Min("until", filter=Q(until__gte=today)),
    )
    days["last"] = days["last"] and days["last"] + timedelta(days=1)
    midnights = [
        timezone.make_aware(datetime.combine(day, time.min))
        for day in days.values()
        if day
    ]
    return min([*filter(None, windows.values()), *midnights], default=None)


def answers(
    body: Body,
    offers: Iterable[Offer],
    now: datetime | None = None,
    requests: Requests | None = None,
    *,
    with_numbers: bool = False,
) -> list[Answered]:
    """What `body`, which has made those `requests`, is told of each of them at `now`;
    `with_numbers` to who may see its requests."""
    now = now or timezone.now()
    made = requests or {}
    # Many resources have the same terms: `find` gives them the very same.
    known: dict[int, Answer] = {}

    def answer(offer: Offer) -> Answer:
        terms = offer.terms
        if offer.code in made:
            window = window_at(terms.windows, now)
            numbers = made[offer.code].get(window.year, ()) if window else ()
            return eligibility.answer(body, terms, now, numbers)
        if id(terms) not in known:
            known[id(terms)] = eligibility.answer(body, terms, now)
        return known[id(terms)]

    return [Answered(offer, body, answer(offer), with_numbers) for offer in offers]
