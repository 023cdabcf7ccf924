"""The catalogue of what bodies may request."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from cms.models import HomePage
from tests.factories.cases import a_unit
from workflows.catalogue.models import (
    Area,
    CatalogueIndexPage,
    Edition,
    Resource,
    ResourcePage,
)

_codes = count(1)


def an_area(code: str = "govern-obert", name: str = "Govern obert") -> Area:
    return Area.objects.get_or_create(code=code, defaults={"name": name})[0]


def a_resource(*, edition: dict[str, Any] | None = None, **values: Any) -> Resource:
    """A resource for municipalities with an edition of this year, which is published
    and has been open for a day unless `edition` says otherwise."""
    code = f"R-{next(_codes)}"
    defaults = {"code": code, "name": f"Recurs {code}", "kinds": ["municipality"]}
    values.setdefault("area", an_area())
    values.setdefault("unit", a_unit())
    resource = Resource.objects.create(**{**defaults, **values})
    an_edition(resource, **(edition or {}))
    return resource


def an_edition(resource: Resource, **values: Any) -> Edition:
    now = timezone.now()
    defaults = {
        "year": timezone.localdate().year,
        "opens": now - timedelta(days=1),
        "closes": now + timedelta(days=30),
        "is_published": True,
    }
    return Edition.objects.create(resource=resource, **{**defaults, **values})


def a_catalogue(home: HomePage, **values: Any) -> CatalogueIndexPage:
    defaults = {"title": "Catàleg", "slug": "cataleg", "locale": home.locale}
    return home.add_child(instance=CatalogueIndexPage(**{**defaults, **values}))


def a_resource_page(
    parent: CatalogueIndexPage, resource: Resource, **values: Any
) -> ResourcePage:
    defaults = {"title": str(resource.name), "slug": resource.code.lower()}
    page = ResourcePage(
        resource=resource, locale=parent.locale, **{**defaults, **values}
    )
    return parent.add_child(instance=page)
