"""What things cost, beside the least they could cost on the same machine.

`./dev bench` runs it on a throw-away PostgreSQL and prints the table of
docs/performance.md. Nothing here passes or fails: the ratios are what to compare.
"""

import os
import platform
import random
import re
import smtplib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from secrets import token_urlsafe
from subprocess import run
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY  # noqa: E402
from django.contrib.auth import SESSION_KEY as USER_SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    teardown_databases,
)
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.translation import override  # noqa: E402
from icalendar import Calendar  # noqa: E402
from icalendar import Event as VEvent  # noqa: E402
from wagtail.search.backends import get_search_backend  # noqa: E402

from cms.models import AgendaPage, SessionPage  # noqa: E402
from community.messages import outbox  # noqa: E402
from community.models import LocalBody, Message, Unit, User  # noqa: E402
from community.spreadsheets import as_xlsx  # noqa: E402
from events import entries, registrations, reminders  # noqa: E402
from events.calendar.zone import VTIMEZONE, ZONE  # noqa: E402
from events.models import Registration, Series, Session  # noqa: E402
from events.registrations import Applicant  # noqa: E402
from tests.factories.caravan_map import all_over, many_stops  # noqa: E402
from tests.factories.cases import (  # noqa: E402
    a_unit,
    a_worker,
    copies,
    do,
    open_task,
    sorted_to,
)
from tests.factories.proposals import an_open_one, many_like  # noqa: E402
from tests.load.web import (  # noqa: E402
    Server,
    Visit,
    mail_server,
    serving,
    shared_cache,
)
from workflows.caravan.models import CaravanPage, Stop  # noqa: E402
from workflows.catalogue import report  # noqa: E402
from workflows.catalogue.models import (  # noqa: E402
    CatalogueIndexPage,
    Edition,
    Resource,
)
from workflows.catalogue.shelf import BANDS, PER_PAGE  # noqa: E402
from workflows.engine import desk  # noqa: E402
from workflows.engine.models import Case  # noqa: E402
from workflows.proposals.figures import Figures  # noqa: E402
from workflows.proposals.models import Proposal  # noqa: E402
from workflows.proposals.similar import find_similar  # noqa: E402

WRITERS = 4
PEOPLE = 400
CROWD = 500
SESSIONS = 1000
FEW_SESSIONS = 36
RESOURCES = 500
STOPS = 60
PROPOSALS = 5_000
FEW_PROPOSALS = 500
CASES = 20_000
FEW_CASES = 2_000
# Everything is measured in turn, so that a slow moment of the machine falls on all.
ROUNDS = 7
SECONDS = 0.5
# No page knows it, so that the page is rendered and not kept.
UNKNOWN = "?when=odd"


class Row(NamedTuple):
    """One line of the table. `ratio` is in words: 1/4, 1.20 …"""

    what: str
    ours: str
    least: str
    ratio: str
    wanted: str


def main() -> None:
    """Make a database, measure, print the table, throw the database away."""
    made = setup_databases(verbosity=0, interactive=False)
    try:
        rows = [*pages(), *calendars(), *registering(), *telling(), *desk_work()]
        rows += proposed()
    finally:
        teardown_databases(made, verbosity=0)
    system = f"{connection.vendor}, Python {platform.python_version()}"
    print(f"\n{datetime.now(UTC):%F}, {os.cpu_count()} cores, {system}\n")  # noqa: T201
    print("| what | ours | the least | ratio | wanted |\n|---|---|---|---|---|")  # noqa: T201
    for row in rows:
        print(f"| {' | '.join(row)} |")  # noqa: T201


# Pages ------------------------------------------------------------------------------


def pages() -> list[Row]:
    """What the site answers under its server, beside an empty view under the same."""
    # Both sign alike, so that what is signed here opens doors there.
    settings.SECRET_KEY = token_urlsafe(50)
    with open(os.devnull, "w") as nowhere:
        call_command("seed", stdout=nowhere)
    fill_agenda(FEW_SESSIONS)
    fill_catalogue(RESOURCES)
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        site = {
            "BENCH_STATIC": str(folder / "static"),
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.load.site",
            "SECRET_KEY": settings.SECRET_KEY,
        }
        collect = ["collectstatic", "--no-input", "--ignore", "viewflow", "-v0"]
        environment = {**os.environ, **site}
        run([sys.executable, "manage.py", *collect], check=True, env=environment)
        empty = running.enter_context(serving("tests.load.empty:application"))
        ours = running.enter_context(serving("cms.wsgi:application", **site))
        cache = running.enter_context(shared_cache(folder))
        shared = cache and running.enter_context(
            serving("cms.wsgi:application", **site, CACHE_URL=cache)
        )
        forgetful = running.enter_context(
            serving("cms.wsgi:application", **site, BENCH_REMEMBERED="0")
        )
        keep_apart(empty, ours, forgetful, *filter(None, [shared]))
        return [
            *answers(empty, ours, forgetful, shared),
            *agenda(empty, forgetful),
            *catalogue(empty, ours),
            *caravan(empty, ours),
            memory(ours),
        ]


def answers(
    empty: Server, ours: Server, forgetful: Server, shared: Server | None
) -> list[Row]:
    home, session = "/ca/", coming_page()
    kept = Visit(ours, home)
    known = next(
        line.split(": ", 1)[1]
        for line in kept.once().decode(errors="replace").splitlines()
        if line.lower().startswith("etag: ")
    )
    ics = f"/cal/ca/s/{session.session.code}.ics"
    visits = {
        "cached page": (kept, "≥ 1/4"),
        "304 of a page": (
            Visit(ours, home, (f"If-None-Match: {known}",), 304),
            "≥ 1/10",
        ),
        "home, page not cached": (Visit(ours, home + UNKNOWN), "≥ 1/60"),
        "session, page not cached": (Visit(ours, session.url + UNKNOWN), "≥ 1/60"),
        "home, nothing remembered": (Visit(forgetful, home), "reported"),
        "session, nothing remembered": (Visit(forgetful, session.url), "reported"),
        "one .ics file": (Visit(ours, ics), "≥ 1/40"),
    }
    if shared:
        visits["cached page, in Valkey"] = (Visit(shared, home), "reported")
    least = Visit(empty, "/")
    rates = in_turn(least, *(visit for visit, _ in visits.values()))
    return [
        Row(
            f"{what}, requests/s",
            f"{rate:.0f}",
            f"{rates[0]:.0f}",
            f"1/{rates[0] / rate:.1f}",
            wanted,
        )
        for (what, (_, wanted)), rate in zip(visits.items(), rates[1:], strict=True)
    ]


def agenda(empty: Server, forgetful: Server) -> list[Row]:
    """The agenda with few sessions and with many, nothing of it remembered, each in
    units of an empty answer."""
    page = AgendaPage.objects.live().filter(locale__language_code="ca").first()
    visits = (Visit(empty, "/"), Visit(forgetful, page.url))
    costs, queries = [], []
    for number in (FEW_SESSIONS, SESSIONS):
        fill_agenda(number)
        least, rate = in_turn(*visits)
        costs.append(least / rate)
        queries.append(queries_of(page.url))
    few, many = costs
    return [
        Row(
            f"agenda of {SESSIONS:,} beside {FEW_SESSIONS}, in empty answers",
            f"{many:.0f}",
            f"{few:.0f}",
            f"{many / few:.2f}",
            "≤ 3",
        ),
        Row(
            f"queries of the agenda of {SESSIONS:,} beside {FEW_SESSIONS}",
            f"{queries[1]}",
            f"{queries[0]}",
            f"{queries[1] / queries[0]:.2f}",
            "1",
        ),
    ]


def catalogue(empty: Server, ours: Server) -> list[Row]:
    """What a body can request, each list for the first time; and what all can, as one
    file."""
    page = CatalogueIndexPage.objects.live().get(locale__language_code="ca")
    codes = LocalBody.objects.standing().values_list("code", flat=True)
    lists = [
        f"{page.url}?body={code}&page={number}"
        for number in range(1, RESOURCES // PER_PAGE)
        for code in codes
    ]
    asked = Visit(ours, page.url, others=iter(lists))
    least, rate = in_turn(Visit(empty, "/"), asked)
    if next(asked.others, None) is None:
        raise RuntimeError("some lists were asked for twice")
    began = time.perf_counter()
    table = report.table()
    as_xlsx({"report": table})
    seconds = time.perf_counter() - began
    return [
        Row(
            f"what a body can request of {RESOURCES}, requests/s",
            f"{rate:.0f}",
            f"{least:.0f}",
            f"1/{least / rate:.1f}",
            "≥ 1/80",
        ),
        Row(
            f"report of {len(table) - 1} bodies and {RESOURCES} resources, XLSX, s",
            f"{seconds:.1f}",
            "",
            "",
            "≤ 5",
        ),
    ]


def caravan(empty: Server, ours: Server) -> list[Row]:
    """The page of the caravan and its map, not cached."""
    page = CaravanPage.objects.live().get(locale__language_code="ca")
    many_stops(STOPS - Stop.objects.public().count(), all_over())
    with override("ca"):
        addresses = {"caravan": page.url, "its map": reverse("caravan_map")}
    visits = [Visit(ours, address + UNKNOWN) for address in addresses.values()]
    least, *rates = in_turn(Visit(empty, "/"), *visits)
    return [
        Row(
            f"{what}, {STOPS} stops, page not cached, requests/s",
            f"{rate:.0f}",
            f"{least:.0f}",
            f"1/{least / rate:.1f}",
            "≥ 1/60",
        )
        for what, rate in zip(addresses, rates, strict=True)
    ]


def fill_catalogue(number: int) -> None:
    """So many resources, open now, whatever there was."""
    like = Resource.objects.select_related("area", "unit").first()
    missing = number - Resource.objects.public().count()
    now = timezone.now()
    made = Resource.objects.bulk_create(
        Resource(
            code=f"B-{each}",
            name=f"Recurs {each}",
            area=like.area,
            unit=like.unit,
            kinds=["municipality"],
            most=(None, *BANDS)[each % (len(BANDS) + 1)],
            limit=each % 4 or None,
        )
        for each in range(missing)
    )
    Edition.objects.bulk_create(
        Edition(
            resource=each,
            year=now.year,
            opens=now - timedelta(days=1),
            closes=now + timedelta(days=90 + number % 7),
            is_published=True,
        )
        for number, each in enumerate(made)
    )


def memory(ours: Server) -> Row:
    """What the worker holds after all that, and after some screens of the staff."""
    cookie = f"Cookie: __Host-session={signed_in()}"
    for path in ("/admin/", "/admin/pages/", "/admin/images/", "/ca/"):
        Visit(ours, path, (cookie,)).once()
    Visit(ours, f"/ca/s/{coming_page().session.code}/register/").once()
    held = ours.memory()
    return Row("memory of a web worker, MB", f"{held}", "", "", "≤ 180")


def in_turn(*visits: Visit) -> list[float]:
    """The answers a second of each: the median of several rounds."""
    for visit in visits:
        visit.once()
    rounds = [[visit.per_second(SECONDS) for visit in visits] for _ in range(ROUNDS)]
    return [statistics.median(rates) for rates in zip(*rounds, strict=True)]


def keep_apart(*servers: Server) -> None:
    """The servers on one core, whoever asks them on the others."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return
    for server in servers:
        for process in server.processes():
            for thread in Path(f"/proc/{process}/task").iterdir():
                os.sched_setaffinity(int(thread.name), cores[:1])
    os.sched_setaffinity(0, cores[1:])


def fill_agenda(number: int) -> None:
    """So many sessions to come, whatever there was."""
    Session.objects.filter(code__startswith="agenda-").delete()
    missing = number - Session.objects.public().upcoming(timezone.now()).count()
    Session.objects.bulk_create(
        a_session(day, code=f"agenda-{day}") for day in range(missing)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def queries_of(address: str) -> int:
    """How many queries the page asks; the tests' settings remember nothing."""
    settings.ALLOWED_HOSTS = ["*"]
    Client().get(address)
    with CaptureQueriesContext(connection) as asked:
        Client().get(address)
    return len(asked)


def coming_page() -> SessionPage:
    pages = SessionPage.objects.live().filter(locale__language_code="ca")
    return pages.filter(session__starts__gt=timezone.now()).order_by("pk").first()


def signed_in() -> str:
    """The cookie of an administrator."""
    user = User.objects.filter(email="bench@placa.example").first()
    user = user or User.objects.create_superuser(email="bench@placa.example")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[USER_SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def database_url() -> str:
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@/{at['HOST']}/{at['NAME']}"


def a_series() -> Series:
    unit, _ = Unit.objects.get_or_create(code="bench", defaults={"name": "Bench"})
    return Series.objects.get_or_create(
        code="bench", defaults={"unit": unit, "title": "Dijous GOmunicipal"}
    )[0]


def a_session(number: int, **values) -> Session:
    starts = datetime(2030, 1, 10, 9, tzinfo=UTC) + timedelta(days=number)
    return Session(
        code=values.pop("code", f"bench-{number}"),
        series=a_series(),
        title={"ca": "Dades obertes sense por: què publiquem primer"},
        summary={"ca": "Triem tres conjunts que qualsevol ajuntament ja té."},
        starts=starts,
        ends=starts + timedelta(hours=1),
        state=Session.State.ANNOUNCED,
        **values,
    )


# Calendars ------------------------------------------------------------------------


def calendars() -> list[Row]:
    Session.objects.bulk_create(a_session(number) for number in range(SESSIONS))
    many = list(Session.objects.order_by("starts"))
    one = many[:1]
    rows = []
    for what, ours, sessions in (
        ("building one .ics file, ms", lambda: entries.single(one[0]), one),
        (
            f"building a feed of {SESSIONS:,}, ms",
            lambda: entries.feed(many, "Plaça", "ca"),
            many,
        ),
    ):
        mine, theirs = median_ms(ours, lambda sessions=sessions: bare(sessions))
        ratio = f"{mine / theirs:.2f}"
        rows.append(Row(what, f"{mine:.2f}", f"{theirs:.2f}", ratio, ""))
    return rows


def bare(sessions: list[Session]) -> bytes:
    """The same properties by icalendar alone, without any of our care."""
    calendar = Calendar()
    calendar.add("PRODID", "-//bench//")
    calendar.add("VERSION", "2.0")
    calendar.add_component(VTIMEZONE)
    for session in sessions:
        event = VEvent()
        event.add("UID", str(session.uuid))
        event.add("SEQUENCE", session.revision)
        event.add("DTSTAMP", session.changed)
        event.add("LAST-MODIFIED", session.changed)
        event.add("DTSTART", session.starts.astimezone(ZONE))
        event.add("DTEND", session.ends.astimezone(ZONE))
        event.add("SUMMARY", str(session.title))
        event.add("DESCRIPTION", f"{session.summary}\n\n/s/{session.code}/")
        event.add("LOCATION", "En línia")
        event.add("URL", f"/s/{session.code}/")
        event.add("STATUS", "CONFIRMED")
        event.add("TRANSP", "OPAQUE")
        event.add("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")
        calendar.add_component(event)
    return calendar.to_ical()


def median_ms(*functions: Callable[[], object]) -> list[float]:
    """The median time of each, in ms, called in turn so that a slow moment of the
    machine falls on all."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(12):
        for taken, function in zip(times, functions, strict=True):
            began = time.perf_counter()
            function()
            taken.append((time.perf_counter() - began) * 1000)
    return [statistics.median(taken[2:]) for taken in times]


# Registering ------------------------------------------------------------------------


def registering() -> list[Row]:
    ours = a_session(SESSIONS, capacity_online=PEOPLE)
    least = a_session(SESSIONS + 1, capacity_online=PEOPLE)
    for session in (ours, least):
        session.save()
    fast = per_second(lambda number: guarded_update(least, number))
    mine = per_second(lambda number: registrations.place(ours, applicant(number)))
    grown = grown_place()
    return [
        Row(
            f"registrations a second, {WRITERS} writers, beside a bare guarded update",
            f"{mine:.0f}",
            f"{fast:.0f}",
            f"1/{fast / mine:.1f}",
            "≥ 60",
        ),
        Row("one registration at 50,000 beside 500, ms", *grown, "≤ 1.20"),
    ]


def applicant(number: int) -> Applicant:
    return Applicant(
        f"Persona {number}", f"p{number}@bench.example", "ca", body_text="Vic"
    )


def guarded_update(session: Session, number: int) -> None:
    """The least that keeps the capacity: one update that checks, and two rows."""
    with transaction.atomic():
        Session.objects.filter(pk=session.pk, arrivals__lt=F("capacity_online")).update(
            arrivals=F("arrivals") + 1
        )
        registration = Registration.objects.create(
            session=session,
            arrival=number + 1,
            **applicant(number).columns(),
        )
        Message.objects.create(
            kind="mail", about=registration.pk, recipient="a@b.example", language="ca"
        )


def per_second(act: Callable[[int], object]) -> float:
    numbers = iter(range(PEOPLE))
    lock = threading.Lock()

    def write() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            act(number)
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return PEOPLE / (time.perf_counter() - began)


def grown_place() -> tuple[str, str, str]:
    """Placing one person where 500 wait and where 50,000 do."""
    small, big = a_session(SESSIONS + 2), a_session(SESSIONS + 3)
    for session, people in ((small, 500), (big, 50_000)):
        session.capacity_online, session.arrivals = 100, people
        session.save()
        Registration.objects.bulk_create(
            (
                Registration(
                    session=session,
                    name="Persona",
                    email=f"w{session.pk}-{number}@bench.example",
                    mode="online",
                    language="ca",
                    arrival=number + 1,
                    state="confirmed" if number < 100 else "waiting",
                )
                for number in range(people)
            ),
            batch_size=5000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    numbers = iter(range(10_000, 20_000))
    many, few = median_ms(
        lambda: registrations.place(big, applicant(next(numbers))),
        lambda: registrations.place(small, applicant(next(numbers))),
    )
    return f"{many:.1f}", f"{few:.1f}", f"{many / few:.2f}"


# Telling a crowd --------------------------------------------------------------------


def telling() -> list[Row]:
    """Those who come to one session are reminded, and then told that it moves."""
    soon = timezone.now() + timedelta(minutes=59)
    session = a_session(SESSIONS + 4)
    session.starts, session.ends = soon, soon + timedelta(hours=1)
    session.save()
    for number in range(CROWD):
        registrations.place(session, applicant(number))
    # They have had their invitations long since.
    Message.objects.all().delete()
    sent, least_sent = sent_a_second()
    moved, least_moved = seconds_to_move(session)
    return [
        Row(
            f"{CROWD} reminders, mails a second, beside the same mails by smtplib",
            f"{sent:.0f}",
            f"{least_sent:.0f}",
            f"1/{least_sent / sent:.1f}",
            "≥ 20",
        ),
        Row(
            f"moving a session of {CROWD} people, s in the request, beside the rows",
            f"{moved:.2f}",
            f"{least_moved:.2f}",
            f"{moved / least_moved:.1f}",
            "≤ 2",
        ),
    ]


def sent_a_second() -> tuple[float, float]:
    """The reminders that are due by the outbox, over one connection; and the same
    octets by nothing but a connection."""
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with mail_server() as settings.EMAIL_PORT:
        reminders.remind_due(10)
        ours = seconds_of(lambda: outbox.send_due(2 * CROWD))
        sent = Message.objects.filter(kind="reminder", state=Message.State.DONE)
        mails = [(row.recipient, bytes(row.mime)) for row in sent]
        if len(mails) != CROWD:
            raise RuntimeError(f"{len(mails)} of {CROWD} reminders left")
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as line:
            least = seconds_of(
                lambda: [line.sendmail("a@b.example", *mail) for mail in mails]
            )
    return CROWD / ours, CROWD / least


def seconds_to_move(session: Session) -> tuple[float, float]:
    """From the organiser's yes to the answer; and writing the session and as many
    mails to be sent."""
    organiser = Client()
    organiser.cookies[settings.SESSION_COOKIE_NAME] = signed_in()
    address = reverse("sessions:move", args=[session.pk])
    day = timezone.localtime(session.starts) + timedelta(days=7)
    when = {"date": f"{day:%d/%m/%Y}", "start_time": "10:00", "end_time": "11:00"}
    shown = organiser.post(address, when).content.decode()
    yes = {
        **when,
        "confirm": "1",
        "seen": re.search(r'name="seen" value="([^"]+)"', shown)[1],
    }
    ours = seconds_of(lambda: organiser.post(address, yes))
    told = list(Message.objects.filter(kind="session_moved"))
    if len(told) != CROWD:
        raise RuntimeError(f"{len(told)} of {CROWD} people were told")
    Message.objects.all().delete()
    for row in told:
        row.pk = None

    def least() -> None:
        with transaction.atomic():
            session.save(update_fields=["starts"])
            Message.objects.bulk_create(told)

    return ours, seconds_of(least)


# Cases -------------------------------------------------------------------------------


def desk_work() -> list[Row]:
    """The screens of somebody of the staff, with few cases and with many."""
    settings.ALLOWED_HOSTS = ["*"]
    unit = a_unit("Bench")
    me = a_worker(unit)
    mine, nobodys, waiting, settled = found = [sorted_to(unit) for _each in range(4)]
    desk.claim(open_task(mine), me)
    do(waiting, me, decision="ask", text="Quines?")
    do(settled, me, decision="answer", text="Sí")
    browser = Client()
    browser.force_login(me)
    every = reverse("cases:all")
    screens = {
        "inbox": reverse("cases:index"),
        "queue": reverse("cases:queue"),
        "all the cases": every,
        "all, sought by two words": f"{every}?q=publicar+ada",
        "archive": reverse("cases:archive"),
        "problems": reverse("cases:problems"),
        "page of a case": reverse("cases:case", args=[mine.number]),
        "first screen of the admin": "/admin/",
    }
    times = []
    for number in (FEW_CASES, CASES):
        fill_cases(found, number)
        opened = [lambda url=url: browser.get(url) for url in screens.values()]
        times.append(median_ms(*opened))
    return [
        Row(
            f"{what}, {CASES:,} cases beside {FEW_CASES:,}, ms",
            f"{many:.0f}",
            f"{few:.0f}",
            f"{many / few:.2f}",
            "≤ 2",
        )
        for what, few, many in zip(screens, *times, strict=True)
    ]


def fill_cases(models: list[Case], number: int) -> None:
    """So many cases: nine of ten settled, the others of each sort alike."""
    *active, settled = models
    missing = number - Case.objects.count()
    for case in active:
        copies(case, missing // 10 // len(active))
    copies(settled, number - Case.objects.count())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def seconds_of(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


# Proposals --------------------------------------------------------------------------

PROPOSED = """publicar contractes menors trimestre acta ple retribucions càrrecs agenda
subvencions dades obertes padró llicències bústia ètica alertes conducta sol·licitud
accés límit arxiu expedient pressupost indicadors plantilla conveni planejament
participació serveis catàleg visor formació secretaria control integritat interessos
regidors vídeo gravació anonimització"""


def proposed() -> list[Row]:
    """What is like a proposal that is being written, and what everybody reads of all:
    with few and with many."""
    settings.ALLOWED_HOSTS = ["*"]
    first, browser = an_open_one(), Client()
    acts = {
        "what is like a proposal": lambda: find_similar("Contractes mneors del ple"),
        "list of proposals": lambda: browser.get(
            reverse("proposals") + "?words=cont", follow=True
        ),
        "figures of proposals": lambda: Figures(Proposal.objects.all()).all,
        "proposals as CSV": lambda: b"".join(browser.get(reverse("proposals_csv"))),
    }
    times = []
    for number in (FEW_PROPOSALS, PROPOSALS):
        made = many_like(first, number - Proposal.objects.count(), title=topic_of)
        get_search_backend().add_bulk(Proposal, made)
        with connection.cursor() as cursor:
            # As its own housekeeping does in time.
            cursor.execute("ANALYZE")
        times.append(median_ms(*acts.values()))
    wanted = ("≤ 150 ms", "reported", "reported", "reported")
    return [
        Row(
            f"{what}, {PROPOSALS:,} beside {FEW_PROPOSALS:,}, ms",
            f"{many:.0f}",
            f"{few:.0f}",
            f"{many / few:.2f}",
            most,
        )
        for what, few, many, most in zip(acts, *times, wanted, strict=True)
    ]


def topic_of(number: int) -> str:
    """Something to propose, the same in every run."""
    return " ".join(random.Random(number).choices(PROPOSED.split(), k=6)).capitalize()


if __name__ == "__main__":
    main()
