"""Keeping the catalogue: a year after the other, and as a spreadsheet."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.factories.catalogue import a_resource, an_edition
from workflows.catalogue.editions import copy_year, set_windows
from workflows.catalogue.models import Criterion, Edition, Question

pytestmark = pytest.mark.django_db

OPENS = datetime(2026, 9, 15, 7, tzinfo=UTC)
CLOSES = datetime(2027, 3, 31, 21, 59, tzinfo=UTC)
YEAR = {"year": 2026, "opens": OPENS, "closes": CLOSES}


# A year -----------------------------------------------------------------------------


def test_a_year_is_copied_whole_and_waits_to_be_published(editor):
    edition = a_resource(edition={**YEAR, "months": 5}).editions.get()
    Criterion.objects.create(edition=edition, name="Mida", most=40)

    would = copy_year(2026, 2027, by=editor, dry_run=True)
    assert [len(would.new), Edition.objects.count()] == [1, 1]
    copy_year(2026, 2027, by=editor)

    new = Edition.objects.get(year=2027)
    # The same hour by the clock of here, also when that of summer ends on another day.
    assert new.opens == datetime(2027, 9, 15, 7, tzinfo=UTC)
    assert new.closes == datetime(2028, 3, 31, 21, 59, tzinfo=UTC)
    assert (new.months, new.is_published) == (5, False)
    assert [str(c.name) for c in new.criteria.all()] == ["Mida"]
    assert ModelLogEntry.objects.filter(action="catalogue.copied").count() == 1


def test_what_is_there_already_stays_and_copying_again_makes_nothing(editor):
    resource = a_resource(edition=YEAR)
    there = an_edition(resource, year=2027, months=7)

    assert copy_year(2026, 2027, by=editor).new == []

    there.refresh_from_db()
    assert there.months == 7


def test_a_29_of_february_becomes_the_28(editor):
    leap = {"year": 2028, "opens": datetime(2028, 2, 29, 8, tzinfo=UTC), "closes": None}
    a_resource(edition=leap)

    [new] = copy_year(2028, 2029, by=editor).new

    assert new.opens == datetime(2029, 2, 28, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "target"), [(2026, 2026), (2026, 2025), (2019, 2020)]
)
def test_there_must_be_something_to_copy_to_a_later_year(editor, source, target):
    a_resource(edition=YEAR)

    with pytest.raises(ValidationError):
        copy_year(source, target, by=editor)


def test_the_windows_of_a_year_are_set_in_one_go_or_none(editor):
    first, second = a_resource(edition=YEAR), a_resource(edition=YEAR)
    bare = an_edition(second, year=2030, opens=None, closes=None, is_published=False)
    of_2026 = Edition.objects.filter(year=2026)

    assert len(set_windows(of_2026, publish=False, by=editor, dry_run=True)) == 2
    assert of_2026.filter(is_published=True).count() == 2
    set_windows(of_2026, publish=False, by=editor)
    assert not of_2026.filter(is_published=True).exists()

    with pytest.raises(ValidationError):
        set_windows(Edition.objects.all(), publish=True, by=editor)
    with pytest.raises(ValidationError):
        set_windows(of_2026, closes=OPENS, by=editor)
    assert not Edition.objects.filter(is_published=True).exists()
    set_windows(Edition.objects.all(), opens=OPENS, publish=True, by=editor)
    bare.refresh_from_db()
    assert (bare.opens, bare.is_published) == (OPENS, True)
    assert set_windows(of_2026, publish=True, by=editor) == []
    assert first.editions.get().closes == CLOSES


def test_the_screens_show_first_and_do_then(desk):
    a_resource(name="Portal", edition=YEAR)
    address = reverse("edition:copy")

    shown = desk.post(address, {"source": 2026, "target": 2027})
    assert "Portal" in shown.content.decode()
    assert not Edition.objects.filter(year=2027).exists()
    sent = {**dict(shown.context["sent"]), "seen": shown.context["seen"]}
    assert desk.post(address, sent).status_code == 302
    assert Edition.objects.filter(year=2027).exists()

    address = reverse("edition:windows")
    shown = desk.post(address, {"year": 2027, "publish": "yes"})
    assert not Edition.objects.get(year=2027).is_published
    sent = {**dict(shown.context["sent"]), "seen": shown.context["seen"]}
    # Another edition has come since it was shown: it is shown once more.
    other = a_resource(edition={**YEAR, "year": 2027, "is_published": False})
    assert desk.post(address, sent).status_code == 200
    assert not Edition.objects.filter(year=2027, is_published=True).exists()
    other.editions.all().delete()
    assert desk.post(address, sent).status_code == 302
    assert Edition.objects.get(year=2027).is_published


# What the form asks, and the report -------------------------------------------------


def test_editors_see_the_form_as_it_will_be_asked(whole_resource, desk):
    kinds = Question.Kind
    for order, kind in enumerate(kinds):
        Question.objects.create(
            resource=whole_resource,
            sort_order=-order,
            kind=kind,
            label=f"Pregunta {kind.value}",
            choices="Sí\nNo" if kind == kinds.CHOICE else "",
            required=kind == kinds.DATE,
        )

    words = desk.get(
        reverse("resource:preview", args=[whole_resource.pk])
    ).content.decode()

    places = [words.index(f"Pregunta {kind.value}") for kind in kinds]
    assert places == sorted(places, reverse=True)
    for control in ('type="file"', 'type="date"', 'type="radio"', "<textarea"):
        assert control in words
