"""Only the cookies that something needs, and only when it does."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from events import followers
from events.models import Follower
from tests.factories import a_registration, a_session, a_user

DOCS = Path(__file__).parents[1] / "docs" / "privacy.md"
ADA = "ada@council.example"

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any, language: str = "ca") -> str:
    with translation.override(language):
        return reverse(name, args=args)


def cookies(answer: HttpResponse) -> set[str]:
    return {name for name, morsel in answer.cookies.items() if morsel.value}


@pytest.fixture
def site(db) -> dict[str, Any]:
    """Somebody registered for a session, and following its series."""
    cache.clear()
    session = a_session()
    registration = a_registration(session, ADA)
    followers.follow(session.series, ADA, "ca")
    return {
        "session": session,
        "registration": registration,
        "follower": Follower.objects.get(email=ADA),
        "invitation": registration.invitations.get(),
    }


def test_who_only_reads_gets_no_cookie(site):
    call_command("seed", verbosity=0)
    pages = [page.url for page in Page.objects.live().exclude(depth__lt=2) if page.url]
    assert len(pages) > 10
    more = [
        "/",
        "/ca/no-such-page/",
        "/ca/?utm_source=x",
        address("session", site["session"].code),
        address("my_registration", site["registration"].token),
        address("join", site["invitation"].join_token),
        address("session_ics", "ca", site["session"].code),
        address("feed", "ca"),
        address("my_data_left"),
        address("registered", site["session"].code),
    ]
    client = Client()

    for place in [*pages, *more]:
        assert cookies(client.get(place)) == set(), place


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("register", "session"),
        ("register_group", "session"),
        ("follow", "series"),
        ("following", "follower"),
        ("cancel_registration", "registration"),
        ("correct_registration", "registration"),
        ("not_me", "registration"),
        ("ask_colleague", "registration"),
        ("my_data", ""),
        ("account_login", ""),
    ],
)
def test_a_form_gets_the_cookie_that_guards_it_and_no_other(site, name, of):
    token_of = {
        "session": site["session"].code,
        "series": site["session"].series.code,
        "follower": site["follower"].token,
        "registration": site["registration"].token,
    }
    place = address(name, *([token_of[of]] if of else []))

    assert cookies(Client().get(place)) == {"csrftoken"}


def test_who_registers_gets_a_receipt_in_a_session(site):
    client = Client()
    form = {
        "name": "Mar Soler",
        "email": "mar@council.example",
        "body": "Un ens",
        "other_body": "on",
        "language": "ca",
    }

    sent = client.post(address("register", site["session"].code), form)
    asked = Client().post(address("my_data"), {"email": ADA})
    followed = Client().post(
        address("follow", site["session"].series.code), {"email": ADA}
    )

    assert (sent.status_code, cookies(sent)) == (302, {"sessionid"})
    for answer in (asked, followed):
        assert answer.status_code == 200
        assert "sessionid" not in cookies(answer)


def test_signing_in_needs_a_session_and_leaving_it_takes_it_away(
    site, smtp_server, work
):
    a_user(email="nuria@placa.example")
    client = Client()
    sent = client.post(address("account_login"), {"login": "nuria@placa.example"})
    work()
    [mail] = smtp_server.mails_to("nuria@placa.example")
    text = mail.get_body(("plain",)).get_content()
    code = re.search(r"^\s*([0-9A-Z]{3,}-[0-9A-Z]{3,})\s*$", text, re.MULTILINE)[1]
    entered = client.post(address("account_confirm_login_code"), {"code": code})

    assert cookies(sent) | cookies(entered) == {"sessionid", "csrftoken", "messages"}
    left = client.post(address("account_logout"))
    assert cookies(left) == {"messages"}
    assert client.cookies["sessionid"].value == ""
    # What was to be said once is said, and not carried on.
    client.get(address("account_login"))
    assert client.cookies["messages"].value == ""


def test_light_or_dark_is_remembered_only_if_chosen(site):
    client = Client()

    chosen = client.post(reverse("scheme"), {"scheme": "dark", "next": "/ca/"})
    forgotten = client.post(reverse("scheme"), {"scheme": "system", "next": "/ca/"})

    assert cookies(chosen) == {"scheme"}
    assert cookies(forgotten) == set()


def test_each_cookie_is_ours_alone_and_goes_nowhere_else(site, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.post(reverse("scheme"), {"scheme": "dark", "next": "/ca/"})
    client.get(address("my_data"))
    form = {
        "name": "Mar Soler",
        "email": "mar@council.example",
        "body": "Un ens",
        "other_body": "on",
        "language": "ca",
    }
    client.post(address("register", site["session"].code), form)

    assert set(client.cookies) == {"scheme", "csrftoken", "sessionid"}
    for name, morsel in client.cookies.items():
        assert morsel["samesite"] == "Lax", name
        assert morsel["domain"] == "", name
    assert client.cookies["scheme"]["httponly"]
    assert client.cookies["scheme"]["secure"]
    assert client.cookies["sessionid"]["httponly"]


def test_the_officers_page_names_every_cookie_and_no_other(settings):
    rows = re.findall(r"^\| (`[^|]+) \|", DOCS.read_text(), re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}

    production = (Path(__file__).parents[1] / "cms/settings/production.py").read_text()
    there = re.findall(r'COOKIE_NAME = "([\w-]+)"', production)
    assert len(there) == 2
    assert told == {
        *there,
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        "messages",
        "scheme",
    }
