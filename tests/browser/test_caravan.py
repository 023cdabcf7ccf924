"""A stop of the caravan, played by keyboard by those who have a part in it, with mail
that arrives: from the form of a town to a good practice that everybody reads; and one
that fails at each side."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from community.models import Membership, User
from tests.browser.faults import NARROW, WIDE, faults
from tests.browser.keyboard import choose, follow, press, send, write
from tests.browser.signing_in import lend, sign_in
from tests.factories.acting import a_town, acting
from tests.factories.caravan import (
    TOLD,
    WRITTEN,
    House,
    a_caravan,
    an_offer,
    at,
    dated,
    now,
)
from tests.factories.cases import a_worker, open_task
from tests.factories.pages import a_home
from tests.mail import story
from tests.workflows.requesting import pages
from workflows.caravan.kits import doing
from workflows.caravan.models import GoodPractice, Stop
from workflows.caravan.pages import CaravanPage

# A Thursday at ten in Barcelona.
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
VISIT = datetime(2026, 10, 22, 8, tzinfo=UTC)

Post = Callable[[str], list[EmailMessage]]
Look = Callable[[Page], None]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def clock(live_server: Any) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def house(clock: time_machine.Traveller, site_url: str) -> House:
    """A town with its technician, a rapporteur of another one who has offered to tell,
    the coordinator, and the page of the caravan."""
    home = a_home()
    home.add_child(instance=CaravanPage(title="Caravana", slug="caravana"))
    unit = a_caravan()
    host, guest = a_town("Rubí"), a_town("Sabadell")
    teller = acting(guest, name="Berta Soler")
    technician = acting(host, name="Pau Roca")
    coordinator = a_worker(unit, role="Coordinators", name="Carla Vidal", language="ca")
    return House(
        unit, coordinator, host, technician, technician, teller, an_offer(teller)
    )


@pytest.fixture
def office(new_context: Callable[..., BrowserContext], site_url: str) -> Callable:
    """Call it with one of the staff for her window."""

    def opened(user: User) -> Page:
        page = new_context(viewport={"width": WIDE, "height": 800}).new_page()
        sign_in(page.context, user, site_url)
        return page

    return opened


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext], site_url: str) -> Callable:
    """Call it with who acts for a body for her telephone."""

    def opened(mine: Membership) -> Page:
        page = new_context(viewport={"width": NARROW, "height": 800}).new_page()
        lend(page.context, pages.browser(mine), site_url)
        return page

    return opened


@pytest.fixture
def look() -> Look:
    """Call it with a page: everybody can use it, on screens great and small, light and
    dark."""

    def looked(page: Page) -> None:
        size = page.viewport_size
        assert not faults(page), page.url
        page.set_viewport_size(size)

    return looked


def test_a_stop_goes_from_the_form_of_a_town_to_a_page_that_everybody_reads(
    house: House,
    office: Callable[[User], Page],
    phone: Callable[[Membership], Page],
    post: Post,
    look: Look,
    clock: time_machine.Traveller,
):
    pau, berta = phone(house.technician), phone(house.teller)
    carla = office(house.coordinator)
    editor = a_worker(role="Editors", name="Èlia Mas", language="ca")
    stop = asks(pau, house, look)

    # Carla accepts it, and asks Berta, who is proposed first, with reasons.
    at_step(carla, stop)
    choose(carla, "accept")
    confirm(carla, "Continua")
    at_step(carla, stop)
    look(carla)
    choose(carla, str(house.offer.pk), of="offer")
    confirm(carla, "Demana-l’hi")

    # Berta reads of it in a mail, says yes, and both mark their days.
    berta.goto(link_in(post(house.teller.user.email)[-1]))
    look(berta)
    follow(berta, "Digueu si hi aneu")
    choose(berta, "yes", of="answer")
    send(berta, "Envia la resposta")
    for page in (berta, pau):
        page.goto(of(stop, "caravan_dates"))
        write(page, page.locator("[name=form-0-day]"), "22102026")
        write(page, page.locator("[name=form-0-time]"), "1000")
        look(page)
        send(page, "Desa els meus dies")

    # Carla fixes the one that suits both: it is in three calendars.
    at_step(carla, stop)
    look(carla)
    write(carla, carla.locator("[name=date]"), "22/10/2026")
    carla.keyboard.press("Escape")
    write(carla, carla.locator("[name=start_time]"), "10:00")
    write(carla, carla.locator("[name=end_time]"), "12:00")
    confirm(carla, "Fixa-la")
    people = (house.technician.user, house.teller.user, house.coordinator)
    for person in people:
        assert heard(post, person)[-1] == ("REQUEST", 0, VISIT), person

    # The kit is there, and what it requires is done on both sides.
    pau.goto(of(stop, "caravan_kit"))
    look(pau)
    required = [part.pk for part in doing.missing(stop)]
    assert required
    for page in (pau, berta):
        page.goto(of(stop, "caravan_kit"))
        while (todo := unticked(page, stop)).count():
            with page.expect_navigation():
                press(page, todo.first)
    assert not doing.missing(stop)

    # It is held, and Berta writes the chronicle.
    clock.move_to(datetime(2026, 10, 22, 14, tzinfo=UTC))
    carla, berta, pau = (
        office(house.coordinator),
        phone(house.teller),
        phone(house.technician),
    )
    at_step(carla, stop)
    choose(carla, "held")
    confirm(carla, "Continua")
    berta.goto(of(stop, "caravan_chronicle"))
    for name, text in TOLD.items():
        write(berta, berta.locator(f"[name={name}]"), text)
    look(berta)
    send(berta, "Envia-la a l’amfitrió")

    # Pau has one thing changed, reads the difference, and says that it is right.
    pau.goto(link_in(post(house.technician.user.email)[-1]))
    pau.goto(of(stop, "caravan_validate"))
    choose(pau, "no", of="answer")
    write(pau, pau.locator("[name=text]"), "Eren tres finestretes.")
    send(pau, "Envia la resposta")
    berta.goto(of(stop, "caravan_chronicle"))
    expect(berta.get_by_role("main")).to_contain_text("Eren tres finestretes.")
    write(berta, berta.locator("[name=problem]"), "Hi havia tres cues.")
    send(berta, "Envia-la a l’amfitrió")
    pau.goto(of(stop, "caravan_validate"))
    expect(pau.get_by_role("main")).to_contain_text("Hi havia tres cues.")
    look(pau)
    choose(pau, "yes", of="answer")
    send(pau, "Envia la resposta")

    # Èlia finds the draft of its page and publishes it: both are told.
    post(house.technician.user.email)
    practice = GoodPractice.objects.get(stop=stop)
    assert not practice.page.live
    elia = office(editor)
    elia.goto(reverse("wagtailadmin_pages:edit", args=[practice.page_id]))
    publish(elia)
    told = post(house.teller.user.email)[-1]
    berta.goto(link_in(told))
    look(berta)
    practice.page.refresh_from_db()
    berta.goto(practice.page.url)
    expect(berta.get_by_role("main")).to_contain_text("Hi havia tres cues.")
    look(berta)
    berta.goto("/ca/caravan/map/")
    expect(berta.get_by_role("main")).to_contain_text(WRITTEN["title"])

    # Both say how it went: then the stop is closed.
    case = stop.case
    for page, left in ((berta, "waiting"), (pau, "finished")):
        page.goto(of(stop, "caravan_stop"))
        follow(page, "Digues com ha anat")
        choose(page, "9", of="score")
        send(page, "Envia-ho")
        case.refresh_from_db()
        assert case.state == left
    pau.goto(of(stop, "caravan_stop"))
    look(pau)
    assert case.outcome == "published"


def test_one_fails_at_each_side_and_all_calendars_hear_of_it(
    house: House,
    office: Callable[[User], Page],
    phone: Callable[[Membership], Page],
    post: Post,
    look: Look,
    clock: time_machine.Traveller,
):
    stop = at("dates", house)
    stop = dated(stop, house, VISIT)
    second = an_offer(acting(a_town("Berga"), name="Clara Font"))
    host, teller = house.technician.user, house.teller.user
    for person in (host, teller, house.coordinator):
        assert heard(post, person)[-1] == ("REQUEST", 0, VISIT)

    # The day before, Berta leaves.
    clock.move_to(datetime(2026, 10, 21, 8, tzinfo=UTC))
    berta = phone(house.teller)
    berta.goto(of(stop, "caravan_stop"))
    follow(berta, "No hi puc continuar")
    look(berta)
    write(berta, berta.locator("[name=reason]"), "Estic malalta.")
    send(berta, "Sí, la deixo")
    look(berta)
    for person in (host, teller, house.coordinator):
        assert heard(post, person)[-1][0] == "CANCEL"
    pau = phone(house.technician)
    pau.goto(of(stop, "caravan_stop"))
    expect(pau.get_by_role("main")).not_to_contain_text("Estic malalta.")
    look(pau)

    # Carla reads why, and asks Clara, who comes; a week later all have it again.
    carla = office(house.coordinator)
    at_step(carla, stop)
    expect(carla.locator("main")).to_contain_text("Estic malalta.")
    choose(carla, str(second.pk), of="offer")
    confirm(carla, "Demana-l’hi")
    clara = phone(second.body.memberships.get())
    clara.goto(of(stop, "caravan_answer"))
    choose(clara, "yes", of="answer")
    send(clara, "Envia la resposta")
    week_later = datetime(2026, 10, 29, 9, tzinfo=UTC)
    dated(now(stop), house, week_later)
    for person in (host, second.user, house.coordinator):
        assert heard(post, person)[-1][0::2] == ("REQUEST", week_later)

    # Then the town gives it up.
    pau.goto(of(stop, "caravan_withdraw"))
    look(pau)
    write(pau, pau.locator("[name=reason]"), "Hem de fer obres.")
    send(pau, "Sí, retira la parada")
    look(pau)
    for person in (host, second.user, house.coordinator):
        assert heard(post, person)[-1][0] == "CANCEL"
    clara.goto(of(stop, "caravan_stop"))
    look(clara)
    carla.goto(reverse("cases:case", args=[stop.case.number]))
    expect(carla.locator("main")).to_contain_text("Hem de fer obres.")
    look(carla)
    clara.goto("/ca/caravan/map/")
    expect(clara.get_by_role("main")).not_to_contain_text(WRITTEN["title"])


# What people do -----------------------------------------------------------------------


def asks(page: Page, house: House, look: Look) -> Stop:
    """The technician of the town asks for a stop, having forgotten something first."""
    page.goto(f"/ca/b/{house.host.code}/caravan/")
    look(page)
    follow(page, "Demana una parada")
    look(page)
    send(page, "Comença")
    for name in ("title", "summary", "social_value", "place", "dates"):
        write(page, page.locator(f"[name={name}]"), WRITTEN[name])
    send(page, "Envia-ho")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page)
    for name in ("field", "status", "form"):
        choose(page, WRITTEN[name], of=name)
    for name in ("contact_name", "contact_email"):
        write(page, page.locator(f"[name={name}]"), WRITTEN[name])
    press(page, page.locator("[name=may_publish]"), "Space")
    send(page, "Envia-ho")
    expect(page.get_by_role("status").first).to_contain_text("CAR-2026-0001")
    look(page)
    return Stop.objects.get()


def at_step(page: Page, stop: Stop) -> None:
    stop.case.refresh_from_db()
    number = stop.case.number
    page.goto(reverse("cases:step", args=[number, open_task(stop.case).pk]))


def confirm(page: Page, words: str) -> None:
    """Send the step, see the mails, and send it once more."""
    for _rehearsed in range(2):
        send(page, words)


def unticked(page: Page, stop: Stop) -> Any:
    """The buttons of what is required and not done yet."""
    todo = [f"#part-{part.pk} button[name=done]" for part in doing.missing(stop)]
    return page.locator(", ".join(todo) or "no-such")


def publish(page: Page) -> None:
    """By the menu of the page's own actions, as Wagtail has them."""
    foot = page.locator("footer")
    foot.get_by_role("button", name="Més accions").press("Enter")
    with page.expect_navigation():
        foot.get_by_role("button", name="Publica", exact=True).press("Enter")


# What they see ------------------------------------------------------------------------


def of(stop: Stop, name: str) -> str:
    return pages.url(name, stop.key)


def heard(post: Post, person: User) -> list[tuple[str, int, datetime]]:
    """What the calendar of `person` has been told."""
    return [told for told in story(post(person.email)) if told]


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def link_in(mail: EmailMessage) -> str:
    """Where the button of `mail` leads."""
    return re.search(r"http\S+", text_of(mail))[0]
