"""How a stop stands, for its two sides: at which step it is, what was done and what
comes next."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.status import STATUS

from community.cover import today
from events.wording import long_date
from workflows.caravan.models import GoodPractice, Side, Stop
from workflows.caravan.parties import Party
from workflows.engine.kinds import Outlook, kind_of, outcome_words

# Of the flow, by the names that are stored.
AMEND, ASKED, DATES, VISIT = "amend", "asked", "dates", "visit"
CHRONICLE, VALIDATE, PUBLISH = "chronicle", "validate", "publish"
EVALUATE = "evaluate"
WAITING = (STATUS.NEW, STATUS.ASSIGNED, STATUS.SCHEDULED, STATUS.ERROR)

# The host has said that the chronicle is right.
PREPARED = ("draft", PUBLISH)

DONE, NOW, AHEAD, OFF = "done", "now", "ahead", "off"


class Stage(NamedTuple):
    """A part of the way that people know, and the steps of the flow that belong to
    it."""

    name: str
    title: str | Promise
    steps: tuple[str, ...]


STAGES = (
    Stage("sent", _("It is sent"), ()),
    Stage("review", _("The team looks at it"), ("review", AMEND)),
    Stage("match", _("Somebody who tells of it"), ("match", ASKED)),
    Stage("dates", _("The date"), (DATES,)),
    Stage("visit", _("The visit"), (VISIT,)),
    Stage("chronicle", _("The chronicle"), (CHRONICLE, VALIDATE)),
    Stage("publish", _("The good practice is published"), PREPARED),
    Stage(EVALUATE, _("How both sides found it"), (EVALUATE,)),
)


class Step(NamedTuple):
    """A stage of one stop: `state` is done, now, ahead or off (it will not come); and
    when it was, where that is known."""

    title: str | Promise
    state: str
    when: datetime | None = None


def step_of(stop: Stop) -> str:
    """The name of the step at which it is; "" if it is a draft, or over."""
    if stop.case is None:
        return ""
    # Among all, since lists have fetched them already.
    tasks = stop.case.process.task_set.all()
    names = {task.flow_task.name for task in tasks if task.status in WAITING}
    known = [name for stage in STAGES for name in stage.steps if name in names]
    return known[-1] if known else ""


def steps(stop: Stop, here: str) -> list[Step]:
    """The way of a stop that was sent and is at the step `here`."""
    at = [i for i, stage in enumerate(STAGES) if here in stage.steps]
    reached = at[0] if at else len(STAGES) if stop.case.state == "finished" else 1
    is_off = not stop.case.is_active and published(stop) is None
    whens = _whens(stop)
    found = [
        Step(stage.title, _state(i, reached, is_off), whens.get(stage.name))
        for i, stage in enumerate(STAGES)
    ]
    if reached == len(STAGES) and not stop.evaluations.exists():
        # Nobody has said it in time.
        found[-1] = found[-1]._replace(state=OFF)
    return found


def _state(index: int, reached: int, is_off: bool) -> str:
    if index == 0 or index < reached and not is_off:
        return DONE
    if is_off:
        return OFF
    return NOW if index == reached else AHEAD


def published(stop: Stop) -> GoodPractice | None:
    """What came of it, once everybody could read it; None before."""
    practice = getattr(stop, "practice", None)
    return practice if practice and practice.published else None


def _whens(stop: Stop) -> dict[str, datetime | None]:
    meeting, practice = stop.appointment, published(stop)
    return {
        "sent": stop.case.created,
        "visit": meeting.starts if meeting and meeting.takes_place else None,
        "publish": practice.published if practice else None,
    }


def in_words(stop: Stop) -> str:
    """How a stop that was sent stands, in a few words."""
    if not stop.case.is_active:
        return outcome_words(stop.case) or stop.case.get_state_display()
    here = step_of(stop)
    return str(WORDS.get(here, _("under way")))


# Of each step, for either side.
WORDS = {
    "review": _("the team looks at it"),
    AMEND: _("to be amended by the host"),
    "match": _("the team looks for a rapporteur"),
    ASKED: _("the rapporteur is asked"),
    DATES: _("the date is being found"),
    VISIT: _("the visit comes"),
    CHRONICLE: _("the rapporteur writes the chronicle"),
    VALIDATE: _("the host reads the chronicle"),
    "draft": _("the team prepares the good practice"),
    PUBLISH: _("the team prepares the good practice"),
    EVALUATE: _("it is published, and both sides say how it went"),
}


# What each side does ------------------------------------------------------------------


class Todo(NamedTuple):
    """Something that she who looks can do. What `waits` is hers to do now; the rest she
    has done, and can change."""

    text: str
    button: str
    url: str
    waits: bool = True


class Item(NamedTuple):
    """Something of a side's own list. `by` is until when, where that is known; `done`
    and when, where it is done."""

    text: str
    is_done: bool
    done: datetime | None = None
    by: datetime | date | None = None


def todo(stop: Stop, party: Party, here: str) -> list[Todo]:
    """What is hers to do at the step `here`."""
    if not party.writes:
        return []
    return list(
        _of_host(stop, here) if party.is_host else _of_teller(stop, party, here)
    )


def _of_host(stop: Stop, here: str) -> Iterator[Todo]:
    if here == AMEND:
        text = gettext("Something in what you sent has to be amended.")
        page = reverse("caravan_draft", args=[stop.body.code, stop.key])
        yield Todo(text, gettext("Amend it"), page)
    if here == DATES:
        yield _dates(stop, Side.HOST)
    if here == VALIDATE:
        text = gettext("The chronicle is here. Say whether it is right.")
        page = reverse("caravan_validate", args=[stop.key])
        yield Todo(text, gettext("Read the chronicle"), page)
    if published(stop) and not _has_said(stop, Side.HOST):
        yield _evaluation(stop)


def _of_teller(stop: Stop, party: Party, here: str) -> Iterator[Todo]:
    if party.is_asked and here == ASKED:
        text = gettext("You are asked to visit it and tell of it.")
        page = reverse("caravan_answer", args=[stop.key])
        yield Todo(text, gettext("Say whether you come"), page)
    if not party.comes:
        return
    if here == DATES:
        yield _dates(stop, Side.RAPPORTEUR)
    if here == CHRONICLE:
        text = gettext("Write what you saw and heard, and send it to the host.")
        page = reverse("caravan_chronicle", args=[stop.key])
        yield Todo(text, gettext("Write the chronicle"), page)
    if published(stop) and not _has_said(stop, Side.RAPPORTEUR):
        yield _evaluation(stop)


def _dates(stop: Stop, side: Side) -> Todo:
    page = reverse("caravan_dates", args=[stop.key])
    if stop.possible_dates.filter(side=side).exists():
        text = gettext("The team fixes the date. You can still change your days.")
        return Todo(text, gettext("Change my days"), page, waits=False)
    text = gettext("Say on which days and at what time the visit can be.")
    return Todo(text, gettext("Mark my days"), page)


def _evaluation(stop: Stop) -> Todo:
    text = gettext("Tell us how it went: it helps the next ones.")
    page = reverse("caravan_evaluate", args=[stop.key])
    return Todo(text, gettext("Say how it went"), page)


def _has_said(stop: Stop, side: Side) -> bool:
    return stop.evaluations.filter(side=side).exists()


def checklist(stop: Stop, party: Party, here: str) -> list[Item]:
    """All that the side of `party` does, in order."""
    side = Side(party.side)
    meeting = stop.appointment
    visit = meeting.starts if meeting and meeting.takes_place else None
    begins = (
        Item(gettext("Send the form"), True, stop.case.created)
        if party.is_host
        else Item(
            pgettext("of a checklist", "Say whether you come"),
            party.comes,
            party.pairing.answered,
        )
    )
    marked = visit is not None or stop.possible_dates.filter(side=side).exists()
    return [
        begins,
        Item(gettext("Mark the days that suit you"), marked),
        Item(gettext("Go through the kit"), _kit_is_done(stop, side), by=visit),
        _visit(stop, party, visit),
        _written(stop, party, here),
        Item(
            pgettext("of a checklist", "Say how it went"),
            _has_said(stop, side),
            by=stop.case.answer_by if here == EVALUATE else None,
        ),
    ]


def _visit(stop: Stop, party: Party, when: datetime | None) -> Item:
    receives, visits = gettext("Receive the visit"), gettext("Make the visit")
    text = receives if party.is_host else visits
    if stop.held:
        return Item(text, True, when or stop.held)
    return Item(text, False, by=when)


def _written(stop: Stop, party: Party, here: str) -> Item:
    reads, writes = (
        pgettext("of a checklist", "Read the chronicle"),
        pgettext("of a checklist", "Write the chronicle"),
    )
    is_read = here in (*PREPARED, EVALUATE) or published(stop) is not None
    if party.is_host:
        return Item(reads, is_read)
    return Item(writes, is_read or here == VALIDATE)


def _kit_is_done(stop: Stop, side: Side) -> bool:
    """Whether nothing that is required of that side is left of the kit."""
    own = stop.kit.filter(required=True, version__tool__side__in=("", side))
    return own.exists() and not own.filter(done=None).exists()


def outlook(stop: Stop, party: Party, here: str) -> Outlook:
    """What who looks reads first: how it stands, and what comes next."""
    said = None
    if here == EVALUATE:
        return _to_evaluate(stop, Side(party.side))
    if stop.case.is_active:
        words = _to_host if party.is_host else _to_teller
        said = words(stop).get(here)
    if said is None:
        return kind_of(stop.case).outlook(stop.case)
    return Outlook(*said)


def _to_evaluate(stop: Stop, side: Side) -> Outlook:
    if _has_said(stop, side):
        words = gettext(
            "Thank you: we have what your side thinks. We wait for the other side "
            "until %(day)s at the latest, and then the stop is closed."
        )
    else:
        words = gettext(
            "Everybody can read it. Say how it went by %(day)s at the latest: then the "
            "stop is closed."
        )
    text = words % {"day": long_date(stop.case.answer_by or today())}
    return Outlook(gettext("The good practice is published"), text, tone="yes")


def _to_host(stop: Stop) -> dict[str, tuple[str, str]]:
    prepares = (
        gettext("The team prepares the page"),
        gettext(
            "You said that the chronicle is right. We write to you once it is there."
        ),
    )
    return {
        "match": (
            gettext("The caravan stops at your place"),
            gettext("We look for somebody who visits you, and write to you."),
        ),
        ASKED: (
            gettext("Somebody is asked to visit you"),
            gettext("As soon as it is sure who comes, we write to you."),
        ),
        DATES: (
            gettext("The date is being found"),
            gettext("The team fixes it by what both sides mark, and invites you."),
        ),
        VISIT: (gettext("The date is fixed"), _ahead(stop)),
        CHRONICLE: (
            gettext("The chronicle is being written"),
            gettext("The rapporteur writes it, and then you read it first."),
        ),
        VALIDATE: (
            gettext("The chronicle waits for you"),
            gettext("Say whether it is right, or what has to change."),
        ),
        "draft": prepares,
        PUBLISH: prepares,
    }


def _to_teller(stop: Stop) -> dict[str, tuple[str, str]]:
    prepares = (
        gettext("The chronicle is right"),
        gettext("The team prepares the page, and writes to you once it is there."),
    )
    return {
        ASKED: (
            gettext("You are asked to tell of it"),
            gettext("Look at what it is about, and say whether you come."),
        ),
        DATES: (
            gettext("The date is being found"),
            gettext("The team fixes it by what both sides mark, and invites you."),
        ),
        VISIT: (gettext("The date is fixed"), _ahead(stop)),
        CHRONICLE: (
            gettext("The chronicle is yours to write"),
            gettext("It is saved as you write. Then the host reads it."),
        ),
        VALIDATE: (
            gettext("The host reads your chronicle"),
            gettext("You get a mail when it is right, or if something has to change."),
        ),
        "draft": prepares,
        PUBLISH: prepares,
    }


def _ahead(stop: Stop) -> str:
    if stop.appointment is None:
        return gettext("We write to you with news.")
    words = gettext("The visit is on %(day)s. The kit says how to prepare it.")
    return words % {"day": long_date(stop.appointment.starts)}
