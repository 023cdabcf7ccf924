"""Whatever breaks, what is left behind says nothing of anybody.

The log, the queue and the columns of errors are read after a fault in each place that
has somebody's name, address or link in its hands.
"""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.log import configure_logging
from django_tasks_db.models import DBTaskResult

from cms.settings.base import logging_as
from community.messages import kinds
from community.messages.kinds import Kind
from community.models import Message, RetentionRun
from community.privacy import departures, holders, links, register
from community.privacy.register import Entry
from community.work import registry
from events import followers, registrations, substitutions
from events.models import Follower, Registration
from tests.factories import a_registration, a_session, a_user

ADA = "ada.puig@council.example"
NAME = "Ada Puig"

pytestmark = pytest.mark.django_db


class Ada:
    """Somebody with a place, who follows a series, has an account and asks for her
    data; and everything that nobody else may read."""

    def __init__(self) -> None:
        self.registration = a_registration(a_session(), ADA, name=NAME)
        session = self.registration.session
        self.code, self.series = session.code, session.series
        followers.follow(session.series, ADA, "ca")
        self.follower = Follower.objects.get()
        self.invitation = self.registration.invitations.get()
        other = a_registration(session)
        asked = {"name": NAME, "email": ADA, "language": "ca"}
        self.substitution = substitutions.ask(other, **asked)
        self.account = a_user(email=ADA, name=NAME)
        row = Message(kind="my_data", recipient=ADA, language="ca")
        row.save()
        self.opening = links.link_in(row).removeprefix("http://testserver")

    @property
    def secrets(self) -> list[str]:
        token = self.opening.rstrip("/").rpartition(":")[2]
        return [
            ADA,
            "council.example",
            NAME,
            "Puig",
            self.registration.token,
            self.follower.token,
            self.invitation.join_token,
            self.substitution.token,
            token,
        ]


@pytest.fixture
def ada() -> Ada:
    cache.clear()
    return Ada()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written, as in production."""
    handlers = logging.getLogger().handlers[:]
    stream = io.StringIO()
    config = logging_as("json")
    config["handlers"]["console"]["stream"] = stream
    configure_logging("logging.config.dictConfig", config)
    yield stream
    configure_logging("logging.config.dictConfig", {})
    logging.getLogger().handlers[:] = handlers


def broken(ada: Ada) -> Callable:
    """What a database says: it repeats what it was given."""

    def break_it(*args: Any, **kwargs: Any) -> None:
        words = " ".join(ada.secrets)
        raise IntegrityError(f"DETAIL: Key (lower(email))=({ADA}) {words} exists.")

    return break_it


def left_behind(log: io.StringIO) -> str:
    """All that says what went wrong."""
    rows = [
        list(rows.values()) for rows in (DBTaskResult.objects, RetentionRun.objects)
    ]
    errors = list(Message.objects.values_list("error", flat=True))
    return log.getvalue() + json.dumps([rows, errors], default=str)


def assert_says_nothing(log: io.StringIO, ada: Ada) -> None:
    text = left_behind(log)
    assert [secret for secret in ada.secrets if secret in text] == []


def address(name: str, *args: Any) -> str:
    with translation.override("ca"):
        return reverse(name, args=args)


FORM = {
    "name": NAME,
    "email": ADA,
    "body": "Un ens",
    "other_body": "on",
    "language": "ca",
}
GROUP = {
    "body": "Un ens",
    "other_body": "on",
    "language": "ca",
    "people-TOTAL_FORMS": "1",
    "people-INITIAL_FORMS": "0",
    "people-0-name": NAME,
    "people-0-email": ADA,
}
# What is asked for, with what is sent, and what breaks under it.
PLACES: dict[str, tuple[Callable[[Ada], str], dict | None, str]] = {
    "register": (
        lambda ada: address("register", ada.code),
        FORM,
        "events.registrations.place",
    ),
    "register_group": (
        lambda ada: address("register_group", ada.code),
        GROUP,
        "events.registrations.place_all",
    ),
    "follow": (
        lambda ada: address("follow", ada.series.code),
        {"email": ADA},
        "events.followers.follow",
    ),
    "following": (
        lambda ada: address("following", ada.follower.token),
        {},
        "events.followers.confirm",
    ),
    "my_registration": (
        lambda ada: address("my_registration", ada.registration.token),
        None,
        "workflows.registration.mine.render",
    ),
    "cancel": (
        lambda ada: address("cancel_registration", ada.registration.token),
        {},
        "events.registrations.cancel",
    ),
    "ask_colleague": (
        lambda ada: address("ask_colleague", ada.registration.token),
        {"name": NAME, "email": f"x{ADA}", "language": "ca"},
        "events.substitutions.ask",
    ),
    "substitution": (
        lambda ada: address("substitution", ada.substitution.token),
        {"name": NAME, "language": "ca"},
        "events.substitutions.confirm",
    ),
    "accept": (
        lambda ada: address("accept_offer", ada.registration.token),
        {},
        "events.offers.accept",
    ),
    "correct": (
        lambda ada: address("correct_registration", ada.registration.token),
        FORM,
        "events.registrations.correct",
    ),
    "join": (
        lambda ada: address("join", ada.invitation.join_token),
        None,
        "events.views.render",
    ),
    "sign_in": (
        lambda ada: address("account_login"),
        {"login": ADA},
        "community.accounts.AccountAdapter.send_mail",
    ),
    "my_data": (
        lambda ada: address("my_data"),
        {"email": ADA},
        "community.messages.outbox.queue",
    ),
    "my_data_open": (
        lambda ada: ada.opening,
        {},
        "community.privacy.links.mail_of",
    ),
}
OF_WHO_HAS_OPENED_THE_LINK: dict[str, tuple[dict | None, str]] = {
    "my_data": (None, "community.privacy.holders.all_of"),
    "my_data_download": (None, "community.privacy.holders.all_of"),
    "my_data_correct": (
        {**FORM, "name": "Ada Roca Puig"},
        "community.privacy.holders.correct",
    ),
    "my_data_leave": ({}, "community.privacy.departures.leave"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_page_that_breaks_leaves_nothing_of_anybody(ada, log, place, monkeypatch):
    where, sent, under = PLACES[place]
    monkeypatch.setattr(under, broken(ada))
    client = Client(raise_request_exception=False)

    answer = client.get(where(ada)) if sent is None else client.post(where(ada), sent)

    assert answer.status_code == 500
    assert "IntegrityError" in log.getvalue(), "it is seen"
    assert_says_nothing(log, ada)
    assert ADA not in answer.content.decode()


@pytest.mark.parametrize("place", OF_WHO_HAS_OPENED_THE_LINK)
def test_ones_data_that_break_leave_nothing_either(ada, log, place, monkeypatch):
    client = Client(raise_request_exception=False)
    client.post(ada.opening)
    sent, under = OF_WHO_HAS_OPENED_THE_LINK[place]
    monkeypatch.setattr(under, broken(ada))

    answer = (
        client.get(address(place))
        if sent is None
        else client.post(address(place), sent)
    )

    assert answer.status_code == 500
    assert_says_nothing(log, ada)


def test_what_is_refused_or_not_found_is_not_repeated(ada, log):
    client = Client(enforce_csrf_checks=True)

    client.post(address("my_data"), {"email": ADA})
    client.get(f"/r/{ada.registration.token}x/")
    client.get(f"/ca/{ADA}/")
    client.get(ada.opening + ADA)
    client.get(f"/ca/?q={ADA}", headers={"host": f"{ADA}.example"})
    client.delete(address("my_registration", ada.registration.token))

    assert_says_nothing(log, ada)


@pytest.mark.parametrize("work_name", [*registry.works()])
def test_a_work_that_breaks_leaves_nothing_of_anybody(
    ada, log, work, work_name, monkeypatch
):
    monkeypatch.setitem(registry._works, work_name, broken(ada))

    with pytest.raises(AssertionError, match="BrokenWork"):
        work()

    assert DBTaskResult.objects.failed().exists()
    assert "IntegrityError" in left_behind(log), "the kind is said"
    assert_says_nothing(log, ada)


def test_what_breaks_inside_the_works_leaves_nothing_of_anybody(
    ada, log, work, monkeypatch
):
    """Where each work catches the fault itself: a mail, a flow, a departure, a term."""
    kind = kinds._kinds["registration_confirmed"]
    changed = Kind(**{**vars(kind), "render": broken(ada)})
    monkeypatch.setitem(kinds._kinds, kind.name, changed)
    monkeypatch.setattr("workflows.registration.following.follow", broken(ada))
    [*_others, last] = holders.holders()
    monkeypatch.setitem(
        holders._holders,
        last.name,
        holders.Holder(**{**vars(last), "erase": broken(ada)}),
    )
    entry = next(entry for entry in register.entries() if entry.end)
    monkeypatch.setitem(
        register._entries, entry.name, Entry(**{**vars(entry), "end": broken(ada)})
    )
    other = a_registration(a_session(), ADA, name=NAME)
    departures.leave(ADA, language="ca")
    Message.objects.exclude(kind=kind.name).update(state=Message.State.DONE)
    Message.objects.filter(kind=kind.name).update(
        state=Message.State.QUEUED, recipient="x@other.example"
    )

    call_command("sweep")
    work()

    assert other.pk
    assert "IntegrityError" in left_behind(log)
    assert_says_nothing(log, ada)


@pytest.mark.parametrize(
    "answer",
    [
        f"550 5.1.1 <{ADA}>: Recipient address rejected: User unknown",
        f"451 4.2.1 <{ADA}> is over quota",
        f"421 4.7.0 {ADA} come back later",
    ],
)
def test_a_mail_server_that_repeats_the_address_is_not_quoted(
    ada, log, work, smtp_server, answer
):
    smtp_server.answers[ADA] = answer

    work()

    errors = list(Message.objects.exclude(error="").values_list("error", flat=True))
    # Where nobody is, the server is asked once; what waits then fails in our words.
    assert any(error.startswith(answer[:3]) for error in errors)
    assert [error for error in errors if ADA in error] == []
    assert_says_nothing(log, ada)


def test_tasks_of_ours_carry_nothing_of_anybody(ada, work, smtp_server):
    registrations.cancel(ada.registration, Registration.Reason.PERSON)
    departures.leave(ADA, language="ca")
    work()

    for row in DBTaskResult.objects.values():
        # What is indexed are the words of sessions, by their keys.
        if row["task_path"] != "cms.search.keeping.index_rows":
            assert row["args_kwargs"] == {"args": [], "kwargs": {}}
        assert [s for s in ada.secrets if s in json.dumps(row, default=str)] == []
