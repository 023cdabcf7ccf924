"""Dates and times in words, as people read them in the active language.

Aware datetimes are told in the installation's own time zone (Django's current
one); a naive datetime is refused with ValueError, because nobody can say what
moment it is. Plain dates are taken as they are.

The words are tables and not translations of one sentence: Catalan elides
(*d’octubre*, *d’11 a 12 h*), and whoever adds a language must be asked
for all of its forms. A language without a table is told in English.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

NBSP = "\u00a0"


@dataclass(frozen=True)
class Words:
    """How one language says dates. Weeks begin on Monday; `months` carry the
    preposition where the language wants one, and `{…}` are places to fill."""

    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    day: str
    day_and_year: str
    hour: Callable[[time], str]
    at: Callable[[time], str]
    hours: Callable[[time, time], str]
    days: str
    moment: str
    zone: str


def _figures(at: time) -> str:
    """10, 9.30: hours in figures, with a point, as the Catalan and the Spanish
    style books of the administrations write them."""
    return f"{at.hour}.{at.minute:02}" if at.minute else str(at.hour)


def _hour(at: time) -> str:
    return f"{_figures(at)}{NBSP}h"


def _together(words: str) -> str:
    """`words` as one that no line end may break."""
    return words.replace(" ", NBSP)


def _catalan_at(at: time) -> str:
    article = "a la" if at.hour == 1 else "a les"
    return f"{article} {_hour(at)}"


def _catalan_hours(start: time, end: time) -> str:
    # One (una) and eleven (onze) begin with a vowel: the preposition elides.
    start_words = "d’" if start.hour in (1, 11) else "de "
    return _together(f"{start_words}{_figures(start)} a {_hour(end)}")


def _spanish_at(at: time) -> str:
    article = "a la" if at.hour == 1 else "a las"
    return f"{article} {_hour(at)}"


def _spanish_hours(start: time, end: time) -> str:
    return _together(f"de {_figures(start)} a {_hour(end)}")


def _english_hour(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _english_at(at: time) -> str:
    return f"at {_english_hour(at)}"


def _english_hours(start: time, end: time) -> str:
    return _together(f"{_english_hour(start)} to {_english_hour(end)}")


CATALAN = Words(
    weekdays=(
        "dilluns",
        "dimarts",
        "dimecres",
        "dijous",
        "divendres",
        "dissabte",
        "diumenge",
    ),
    weekdays_short=("dl.", "dt.", "dc.", "dj.", "dv.", "ds.", "dg."),
    months=(
        "de gener",
        "de febrer",
        "de març",
        "d’abril",
        "de maig",
        "de juny",
        "de juliol",
        "d’agost",
        "de setembre",
        "d’octubre",
        "de novembre",
        "de desembre",
    ),
    months_short=(
        "gen.",
        "febr.",
        "març",
        "abr.",
        "maig",
        "juny",
        "jul.",
        "ag.",
        "set.",
        "oct.",
        "nov.",
        "des.",
    ),
    day="{day} {month}",
    day_and_year="{day} {month} de {year}",
    hour=_hour,
    at=_catalan_at,
    hours=_catalan_hours,
    days="del {start} al {end}",
    moment="{date}, {at}",
    zone="hora de {place} ({abbreviation})",
)

SPANISH = Words(
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    weekdays_short=("lun.", "mar.", "mié.", "jue.", "vie.", "sáb.", "dom."),
    months=tuple(
        f"de {month}"
        for month in [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ]
    ),
    months_short=(
        "ene.",
        "feb.",
        "mar.",
        "abr.",
        "may.",
        "jun.",
        "jul.",
        "ago.",
        "sept.",
        "oct.",
        "nov.",
        "dic.",
    ),
    day="{day} {month}",
    day_and_year="{day} {month} de {year}",
    hour=_hour,
    at=_spanish_at,
    hours=_spanish_hours,
    days="del {start} al {end}",
    moment="{date}, {at}",
    zone="hora de {place} ({abbreviation})",
)

ENGLISH = Words(
    weekdays=(
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ),
    weekdays_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    months_short=(
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "June",
        "July",
        "Aug",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
    ),
    day="{day} {month}",
    day_and_year="{day} {month} {year}",
    hour=_english_hour,
    at=_english_at,
    hours=_english_hours,
    days="{start} to {end}",
    moment="{date} {at}",
    zone="{place} time ({abbreviation})",
)

LANGUAGES = {"ca": CATALAN, "es": SPANISH, "en": ENGLISH}


class Plate(NamedTuple):
    """What a date plate carries: *dj. 26 nov.*"""

    weekday: str
    day: int
    month: str


def _words() -> Words:
    return LANGUAGES.get((get_language() or "").split("-")[0], ENGLISH)


def _date(when: date) -> date:
    if isinstance(when, datetime):
        return timezone.localdate(when)
    return when


def _time(when: datetime) -> time:
    return timezone.localtime(when).time()


def _fill(pattern: str, when: date) -> str:
    day = _date(when)
    month = _words().months[day.month - 1]
    return pattern.format(day=day.day, month=month, year=day.year)


def weekday(when: date) -> str:
    """*dijous*"""
    return _words().weekdays[_date(when).weekday()]


def day(when: date) -> str:
    """*26 de novembre*: where the year is not in doubt."""
    return _fill(_words().day, when)


def short_date(when: date) -> str:
    """*26 de novembre de 2026*"""
    return _fill(_words().day_and_year, when)


def long_date(when: date) -> str:
    """*dijous 26 de novembre de 2026*"""
    return f"{weekday(when)} {short_date(when)}"


def hour(when: datetime) -> str:
    """*9.30 h*, with a no-break space; in English *9:30*."""
    return _words().hour(_time(when))


def time_range(starts: datetime, ends: datetime) -> str:
    """*de 9.30 a 12 h*: the hours only, for two moments of one day, in words that
    stay on one line."""
    return _words().hours(_time(starts), _time(ends))


def moment(when: datetime) -> str:
    """*dimecres 25 de novembre de 2026, a les 14 h*"""
    words = _words()
    return words.moment.format(date=long_date(when), at=words.at(_time(when)))


def span(starts: datetime, ends: datetime) -> str:
    """*dijous 26 de novembre de 2026, de 10 a 11 h*; over several days, both
    moments whole."""
    if _date(starts) == _date(ends):
        return f"{long_date(starts)}, {time_range(starts, ends)}"
    return _words().days.format(start=moment(starts), end=moment(ends))


def zone_name(when: datetime) -> str:
    """*hora de Barcelona (CET)*: for those who join from afar.

    The town is the setting TIME_ZONE_PLACE, or else the one in the name of the
    installation's time zone; the abbreviation is the one in force at that moment.
    """
    town = settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
    return _words().zone.format(
        place=getattr(settings, "TIME_ZONE_PLACE", town),
        abbreviation=timezone.localtime(when).tzname(),
    )


def plate(when: date) -> Plate:
    """What the date plate of that day carries."""
    words, day = _words(), _date(when)
    return Plate(
        words.weekdays_short[day.weekday()], day.day, words.months_short[day.month - 1]
    )


def given_name(name: str) -> str:
    """The first word of `name`, to address somebody by it; empty if it does not
    look like a given name.

    Whoever fills in a form chooses this name and the address it is mailed to:
    only letters and the signs names are written with may pass, so that nobody
    sends a link or a sentence to a stranger through us.
    """
    first = name.split(maxsplit=1)[0] if name.strip() else ""
    return first if _is_name(first) and len(first) > 1 else ""


def full_name(name: str) -> str:
    """The whole of `name`, to tell somebody who it is that writes; empty if it does not
    look like a name, for the same reason."""
    words = name.split()
    # Initials have a point, and whoever begins with the surname a comma.
    fits = len(words) <= MOST_WORDS and all(
        _is_name(word.rstrip(",") if len(word) > 3 else word.rstrip(".,"))
        for word in words
    )
    return " ".join(words) if fits else ""


# Maria del Mar Puig i Serra; longer is a sentence.
MOST_WORDS = 6


def _is_name(word: str) -> bool:
    letters = word.translate(dict.fromkeys(map(ord, "-'’·")))
    return letters.isalpha() and len(letters) <= 30
