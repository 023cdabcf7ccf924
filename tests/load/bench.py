"""What things cost, beside the least they could cost on the same machine.

`./dev bench` runs it on a throw-away PostgreSQL. Nothing here passes or fails: the
figures go to docs/performance.md, and the ratios are what to compare.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from icalendar import Calendar  # noqa: E402
from icalendar import Event as VEvent  # noqa: E402

from community.models import Message, Unit  # noqa: E402
from events import entries, registrations  # noqa: E402
from events.calendar.zone import VTIMEZONE, ZONE  # noqa: E402
from events.models import Registration, Series, Session  # noqa: E402
from events.registrations import Applicant  # noqa: E402

WRITERS = 4
PEOPLE = 400
SESSIONS = 1000


def main() -> None:
    """Make a database, measure, print the table, throw the database away."""
    made = setup_databases(verbosity=0, interactive=False)
    try:
        rows = [*calendars(), *registering()]
    finally:
        teardown_databases(made, verbosity=0)
    print(f"\n{connection.vendor}, {os.cpu_count()} cores, {datetime.now(UTC):%F}\n")  # noqa: T201
    print("| what | ours | the least | ratio |\n|---|---|---|---|")  # noqa: T201
    for what, ours, least, ratio in rows:
        print(f"| {what} | {ours} | {least} | {ratio:.2f} |")  # noqa: T201


def a_series() -> Series:
    unit, _ = Unit.objects.get_or_create(code="bench", defaults={"name": "Bench"})
    return Series.objects.get_or_create(
        code="bench", defaults={"unit": unit, "title": "Dijous GOmunicipal"}
    )[0]


def a_session(number: int, **values) -> Session:
    starts = datetime(2030, 1, 10, 9, tzinfo=UTC) + timedelta(days=number)
    return Session(
        code=f"bench-{number}",
        series=a_series(),
        title={"ca": "Dades obertes sense por: què publiquem primer"},
        summary={"ca": "Triem tres conjunts que qualsevol ajuntament ja té."},
        starts=starts,
        ends=starts + timedelta(hours=1),
        state=Session.State.ANNOUNCED,
        **values,
    )


# Calendars ------------------------------------------------------------------------


def calendars() -> list[tuple]:
    Session.objects.bulk_create(a_session(number) for number in range(SESSIONS))
    many = list(Session.objects.order_by("starts"))
    one = many[:1]
    rows = []
    for what, ours, sessions in (
        ("one .ics file, ms", lambda: entries.single(one[0]), one),
        (f"feed of {SESSIONS}, ms", lambda: entries.feed(many, "Plaça", "ca"), many),
    ):
        mine, theirs = median_ms(ours, lambda sessions=sessions: bare(sessions))
        rows.append((what, f"{mine:.2f}", f"{theirs:.2f}", mine / theirs))
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


def registering() -> list[tuple]:
    ours = a_session(SESSIONS, capacity_online=PEOPLE)
    least = a_session(SESSIONS + 1, capacity_online=PEOPLE)
    for session in (ours, least):
        session.save()
    fast = per_second(lambda number: guarded_update(least, number))
    mine = per_second(lambda number: registrations.place(ours, applicant(number)))
    grown = grown_place()
    return [
        (
            f"registrations a second, {WRITERS} writers, beside a bare guarded update",
            f"{mine:.0f}",
            f"{fast:.0f}",
            fast / mine,
        ),
        ("one registration at 50,000 beside 500, ms", *grown),
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


def grown_place() -> tuple[str, str, float]:
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
    return f"{many:.1f}", f"{few:.1f}", many / few


if __name__ == "__main__":
    main()
