"""Who may open what, and do what: every address of the staff, for every role."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Locale, Site

from cms.models import Alert, Author, CustomDocument, CustomImage, SiteSettings
from community import cover
from community.acting import domains
from community.messages import suppressions
from community.models import Message, Suppression, Topic, Unit, UnitMembership, User
from events.line import offer
from events.models import Answer, Invitation, Provider, Registration, Session
from tests.factories import (
    a_body,
    a_registration,
    a_series,
    a_session,
    a_user,
    in_two_weeks,
)
from tests.factories.acting import acting
from tests.factories.caravan import ASKED, a_caravan, at
from tests.factories.cases import a_consultation, do, open_task
from tests.factories.catalogue import a_resource, an_area
from tests.factories.pages import a_home, a_series_page, a_session_page
from tests.factories.proposals import a_comment, an_open_one, decided
from tests.factories.requests import a_request
from tests.role_table import OPEN, OURS, ROLES, WAGTAILS
from workflows.caravan.kits import tools
from workflows.caravan.models import GoodPractice, Tool
from workflows.catalogue import report_files
from workflows.catalogue.models import InForce, Instrument
from workflows.engine import desk, files, wordings
from workflows.engine.feasts import usual_holidays
from workflows.engine.models import Job
from workflows.requesting import appointing

ROOMS = ("workflows", "cms", "events", "community")


# The addresses ----------------------------------------------------------------------


class Address(NamedTuple):
    """One pattern of the site's addresses, by its name or, if it has none, by its
    path; and what stands in its place."""

    name: str
    path: str
    arguments: tuple[str, ...]
    view: Callable

    @property
    def is_staffs(self) -> bool:
        return self.path.startswith("admin/")

    @property
    def is_ours(self) -> bool:
        """Whether one of our rooms wrote the view."""
        view = getattr(self.view, "view_class", self.view)
        return view.__module__.partition(".")[0] in ROOMS


def addresses(
    resolver: URLResolver, path: str = "", names: tuple[str, ...] = ()
) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*names, pattern.namespace) if pattern.namespace else names
            yield from addresses(pattern, here, inside)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*names, pattern.name)) if pattern.name else here
            arguments = tuple(pattern.pattern.regex.groupindex)
            yield Address(name, here, arguments, pattern.callback)


EVERY = list(addresses(get_resolver()))
STAFFS = [address for address in EVERY if address.is_staffs]


def rows(table: str) -> dict[str, dict[str, str]]:
    """What each role meets, by the name of the address."""
    found = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        name, *cells = line.split()
        assert len(cells) == len(ROLES), line
        assert name not in found, line
        found[name] = dict(zip(ROLES, cells, strict=True))
    return found


TABLE, FAMILIES = rows(OURS), rows(WAGTAILS)


def family_of(name: str) -> str | None:
    """The row of Wagtail's that `name` falls under: the longest one."""
    fitting = [family for family in FAMILIES if fnmatchcase(name, family)]
    return max(fitting, key=len, default=None)


# The table is whole -------------------------------------------------------------------


def test_every_address_of_the_staff_has_a_row():
    without = [
        f"{address.name}  ({address.path})"
        for address in STAFFS
        if address.name not in TABLE and not family_of(address.name)
    ]

    assert without == []


def test_every_address_of_ours_has_a_row_of_its_own():
    without = [a.name for a in STAFFS if a.is_ours and a.name not in TABLE]

    assert without == []
    # A family is Wagtail's, whatever we call our own.
    assert [name for name in FAMILIES if not name.startswith("wagtail")] == []


def test_every_other_address_is_said_to_be_open_to_everybody():
    """Nothing of the staff's hides outside /admin/."""
    others = {address.name for address in EVERY if not address.is_staffs}

    assert {
        n for n in others if not any(fnmatchcase(n, o) for o in OPEN.split())
    } == set()


def test_every_row_is_of_an_address_that_there_is():
    names = {address.name for address in STAFFS}

    assert {name.partition("?")[0] for name in TABLE} - names == set()
    assert {f for f in FAMILIES if not any(fnmatchcase(n, f) for n in names)} == set()


# A house with something of everything -----------------------------------------------


def member(role: str, *units: Unit) -> User:
    user = a_user(name=f"{role} de prova")
    user.groups.add(Group.objects.get(name=role))
    for unit in units:
        UnitMembership.objects.create(user=user, unit=unit)
    return user


@pytest.fixture
def house(db: None, settings: Any, tmp_path: Any) -> SimpleNamespace:
    """A unit with a series and its sessions, in every state, and all that the screens
    of the admin are about."""
    settings.MEDIA_ROOT = tmp_path
    house = SimpleNamespace()
    house.home = a_home()
    house.series = a_series(code="dijous")
    house.unit = house.series.unit
    house.elsewhere = Unit.objects.create(code="elsewhere", name="Una altra")
    house.page = a_series_page(house.home, house.series)
    _fill_sessions(house)
    house.body = a_body("Vila-real")
    house.other_body = a_body("Vila-real de Dalt")
    house.membership = acting(house.body)
    domains.add(house.body, "vila-real.cat", by=house.membership.user)
    house.topic = Topic.objects.create(code="dades", name="Dades obertes")
    house.holiday = next(usual_holidays(2027))
    house.holiday.save()
    _fill_catalogue(house)
    house.person = a_user(name="Qualsevol")
    house.cover = cover.lend(
        house.unit,
        member("Case workers"),
        starts=cover.today(),
        until=cover.today() + timedelta(days=5),
        by=house.person,
    )
    _fill_wagtail(house)
    house.people = {
        "anonymous": None,
        "guest": User.objects.create_user("guest@council.example", name="Convidada"),
        "editor": member("Editors", house.unit),
        "mine": member("Case workers", house.unit),
        "other": member("Case workers", house.elsewhere),
        "reader": member("Readers", house.unit),
        "coordinator": member("Coordinators"),
        "administrator": member("Administrators"),
    }
    _fill_cases(house)
    _fill_requests(house)
    a_caravan(house.unit)
    house.stop = at(ASKED)
    house.practice = GoodPractice.objects.create(
        body=house.body, title="Cita prèvia", field="services", language="ca"
    )
    house.adaptation = house.practice.adaptations.create(body=house.body)
    house.evaluation = house.stop.evaluations.create(side="host", score=9)
    house.tool = Tool.objects.create(code="mapa", what="guide")
    house.tool.versions.create(number=1, words={"ca": TOOL_WORDS})
    proposal = an_open_one(series=house.series)
    house.comment = a_comment(proposal)
    house.planned = an_open_one(series=house.series)
    decided(house.planned, "shortlist")
    decided(house.planned, "plan", session=house.draft.pk)
    # For who asked, and for nobody else.
    report_files.ask(house.people["editor"], "csv")
    report_files.make_due(1)
    return house


def _fill_catalogue(house: SimpleNamespace) -> None:
    house.resource = a_resource(name="Portal", unit=house.unit)
    house.area = an_area("buit", "Buit")
    house.edition = house.resource.editions.get()
    house.instrument = Instrument.objects.create(code="protocol", name="Protocol")
    signed = Instrument.objects.create(code="signed", name="Un altre")
    house.in_force = InForce.objects.create(
        instrument=signed, body=house.body, starts=timezone.localdate()
    )


def _fill_sessions(house: SimpleNamespace) -> None:
    states = Session.State
    past = timezone.now() - timedelta(days=3)
    house.session = a_session(1, series=house.series, code="oberta")
    house.draft = a_session(series=house.series, state=states.DRAFT)
    house.postponed = a_session(series=house.series, state=states.POSTPONED)
    house.held = a_session(series=house.series, starts=past)
    house.online = a_session(series=house.series, provider=Provider.HERE)
    house.session_page = a_session_page(house.page, house.session)
    house.registration, house.waiting = (
        a_registration(house.session, f"ada@{where}.example", name="Ada Exemple")
        for where in ("work", "home")
    )
    chosen = a_session(series=house.series, approval=True)
    house.pending = a_registration(chosen)
    assert house.waiting.state == Registration.State.WAITING
    assert house.pending.state == Registration.State.PENDING
    busy = a_session(1, series=house.series)
    _has_it, house.offered, _next, house.last = (a_registration(busy) for _ in range(4))
    offer([house.offered], timezone.now() + timedelta(days=1))
    house.mail = Message.objects.filter(about=house.registration.pk).earliest("pk")
    failed = {"state": Message.State.FAILED, "settled": timezone.now()}
    Message.objects.filter(pk=house.mail.pk).update(**failed)
    held = Message.objects.filter(about=house.waiting.pk)
    held.update(state=Message.State.HELD)
    house.answer = Answer.objects.create(
        invitation=house.registration.invitations.get(),
        rsvp=Invitation.Rsvp.DECLINED,
        sequence=0,
        stamp=past,
        sender="ada@elsewhere.example",
        outcome=Answer.Outcome.DOUBTFUL,
    )
    bounced = Suppression.Reason.BOUNCED
    house.mark = suppressions.suppress(house.mail, bounced, "550 5.1.1")


def _fill_cases(house: SimpleNamespace) -> None:
    house.case, house.held_case = (a_consultation(house.unit) for _each in range(2))
    house.step, house.held_step = map(open_task, (house.case, house.held_case))
    desk.claim(house.held_step, house.cover.user)
    house.sorted_case = a_consultation(house.unit)
    house.sorted_step = open_task(house.sorted_case)
    do(house.sorted_case, house.people["mine"], unit=house.unit.pk)
    house.file = files.add(
        house.case, name="acta.pdf", content=b"%PDF", content_type="application/pdf"
    )
    house.failed = house.case.process.task_set.get(flow_task_type="JOB")
    Job.objects.filter(task=house.failed).update(state=Job.State.FAILED)


def _fill_requests(house: SimpleNamespace) -> None:
    house.granted = a_request(a_resource(unit=house.unit))
    worker = house.people["mine"]
    do(house.granted, worker, decision="admit")
    do(house.granted, worker, decision="grant")
    do(house.granted, house.people["coordinator"])
    starts = in_two_weeks()
    house.appointment = appointing.arrange(
        house.granted,
        by=worker,
        title="Seguiment",
        starts=starts,
        ends=starts + timedelta(hours=1),
    )
    guest = house.appointment.guests.first()
    doubtful = {"rsvp": "declined", "sender": "other@rubi.example"}
    house.doubt = Answer.objects.create(
        guest=guest, sequence=0, stamp=timezone.now(), outcome="doubtful", **doubtful
    )


def _fill_wagtail(house: SimpleNamespace) -> None:
    house.image = CustomImage.objects.create(title="Plaça", file=get_test_image_file())
    house.document = CustomDocument.objects.create(
        title="Acta", file=ContentFile(b"Acta", name="acta.pdf")
    )
    house.collection = Collection.get_first_root_node().add_child(name="Actes")
    house.group = Group.objects.get(name="Readers")
    house.locale = Locale.objects.get_or_create(language_code="es")[0]
    house.site = Site.objects.get()
    house.settings = SiteSettings.load()
    house.alert = Alert.objects.create(text="Avís", starts=timezone.now())
    house.author = Author.objects.create(name="Autoria")


# What stands in each address, by its name and that of the argument: the first that
# fits. A number is nothing in particular.
SAMPLES: list[tuple[str, str, Callable[[SimpleNamespace], Any]]] = [
    ("sessions:announce", "pk", lambda h: h.draft.pk),
    ("sessions:reschedule", "pk", lambda h: h.postponed.pk),
    ("sessions:close", "pk", lambda h: h.held.pk),
    ("sessions:try_meeting", "pk", lambda h: h.online.pk),
    ("sessions:approve", "registration", lambda h: h.pending.pk),
    ("sessions:decline", "registration", lambda h: h.pending.pk),
    ("sessions:grant", "registration", lambda h: h.waiting.pk),
    ("sessions:take_back", "registration", lambda h: h.offered.pk),
    ("sessions:move_in_line", "registration", lambda h: h.last.pk),
    ("sessions:settle_answer", "answer", lambda h: h.answer.pk),
    ("sessions:*", "registration", lambda h: h.registration.pk),
    ("sessions:*", "pk", lambda h: h.session.pk),
    ("series:*", "pk", lambda h: h.series.pk),
    ("messages:lift", "pk", lambda h: h.mark.pk),
    ("messages:*", "pk", lambda h: h.mail.pk),
    ("planner:*", "number", lambda h: h.planned.case.number),
    ("proposal_comments:*", "number", lambda h: h.comment.proposal.case.number),
    ("proposal_comments:*", "pk", lambda h: h.comment.pk),
    ("appointments:*", "number", lambda h: h.granted.number),
    ("appointments:settle", "pk", lambda h: h.doubt.pk),
    ("appointments:*", "pk", lambda h: h.appointment.pk),
    ("stops:*", "number", lambda h: h.stop.case.number),
    ("cases:return", "number", lambda h: h.held_case.number),
    ("cases:return", "pk", lambda h: h.held_step.pk),
    ("cases:undo", "number", lambda h: h.sorted_case.number),
    ("cases:undo", "pk", lambda h: h.sorted_step.pk),
    ("cases:take_over", "number", lambda h: h.held_case.number),
    ("cases:take_over", "pk", lambda h: h.held_step.pk),
    ("cases:file", "pk", lambda h: h.file.pk),
    ("cases:*", "number", lambda h: h.case.number),
    ("cases:*wording", "letter", lambda h: "case_withdrawn"),
    ("cases:*wording", "language", lambda h: "ca"),
    ("cases:try_again", "pk", lambda h: h.failed.pk),
    ("cases:*", "pk", lambda h: h.step.pk),
    ("unit:*", "pk", lambda h: h.unit.pk),
    ("topic:*", "pk", lambda h: h.topic.pk),
    ("localbody:*", "pk", lambda h: h.body.pk),
    ("memberships:*", "pk", lambda h: h.body.pk),
    ("memberships:*", "membership", lambda h: h.membership.pk),
    ("memberships:*", "domain", lambda h: h.body.domains.get().pk),
    ("cover:*", "pk", lambda h: h.cover.pk),
    ("resource:*", "pk", lambda h: h.resource.pk),
    ("goodpractice:*", "pk", lambda h: h.practice.pk),
    ("adaptations:*", "pk", lambda h: h.adaptation.pk),
    ("stop_evaluations:*", "pk", lambda h: h.evaluation.pk),
    ("tool:*", "pk", lambda h: h.tool.pk),
    ("tool:version", "number", lambda h: 1),
    ("tool:version", "language", lambda h: "ca"),
    ("resource:report_file", "kind", lambda h: "csv"),
    ("edition:*", "pk", lambda h: h.edition.pk),
    ("area:*", "pk", lambda h: h.area.pk),
    ("instrument:*", "pk", lambda h: h.instrument.pk),
    ("inforce:*", "pk", lambda h: h.in_force.pk),
    ("holiday:*", "year", lambda h: 2027),
    ("holiday:*", "pk", lambda h: h.holiday.pk),
    ("wagtailusers_users:*", "pk", lambda h: h.person.pk),
    ("wagtailusers_groups:*", "pk", lambda h: h.group.pk),
    ("wagtaillocales:*", "pk", lambda h: h.locale.pk),
    ("wagtailsites:*", "pk", lambda h: h.site.pk),
    ("wagtailsettings:*", "model_name", lambda h: "sitesettings"),
    ("wagtailsettings:*", "pk", lambda h: h.settings.pk),
    ("wagtailsnippet*_alert:*", "pk", lambda h: h.alert.pk),
    ("wagtailsnippet*_author:*", "pk", lambda h: h.author.pk),
    ("wagtailadmin_collections:*", "*", lambda h: h.collection.pk),
    ("wagtailimages*", "filter_spec", lambda h: "max-100x100"),
    ("wagtailimages*", "*", lambda h: h.image.pk),
    ("wagtaildocs*", "*", lambda h: h.document.pk),
    ("wagtailadmin_api:images:*", "pk", lambda h: h.image.pk),
    ("wagtailadmin_api:documents:*", "pk", lambda h: h.document.pk),
    ("wagtail_bulk_action", "app_label", lambda h: "community"),
    ("wagtail_bulk_action", "model_name", lambda h: "user"),
    ("wagtail_bulk_action", "action", lambda h: "set_active_state"),
    ("*", "app_label", lambda h: "cms"),
    ("*", "app_name", lambda h: "cms"),
    ("*", "content_type_app_name", lambda h: "cms"),
    ("*", "model_name", lambda h: "seriespage"),
    ("*", "content_type_model_name", lambda h: "seriespage"),
    ("*", "action_name", lambda h: "publish"),
    ("*", "revision_id_a", lambda h: "earliest"),
    ("*", "revision_id_b", lambda h: "latest"),
    ("*", "page_id", lambda h: h.page.pk),
    ("*", "parent_page_id", lambda h: h.home.pk),
    ("*", "page_to_move_id", lambda h: h.page.pk),
    ("*", "destination_id", lambda h: h.home.pk),
    ("*", "pk", lambda h: h.page.pk),
    ("*", "token", lambda h: "set-password"),
    ("*", "uidb64", lambda h: "MQ"),
    ("*", "mode", lambda h: "form"),
    ("*", "*", lambda h: 1),
]


def url_of(address: Address, house: SimpleNamespace) -> str:
    def sample(argument: str) -> Any:
        return next(
            value(house)
            for name, wanted, value in SAMPLES
            if fnmatchcase(address.name, name) and fnmatchcase(argument, wanted)
        )

    if "/" in address.name:
        return "/" + address.path.replace("^.*/$", "nowhere/")
    return reverse(
        address.name, kwargs={name: sample(name) for name in address.arguments}
    )


def browser(user: User | None, **options: Any) -> Client:
    client = Client(headers={"accept-language": "en"}, **options)
    if user:
        client.force_login(user)
    return client


def met(answer: Any) -> str:
    """The cell of the table that `answer` is."""
    if answer.status_code == 302:
        if answer.url.startswith(reverse("account_login")):
            return "in"
        return "hm" if answer.url == reverse("wagtailadmin_home") else "go"
    if answer.streaming:
        # What was opened to be handed out is closed again.
        list(answer.streaming_content)
    return {200: "ok", 403: "no", 404: "--", 405: "by"}.get(
        answer.status_code, str(answer.status_code)
    )


def state() -> dict[str, list[tuple]]:
    """Every row of the house and of Wagtail."""
    labels = ("auth", "community", "events", "cms", "wagtailcore", "viewflow")
    labels = (*labels, "registration", "engine", "consultation", "catalogue")
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def differences(before: dict[str, list], after: dict[str, list]) -> list[str]:
    """The names of the tables that are not as they were."""
    return [label for label in before if before[label] != after[label]]


BY_NAME = {address.name: address for address in STAFFS}


def ours(house: SimpleNamespace) -> Iterator[tuple[str, str]]:
    """The rows of the first table, each with its address."""
    for name in TABLE:
        plain, _mark, query = name.partition("?")
        url = url_of(BY_NAME[plain], house)
        yield name, f"{url}?{query}" if query else url


# Looking ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_table_says_and_nothing_else(house, role):
    client = browser(house.people[role])

    found = {name: met(client.get(url)) for name, url in ours(house)}

    expected = {name: TABLE[name][role] for name in TABLE}
    assert found == expected


# Wagtail's own ------------------------------------------------------------------------

# One breaks on purpose, one takes the session away from who walks through all.
NOT_TRIED = ("wagtailadmin_error_test", "wagtailadmin_logout")


@pytest.mark.slow
# wagtail-localize shows its report in no order.
@pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent")
# Wagtail leaves the file open that it makes a small picture in.
@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_let_in_to_the_families_of_wagtail_that_the_table_says(
    house, role
):
    client = browser(house.people[role])
    wrong, opened = [], set()

    for address in STAFFS:
        family = None if address.name in TABLE else family_of(address.name)
        cell = FAMILIES[family][role] if family else ""
        if not family or family in opened or address.name in NOT_TRIED:
            continue
        found = met(client.get(url_of(address, house)))
        if found == "ok":
            opened.add(family)
        elif cell in ("in", "no") and found != cell:
            wrong.append(f"{address.name}: {found}")

    assert wrong == []
    assert opened == {f for f, cells in FAMILIES.items() if cells[role] == "ok"}


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_who_is_not_let_in_to_a_family_changes_nothing_by_it(house, role):
    client = browser(house.people[role])
    closed = ("in", "no", "hm", "--")
    before = state()

    for address in STAFFS:
        family = None if address.name in TABLE else family_of(address.name)
        if family and FAMILIES[family][role] in closed:
            answer = client.post(url_of(address, house), {"confirm": "1"})
            assert answer.status_code in (302, 403, 404, 405), address.name

    assert differences(before, state()) == []


# Writing ------------------------------------------------------------------------------


def a_day(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%d/%m/%Y}"


def a_record(**values: Any) -> dict[str, Any]:
    return {"code": "nou-codi", "name_0": "Nou nom", "name": "Nou nom", **values}


def a_holiday() -> dict[str, str]:
    return {"date": "02/01/2027", "territory": "national", "name_0": "Nou nom"}


def a_programme() -> dict[str, str]:
    """What the page of speakers and materials sends, with one speaker."""
    counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0"}
    parts = ("speakers", "materials")
    sent = {f"{part}-{name}": n for part in parts for name, n in counts.items()}
    own = {"speakers-0-name": "Berta Exemple", "materials-0-kind": "material"}
    return {**sent, **own}


def a_sheet(house: SimpleNamespace, **values: Any) -> dict[str, Any]:
    """What the form of a resource sends."""
    counts = {"questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0"}
    of_house = {"area": house.area.pk, "unit": house.unit.pk}
    said = {"name_0": "Nou nom", "support": "training", "kinds": ["emd"]}
    return {**counts, **of_house, **said, **values}


def an_edition_form(house: SimpleNamespace, year: int) -> dict[str, Any]:
    counts = {"criteria-TOTAL_FORMS": "0", "criteria-INITIAL_FORMS": "0"}
    return {**counts, "resource": house.resource.pk, "year": year, "months": "5"}


# What each address that writes is sent, so that something comes of it.
TOOL_WORDS = {"title": "Com s’hi arriba", "text": "En tren."}


def a_tool_form(tool: Tool | None) -> dict[str, Any]:
    """The form of a tool, filled in."""
    return {
        "code": "tren",
        "what": "guide",
        "order": "5",
        "title_0": "Com s’hi va",
        "text_0": "Amb tren.",
        "seen": tools.mark(tool.latest if tool else None),
    }


WRITES: dict[str, Callable[[SimpleNamespace], dict[str, Any]]] = {
    "admin/account/": lambda h: {
        "profile-name": "Nou nom",
        "profile-language": "en",
        "theme-density": "default",
        "theme-theme": "system",
        "theme-contrast": "system",
    },
    "sessions:add": lambda h: {
        "key": "7d0f8a0e-0000-4000-8000-000000000001",
        "series": h.series.pk,
        "title_0": "Dades sense por",
        "date": a_day(30),
        "start_time": "10:00",
        "format": "online",
        "audience": "open",
    },
    "sessions:settle_answer": lambda h: {"believe": "1"},
    "sessions:edit": lambda h: {"title_0": "Un altre títol", "audience": "open"},
    "sessions:programme": lambda h: a_programme(),
    "sessions:announce": lambda h: {},
    "sessions:move": lambda h: {"date": a_day(20), "start_time": "12:00"},
    "sessions:postpone": lambda h: {"reason_0": "Vaga"},
    "sessions:reschedule": lambda h: {"date": a_day(20), "start_time": "12:00"},
    "sessions:places": lambda h: {"capacity_online": "5"},
    "sessions:reminders": lambda h: {},
    "sessions:write": lambda h: {
        "key": "7d0f8a0e-0000-4000-8000-000000000003",
        "subject_0": "Avís",
        "text_0": "Porteu un exemple.",
        "to": "everybody",
    },
    "sessions:duplicate": lambda h: {"date": a_day(20), "start_time": "12:00"},
    "sessions:close": lambda h: {},
    "sessions:cancel": lambda h: {"reason_0": "Vaga"},
    "sessions:try_meeting": lambda h: {},
    "sessions:add_person": lambda h: {
        "name": "Dora",
        "email": "dora@council.example",
        "body": "Ens nou",
        "language": "ca",
        "how": "over",
        "key": "7d0f8a0e-0000-4000-8000-000000000002",
    },
    "sessions:cancel_registration": lambda h: {"tell": "on"},
    "sessions:approve": lambda h: {},
    "sessions:decline": lambda h: {"reason": "No hi cap", "tell": "on"},
    "sessions:grant": lambda h: {"reason": "Hi parla"},
    "sessions:take_back": lambda h: {"reason": "No hi cabrà"},
    "sessions:move_in_line": lambda h: {"position": "1", "reason": "Ve de lluny"},
    "sessions:substitute": lambda h: {
        "name": "Mar",
        "email": "mar@work.example",
        "language": "ca",
    },
    "sessions:merge": lambda h: {"other": h.waiting.pk},
    "sessions:renew_links": lambda h: {},
    "sessions:correct": lambda h: {
        "name": "Adà",
        "email": "ada@work.example",
        "body": "Ens nou",
        "language": "ca",
    },
    "series:add": lambda h: a_record(unit=h.unit.pk, title_0="Nou", promotion="offer"),
    "series:edit": lambda h: a_record(unit=h.unit.pk, title_0="Nou", promotion="offer"),
    "series:delete": lambda h: {},
    "messages:lift": lambda h: {"reason": "Ja arriba"},
    "messages:held": lambda h: {"do": "send"},
    "messages:send_again": lambda h: {},
    "messages:put_aside": lambda h: {},
    "planner:plan": lambda h: {
        "proposals": [h.comment.proposal.pk],
        "target": f"session-{h.draft.pk}",
        "confirm": "1",
    },
    "planner:take_out": lambda h: {},
    "proposal_comments:comment": lambda h: {"show": "1", "confirm": "1"},
    "appointments:arrange": lambda h: {
        "key": "7d0f8a0e-0000-4000-8000-000000000003",
        "purpose": "start",
        "date": "22/10/2036",
        "start_time": "10:00",
        "place": "Sala 2",
        "provider": "none",
        "confirm": "1",
    },
    "appointments:move": lambda h: {
        "date": "23/10/2036",
        "start_time": "10:00",
        "confirm": "1",
    },
    "appointments:cancel": lambda h: {"reason": "Hi ha vaga.", "confirm": "1"},
    "appointments:settle": lambda h: {"believe": "1"},
    "stops:replace": lambda h: {"reason": "No contesta.", "confirm": "1"},
    "cases:note": lambda h: {"text": "Ho va demanar per telèfon"},
    "cases:send": lambda h: {"text": "Us ho enviem", "confirm": "1"},
    "cases:extend": lambda h: {"days": "2", "reason": "Un informe", "confirm": "1"},
    "cases:correct": lambda h: {"title": "Les actes del ple"},
    "cases:undo": lambda h: {},
    "cases:close": lambda h: {"reason": "És una prova", "confirm": "1"},
    "cases:step": lambda h: {"unit": h.elsewhere.pk, "confirm": "1"},
    "cases:claim": lambda h: {},
    "cases:return": lambda h: {},
    "cases:hand_over": lambda h: {"to": h.people["mine"].pk},
    "cases:take_over": lambda h: {},
    "cases:try_again": lambda h: {},
    "cases:change_wording": lambda h: {
        "heading": "Queda retirat",
        "seen": wordings.mark({}),
    },
    "cases:switch_wording": lambda h: {},
    "reviews:confirm": lambda h: {},
    "localbody:add": lambda h: a_record(kind="municipality"),
    "localbody:edit": lambda h: a_record(kind="municipality"),
    "localbody:delete": lambda h: {},
    "holiday:add": lambda h: {**a_holiday(), "date": "24/06/2027"},
    "holiday:edit": lambda h: a_holiday(),
    "holiday:delete": lambda h: {},
    "holiday:import": lambda h: {
        "file": ContentFile(
            b"date,where,name_ca\n2027-06-24,catalonia,Sant Joan", name="festius.csv"
        )
    },
    "unit:add": lambda h: a_record(),
    "unit:edit": lambda h: a_record(),
    "unit:delete": lambda h: {},
    "topic:add": lambda h: a_record(tile="sol", glaze="2"),
    "topic:edit": lambda h: a_record(tile="sol", glaze="2"),
    "topic:delete": lambda h: {},
    "memberships:add_domain": lambda h: {"domain": "ajvilareal.cat"},
    "memberships:remove_domain": lambda h: {},
    "memberships:role": lambda h: {"role": "representative"},
    "memberships:end": lambda h: {},
    "memberships:merge": lambda h: {"into": h.other_body.pk},
    "memberships:import": lambda h: {
        "file": SimpleUploadedFile(
            "contactes.csv", f"code,domain\n{h.body.code},vilareal.cat".encode()
        )
    },
    "resource:add": lambda h: a_sheet(h, code="R-NOU"),
    "resource:edit": lambda h: a_sheet(h, code=h.resource.code),
    "resource:delete": lambda h: {},
    "resource:import": lambda h: {
        "file": SimpleUploadedFile(
            "cataleg.csv", f"code,limit\n{h.resource.code},7".encode()
        )
    },
    "resource:report": lambda h: {"kind": "xlsx"},
    "edition:add": lambda h: an_edition_form(h, 2031),
    "edition:edit": lambda h: an_edition_form(h, h.edition.year),
    "edition:delete": lambda h: {},
    "edition:copy": lambda h: {"source": h.edition.year, "target": 2040},
    "edition:windows": lambda h: {"year": h.edition.year, "publish": "no"},
    "area:add": lambda h: a_record(order="3"),
    "area:edit": lambda h: a_record(order="3"),
    "area:delete": lambda h: {},
    "instrument:add": lambda h: a_record(),
    "instrument:edit": lambda h: a_record(),
    "instrument:delete": lambda h: {},
    "goodpractice:add": lambda h: {},
    "goodpractice:edit": lambda h: {"title": "Nou títol", "field": "services"},
    "goodpractice:delete": lambda h: {},
    "adaptations:add": lambda h: {},
    "adaptations:edit": lambda h: {"state": "done"},
    "adaptations:delete": lambda h: {},
    "stop_evaluations:add": lambda h: {},
    "stop_evaluations:edit": lambda h: {"score": "1"},
    "stop_evaluations:delete": lambda h: {},
    "tool:add": lambda h: a_tool_form(None),
    "tool:edit": lambda h: a_tool_form(h.tool),
    "tool:delete": lambda h: {},
    "inforce:add": lambda h: {
        "instrument": h.instrument.pk,
        "body": h.other_body.pk,
        "starts": "2026-01-01",
    },
    "inforce:edit": lambda h: {
        "instrument": h.instrument.pk,
        "body": h.other_body.pk,
        "starts": "2026-01-01",
    },
    "inforce:delete": lambda h: {},
    "cover:add": lambda h: {
        "unit": h.unit.pk,
        "user": h.people["other"].pk,
        "starts": a_day(1),
        "until": a_day(9),
    },
    "cover:cover": lambda h: {"until": a_day(9)},
    "cover:end": lambda h: {},
    "wagtailusers_users:add": lambda h: {
        "email": "nova@placa.example",
        "name": "Nova",
        "language": "ca",
    },
    "wagtailusers_users:edit": lambda h: {
        "email": h.person.email,
        "name": "Un altre nom",
        "language": "ca",
        "is_active": "on",
    },
    "wagtailusers_users:delete": lambda h: {},
}


def write(client: Client, name: str, house: SimpleNamespace) -> Any:
    """Send what the screen `name` sends, and press the button of its second step if
    it has one."""
    url = url_of(BY_NAME[name], house)
    answer = client.post(url, WRITES[name](house))
    context = answer.context or {}
    if answer.status_code == 200 and "seen" in context:
        sent = {**dict(context["sent"]), "seen": context["seen"], "confirm": "1"}
        answer = client.post(url, sent)
    return answer


# The last words of the addresses that only show something.
SHOWS = """
index results month history usage without session people registration message csv xlsx
parent enter guide patterns body queue all archive problems case diagram file wordings
wording inspect export preview version
"""


def test_every_row_either_shows_something_or_is_tried_with_what_it_writes():
    def shows(name: str) -> bool:
        return "/" in name or re.split(r"[:_=]", name)[-1] in SHOWS.split()

    assert {name for name in set(TABLE) - set(WRITES) if not shows(name)} == set()


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_not_do_is_not_done(house, role):
    client = browser(house.people[role])
    may = ("ok", "by")
    before = state()

    for name in (name for name in WRITES if TABLE[name][role] not in may):
        answer = write(client, name, house)
        assert met(answer) == TABLE[name][role], name

    assert differences(before, state()) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_what_a_role_may_do_is_done(house, role):
    idle = []

    for name in (name for name in WRITES if TABLE[name][role] in ("ok", "by")):
        with transaction.atomic():
            client = browser(house.people[role])
            before = state()
            write(client, name, house)
            if not differences(before, state()):
                idle.append(name)
            transaction.set_rollback(True)

    # In their own unit they may; what this house sends is of the other's.
    of_others = ["sessions:add", "messages:held", "planner:plan", "cover:add"]
    assert idle == (of_others if role == "other" else [])


@pytest.mark.slow
def test_no_request_that_another_site_forged_does_anything(house):
    boss = User.objects.create_superuser("boss@placa.example", name="Tot")
    client = browser(boss, enforce_csrf_checks=True)
    before = state()

    for address in STAFFS:
        answer = client.post(url_of(address, house), {"confirm": "1"})
        # 405: nothing is ever sent to it.
        assert answer.status_code in (403, 405), address.name

    assert differences(before, state()) == []


# Rights that are taken away -----------------------------------------------------------


def person_page(house: SimpleNamespace) -> str:
    return reverse("sessions:registration", args=[house.registration.pk])


@pytest.mark.parametrize(
    ("withdraw", "cell"),
    [
        (lambda user: user.unit_memberships.all().delete(), "--"),
        (lambda user: user.groups.set([Group.objects.get(name="Editors")]), "hm"),
        (lambda user: user.groups.clear(), "no"),
        (lambda user: User.objects.filter(pk=user.pk).update(is_active=False), "in"),
        (lambda user: User.objects.filter(pk=user.pk).delete(), "in"),
    ],
    ids=["membership", "role", "every role", "disabled", "deleted"],
)
def test_rights_that_are_withdrawn_end_at_the_next_click(house, withdraw, cell):
    user = house.people["mine"]
    client = browser(user)
    assert met(client.get(person_page(house))) == "ok"

    withdraw(user)

    before = state()
    assert met(client.get(person_page(house))) == cell
    cancel = reverse("sessions:cancel_registration", args=[house.registration.pk])
    assert met(client.post(cancel, {"confirm": "1"})) == cell
    assert differences(before, state()) == []


def test_a_person_who_signed_out_is_signed_out(house):
    client = browser(house.people["mine"])
    client.post(reverse("wagtailadmin_logout"))

    assert met(client.get(person_page(house))) == "in"


@pytest.mark.parametrize("is_active", [True, False])
def test_only_who_has_a_live_account_gets_a_code_to_come_in_with(
    house, work, smtp_server, is_active
):
    user = house.people["mine"]
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    client = browser(None)
    # What else the house wrote to her.
    Message.objects.all().delete()

    client.post(reverse("account_login"), {"login": user.email})
    work()

    [mail] = smtp_server.mails_to(user.email)
    text = mail.get_body(("plain",)).get_content()
    code = re.search(r"^\s*([A-Z0-9]{3,}-[A-Z0-9]{3,})\s*$", text, re.MULTILINE)
    assert bool(code) is is_active
    if code:
        client.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert met(client.get("/admin/")) == ("ok" if is_active else "in")
