"""What the components are shown with: things of nobody, that no database has."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cms.choosing import Choice, Chosen, pick
from cms.form_renderer import PlacaRenderer
from cms.furniture import Notice
from cms.models import Author, Material, Speaker
from cms.search.finding import Result, Search
from cms.search.kinds import Shown
from community.messages.compose import compose
from community.models import LocalBody, Topic
from events.models import Mode, Registration, Series, Session
from events.standing import Kind, Standing

from .caravan import caravan

STARTS = datetime(2026, 11, 26, 9, tzinfo=UTC)
# Not the key of any row: what it is related to is said here.
NOWHERE = -1

# How each kind of result is shown.
PAGE = "components/search_result.html"
SESSION = "components/search_session.html"

# Of the mails, one that brings, one that waits, one that changes and one that ends.
MAILS = (
    "registration_confirmed",
    "registration_waiting",
    "session_moved",
    "session_cancelled",
)


class Titled(SimpleNamespace):
    """A thing that is called by its title."""

    def __str__(self) -> str:
        return self.title


class SampleForm(forms.Form):
    """A field of each kind that public forms have, by the names they have there."""

    default_renderer = PlacaRenderer()

    name = forms.CharField(
        label=_("Name and surnames"),
        error_messages={"required": _("Write your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Rather that of your work."),
        error_messages={
            "invalid": _("Write the whole address, for example name@council.example.")
        },
    )
    body = forms.CharField(
        label=_("Local body"),
        error_messages={"required": _("Write the name of your local body.")},
    )
    other_body = forms.BooleanField(label=_("It is not in the list"), required=False)
    position = forms.CharField(label=_("Position or work"), required=False)
    mode = forms.ChoiceField(
        label=_("How will you take part?"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    question = forms.CharField(
        label=_("Your question"), required=False, widget=forms.Textarea
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("ca", "Català"), ("es", "Castellano")]
    )
    code = forms.CharField(
        label=_("Code of the session"), required=False, disabled=True, initial="MOSTRA"
    )
    sign_language = forms.BooleanField(label=_("Catalan sign language"), required=False)
    materials_before = forms.BooleanField(
        label=_("The materials beforehand"), required=False
    )
    telephone = forms.BooleanField(label=_("To join by telephone"), required=False)
    other_needs = forms.CharField(label=_("Something else"), required=False)
    needs_consent = forms.BooleanField(
        label=_("Yes, you may keep what I need"), required=False
    )
    website = forms.CharField(label=_("Leave this empty"), required=False)


class SampleComment(forms.Form):
    """As people write under what others propose; robots fill in the last."""

    default_renderer = PlacaRenderer()

    text = forms.CharField(label=_("Your comment"), widget=forms.Textarea)
    website = forms.CharField(label=_("Leave it empty"), required=False)


def samples() -> dict[str, Any]:
    """All of them, by name, in the active language."""
    sessions = {kind.value: session(kind) for kind in Kind}
    open_one = sessions["open"]
    return {
        **sessions,
        "chosen": session(Kind.FULL, audience="chosen", approval=True, body_limit=2),
        "in_person": session(Kind.OPEN, format="in_person"),
        "hybrid": session(Kind.OPEN, format="hybrid"),
        "topics": topics(),
        "alerts": alerts(),
        "messages": said(),
        "form": SampleForm(),
        "wrong": SampleForm(
            {"email": "ada@", "body": "Sant", "language": "ca"}, auto_id="wrong_%s"
        ),
        "bodies": [("Gelida", "Alt Penedès"), ("Granollers", "Vallès Oriental")],
        "suggestions": [
            LocalBody(code="1", name="Sant Feliu de Codines"),
            LocalBody(code="2", name="Sant Feliu Sasserra"),
        ],
        "confirmed": registration(open_one, "confirmed"),
        "waiting": registration(sessions["full"], "waiting"),
        "receipts": [
            {"name": "Ada Puig", "state": state}
            for state in ("confirmed", "waiting", "pending")
        ],
        "author": Author(name="Laia Mostra", role=gettext("Municipal secretary")),
        "speakers": speakers(),
        "materials": materials(),
        "attachments": [document()],
        "case": {"token": "sample"},
        "files": [{"pk": 1, "name": "acta-mostra.pdf", "size": 24_300}],
        "article": article(),
        "page": SimpleNamespace(url=""),
        "all": chosen(""),
        "filtered": chosen("topic=data&page=2"),
        "last": chosen("page=4"),
        "held_record": held(),
        "results": results(sessions["full"]),
        "nothing": Search(QueryDict("q=xyzzyx")),
        "verdict": verdict(),
        "choice": SimpleNamespace(
            form=SampleForm(auto_id="which_%s"), suggestions=[], all_bodies=[]
        ),
        "of_body": of_body(open_one, article()),
        "proposal": proposal(article()),
        "caravan": caravan(article(), STARTS),
        "figures": figures(),
        "room": SimpleNamespace(phone="+34930000000", phone_code="123456789"),
        "ways": [
            SimpleNamespace(title=gettext("Home page"), url="#"),
            SimpleNamespace(title=gettext("Agenda"), url="#"),
        ],
    }


def session(kind: Kind, **values: Any) -> Session:
    """A session that stands like that."""
    taken = {Kind.FEW_LEFT: 97, Kind.FULL: 100}.get(kind, 38)
    states = {Kind.DRAFT: "draft", Kind.POSTPONED: "postponed"}
    states |= {Kind.CANCELLED: "cancelled", Kind.HELD: "closed"}
    made = Session(
        pk=NOWHERE,
        code="mostra",
        series=Series(pk=NOWHERE, code="mostra", title=gettext("Open Thursdays")),
        topic=topics()[0],
        title=gettext("Open data without fear: what we publish first"),
        summary=gettext("Three data sets that any town hall has already."),
        starts=STARTS,
        ends=STARTS + timedelta(hours=1),
        state=states.get(kind, "announced"),
        state_reason=gettext("The speaker is ill.") if kind in states else "",
        place=gettext("Council hall") if "format" in values else "",
        capacity_online=100,
        **values,
    )
    made.standing = Standing(
        kind=kind,
        capacity=100,
        taken=taken,
        waiting=6 if kind == Kind.FULL else 0,
        opens=STARTS - timedelta(days=30),
        closes=STARTS - timedelta(days=1),
    )
    made._prefetched_objects_cache = {
        "materials": materials(),
        "speakers": speakers(),
        "bodies": [LocalBody(name="Gelida"), LocalBody(name="Granollers")],
    }
    return made


def topics() -> list[Topic]:
    """Two, each with the tile that it wears."""
    return [
        Topic(pk=NOWHERE, name=gettext("Open data"), tile="sol", glaze=2),
        Topic(pk=NOWHERE, name=gettext("Good governance"), tile="flor", glaze=4),
    ]


def registration(of: Session, state: str) -> Registration:
    """A place in a session, or on the way to one."""
    return Registration(
        session=of,
        name="Ada Puig",
        email="ada@council.example",
        body_text="Gelida",
        position=gettext("Municipal secretary"),
        question=gettext("What do we do with old data?"),
        mode=Mode.ONLINE,
        state=state,
    )


def speakers() -> list[Speaker]:
    return [
        Speaker(
            name="Roc Model",
            role=gettext("Archivist"),
            bio=gettext("Has kept the papers of a small town for ten years."),
        ),
        Speaker(name="Mireia Mostra", role=gettext("Municipal secretary")),
    ]


def materials() -> list[Material]:
    return [
        Material(kind="recording", title=gettext("The session, recorded"), url="#"),
        Material(kind="material", title=gettext("Slides"), url="#"),
    ]


def document() -> Titled:
    file = SimpleNamespace(url="#", file_extension="pdf", get_file_size=482_000)
    return Titled(title=gettext("Guide in five pages"), document=file)


def article() -> SimpleNamespace:
    """What a card says of an article."""
    about = topics()
    return SimpleNamespace(
        url="#",
        title=gettext("When the data do not come"),
        lead=gettext("What publishes itself also stops publishing itself, in silence."),
        picture=None,
        topic=about[0],
        topics=SimpleNamespace(all=about),
        translation_key="mostra",
        published=STARTS.date(),
    )


def alerts() -> list[Notice]:
    text = gettext("On Saturday the site is out of order from 8 to 10.")
    more = gettext("What still works")
    return [
        Notice(text, True, "", "", STARTS, None),
        Notice(gettext("Registration has a new form."), False, "#", more, STARTS, None),
    ]


def said() -> list[Message]:
    return [
        Message(messages.SUCCESS, gettext("Your data has been corrected.")),
        Message(messages.INFO, gettext("The link has been sent to you again.")),
        Message(messages.WARNING, gettext("Somebody has changed it meanwhile.")),
        Message(messages.ERROR, gettext("The link is too old: ask for another.")),
    ]


def chosen(query: str) -> Chosen:
    """A list of four pages, with two filters."""
    asked = QueryDict(query)
    everything = pgettext("filter", "All")
    topics = [Choice("data", gettext("Open data")), Choice("help", gettext("Help"))]
    years = [Choice("2026", "2026"), Choice("2025", "2025")]
    filters = [
        pick(asked, "topic", gettext("Topic"), everything, topics),
        pick(asked, "year", gettext("Year"), everything, years),
    ]
    return Chosen(asked, filters, list(range(40)), 10)


def results(of: Session) -> list[Result]:
    """A page and a session that were found, with what was asked for marked."""
    page = SimpleNamespace(name="article", one=gettext("article"), template=PAGE)
    dated = SimpleNamespace(name="session", one=gettext("session"), template=SESSION)
    title = gettext("When the data do not come")
    [about, *_rest] = topics()
    excerpt = format_html("… <mark>{}</mark> …", gettext("open data"))
    return [
        Result(page, Shown(title, "#", topic=about, day=STARTS.date()), title, excerpt),
        Result(dated, Shown(str(of.title), "#", row=of), of.title, excerpt),
    ]


def verdict() -> SimpleNamespace:
    """Why a body cannot request something."""
    most = gettext("The most is 20,000.")
    reasons = [
        SimpleNamespace(tone="yes", sign="check", found=gettext("Town"), rule=""),
        SimpleNamespace(tone="no", sign="close", found="65.341", rule=most),
    ]
    word = gettext("No, it is too large")
    return SimpleNamespace(
        tone="no", sign="no", word=word, text=most, reasons=reasons, can=False
    )


def of_body(going: Session, about: Any) -> SimpleNamespace:
    """What the people of a body have before them."""
    body = LocalBody(code="mostra", name="Gelida")
    person = Titled(title="Ada Puig", name="Ada Puig", email="ada@council.example")
    resource = SimpleNamespace(name=gettext("Open data"))
    file = SimpleNamespace(pk=1, name="acord-mostra.pdf", size=24_300)
    documents = [SimpleNamespace(pk=1, file=file, get_absolute_url="#")]
    case = SimpleNamespace(
        number="MOSTRA-1",
        title=about.title,
        name=person.name,
        created=STARTS,
        state="waiting",
        answer_by=STARTS.date(),
        is_active=True,
    )
    draft = SimpleNamespace(
        key=UUID(int=0),
        body=body,
        resource=resource,
        written={"subject": about.title},
        saved_by=person,
        saved=STARTS,
        edition=SimpleNamespace(
            closes=STARTS, window=SimpleNamespace(last_moment=STARTS)
        ),
        signer=person,
    )
    written = {"created": STARTS, "files": SimpleNamespace(all=[file])}
    can = SimpleNamespace(verdict=SimpleNamespace(word=gettext("Yes")))
    return SimpleNamespace(
        body=body,
        case=case,
        draft=draft,
        drafts=[draft],
        documents=documents,
        rows=[SimpleNamespace(case=case, url="#", session=going, known=[], others=2)],
        cards=[SimpleNamespace(url="#", offer=resource, answered=can)],
        number=3,
        all_url="#",
        people=[
            SimpleNamespace(
                user=person, get_role_display=gettext("Municipal secretary")
            )
        ],
        contacts=[(SimpleNamespace(name=gettext("Help"), email=""), [resource.name])],
        entries=[
            SimpleNamespace(way="in", by=person, text=about.lead, **written),
            SimpleNamespace(way="out", by=None, text=about.title, **written),
        ],
        widget=SimpleNamespace(
            name="documents",
            to="#",
            kept=documents,
            attrs={"class": "input", "aria-label": gettext("Documents")},
        ),
        amending=SimpleNamespace(
            name="amended",
            draft="mostra",
            to="#",
            kept=[file],
            attrs={
                "class": "input",
                "id": "amended",
                "aria-label": gettext("Documents"),
            },
        ),
    )


def proposal(about: Any) -> SimpleNamespace:
    """What somebody proposes for a session, with what others write under it."""
    body = LocalBody(code="mostra", name="Gelida")
    written = {
        "body": body,
        "user_id": NOWHERE,
        "text": about.lead,
        "language": get_language(),
        "created": STARTS,
    }
    comments = [
        SimpleNamespace(pk=1, state="shown", reason="", **written),
        SimpleNamespace(
            pk=2, state="hidden", reason=gettext("It names people."), **written
        ),
        SimpleNamespace(pk=3, state="waiting", reason="", **written),
    ]
    stands = {
        "open": pgettext("topic proposal", "open for support"),
        "planned": pgettext("topic proposal", "planned"),
        "held": pgettext("topic proposal", "held"),
        "declined": pgettext("topic proposal", "declined"),
    }
    return SimpleNamespace(
        case=SimpleNamespace(
            number="PRO-2026-0001",
            language=get_language(),
            created=STARTS,
            finished=STARTS + timedelta(days=40),
        ),
        series=SimpleNamespace(title=gettext("Open Thursdays")),
        topic=about.topic,
        title=about.title,
        answer=about.lead,
        published=STARTS,
        supporters=9,
        bodies=7,
        get_absolute_url="#",
        state="open",
        get_state_display=stands["open"],
        each_state=[
            SimpleNamespace(state=state, get_state_display=words)
            for state, words in stands.items()
        ],
        can_be_discussed=True,
        comments=Chosen(QueryDict(), [], comments, 10),
        form=SampleComment(auto_id="comment_%s"),
        offer=SimpleNamespace(shares=True, experience=about.lead),
    )


def figures() -> SimpleNamespace:
    """Three bars and their table."""
    year, number = gettext("Year"), gettext("Number")
    rows = [("2024", 3), ("2025", 7), ("2026", 12)]
    return SimpleNamespace(
        title=gettext("By year"),
        note=gettext("Until today."),
        is_wide=False,
        head=[year, number],
        cells=[[(year, label), (number, count)] for label, count in rows],
        bars=[
            SimpleNamespace(label=label, figure=count, width=8 * count, thick=4 * count)
            for label, count in rows
        ],
    )


def held() -> SimpleNamespace:
    """A record as its person sees it."""
    facts = [
        SimpleNamespace(label=gettext("Name"), words="Ada Puig", is_moment=False),
        SimpleNamespace(label=gettext("Registered"), value=STARTS, is_moment=True),
    ]
    return SimpleNamespace(
        title=gettext("Open Thursdays"),
        facts=facts,
        links=[(gettext("See the registration"), "#")],
    )


def mails(language: str) -> list[dict[str, str]]:
    """Some mails, as they are written: subject and HTML."""
    links = ("session", "join", "manage", "cancel", "not_me", "my_data")
    written = []
    for kind in MAILS:
        of = session(Kind.CANCELLED if kind == "session_cancelled" else Kind.OPEN)
        state = "waiting" if kind == "registration_waiting" else "confirmed"
        mail = compose(
            kind,
            recipient="ada@council.example",
            language=language,
            context={
                "registration": registration(of, state),
                "session": of,
                "position": 4,
                "before": STARTS - timedelta(days=7),
                "reason": str(of.state_reason),
                "links": dict.fromkeys(links, "#"),
            },
        )
        written.append({"subject": mail.subject, "html": mail.alternatives[0].content})
    return written
