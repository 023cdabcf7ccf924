"""Personal links: each is for one person and one purpose, runs out, can be taken back,
and never acts by being opened."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from community.models import Message
from events import followers, registrations, sessions, substitutions
from events.links import LINKS_KEPT
from events.models import (
    Follower,
    Invitation,
    Registration,
    Session,
    Substitution,
)
from events.retention import QUESTION_KEPT
from tests.factories import a_registration, a_series, a_session, a_user
from tests.factories.cases import a_worker
from tests.factories.pages import a_home
from tests.factories.proposals import an_open_one
from workflows.proposals import early, planning

pytestmark = pytest.mark.django_db

OF_A_REGISTRATION = (
    "my_registration",
    "cancel_registration",
    "correct_registration",
    "not_me",
    "accept_offer",
    "ask_again",
    "ask_colleague",
)
ACTING = (
    "ask_colleague",
    "substitution",
    "cancel_registration",
    "correct_registration",
    "not_me",
    "accept_offer",
    "ask_again",
    "following",
    "early_place",
)


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


class World:
    """Somebody with a place, a colleague who was asked to go instead, and an address
    that was asked whether it follows."""

    def __init__(self) -> None:
        self.session = a_session(places=2)
        self.registration = a_registration(self.session, name="Ada Puig")
        self.invitation = self.registration.invitations.get()
        self.substitution = substitutions.ask(
            self.registration,
            name="Mar Roca",
            email="mar@council.example",
            language="ca",
        )
        followers.follow(self.session.series, "ada@council.example", "ca")
        self.follower = self.session.series.followers.get()
        self.early = self._early()

    def _early(self) -> str:
        """Of somebody who asked for what a session treats, and may register before it
        opens to everybody."""
        series = a_series(early=True)
        proposal = an_open_one(series=series, name="Ada Puig", email="ada@a.example")
        treating = a_session(series=series, opens=timezone.now() + timedelta(days=7))
        planning.plan([proposal], treating, a_worker(series.unit))
        return early.asker_of(proposal.pk, "ada@a.example").token

    def token(self, name: str) -> str:
        if name == "join":
            return self.invitation.join_token
        if name == "following":
            return self.follower.token
        if name == "substitution":
            return self.substitution.token
        if name == "early_place":
            return self.early
        return self.registration.token

    def address(self, name: str) -> str:
        return reverse(name, args=[self.token(name)])

    def as_it_is(self) -> tuple[Any, ...]:
        """All that a link could change."""
        return tuple(
            list(model.objects.order_by("pk").values())
            for model in (Registration, Invitation, Follower, Message, Substitution)
        )


@pytest.fixture
def world() -> World:
    return World()


LINKS = (*OF_A_REGISTRATION, "join", "following", "substitution", "early_place")


def leads_to(door: str) -> str:
    """Where whoever comes to `door` and goes in gets to."""
    return Client().get(f"{door}in/").url


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


# Opening -----------------------------------------------------------------------


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_a_link_does_nothing_however_often_and_whoever_fetches_it(
    world, name, method
):
    before = world.as_it_is()
    prefetching = {"sec-purpose": "prefetch", "purpose": "prefetch"}

    for headers in ({}, prefetching, {"user-agent": "SafeLinks"}):
        answer = getattr(Client(), method)(world.address(name), headers=headers)
        assert answer.status_code in (200, 405)

    assert world.as_it_is() == before


@pytest.mark.parametrize("name", LINKS)
def test_what_a_link_opens_is_kept_by_nobody_and_named_to_nobody(world, name):
    answer = Client().get(world.address(name))

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    page = answer.content.decode()
    assert 'name="referrer"' not in page, "it would overrule the header"


@pytest.mark.parametrize("name", ACTING)
def test_a_button_pressed_on_another_site_does_nothing(world, name):
    before = world.as_it_is()
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(world.address(name), {"leave": "1"})

    assert answer.status_code == 403
    assert world.as_it_is() == before


@pytest.mark.browser
def test_in_a_browser_the_button_works_though_the_page_is_named_to_nobody(
    page: Page, live_server: Any
):
    world = World()
    seen: list[str | None] = []
    page.on("request", lambda request: seen.append(request.headers.get("referer")))

    page.goto(world.address("cancel_registration"))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**cancelled=1")

    world.registration.refresh_from_db()
    assert world.registration.state == "cancelled"
    assert not any(world.registration.token in (address or "") for address in seen)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("what", ["over", "asked long ago", "replaced", "odd", "often"])
def test_what_a_link_says_when_it_leads_nowhere_can_be_read_by_everybody(
    page: Page, live_server: Any, assert_accessible: Any, what, width
):
    world = World()
    address = world.address("my_registration")
    if what == "over":
        end_it(world.session, LINKS_KEPT * 2)
    if what == "asked long ago":
        Follower.objects.update(created=timezone.now() - QUESTION_KEPT * 2)
        address = world.address("following")
    if what == "replaced":
        Invitation.objects.update(withdrawn=True)
        address = world.address("join")
    if what == "odd":
        address = "/ca/?q=%00"
    page.set_viewport_size({"width": width, "height": 800})
    if what == "often":
        page.goto("/ca/account/login/")
        # From the same computer as the browser.
        for _ in range(61):
            Client().post("/ca/account/login/", {"login": "x"})
        page.locator("#id_login").fill("ada@council.example")
        page.locator("main button[type=submit]").click()
    else:
        page.goto(address)

    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)


# One person, one purpose -------------------------------------------------------


@pytest.mark.parametrize(
    "given_for", ["join", "following", "my_registration", "substitution"]
)
@pytest.mark.parametrize("used_for", LINKS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_of_one_purpose_is_worth_nothing_for_another(
    world, given_for, used_for, method
):
    if world.token(given_for) == world.token(used_for):
        return
    before = world.as_it_is()
    address = reverse(used_for, args=[world.token(given_for)])

    answer = getattr(Client(), method)(address)

    assert answer.status_code in (404, 405)
    assert world.as_it_is() == before


def test_the_link_of_one_person_touches_nothing_of_another(world):
    other = a_registration(world.session, name="Eva Roca")

    page = Client().get(world.address("my_registration")).content.decode()
    Client().post(world.address("cancel_registration"))

    assert "Eva Roca" not in page
    assert other.token not in page
    other.refresh_from_db()
    assert other.state == "confirmed"


def spoilt(token: str) -> dict[str, str]:
    return {
        "cut": token[:-1],
        "longer": token + "a",
        "another letter": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "capitals": token.swapcase(),
        "forged": "a" * 32,
        "empty-looking": "-",
        "one letter": token[0],
        "very long": "a" * 10_000,
        "with an end": token + "%00",
        "a wildcard": "%25",
        "another alphabet": "%D9%A3" * 8,
        "broken octets": "%ff%fe",
        "half a letter": "%ED%A0%80",
        "a path": "..%2f..%2fadmin",
        "a question": token + "%3fx=1",
        "two": f"{token}/{token}",
    }


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("how", spoilt("x" * 32))
def test_a_spoilt_link_opens_nothing_and_breaks_nothing(world, name, how):
    good = world.token(name)
    address = world.address(name).replace(good, spoilt(good)[how])
    before = world.as_it_is()

    for method in ("get", "post"):
        answer = getattr(Client(), method)(address, follow=True)
        assert answer.status_code in (400, 404, 405), method
        assert "Ada" not in answer.content.decode()

    assert world.as_it_is() == before


def test_a_link_cannot_be_guessed():
    tokens = {a_registration(a_session()).token for _ in range(20)}

    # 24 octets of the system's chance, in base 64.
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[\w-]{32}", token) for token in tokens)


# Running out -------------------------------------------------------------------


def end_it(session: Session, ago: timedelta, **values: Any) -> None:
    ends = timezone.now() - ago
    Session.objects.filter(pk=session.pk).update(
        starts=ends - timedelta(hours=1), ends=ends, **values
    )


@pytest.mark.parametrize("name", [*OF_A_REGISTRATION, "join", "substitution"])
def test_the_links_of_a_session_run_out_some_time_after_it(world, name):
    address = world.address(name)

    end_it(world.session, LINKS_KEPT - timedelta(hours=1))
    assert Client().get(address).status_code == 200
    end_it(world.session, LINKS_KEPT + timedelta(hours=1))
    answer = Client().get(address)

    assert answer.status_code == 410
    assert "Aquest enllaç ja no funciona" in words(answer)
    assert "Ada" not in words(answer)
    assert f"/s/{world.session.code}/" in answer.content.decode(), "there is a way on"
    before = world.as_it_is()
    assert Client().post(address).status_code in (405, 410)
    assert world.as_it_is() == before


def test_what_was_put_off_without_a_date_keeps_its_links(world):
    end_it(world.session, LINKS_KEPT * 2, state=Session.State.POSTPONED)

    assert Client().get(world.address("my_registration")).status_code == 200
    assert Client().get(world.address("join")).status_code == 200


@pytest.mark.parametrize("name", ["cancel_registration", "not_me"])
def test_nothing_can_be_done_any_more_once_the_session_is_over(world, name):
    end_it(world.session, timedelta(minutes=1))

    Client().post(world.address(name))

    world.registration.refresh_from_db()
    assert world.registration.is_active


def test_the_meeting_is_opened_from_a_quarter_of_an_hour_before_to_its_end(world):
    room = world.session.join_url

    def shown(starts: timedelta, ends: timedelta) -> bool:
        now = timezone.now()
        Session.objects.filter(pk=world.session.pk).update(
            starts=now + starts, ends=now + ends
        )
        assert room not in Client().get(world.address("join")).content.decode()
        return leads_to(world.address("join")) == room

    minute = timedelta(minutes=1)
    assert not shown(16 * minute, 60 * minute)
    assert shown(14 * minute, 60 * minute)
    assert shown(-59 * minute, minute)
    assert not shown(-60 * minute, -minute)


def test_the_question_to_a_follower_runs_out_but_the_way_out_never_does(world):
    address = world.address("following")
    old = timezone.now() - QUESTION_KEPT - timedelta(hours=1)
    Follower.objects.update(created=old)

    answer = Client().get(address)
    assert answer.status_code == 410
    assert Client().post(address).status_code == 410
    assert not Follower.objects.get().confirmed

    followers.follow(world.session.series, "ada@council.example", "ca")
    assert Client().get(address).status_code == 200, "it was asked anew"

    Follower.objects.update(created=old, confirmed=True)
    assert Client().get(address).status_code == 200
    Client().post(address, {"leave": "1"})
    assert not Follower.objects.exists()


# Taking back -------------------------------------------------------------------


def cancel(world: World) -> None:
    registrations.cancel(world.registration, Registration.Reason.PERSON)


def was_not_me(world: World) -> None:
    registrations.not_me(world.registration)


def merge(world: World) -> None:
    other = a_registration(world.session)
    registrations.merge(other, world.registration, by=a_user())


@pytest.mark.parametrize("what", [cancel, was_not_me, merge])
def test_with_the_place_goes_what_its_links_could_do(
    world, what: Callable[[World], None]
):
    now = timezone.now()
    Session.objects.update(
        starts=now + timedelta(minutes=5), ends=now + timedelta(hours=1)
    )
    room = world.session.join_url
    assert leads_to(world.address("join")) == room

    what(world)

    assert leads_to(world.address("join")) == world.address("join")
    before = world.as_it_is()
    for name in ("cancel_registration", "correct_registration", "not_me"):
        Client().post(world.address(name), {"name": "Eve", "body": "X"})
    assert world.as_it_is() == before


def test_the_door_of_an_entry_that_was_taken_back_stays_shut(world, work, smtp_server):
    """As when a session was put off and has a new date."""
    work()
    starts = timezone.now() + timedelta(minutes=10)
    staff = a_user()
    sessions.postpone(world.session, by=staff)
    work()
    world.session.refresh_from_db()
    sessions.reschedule(
        world.session,
        starts=starts,
        ends=starts + timedelta(hours=1),
        by=staff,
    )
    work()

    old = world.address("join")
    new = world.registration.invitations.get(withdrawn=False)

    assert "Hi ha un enllaç més nou" in words(Client().get(old))
    assert leads_to(old) == old
    assert leads_to(reverse("join", args=[new.join_token])) == world.session.join_url


# New links ---------------------------------------------------------------------


def send_new_links(registration: Registration, **client: Any) -> HttpResponse:
    """As somebody of the staff does: look at what will happen, and say yes."""
    staff = Client()
    staff.force_login(a_user(is_superuser=True))
    address = reverse("sessions:renew_links", args=[registration.pk])
    shown = staff.get(address)
    seen = re.search(r'name="seen" value="([^"]*)"', shown.content.decode())
    assert seen, "nothing is sent before it is shown"
    data = {"confirm": "yes", "seen": unescape(seen[1])}
    answer = staff.post(address, data)
    again = staff.post(address, data)
    assert (answer.status_code, again.status_code) == (302, 302)
    return answer


def test_new_links_shut_those_of_before_and_reach_the_person_once(
    world, work, smtp_server
):
    work()
    before = {name: world.address(name) for name in (*OF_A_REGISTRATION, "join")}
    sequence = Invitation.objects.get().sequence

    send_new_links(world.registration)
    work()

    for address in before.values():
        assert Client().get(address).status_code == 404
    world.registration.refresh_from_db()
    world.invitation.refresh_from_db()
    mail = Message.objects.get(kind="registration_links")
    text = bytes(mail.mime).decode().replace("=\r\n", "").replace("=3D", "=")
    assert world.registration.token in text
    assert world.invitation.join_token in re.sub(r"\r?\n[ \t]", "", text)
    assert Invitation.objects.get().sequence == sequence + 1, "the calendar follows"
    for name in before:
        assert Client().get(world.address(name)).status_code == 200


def test_who_waits_gets_new_links_without_an_invitation(work, smtp_server):
    session = a_session(places=1)
    a_registration(session)
    waiting = a_registration(session)

    assert registrations.renew_links(waiting, by=a_user())
    work()

    mail = Message.objects.get(kind="registration_links")
    assert b"text/calendar" not in bytes(mail.mime)
    assert mail.state == "done"


def test_there_are_no_new_links_to_what_is_over(world):
    end_it(world.session, LINKS_KEPT * 2)
    assert not registrations.renew_links(world.registration, by=a_user())

    cancelled = a_registration(a_session())
    registrations.cancel(cancelled, Registration.Reason.PERSON)
    assert not registrations.renew_links(cancelled, by=a_user())
    assert not Message.objects.filter(kind="registration_links").exists()


# In no log ---------------------------------------------------------------------


@pytest.mark.parametrize("name", LINKS)
def test_no_log_of_ours_has_a_link(world, name, caplog, settings):
    """Whatever is said of a refused, a broken or an odd request."""
    from community.running.logs import TextFormatter

    caplog.set_level("DEBUG")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    token = world.token(name)
    for address in (world.address(name), f"{world.address(name)}nothing/"):
        strict.post(address)
        strict.get(address)
        strict.put(address)

    formatter = TextFormatter()
    said = [formatter.format(record) for record in caplog.records]
    assert not any(token in line for line in said)


def test_a_series_is_no_secret_and_following_it_says_nothing_of_others():
    series = a_series()
    answers = []
    for email in ("ada@council.example", "ada@council.example", "eva@council.example"):
        address = reverse("follow", args=[series.code])
        answer = Client().post(address, {"email": email})
        answers.append((answer.status_code, words(answer).replace(email, "")))

    assert answers[0] == answers[1] == answers[2]
