"""Demonstration data: the resources that the domain knows by name, in words of ours.
Their codes, dates, bands and criteria are examples, and the page says so."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale

from cms.demonstration.composing import compose
from cms.demonstration.translating import translate
from cms.models import HomePage
from cms.seed import index_once
from community.models import LocalBody, Topic, Unit, User
from community.seed import EDITOR, UNIT

from .models import (
    Area,
    CatalogueIndexPage,
    Criterion,
    Edition,
    Instrument,
    Question,
    Resource,
    ResourcePage,
)
from .texts import (
    AREAS,
    BODY,
    CRITERIA,
    DOCUMENTS,
    INSTRUMENT,
    LEAD,
    RESOURCES,
    SLUG,
    TITLE,
    ResourceText,
)

CODE_OF_INSTRUMENT = "protocol-general"


def seed(say: Callable[[str], None]) -> None:
    """Plant the catalogue where there is none."""
    home = HomePage.objects.filter(locale=Locale.get_default()).first()
    if not Resource.objects.exists():
        _records()
        say(f"{len(RESOURCES)} resources of the catalogue")
    if home and not CatalogueIndexPage.objects.child_of(home).exists():
        _pages(home)
        index_once()
        say("the catalogue and its pages")


def _records() -> None:
    unit = Unit.objects.get(code=UNIT)
    for order, (code, name) in enumerate(AREAS.items()):
        values = {"name": LazyI18nString(name), "order": order}
        Area.objects.get_or_create(code=code, defaults=values)
    instrument, _new = Instrument.objects.get_or_create(
        code=CODE_OF_INSTRUMENT, defaults={"name": LazyI18nString(INSTRUMENT)}
    )
    for text in RESOURCES:
        _resource(text, unit, instrument if text.needs_instrument else None)


def _resource(text: ResourceText, unit: Unit, instrument: Instrument | None) -> None:
    resource = Resource.objects.create(
        code=text.code,
        area=Area.objects.get(code=text.area),
        subject=LazyI18nString(text.subject),
        name=LazyI18nString(text.name),
        summary=LazyI18nString(text.summary),
        actions=LazyI18nString(text.actions),
        support=text.support,
        kinds=[LocalBody.Kind(kind).value for kind in text.kinds],
        most=text.most,
        limit=text.limit,
        instrument=instrument,
        goals="16",
        unit=unit,
    )
    resource.topics.set(Topic.objects.filter(code__in=text.topics))
    year = timezone.localdate().year
    for back in (1, 0):
        edition = Edition.objects.create(
            resource=resource,
            year=year - back,
            opens=_moment(year - back, text.opens),
            closes=_end_of(year - back, text.closes) if text.closes else None,
            months=text.months,
            minimum=40 if text.is_valued else None,
            is_published=True,
        )
        if text.is_valued:
            Criterion.objects.bulk_create(_criteria(edition))
    if text.is_valued:
        Question.objects.bulk_create(_documents(resource))


def _moment(year: int, day: tuple[int, int]) -> datetime:
    # A month over twelve is of the year after.
    years, month = divmod(day[0] - 1, 12)
    return timezone.make_aware(datetime(year + years, month + 1, day[1]))  # noqa: DTZ001


def _end_of(year: int, day: tuple[int, int]) -> datetime:
    return _moment(year, day).replace(hour=23, minute=59)


def _criteria(edition: Edition) -> list[Criterion]:
    return [
        Criterion(
            edition=edition,
            sort_order=order,
            name=LazyI18nString(name),
            how=LazyI18nString(how),
            most=most,
        )
        for order, (name, how, most) in enumerate(CRITERIA)
    ]


def _documents(resource: Resource) -> list[Question]:
    return [
        Question(
            resource=resource,
            sort_order=order,
            kind=Question.Kind.FILE,
            label=LazyI18nString(label),
            required=required,
        )
        for order, (label, required) in enumerate(DOCUMENTS)
    ]


def _pages(home: HomePage) -> None:
    owner = User.objects.filter(email=EDITOR).first()
    top = CatalogueIndexPage(
        title=TITLE, slug=SLUG, lead=LEAD, show_in_menus=True, owner=owner
    )
    home.add_child(instance=top)
    top.body = compose(BODY)
    top.save_revision().publish()
    translate(top)
    for resource in Resource.objects.filter(code__in=[text.code for text in RESOURCES]):
        page = ResourcePage(
            title=resource.name.localize("ca"),
            slug=resource.code.lower(),
            resource=resource,
            owner=owner,
        )
        top.add_child(instance=page)
        page.save_revision().publish()
        translate(page)
