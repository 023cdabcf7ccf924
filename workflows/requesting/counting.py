"""What bodies have requested already, as the catalogue counts it."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from workflows.catalogue.requested import Requests, Taker

from .models import CatalogueRequest


def made(bodies: Iterable[str] | None = None) -> Mapping[str, Requests]:
    """What each of the bodies of those codes, or of all, has requested: one query."""
    found: dict[str, dict[str, dict[int, tuple[str, ...]]]] = {}
    rows = CatalogueRequest.objects.counting()
    if bodies is not None:
        rows = rows.filter(body__code__in=bodies)
    names = ("body__code", "resource__code", "edition__year", "case__number")
    for body, resource, year, number in rows.order_by("pk").values_list(*names):
        years = found.setdefault(body, {}).setdefault(resource, {})
        years[year] = (*years.get(year, ()), number)
    return found


TAKER = Taker(
    made=made,
    address=lambda resource: reverse("begin_request", args=[resource]),
    page=lambda body, number: reverse("body_request", args=[body, number]),
)
