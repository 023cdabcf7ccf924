"""Requests after they were sent, played by keyboard by those who have a part in them,
with mail that arrives: one is amended, granted, met about and finished; one is denied
together with another that is granted; one is withdrawn, one is lost to its term."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from community.messages import incoming
from community.models import Membership, User
from events.models import Guest
from tests.browser.faults import NARROW, WIDE, faults
from tests.browser.keyboard import choose, follow, press, send, write
from tests.browser.signing_in import lend, sign_in
from tests.factories.acting import a_town, representing
from tests.factories.cases import a_unit, a_worker, do, open_task
from tests.factories.catalogue import a_resource
from tests.factories.pages import a_home
from tests.factories.requests import a_question, a_request
from tests.mail import story
from tests.replies import a_file, a_mail
from tests.workflows.requesting import pages
from workflows.catalogue.models import Criterion
from workflows.engine.models import Case, Holiday

# A Thursday at ten in Barcelona. Ten working days go to the 16th: the 12th is none.
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
LAST_DAY = "divendres 16 d’octubre de 2026"
MEETING = datetime(2026, 10, 22, 8, tzinfo=UTC)
ONA, BERTA = "ona@rubi.example", "berta@diputacio.example"

Look = Callable[[Page], None]
Post = Callable[[str], list[EmailMessage]]

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
def house(clock: time_machine.Traveller, site_url: str) -> SimpleNamespace:
    """A unit with its worker and a coordinator, a resource that is valued by points,
    and a town with its mayor."""
    a_home()
    Holiday.objects.create(date=date(2026, 10, 12), territory="national")
    unit = a_unit("Govern obert")
    resource = a_resource(
        unit=unit, name="Gestió de la transparència municipal", edition={"minimum": 8}
    )
    edition = resource.editions.get()
    Criterion.objects.create(
        edition=edition, name="Necessitat", how="Segons l’índex.", most=10
    )
    return SimpleNamespace(
        resource=resource,
        mayor=representing(a_town("Rubí"), ONA, name="Ona Puig"),
        worker=a_worker(unit, name="Berta Soler", email=BERTA, language="ca"),
        coordinator=a_worker(role="Coordinators", name="Carla Vidal", language="ca"),
    )


@pytest.fixture
def tab(new_context: Callable[..., BrowserContext]) -> Callable[[int], Page]:
    """Call it for the window of somebody, so wide."""

    def opened(width: int) -> Page:
        return new_context(viewport={"width": width, "height": 800}).new_page()

    return opened


@pytest.fixture
def staff(tab: Callable, site_url: str) -> Callable[[User], Page]:
    """Call it with one of the staff for a window in which they are signed in."""

    def opened(user: User) -> Page:
        page = tab(WIDE)
        sign_in(page.context, user, site_url)
        return page

    return opened


@pytest.fixture
def phone(tab: Callable, site_url: str) -> Callable[[Membership], Page]:
    """Call it with who acts for a body for the window of her telephone."""

    def opened(mine: Membership) -> Page:
        page = tab(NARROW)
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


def test_a_request_goes_from_its_amendment_to_its_end(house, tab, staff, post, look):
    question = a_question(house.resource, "number", label="Quanta gent hi treballa?")
    case = a_request(
        house.resource,
        by=house.mayor,
        documents=("acord.pdf",),
        answers={str(question.pk): "3"},
    )
    berta, carla, ona = (
        staff(house.worker),
        staff(house.coordinator),
        tab(NARROW),
    )
    [received] = post(ONA)
    assert "1 de gener de 2027" in text_of(received)

    # Berta finds it in the queue, and has two parts of it amended.
    berta.goto(reverse("cases:queue"))
    follow(berta, case.title)
    follow(berta, "Mira si es pot admetre")
    choose(berta, "amend")
    for part in ("text", str(question.pk)):
        press(berta, berta.locator(f"[name=parts][value='{part}']"), "Space")
    write(berta, berta.locator("[name=text]"), "Expliqueu per què ho necessiteu.")
    send(berta, "Continua")
    example = berta.frame_locator("iframe").locator("body")
    expect(example).to_contain_text("Expliqueu per què ho necessiteu.")
    send(berta, "Continua")

    # Ona reads of it in a mail, signs in by a code, and is where she has to be.
    to_amend = post(ONA)[-1]
    assert LAST_DAY in to_amend["subject"]
    assert "qui només té l’enllaç no hi veu res" in text_of(to_amend)
    ona.goto(link_in(to_amend))
    signs_in(ona, post)
    expect(main(ona)).to_contain_text(f"Teniu temps fins al {LAST_DAY}")
    look(ona)
    write(ona, ona.locator("[name=text]"), "Volem saber com estem, i millorar.")
    write(ona, ona.locator(f"[name='{question.pk}']"), "5")
    send(ona, "Envia l’esmena")
    expect(main(ona)).to_contain_text("Tenim el que heu enviat")

    # Berta reads what has changed, values it, and prepares the decision.
    at_step(berta, case)
    expect(berta.locator("ins")).to_have_text(
        ["Volem saber com estem, i millorar.", "5"]
    )
    look(berta)
    send(berta, "Continua")
    at_step(berta, case)
    write(berta, berta.get_by_label("Necessitat"), "9")
    look(berta)
    send(berta, "Desa els punts")
    at_step(berta, case)
    choose(berta, "grant")
    write(berta, berta.locator("[name=grounds]"), "Comencem amb una reunió.")
    look(berta)
    send(berta, "Prepara-la")
    look(berta)

    # Carla releases it: now Ona knows.
    ona.reload()
    expect(main(ona)).to_contain_text("Ho estem mirant")
    carla.goto(reverse("decisions:index"))
    send(carla, "Mira els correus")
    send(carla, "Comunica-les")
    granted = post(ONA)[-1]
    assert "Comencem amb una reunió." in text_of(granted)

    # They meet: both have it in their calendars, and Berta sees that Ona comes.
    berta.goto(reverse("cases:case", args=[case.number]))
    follow(berta, "Concerta una cita")
    look(berta)
    write(berta, berta.locator("[name=date]"), "22/10/2026")
    berta.keyboard.press("Escape")
    write(berta, berta.locator("[name=start_time]"), "10:00")
    write(berta, berta.locator("[name=place]"), "Sala de plens")
    send(berta, "Mira els correus")
    send(berta, "Concerta-la")
    for who in (ONA, BERTA):
        assert story(post(who)[-1:]) == [("REQUEST", 0, MEETING)]
    answers(ONA, "ACCEPTED")
    ona.goto(link_in(granted))
    expect(main(ona)).to_contain_text("Sala de plens")
    look(ona)
    berta.goto(reverse("cases:case", args=[case.number]))
    expect(berta.locator("main")).to_contain_text("ha acceptat")
    look(berta)

    # It is carried out.
    at_step(berta, case)
    choose(berta, "finished", of="outcome")
    write(berta, berta.locator("[name=text]"), "Mesurat i explicat.")
    look(berta)
    for _rehearsed in range(2):
        send(berta, "Finalitza-la")
    finished = [mail for mail in post(ONA) if "Mesurat" in text_of(mail)]
    ona.goto(link_in(finished[0]))
    expect(main(ona)).to_contain_text("Ha finalitzat")
    look(ona)


def test_decisions_are_prepared_in_private_and_told_together(
    house, staff, phone, post, look
):
    denied, granted = (a_request(house.resource, by=house.mayor) for _each in range(2))
    do(granted, house.worker, decision="admit")
    do(granted, house.worker, **points(house, 9))
    do(granted, house.worker, decision="grant", grounds="")
    berta, carla, ona = (
        staff(house.worker),
        staff(house.coordinator),
        phone(house.mayor),
    )
    heard = len(post(ONA))

    # Berta cannot deny it without grounds; what she writes stays in the office.
    at_step(berta, denied)
    choose(berta, "deny")
    expect(berta.locator("[name=parts]").first).to_be_hidden()
    send(berta, "Continua")
    look(berta)
    write(berta, berta.locator("[name=text]"), "No és del seu àmbit.")
    send(berta, "Continua")
    expect(berta.locator("main")).to_contain_text("Preparada")
    ona.goto(pages.url("body_request", house.mayor.body.code, denied.number))
    expect(main(ona)).to_contain_text("Ho estem mirant")
    expect(main(ona)).not_to_contain_text("No és del seu àmbit.")

    # Carla sees each mail before it leaves.
    carla.goto("/admin/")
    look(carla)
    carla.goto(reverse("decisions:index"))
    look(carla)
    send(carla, "Mira els correus")
    frames = carla.locator("iframe")
    shown = [frame.get_attribute("srcdoc") for frame in frames.all()]
    assert ["No és del seu àmbit." in each for each in shown] == [True, False]
    look(carla)
    assert len(post(ONA)) == heard, "looking tells nobody"
    send(carla, "Comunica-les")
    expect(carla.locator("main")).to_contain_text("S’estan comunicant 2 resolucions")

    told = post(ONA)[heard:]
    assert sorted(mail["subject"].strip().partition(":")[0] for mail in told) == [
        "Concedida",
        "No concedida",
    ]
    [no] = [mail for mail in told if "No és del seu àmbit." in text_of(mail)]
    ona.goto(link_in(no))
    expect(main(ona)).to_contain_text("No és del seu àmbit.")
    look(ona)


def test_a_body_withdraws_its_request_while_the_office_looks_at_it(
    house, staff, phone, post, look
):
    case = a_request(house.resource, by=house.mayor)
    berta, ona = staff(house.worker), phone(house.mayor)
    at_step(berta, case)
    write(berta, berta.locator("[name=note]"), "Ho pregunto al jurídic.")

    ona.goto(pages.url("body_request", house.mayor.body.code, case.number))
    look(ona)
    follow(ona, "Retira la sol·licitud")
    look(ona)
    write(ona, ona.get_by_label("Per què"), "Ho farem amb el consell comarcal.")
    send(ona, "Sí, retira-la")
    expect(main(ona)).to_contain_text("L’ens l’ha retirada")
    look(ona)
    assert "retirat" in post(ONA)[-1]["subject"].lower()

    # Berta had it open: she is told, and what she had written is still there.
    send(berta, "Continua")
    expect(berta.locator("[name=note]")).to_have_value("Ho pregunto al jurídic.")
    follow(berta, "Ves a l’expedient")
    expect(berta.locator("main")).to_contain_text("Ho farem amb el consell comarcal.")
    look(berta)


def test_one_that_is_not_amended_in_time_says_so_and_loses_nothing_typed(
    house, staff, phone, post, clock, look, site_url
):
    case = a_request(house.resource, by=house.mayor)
    do(case, house.worker, decision="amend", parts=["text"], text="Falta dir-ho.")
    to_amend = post(ONA)[-1]
    assert LAST_DAY in text_of(to_amend)

    # The whole last day is hers; that the worker stops for three days is no matter.
    clock.move_to(datetime(2026, 10, 16, 21, 50, tzinfo=UTC))
    heard = len(post(ONA))
    ona = phone(house.mayor)
    ona.goto(pages.url("body_requests", house.mayor.body.code))
    expect(main(ona)).to_contain_text(f"cal respondre fins al {LAST_DAY}")
    look(ona)
    follow(ona, case.title)
    assert ona.url == link_in(to_amend)
    write(ona, ona.locator("[name=text]"), "Ara ho explico bé.")
    clock.move_to(datetime(2026, 10, 19, 8, tzinfo=UTC))
    lapsed = post(ONA)[-1]
    assert len(post(ONA)) == heard + 1
    assert f"{case.number} " in lapsed["subject"]

    # What she had been writing is too late, and is given back to her.
    lend(ona.context, pages.browser(house.mayor), site_url)
    send(ona, "Envia l’esmena")
    expect(ona.get_by_role("alert")).to_contain_text("Ara ho explico bé.")
    expect(main(ona)).to_contain_text("Es considera retirada")
    look(ona)
    berta = staff(house.worker)
    berta.goto(reverse("cases:archive"))
    expect(berta.locator("main")).to_contain_text("no esmenada")
    follow(berta, case.title)


# What people do ----------------------------------------------------------------------


def at_step(page: Page, case: Case) -> None:
    page.goto(reverse("cases:step", args=[case.number, open_task(case).pk]))


def points(house: SimpleNamespace, got: int) -> dict[str, int]:
    criteria = house.resource.editions.get().criteria.all()
    return {str(one.pk): got for one in criteria}


def signs_in(page: Page, post: Post) -> None:
    """With the code that comes by mail."""
    write(page, page.get_by_label("Correu electrònic"), ONA)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Escriviu el codi")
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", text_of(post(ONA)[-1]))
    write(page, page.get_by_label("Codi"), code[0])
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answers(address: str, status: str) -> None:
    """The calendar of `address` answers the invitation that it has."""
    uid = Guest.objects.get(user__email=address).uid
    reply = a_file(uid, status, address=address)
    incoming.receive(a_mail(reply, address).as_bytes())


# What they see -----------------------------------------------------------------------


def main(page: Page):
    return page.get_by_role("main")


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def link_in(mail: EmailMessage) -> str:
    """Where the button of `mail` leads."""
    return re.search(r"http\S+", text_of(mail))[0]
