"""Verbs own the rules: whoever calls one, the same comes of it.

Each row of the table does the same thing twice, in two places that are alike: once
by the verb itself, once by a form, a link of a mail, a screen of the admin or an
import.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Message
from events import offers, registrations, sessions, substitutions
from events.models import Registration, Session, Substitution
from events.registrations import Applicant
from tests.factories import a_registration, a_session, a_user, an_applicant

Act = Callable[["Place"], Any]


class Place:
    """A session with one place: Ada has it, Biel and Carla wait."""

    def __init__(self, series, staff: Client, folder: Path) -> None:
        day = timezone.localtime() + timedelta(days=20)
        starts = day.replace(hour=10, minute=0, second=0, microsecond=0)
        self.starts = starts
        self.session = a_session(1, series=series, starts=starts)
        # Carla's address is much like Ada's: they may be one person, to be merged.
        people = {"Ada": "work", "Biel": "council", "Carla": "home"}
        self.ada, self.biel, self.carla = (
            a_registration(self.session, f"ada@{house}.example", name=name)
            for name, house in people.items()
        )
        self.staff = staff
        self.folder = folder
        self.person = Client()
        self.by = a_user()
        self.next_week = starts + timedelta(days=7)

    def outcome(self) -> tuple:
        """All that can be seen of it."""
        session = Session.objects.get(pk=self.session.pk)
        people = session.registrations.order_by("arrival")
        asked = Substitution.objects.filter(registration__in=people)
        threads = [row.thread for row in (*people, *asked)]
        mails = Message.objects.filter(order_key__in=threads)
        return (
            session.state,
            session.starts - self.starts,
            session.capacity_online,
            str(session.state_reason),
            list(people.values_list("arrival", "name", "state", "reason", "question")),
            list(asked.values_list("name", "email", "language", "outcome")),
            Counter(mails.values_list("kind", flat=True)),
        )

    def offered(self) -> Registration:
        """Biel, once the place that Ada gives up is offered to him."""
        self.session.series.promotion = "offer"
        self.session.series.save()
        registrations.cancel(self.ada, "person")
        self.biel.refresh_from_db()
        return self.biel

    def lost(self) -> Registration:
        """Biel, once he has not wanted it."""
        offers.decline(self.offered())
        self.biel.refresh_from_db()
        return self.biel

    # Callers

    def link(self, name: str, row: Registration | Substitution, /, **sent: str) -> None:
        """Press the button of the page that a mail links to."""
        response = self.person.post(reverse(name, args=[row.token]), sent)
        assert response.status_code == 302

    def form(self, **sent: str) -> None:
        """Send the public form."""
        address = reverse("register", args=[self.session.code])
        assert self.person.post(address, sent).status_code == 302

    def admin(self, name: str, row: Any, /, **sent: str) -> None:
        """Fill in a screen of the admin, look at what it shows, and confirm."""
        address = reverse(f"sessions:{name}", args=[row.pk])
        shown = self.staff.post(address, sent) if sent else self.staff.get(address)
        hidden = dict(shown.context["sent"]) | {"seen": shown.context["seen"]}
        done = self.staff.post(address, {**hidden, "confirm": "1"})
        assert done.status_code == 302

    def asked(self) -> Substitution:
        """That Dora was asked to go instead of Ada."""
        return substitutions.ask(self.ada, **DORA)

    def saved(self, name: str, row: Any, /, **sent: str) -> None:
        """Fill in a screen of the admin of which nobody is told, and save it."""
        address = reverse(f"sessions:{name}", args=[row.pk])
        assert self.staff.post(address, sent).status_code == 302


NEW = {"name": "Dora", "body": "Ens nou", "language": "ca"}
DORA = {"name": "Dora", "email": "d@council.example", "language": "ca"}
REASON = "Indisposició"


def new_person(place: Place) -> dict[str, str]:
    add = reverse("sessions:add_person", args=[place.session.pk])
    key = place.staff.get(add).context["form"].initial["key"]
    return {**NEW, "email": "d@council.example", "how": "in_turn", "key": str(key)}


def imported(place: Place) -> None:
    file = place.folder / "people.csv"
    file.write_text("name,email,body\nDora,d@council.example,Ens nou\n", "utf-8")
    session, by = place.session.code, place.by.email
    call_command("import_registrations", session, file, by=by, stdout=StringIO())


def dates(place: Place) -> dict[str, str]:
    day = timezone.localtime(place.next_week)
    return {"date": f"{day:%d/%m/%Y}", "start_time": "10:00", "end_time": "11:00"}


def ends(place: Place):
    return place.next_week + timedelta(hours=1)


VERBS: dict[str, Act] = {
    "place": lambda p: registrations.place(
        p.session, an_applicant("d@council.example", name="Dora")
    ),
    "cancel a registration": lambda p: registrations.cancel(p.ada, "person"),
    "cancel one by staff": lambda p: registrations.cancel(p.ada, "staff", by=p.by),
    "this was not me": lambda p: registrations.not_me(p.biel),
    "correct": lambda p: registrations.correct(p.ada, name="Adà", question="Com?"),
    "accept an offer": lambda p: offers.accept(p.offered()),
    "decline an offer": lambda p: offers.decline(p.offered()),
    "take back an offer": lambda p: offers.take_back(p.offered(), by=p.by, reason="-"),
    "ask again": lambda p: registrations.ask_again(p.lost()),
    "move in line": lambda p: registrations.move_in_line(
        p.carla, 1, by=p.by, reason="-"
    ),
    "grant": lambda p: registrations.grant(p.carla, by=p.by, reason="Hi parla"),
    "ask a colleague": lambda p: substitutions.ask(p.ada, **DORA),
    "say yes to a colleague": lambda p: substitutions.confirm(
        p.asked(), Applicant(**DORA)
    ),
    "say no to a colleague": lambda p: substitutions.refuse(p.asked()),
    "ask no more": lambda p: substitutions.withdraw(p.asked()),
    "substitute": lambda p: substitutions.substitute(p.ada, **DORA, by=p.by),
    "merge": lambda p: registrations.merge(p.carla, p.ada, by=p.by),
    "move": lambda p: sessions.move(p.session, starts=p.next_week, ends=ends(p)),
    "cancel": lambda p: sessions.cancel(p.session, {"ca": REASON}),
    "postpone": lambda p: sessions.postpone(p.session, {"ca": REASON}),
    "resize": lambda p: sessions.resize(p.session, online=2, in_person=None),
}

CALLERS: list[tuple[str, str, Act]] = [
    (
        "place",
        "form",
        lambda p: p.form(**NEW, email="d@council.example", other_body="on"),
    ),
    ("place", "import", lambda p: imported(p)),
    ("place", "admin", lambda p: p.admin("add_person", p.session, **new_person(p))),
    (
        "cancel a registration",
        "link",
        lambda p: p.link("cancel_registration", p.ada),
    ),
    (
        "cancel one by staff",
        "admin",
        lambda p: p.admin("cancel_registration", p.ada, tell="on"),
    ),
    ("this was not me", "link", lambda p: p.link("not_me", p.biel)),
    (
        "correct",
        "link",
        lambda p: p.link(
            "correct_registration",
            p.ada,
            name="Adà",
            body="Vila-real",
            other_body="on",
            language="ca",
            question="Com?",
        ),
    ),
    ("accept an offer", "link", lambda p: p.link("accept_offer", p.offered())),
    (
        "decline an offer",
        "link",
        lambda p: p.link("cancel_registration", p.offered()),
    ),
    (
        "take back an offer",
        "admin",
        lambda p: p.admin("take_back", p.offered(), reason="-"),
    ),
    ("ask again", "link", lambda p: p.link("ask_again", p.lost())),
    (
        "move in line",
        "admin",
        lambda p: p.saved("move_in_line", p.carla, position="1", reason="-"),
    ),
    ("grant", "admin", lambda p: p.admin("grant", p.carla, reason="Hi parla")),
    ("ask a colleague", "link", lambda p: p.link("ask_colleague", p.ada, **DORA)),
    (
        "say yes to a colleague",
        "link",
        lambda p: p.link("substitution", p.asked(), **DORA),
    ),
    (
        "say no to a colleague",
        "link",
        lambda p: p.link("substitution", p.asked(), no="1"),
    ),
    (
        "ask no more",
        "link",
        lambda p: p.link("ask_colleague", p.asked().registration, take_back="1"),
    ),
    ("substitute", "admin", lambda p: p.admin("substitute", p.ada, **DORA)),
    ("merge", "admin", lambda p: p.admin("merge", p.carla, other=str(p.ada.pk))),
    ("move", "admin", lambda p: p.admin("move", p.session, **dates(p))),
    ("cancel", "admin", lambda p: p.admin("cancel", p.session, reason_0=REASON)),
    ("postpone", "admin", lambda p: p.admin("postpone", p.session, reason_0=REASON)),
    ("resize", "admin", lambda p: p.admin("places", p.session, capacity_online="2")),
]


@pytest.mark.parametrize(
    ("verb", "by_caller"),
    [pytest.param(verb, act, id=f"{verb} by {name}") for verb, name, act in CALLERS],
)
def test_a_verb_does_the_same_whoever_calls_it(
    verb, by_caller, series, sign_in, tmp_path
):
    by_itself, called = (Place(series, sign_in(), tmp_path) for _ in range(2))
    untouched = called.outcome()

    VERBS[verb](by_itself)
    by_caller(called)

    assert called.outcome() == by_itself.outcome()
    assert called.outcome() != untouched


def test_every_verb_of_the_table_has_a_caller():
    assert {verb for verb, _, _ in CALLERS} == {*VERBS}
