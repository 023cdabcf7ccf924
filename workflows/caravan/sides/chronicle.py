"""The chronicle of a stop: what the rapporteur brings back, section by section.

Each verb holds the lock of the case: whether who acts still is its rapporteur, and
whether it can still be written, is asked there.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.models import User
from workflows.caravan import parties
from workflows.caravan.models import Chronicle, Stop

from . import standing
from .drafts import Changed, Over

Words = str | Promise
LONGEST = 5000


@dataclass(frozen=True)
class Section:
    """A part of a chronicle, and of the good practice made from it: `help` asks the
    question that it answers. One with `choices` (value, words) takes one of them."""

    name: str
    title: Words
    help: Words
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    rows: int = 6


COSTS = (
    ("none", gettext_lazy("no expense")),
    ("low", gettext_lazy("up to 5,000 euros")),
    ("middle", gettext_lazy("from 5,000 to 20,000 euros")),
    ("high", gettext_lazy("from 20,000 to 60,000 euros")),
    ("top", gettext_lazy("more than 60,000 euros")),
)
EFFORTS = (
    ("days", gettext_lazy("some days of one person")),
    ("weeks", gettext_lazy("some weeks of one person")),
    ("months", gettext_lazy("some months of a small team")),
    ("year", gettext_lazy("a year or more of a team")),
)

SECTIONS = (
    Section(
        "summary",
        gettext_lazy("In short"),
        gettext_lazy("What was done, for whom and what changed, in three sentences."),
        required=True,
        rows=4,
    ),
    Section(
        "problem",
        gettext_lazy("The problem"),
        gettext_lazy("What did not work, and for whom?"),
        required=True,
    ),
    Section(
        "solution",
        gettext_lazy("The solution"),
        gettext_lazy("What did they do, and how does it work today?"),
        required=True,
    ),
    Section(
        "before",
        gettext_lazy("Before, in figures"),
        gettext_lazy("How long, how many, how much: the figures with their year."),
        rows=4,
    ),
    Section(
        "after",
        gettext_lazy("After, in figures"),
        gettext_lazy("The same figures now, and where they come from."),
        rows=4,
    ),
    Section(
        "cost",
        gettext_lazy("What it cost"),
        gettext_lazy("All of it until it ran, without the work of the own staff."),
        choices=COSTS,
    ),
    Section(
        "effort",
        gettext_lazy("How much work it was"),
        gettext_lazy("Of the own staff, until it ran."),
        choices=EFFORTS,
    ),
    Section(
        "technology",
        gettext_lazy("Technology"),
        gettext_lazy("Programs and services, and whether another body can use them."),
        rows=4,
    ),
    Section(
        "team",
        gettext_lazy("Team"),
        gettext_lazy("Which posts took part, inside and outside. No names, please."),
        rows=4,
    ),
    Section(
        "difficulties",
        gettext_lazy("Difficulties"),
        gettext_lazy("What went wrong, and how did they go on?"),
        rows=4,
    ),
    Section(
        "advice",
        gettext_lazy("Advice"),
        gettext_lazy("What would they say to a body that begins tomorrow?"),
        required=True,
        rows=4,
    ),
)
BY_NAME = {section.name: section for section in SECTIONS}

# While these steps are open, the rapporteur writes.
WRITTEN_AT = ("dates", "visit", "chronicle")


class Told(NamedTuple):
    """A section as it is read. `before` is what was read the time before, where that
    was something else; None where it is the same, or nothing was read yet."""

    section: Section
    text: str
    before: str | None = None


def in_words(name: str, value: str) -> str:
    """What a section says, in the active language."""
    section = BY_NAME.get(name)
    chosen = dict(section.choices) if section else {}
    return str(chosen.get(value, value))


def told(
    content: Mapping[str, str], before: Mapping[str, str] | None = None
) -> list[Told]:
    """The sections that say something, or said it `before`, in their order."""
    return list(_told(content, before or {}))


def _told(content: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Told]:
    for section in SECTIONS:
        now = in_words(section.name, content.get(section.name, ""))
        old = in_words(section.name, before.get(section.name, ""))
        is_new = bool(before) and now != old
        if now or is_new:
            yield Told(section, now, old if is_new else None)


def of(stop: Stop) -> Chronicle:
    """That of `stop`; one that nobody has written in yet is not saved."""
    return Chronicle.objects.filter(stop=stop).select_related(
        "saved_by"
    ).first() or Chronicle(stop=stop)


def is_open(stop: Stop) -> bool:
    """Whether it is still being written."""
    return standing.step_of(stop) in WRITTEN_AT


def save(stop: Stop, written: dict[str, Any], *, version: int, by: User) -> Chronicle:
    """Keep what was `written` by who had read that `version`. Raises Changed, Over and
    PermissionDenied."""
    with opened(stop, by) as found:
        row, _made = Chronicle.objects.get_or_create(stop=found)
        if row.written == written:
            return row
        if row.version != version:
            raise Changed(row)
        row.written, row.saved_by = written, by
        row.version += 1
        row.save(update_fields=["written", "version", "saved", "saved_by"])
        return row


@contextmanager
def opened(stop: Stop, by: User) -> Iterator[Stop]:
    """`stop` as it is now, for its rapporteur to write of it. Raises Over and
    PermissionDenied."""
    flow = stop.case.process.flow_class
    with flow.lock(stop.case.process_id), transaction.atomic():
        rows = Stop.objects.select_related("case__process", "rapporteur__body")
        found = rows.get(pk=stop.pk)
        party = parties.party_of(found, by)
        if party is None or not party.writes_chronicle:
            raise PermissionDenied
        if not is_open(found):
            raise Over
        yield found


# Before it goes to the host -----------------------------------------------------------


def missing(stop: Stop) -> dict[str, str]:
    """What has to be there before it is sent and is not, in words, by the name of its
    section; that of pictures under "photographs"."""
    written = of(stop).written
    found = {
        section.name: _("Write something here.")
        for section in SECTIONS
        if section.required and not written.get(section.name, "").strip()
    }
    # What another version of the site had offered is no answer any more.
    found |= {
        section.name: _("Choose one.")
        for section in SECTIONS
        if section.choices
        and written.get(section.name, "") not in ("", *dict(section.choices))
    }
    found |= {
        section.name: _("It has %(now)d characters, and there is room for %(most)d.")
        % {"now": len(written[section.name]), "most": LONGEST}
        for section in SECTIONS
        if len(written.get(section.name, "")) > LONGEST
    }
    lacking = sum(not each.is_ready for each in stop.photographs.all())
    if lacking:
        found["photographs"] = ngettext(
            "%(number)d picture lacks words, or the consent of who is in it.",
            "%(number)d pictures lack words, or the consent of who is in them.",
            lacking,
        ) % {"number": lacking}
    return found


def hand_over(stop: Stop) -> Chronicle:
    """What is written now is what the host reads, beside what it had read before. Call
    it with the case locked."""
    row, _made = Chronicle.objects.get_or_create(stop=stop)
    row.before, row.sent, row.wanted = row.sent, row.written, ""
    row.save(update_fields=["before", "sent", "wanted"])
    return row


def send_back(stop: Stop, text: str) -> None:
    """The host wants `text` to be changed. Call it with the case locked."""
    Chronicle.objects.filter(stop=stop).update(wanted=text, saved=timezone.now())
