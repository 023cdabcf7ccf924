"""Dates are said as people say them, in the three languages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from events import wording

BARCELONA = ZoneInfo("Europe/Madrid")


@pytest.fixture(autouse=True)
def _zone_of_the_installation(settings):
    settings.TIME_ZONE = "Europe/Madrid"
    settings.TIME_ZONE_PLACE = "Barcelona"


def at(hour: int, minute: int = 0, day: date = date(2026, 11, 26)) -> datetime:
    """That hour of that day, on the clock of the town."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BARCELONA)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ca", "dijous 26 de novembre de 2026"),
        ("es", "jueves 26 de noviembre de 2026"),
        ("en", "Thursday 26 November 2026"),
        ("fr", "Thursday 26 November 2026"),
    ],
)
def test_a_long_date_has_its_weekday_in_the_readers_language(language, said):
    with translation.override(language):
        assert wording.long_date(at(10)) == said


@pytest.mark.parametrize(
    ("month", "said"),
    [(1, "7 de gener"), (4, "7 d’abril"), (8, "7 d’agost"), (10, "7 d’octubre")],
)
def test_catalan_months_elide_before_a_vowel(month, said):
    with translation.override("ca"):
        assert wording.day(date(2027, month, 7)) == said
        assert wording.short_date(date(2027, month, 7)) == f"{said} de 2027"


@pytest.mark.parametrize(
    ("language", "starts", "ends", "said"),
    [
        ("ca", (10, 0), (11, 0), "de 10 a 11 h"),
        ("ca", (9, 30), (12, 0), "de 9.30 a 12 h"),
        ("ca", (11, 0), (12, 5), "d’11 a 12.05 h"),
        ("ca", (11, 30), (13, 0), "d’11.30 a 13 h"),
        ("ca", (1, 0), (2, 0), "d’1 a 2 h"),
        ("es", (11, 0), (12, 30), "de 11 a 12.30 h"),
        ("en", (9, 5), (11, 0), "9:05 to 11:00"),
    ],
)
def test_hours_are_said_from_one_to_the_other(language, starts, ends, said):
    with translation.override(language):
        told = wording.time_range(at(*starts), at(*ends))

    assert told == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("language", "hour", "said"),
    [
        ("ca", 14, "dimecres 25 de novembre de 2026, a les 14 h"),
        ("ca", 1, "dimecres 25 de novembre de 2026, a la 1 h"),
        ("es", 14, "miércoles 25 de noviembre de 2026, a las 14 h"),
        ("es", 1, "miércoles 25 de noviembre de 2026, a la 1 h"),
        ("en", 14, "Wednesday 25 November 2026 at 14:00"),
    ],
)
def test_a_deadline_is_said_with_weekday_date_and_hour(language, hour, said):
    with translation.override(language):
        told = wording.moment(at(hour, day=date(2026, 11, 25)))

    assert told == said.replace(" h", "\u00a0h")


def test_a_session_over_midnight_tells_both_days():
    with translation.override("ca"):
        told = wording.span(at(22), at(1, day=date(2026, 11, 27)))

    assert told.replace("\u00a0", " ") == (
        "del dijous 26 de novembre de 2026, a les 22 h"
        " al divendres 27 de novembre de 2026, a la 1 h"
    )


@pytest.mark.parametrize(
    ("when", "hours", "zone"),
    [
        (datetime(2026, 10, 24, 8, tzinfo=UTC), "de 10 a 11 h", "CEST"),
        (datetime(2026, 10, 26, 9, tzinfo=UTC), "de 10 a 11 h", "CET"),
    ],
)
def test_the_town_clock_is_told_on_both_sides_of_its_change(when, hours, zone):
    with translation.override("ca"):
        told = wording.time_range(when, when.replace(hour=when.hour + 1))
        place = wording.zone_name(when)

    assert told == hours.replace(" ", "\u00a0")
    assert place == f"hora de Barcelona ({zone})"


def test_a_moment_just_before_midnight_falls_on_the_towns_day():
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)

    with translation.override("ca"):
        assert wording.plate(late) == ("dj.", 26, "nov.")


def test_without_a_named_town_the_zone_gives_its_own(settings):
    del settings.TIME_ZONE_PLACE

    with translation.override("en"):
        assert wording.zone_name(at(10)) == "Madrid time (CET)"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        wording.moment(datetime(2026, 11, 26, 10))  # noqa: DTZ001


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_a_plate_has_short_words_for_each_day_of_the_year(language):
    with translation.override(language):
        plates = [wording.plate(date(2026, month, 1)) for month in range(1, 13)]

    assert len({plate.month for plate in plates}) == 12
    assert all(len(plate.month) <= 5 and len(plate.weekday) <= 4 for plate in plates)


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("Montserrat Güell i Coromines", "Montserrat"),
        ("  Anna-Maria   Soler", "Anna-Maria"),
        ("Gal·la Vidal", "Gal·la"),
        ("M. Carme Puig", ""),
        ("https://example.com gratis", ""),
        ("", ""),
        ("\u202e\u202e", ""),
    ],
)
def test_only_what_looks_like_a_given_name_is_used_to_address_people(name, addressed):
    assert wording.given_name(name) == addressed


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Montserrat Güell i Coromines", "Montserrat Güell i Coromines"),
        ("  M. Carme   Puig-Vila", "M. Carme Puig-Vila"),
        ("Gal·la Vidal d’Ors", "Gal·la Vidal d’Ors"),
        ("Puig, Ada", "Puig, Ada"),
        ("Ada example.org", ""),
        ("Ada https://example.com", ""),
        ("Truqueu ara mateix al 900123456", ""),
        ("Heu guanyat un premi i us esperem", ""),
        ("", ""),
    ],
)
def test_only_what_looks_like_a_name_is_told_to_somebody_who_did_not_ask(name, told):
    assert wording.full_name(name) == told
