"""The blanks that the words of a tool can have, and what a stop says in each."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from events.links import absolute
from events.wording import long_date, time_range
from workflows.caravan.models import CaravanSettings, Field, Form, Stop
from workflows.engine.filling import BLANK, IN_BRACES, OPTIONAL, blanks_of

from .markup import blank

FIELDS: Mapping[str, Promise] = {
    "title": _("title of the practice"),
    "field": _("field"),
    "summary": _("summary"),
    "host": _("local body that opens the door"),
    "contact": _("contact person of the host"),
    "contact_email": _("e-mail of the contact"),
    "contact_phone": _("telephone of the contact"),
    "rapporteur": _("name of the rapporteur"),
    "rapporteur_body": _("local body of the rapporteur"),
    "date": _("day of the visit"),
    "time": _("hours of the visit"),
    "form": _("form of visit"),
    "place": _("where people meet"),
    "accessibility": _("accessibility"),
    "link": _("address of the stop, and then of the practice"),
    "number": _("number of the case"),
    "office": _("unit that looks after it"),
    "office_email": _("e-mail of that unit"),
}
# Not every stop has them.
MAY_LACK = ("accessibility", "contact_phone", "office_email", "place", "summary")

EXAMPLE: Mapping[str, str] = {
    "title": "Cita prèvia sense trucades",
    "summary": "",
    "host": "Ajuntament de Vilamostra",
    "contact": "Ada Puig",
    "contact_email": "ada@vilamostra.example",
    "contact_phone": "",
    "rapporteur": "Biel Soler",
    "rapporteur_body": "Ajuntament de Vilaveïna",
    "accessibility": "",
    "number": "CAR-2026-0000",
    "office_email": "",
}

# What belongs on the lines of a paper that is filled in by hand, as short as it can be.
LINES: Mapping[str, Promise] = {
    "title": pgettext_lazy("on paper", "title of the practice"),
    "field": pgettext_lazy("on paper", "field"),
    "host": pgettext_lazy("on paper", "body that shows it"),
    "contact": pgettext_lazy("on paper", "contact person"),
    "contact_email": pgettext_lazy("on paper", "e-mail"),
    "contact_phone": pgettext_lazy("on paper", "telephone"),
    "rapporteur": pgettext_lazy("on paper", "who tells of it"),
    "rapporteur_body": pgettext_lazy("on paper", "her or his local body"),
    "date": pgettext_lazy("on paper", "day"),
    "time": pgettext_lazy("on paper", "hours"),
    "form": pgettext_lazy("on paper", "form of visit"),
    "place": pgettext_lazy("on paper", "where people meet"),
    "accessibility": pgettext_lazy("on paper", "accessibility"),
    "number": pgettext_lazy("on paper", "number of the case"),
}


class Broken(Exception):
    """A blank of a text is none that there is: which, in words."""


def values_of(stop: Stop) -> dict[str, str]:
    """What `stop` says in each blank, in the active language. Its day is fixed, and
    somebody tells of it."""
    visit, offer, case = stop.appointment, stop.rapporteur, stop.case
    return {
        "title": _inside(stop.title),
        "field": _label(Field, stop.field),
        "summary": stop.summary,
        "host": stop.body.name,
        "contact": stop.contact_name or case.name,
        "contact_email": stop.contact_email or case.email,
        "contact_phone": stop.contact_phone,
        "rapporteur": offer.user.get_full_name() or offer.user.email,
        "rapporteur_body": offer.body.name,
        "date": long_date(visit.starts),
        "time": time_range(visit.starts, visit.ends),
        "form": _label(Form, stop.form),
        "place": _inside(str(visit.place)),
        "accessibility": _inside(stop.accessibility),
        "link": link_of(stop),
        "number": case.number,
        "office": str(case.unit),
        "office_email": case.unit.email,
    }


def example() -> dict[str, str]:
    """An invented stop, where there is none to look at."""
    starts = timezone.now().replace(hour=9, minute=0) + timedelta(days=30)
    return {
        **EXAMPLE,
        "field": str(Field.SERVICES.label),
        "form": str(Form.IN_PERSON.label),
        "date": long_date(starts),
        "time": time_range(starts, starts + timedelta(hours=2)),
        "place": gettext("the town hall"),
        "link": absolute(reverse("caravan_map")),
        "office": gettext("the office"),
    }


def by_hand(link: str) -> dict[str, str]:
    """Lines to write on, where nobody knows yet what a stop says, and who looks after
    the caravan, of which one reads at `link`."""
    unit = CaravanSettings.load().unit
    lines = {name: blank(str(label)) for name, label in LINES.items()}
    return {
        # What is too long for a line is left out.
        "summary": "",
        **lines,
        "link": link,
        "office": str(unit) if unit else gettext("the office"),
        "office_email": unit.email if unit else "",
    }


def _inside(words: str) -> str:
    """`words` as they stand in a sentence, which has a full stop of its own."""
    return words.strip().removesuffix(".")


def _label(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label) if value in choices.values else ""


def link_of(stop: Stop) -> str:
    """Where everybody reads of `stop`: the page of its practice, once it is published,
    or else its place on the map."""
    practice = getattr(stop, "practice", None)
    page = practice.page if practice else None
    if page and page.live and page.full_url:
        return page.full_url
    return absolute(f"{reverse('caravan_map')}#stop-{stop.pk}")


def faults(text: str) -> list[str]:
    """What is wrong with the blanks of `text`, in words."""
    strange = [one for one in IN_BRACES.findall(text) if one[1:-1] not in FIELDS]
    found = [gettext("There is no field %s.") % one for one in dict.fromkeys(strange)]
    if set("{}") & set(IN_BRACES.sub("", text)):
        found.append(gettext("There is a brace without its other half."))
    always = OPTIONAL.sub("", text)
    found += [
        gettext(
            "Not every stop has %(field)s: put it in square brackets, with the words "
            "that go with it. Where it is missing, all that is left out."
        )
        % {"field": f"{{{name}}}"}
        for name in sorted(blanks_of(always) & set(MAY_LACK))
    ]
    return found


def check(text: str) -> None:
    """Raises Broken if a blank of `text` is none that there is, or has no other
    half."""
    unknown = [one for one in IN_BRACES.findall(text) if one[1:-1] not in FIELDS]
    if unknown:
        raise Broken(gettext("There is no field %s.") % unknown[0])
    if set("{}") & set(BLANK.sub("", text)):
        raise Broken(gettext("There is a brace without its other half."))
