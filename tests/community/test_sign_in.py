"""Signing in: nobody learns who has an account, nobody guesses, and nobody stays who
should have gone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings as site
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from community.accounts import client_address
from community.models import Message, User
from tests.factories import a_user
from tests.factories.pages import a_home

pytestmark = pytest.mark.django_db

LOGIN = "/ca/account/login/"
CONFIRM = "/ca/account/login/code/confirm/"
NEWS = "massa vegades"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet(settings: Any) -> Iterator[None]:
    settings.OUTBOX_KEEPS_SECRETS = True
    cache.clear()
    a_home()
    yield
    cache.clear()


def ask(client: Client, email: str, **more: Any) -> HttpResponse:
    """Ask for a code to be sent to `email`."""
    return client.post(LOGIN, {"login": email, **more.pop("data", {})}, **more)


def code_of(email: str) -> str:
    """The code in the last mail to `email`."""
    mail = Message.objects.filter(recipient=email).latest("pk")
    return re.search(r"[A-Z]{4}-[A-Z]{4}", bytes(mail.mime).decode())[0]


def sign_in(client: Client, user: User, **data: str) -> HttpResponse:
    ask(client, user.email, data=data)
    return client.post(CONFIRM, {"code": code_of(user.email), **data})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code != 302


def seen(answer: HttpResponse, email: str) -> tuple[Any, ...]:
    """All that a browser learns from `answer`, but what is its own."""
    page = answer.content.decode().replace(email, "ADDRESS")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    headers = dict(answer.headers.items())
    headers.pop("Content-Length", None)
    headers.pop("Expires", None)
    headers.pop("X-Request-ID", None)
    return answer.status_code, page, headers, sorted(answer.cookies)


# Who has an account ------------------------------------------------------------


def everything_until_shut_out(email: str) -> list[tuple[Any, ...]]:
    """What is seen on the way: asking, wrong codes until there are none left, and
    asking so often that it is too much."""
    client = Client()
    steps = [client.get(LOGIN), ask(client, email), client.get(CONFIRM)]
    steps += [client.post(CONFIRM, {"code": "BCDF-BCDF"}) for _ in range(4)]
    steps += [client.get(LOGIN)]
    steps += [ask(Client(), email) for _ in range(4)]
    return [seen(answer, email) for answer in steps]


def test_with_an_account_without_or_with_one_that_is_shut_all_looks_the_same():
    a_user(email="ada@placa.example")
    a_user(email="shut@placa.example", is_active=False)

    views = {
        email: everything_until_shut_out(email)
        for email in ("ada@placa.example", "shut@placa.example", "no@placa.example")
    }

    with_account = views.pop("ada@placa.example")
    assert [view[0] for view in with_account] == [
        *(200, 302, 200),
        *(200, 200, 302, 302),
        *(200,),
        *(302, 302, 200, 200),
    ]
    for email, view in views.items():
        for step, (one, other) in enumerate(zip(with_account, view, strict=True)):
            assert one == other, (email, step)


def test_each_gets_a_mail_so_that_asking_takes_as_long_and_the_code_goes_to_its_owner():
    a_user(email="ada@placa.example")

    for email in ("ada@placa.example", "no@placa.example"):
        ask(Client(), email)

    mails = {mail.recipient: mail for mail in Message.objects.all()}
    assert {mail.kind for mail in mails.values()} == {"sign_in"}
    assert code_of("ada@placa.example")
    text = bytes(mails["no@placa.example"].mime).decode()
    assert not re.search(r"[A-Z]{4}-[A-Z]{4}", text)


def test_asking_writes_as_much_with_an_account_as_without(
    django_assert_max_num_queries,
):
    a_user(email="ada@placa.example")
    counts = []

    for email in ("ada@placa.example", "no@placa.example"):
        with django_assert_max_num_queries(30) as asked:
            ask(Client(), email)
        counts.append(sum("INSERT" in query["sql"] for query in asked))

    assert counts[0] == counts[1]


# How often ---------------------------------------------------------------------


def test_one_address_gets_three_codes_a_minute_and_ten_an_hour_whoever_asks():
    answers = []
    moment = datetime(2026, 11, 26, 9, tzinfo=UTC)

    with time_machine.travel(moment, tick=False) as clock:
        for minute in range(5):
            clock.move_to(moment + timedelta(minutes=2 * minute))
            for number in range(4):
                client = Client(REMOTE_ADDR=f"192.0.2.{10 * minute + number}")
                # However it is capitalised.
                email = ["ada@placa.example", "ADA@placa.example"][number % 2]
                answers.append(ask(client, email).status_code)
        clock.move_to(moment + timedelta(minutes=90))
        later = ask(Client(), "ada@placa.example").status_code

    minute = [302, 302, 302, 200]
    assert answers == [*minute * 3, 302, 200, 200, 200, *[200] * 4]
    assert later == 302


def test_too_often_is_said_in_words_and_nothing_typed_is_lost():
    for _ in range(4):
        answer = ask(Client(), "ada@placa.example")

    page = answer.content.decode()
    assert NEWS in page
    assert 'value="ada@placa.example"' in page


def test_one_computer_cannot_ask_for_hundreds_of_addresses_and_another_still_can():
    answers = [
        ask(Client(REMOTE_ADDR="192.0.2.1"), f"p{n}@placa.example").status_code
        for n in range(31)
    ]

    assert answers == [302] * 30 + [200]
    assert ask(Client(REMOTE_ADDR="192.0.2.2"), "me@placa.example").status_code == 302


def test_pressing_on_and_on_is_answered_in_words(client: Client):
    for _ in range(61):
        answer = client.post(LOGIN, {"login": "no address"})

    assert answer.status_code == 429
    assert "Massa vegades" in answer.content.decode()


def test_a_code_can_be_tried_three_times(client: Client):
    user = a_user()
    ask(client, user.email)
    code = code_of(user.email)
    for _ in range(3):
        answer = client.post(CONFIRM, {"code": "BCDF-BCDF"})

    assert answer.status_code == 302
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)
    assert NEWS in client.get(answer.url, follow=True).content.decode()


# The code ----------------------------------------------------------------------


def test_a_code_is_long_enough_not_to_be_guessed_and_new_each_time():
    codes = set()
    for number in range(20):
        user = a_user(email=f"p{number}@placa.example")
        ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), user.email)
        codes.add(code_of(user.email))

    # RFC 8628, 6.1: 20 letters, 8 times, are 34 bits.
    assert len(codes) == 20
    assert all(re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{4}-[B-Z]{4}", code) for code in codes)


def test_a_code_works_once_for_a_quarter_of_an_hour_in_the_browser_that_asked():
    user = a_user(is_superuser=True)
    mine, other = Client(), Client()
    ask(mine, user.email)
    code = code_of(user.email)

    other.post(CONFIRM, {"code": code})
    assert not is_in(other), "somebody else's browser"

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        mine.post(CONFIRM, {"code": code})
        assert not is_in(mine), "too late"

    ask(mine, user.email)
    newer = code_of(user.email)
    mine.post(CONFIRM, {"code": code})
    assert not is_in(mine), "an older code"
    mine.post(CONFIRM, {"code": newer.lower().replace("-", " ")})
    assert is_in(mine), "as people type it"

    mine.post(reverse("account_logout"))
    mine.post(CONFIRM, {"code": newer})
    assert not is_in(mine), "used already"


@pytest.mark.parametrize("code", ["", "\0", "x" * 10_000, "ŀl·l", "\ud800", "0"])
def test_what_is_no_code_is_an_error_in_words(client: Client, code):
    user = a_user()
    ask(client, user.email)

    written = urlencode({"code": code.encode("utf-8", "surrogatepass")})
    answer = client.post(CONFIRM, written, "application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert not is_in(client)


# The session -------------------------------------------------------------------


def test_whoever_planted_a_session_or_a_token_does_not_come_in_with_the_victim():
    user = a_user(is_superuser=True)
    victim = Client()
    ask(victim, user.email)
    planted = victim.cookies[site.SESSION_COOKIE_NAME].value
    token = victim.cookies.get(site.CSRF_COOKIE_NAME)

    victim.post(CONFIRM, {"code": code_of(user.email)})

    assert is_in(victim)
    assert victim.cookies[site.SESSION_COOKIE_NAME].value != planted
    assert token is None or victim.cookies[site.CSRF_COOKIE_NAME].value != token.value
    thief = Client()
    thief.cookies[site.SESSION_COOKIE_NAME] = planted
    assert not is_in(thief)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "https://testserver.evil.example/",
        "https://testserver@evil.example/",
        "/\t/evil.example",
        "\0//evil.example",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in_or_out(client: Client, target):
    user = a_user()

    inside = sign_in(client, user, next=target)
    already = client.get(LOGIN, {"next": target} if "\0" not in target else {})
    outside = client.post(reverse("account_logout"), {"next": target})

    for answer in (inside, already, outside):
        assert answer.status_code == 302
        assert re.fullmatch(r"/(ca/|admin/)?", answer.url), answer.url


def test_one_is_led_to_where_one_wanted_to_go(client: Client):
    user = a_user(is_superuser=True)

    assert sign_in(client, user, next="/admin/sessions/").url == "/admin/sessions/"


# Going out ---------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    assert is_in(client)
    return client


def save_person(user: User, **changes: Any) -> HttpResponse:
    """As an administrator does, with the form."""
    boss = Client()
    boss.force_login(a_user(is_superuser=True))
    data = {
        "email": user.email,
        "name": "Ada Puig",
        "language": "ca",
        "is_superuser": "on",
        "is_active": "on",
        **changes,
    }
    data = {name: value for name, value in data.items() if value is not None}
    answer = boss.post(reverse("wagtailusers_users:edit", args=[user.pk]), data)
    assert answer.status_code == 302
    return answer


def test_a_new_address_ends_every_session_everywhere():
    user = a_user(is_superuser=True, name="Ada Puig")
    clients = [signed_in(user), signed_in(user)]

    save_person(user, email="nova@placa.example")

    assert [is_in(client) for client in clients] == [False, False]


def test_changing_something_else_ends_none():
    user = a_user(is_superuser=True, name="Ada Puig")
    client = signed_in(user)

    save_person(user, name="Ada Roca")

    assert is_in(client)


@pytest.mark.parametrize("how", ["one", "many"])
def test_a_shut_account_is_out_at_once_and_its_sessions_do_not_come_back(how):
    user = a_user(is_superuser=True, name="Ada Puig")
    client = signed_in(user)
    boss = Client()
    boss.force_login(a_user(is_superuser=True))

    def set_active(active: bool) -> None:
        if how == "one":
            save_person(user, is_active="on" if active else None)
        else:
            address = reverse(
                "wagtail_bulk_action", args=["community", "user", "set_active_state"]
            )
            boss.post(f"{address}?id={user.pk}", {"mark_as_active": str(active)})
        user.refresh_from_db()
        assert user.is_active is active

    set_active(False)
    assert not is_in(client)
    set_active(True)
    assert not is_in(client)


@pytest.mark.parametrize("what", [{"is_active": False}, {"email": "b@placa.example"}])
def test_a_code_on_its_way_is_worth_nothing_once_the_account_changes(what):
    user = a_user(is_superuser=True)
    client = Client()
    ask(client, user.email)
    code = code_of(user.email)

    User.objects.filter(pk=user.pk).update(**what)

    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_signing_out_needs_a_button(client: Client):
    user = a_user(is_superuser=True)
    sign_in(client, user)

    client.get(reverse("account_logout"))
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


def test_nobody_makes_an_account_or_a_password(client: Client):
    for address in ("signup", "password/reset", "password/set", "email"):
        answer = client.get(f"/ca/account/{address}/")
        assert answer.status_code in (200, 302, 404)
        assert b'type="password"' not in answer.content
    client.post("/ca/account/signup/", {"email": "me@placa.example"})

    assert not User.objects.filter(email="me@placa.example").exists()


# Whose computer it is ----------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "", "192.0.2.9"),
        (0, "198.51.100.7", "192.0.2.9"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1, 198.51.100.7, 203.0.113.4", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.9"),
        (1, "", "192.0.2.9"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "nonsense", "unknown"),
        (1, "x" * 10_000, "unknown"),
        (1, ",,,", "unknown"),
    ],
)
def test_the_address_counted_is_what_our_own_proxies_say(
    settings, proxies, told, address
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": told} if told else {}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.9", **headers)

    assert client_address(request) == address


def test_writing_other_addresses_into_the_header_does_not_get_round_the_count(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    answers = [
        ask(
            Client(HTTP_X_FORWARDED_FOR=f"10.9.{n}.1, 198.51.100.7"),
            f"p{n}@placa.example",
        ).status_code
        for n in range(31)
    ]

    assert answers == [302] * 30 + [200]
