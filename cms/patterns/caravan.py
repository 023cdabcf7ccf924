"""What the components of the caravan are shown with."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from community.models import LocalBody
from events.models import Mode

HOST, OTHER = "Gelida", "Granollers"


class SampleMoment(forms.Form):
    """A day and a time, of which several stand on a page."""

    default_renderer = PlacaRenderer()

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Write the day too.")},
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )


class SampleWriting(forms.Form):
    """What is saved as one types."""

    default_renderer = PlacaRenderer()

    title = forms.CharField(label=_("Title"))
    text = forms.CharField(label=_("The chronicle"), widget=forms.Textarea)


def caravan(about: Any, starts: datetime) -> SimpleNamespace:
    """What its pages say to everybody, and what the two sides of a stop have before
    them."""
    stops = listed(about, starts)
    return SimpleNamespace(
        stops=stops,
        map=drawn(stops),
        fields=fields(about),
        card=card(about, starts),
        tools=[
            SimpleNamespace(title=about.title, side=gettext("host"), is_required=True),
            SimpleNamespace(title=gettext("Slides"), side="", is_required=False),
        ],
        why=about.lead,
        **of_stop(about, starts),
    )


def listed(about: Any, starts: datetime) -> list[SimpleNamespace]:
    """Stops, each with how it stands for everybody."""
    return [
        SimpleNamespace(
            number=number,
            anchor=f"stop-sample-{number}",
            standing=standing,
            is_stop=number < 5,
            is_coming=number < 3,
            title=about.title,
            language=get_language(),
            field_label=gettext("Opening of public data"),
            body=LocalBody(code="mostra", name=HOST),
            other=LocalBody(code="altra", name=OTHER) if number > 1 else None,
            comarca="Alt Penedès",
            moment=starts + timedelta(days=60 - 30 * number),
            address="#" if standing == "practice" else "",
        )
        for number, standing in enumerate(
            ("next", "soon", "past", "practice", "practice"), start=1
        )
    ]


def drawn(stops: list[SimpleNamespace]) -> SimpleNamespace:
    """A province of one hill where they are drawn."""
    dots = [
        SimpleNamespace(
            mark=stop,
            x=60 * stop.number,
            y=80,
            from_x=60 * stop.number,
            from_y=120,
            left=60 * stop.number - 20,
            top=60,
            side=40,
            radius=20,
            gave_way=stop.number == 2,
        )
        for stop in stops
    ]
    return SimpleNamespace(
        ground={
            "width": 360,
            "height": 160,
            "land": "M10 150l0 -60 340 0 0 60z",
            "municipalities": "M90 90l0 60M180 90l0 60",
            "comarques": "M270 90l0 60",
        },
        shapes=["M90 90l90 0 0 60 -90 0z"],
        dots=dots,
        names=[SimpleNamespace(text=HOST, x=60, y=130, anchor="middle")],
        letters=18,
    )


def fields(about: Any) -> list[SimpleNamespace]:
    """The five, each with its tile."""
    tiles = {
        gettext("Services for particular groups"): ("petal", "g1 on2"),
        gettext("Opening of public data"): ("obert", "g3 on5"),
        gettext("Effective, practical transparency"): ("ull", "g4 on5"),
        gettext("Hyper-automated, easy services"): ("persiana", "g2 on1"),
        gettext("Big data and sensors"): ("anells", "g2 on3"),
    }
    return [
        SimpleNamespace(title=title, text=about.title, tile=tile, css=css)
        for title, (tile, css) in tiles.items()
    ]


def card(about: Any, starts: datetime) -> SimpleNamespace:
    """A good practice in a list."""
    practice = SimpleNamespace(
        get_field_display=gettext("Opening of public data"),
        language=get_language(),
        title=about.title,
        body=LocalBody(code="mostra", name=HOST),
        published=starts,
    )
    return SimpleNamespace(url="#", tile="obert", css="g3 on5", practice=practice)


# The two sides ------------------------------------------------------------------------


def of_stop(about: Any, starts: datetime) -> dict[str, Any]:
    """What stands on the pages of one stop."""
    one = stop(about, starts)
    words = gettext("the visit comes")
    draft = SimpleNamespace(
        key=one.key, written={"title": about.title}, saved_by="Ada Puig", saved=starts
    )
    other = SimpleNamespace(what=about.title, starts=starts)
    marked = SimpleNamespace(starts=starts)
    later = SimpleNamespace(starts=starts + timedelta(days=7))
    return {
        "stop": one,
        "of_body": SimpleNamespace(
            body=one.body,
            drafts=[draft],
            stops=[(one, words)],
            told=[(one, gettext("the date is being found"))],
        ),
        "steps": steps(starts, ("done", "done", "now", "ahead")),
        "stopped": steps(starts, ("done", "off", "off", "off")),
        "told": told(about, before=None),
        "told_again": told(about, before=about.title),
        "moments": [(marked, [other]), (later, [])],
        "wrong_moments": wrong_moments(),
        "writing": SampleWriting(auto_id="writing_%s"),
        "both": both(about),
        "parts": parts(about, starts),
    }


def stop(about: Any, starts: datetime) -> SimpleNamespace:
    """What a host says of its practice."""
    return SimpleNamespace(
        key=UUID(int=0),
        pk=1,
        title=about.title,
        body=LocalBody(code="mostra", name=HOST),
        case=SimpleNamespace(number="CAR-2026-0001", language=get_language()),
        appointment=SimpleNamespace(takes_place=True, starts=starts),
        get_field_display=gettext("Opening of public data"),
        summary=about.lead,
        social_value=about.title,
        difficulties=about.lead,
        get_status_display=gettext("being tried"),
        evidence=about.title,
        links="https://council.example/",
        get_form_display=Mode.IN_PERSON.label,
        place=gettext("Council hall"),
        accessibility=about.title,
        dates=about.title,
        may_show=False,
    )


def steps(starts: datetime, states: tuple[str, ...]) -> list[SimpleNamespace]:
    """A way of four stages, in these states."""
    titles = (
        gettext("It is sent"),
        gettext("The visit"),
        gettext("The chronicle"),
        gettext("The good practice is published"),
    )
    return [
        SimpleNamespace(
            title=title, state=state, when=starts if state == "done" else None
        )
        for title, state in zip(titles, states, strict=True)
    ]


def told(about: Any, before: str | None) -> list[SimpleNamespace]:
    """Two sections of a chronicle; of one that was read before, the second is no more
    there."""
    visit = SimpleNamespace(name="visit", title=gettext("The visit"))
    end = SimpleNamespace(name="end", title=about.topic.name)
    last = "" if before else about.title
    return [
        SimpleNamespace(section=visit, text=about.lead, before=before),
        SimpleNamespace(section=end, text=last, before=before),
    ]


def wrong_moments() -> forms.BaseFormSet:
    """A row that is right, and one that is not."""
    rows = forms.formset_factory(SampleMoment, extra=0)
    sent = {
        "moment-TOTAL_FORMS": "2",
        "moment-INITIAL_FORMS": "0",
        "moment-0-day": "2026-11-26",
        "moment-0-time": "10:00",
        "moment-1-time": "10:00",
    }
    return rows(sent, prefix="moment")


def both(about: Any) -> SampleWriting:
    """One that a colleague has saved meanwhile, with something else in it."""
    form = SampleWriting({"title": about.title}, auto_id="both_%s")
    form.fields["title"].theirs = about.topic.name
    return form


def parts(about: Any, starts: datetime) -> list[SimpleNamespace]:
    """Of a kit: to be done, done, being made and not made."""
    pdf = SimpleNamespace(kind="pdf", get_kind_display="PDF", size=24_300)
    docx = SimpleNamespace(kind="docx", get_kind_display="DOCX", size=41_800)
    made, none = SimpleNamespace(all=[pdf, docx]), SimpleNamespace(all=[])
    done_by = SimpleNamespace(get_full_name="Ada Puig")
    common = {"title": about.title, "required": False, "fault": "", "done": None}
    rows = (
        {"files": made, "required": True},
        {"files": made, "done": starts, "done_by": done_by},
        {"files": none},
        {"files": none, "fault": about.lead},
    )
    return [
        SimpleNamespace(pk=number, **{**common, **row})
        for number, row in enumerate(rows, start=1)
    ]
