"""A village and what it can request, played by its people: who comes to act for it, who
goes, and what the catalogue says to it. Then each of those screens, for everybody."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import BrowserContext, Locator, Page, expect

from community.acting import invitations
from community.models import LocalBody, Message, Role, User
from tests.browser.faults import NARROW, WIDE, faults
from tests.browser.keyboard import choose, follow, press, send, tab_to, write
from tests.browser.signing_in import lend, sign_in
from tests.factories import a_body
from tests.factories.acting import (
    a_town,
    acting,
    an_office,
    asking,
    representing,
    roles_of,
)
from tests.factories.cases import a_worker, open_task
from tests.factories.catalogue import (
    a_catalogue,
    a_resource,
    a_resource_page,
    an_area,
    an_edition,
)
from tests.factories.pages import a_home, translated
from tests.mail import MailServer
from workflows.catalogue.models import Criterion, Instrument, Question, Resource
from workflows.engine.models import Case

ADA, BERTA, CARLA, ENRIC = (
    "ada@comarca.example",
    "berta@granera.example",
    "carla@somewhere.example",
    "enric@somewhere.example",
)
NAMES = {"ca": "Obertura de dades", "es": "Apertura de datos", "en": "Opening data"}

Post = Callable[[str], list[EmailMessage]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def granera(site_url: str) -> LocalBody:
    """A village with a domain of its own and one that it shares with its neighbour, an
    office that looks after who acts for whom, and a catalogue in three languages."""
    caches["pages"].clear()
    home = a_home()
    catalogue = a_catalogue(home, lead="Què pot demanar el vostre ens, i fins quan.")
    village = a_body(
        "Granera",
        code="08095",
        population=83,
        population_year=2025,
        population_source="Xifra indicativa",
    )
    for domain in ("granera.example", "comarca.example"):
        village.domains.create(domain=domain)
    a_town("Granollers", "comarca.example")
    an_office()
    a_resource_page(catalogue, opening_data())
    protocol = Instrument.objects.create(code="protocol", name="Protocol general")
    for_towns = {"least": 20_000, "instrument": protocol}
    a_resource(code="EX-1", name="Transparència de dades", **for_towns)
    later = timezone.now() + timedelta(days=50)
    a_resource(code="EX-7", name="SeTDIBA", edition={"opens": later, "closes": None})
    for language in ("es", "en"):
        translated(home, language, slug=language)
        translated(catalogue, language)
    return village


def opening_data() -> Resource:
    """A resource with everything that a sheet shows, which Granera can request."""
    resource = a_resource(
        code="EX-6",
        name=NAMES,
        summary={"ca": "Inventari i primers conjunts."},
        area=an_area("dades", "Governança de la dada"),
        limit=1,
        actions={"ca": "Inventari: quines dades teniu\nQuadre: amb el que publiqueu"},
        goals="16",
        edition={"minimum": 40},
    )
    edition = resource.editions.get()
    Criterion.objects.create(edition=edition, name="Mida", how="Com menys", most=40)
    Question.objects.create(resource=resource, kind="file", label="Compromís")
    past = timezone.now() - timedelta(days=2000)
    an_edition(resource, year=2020, opens=past, closes=past + timedelta(days=90))
    return resource


@pytest.fixture
def tab(new_context: Callable[..., BrowserContext]) -> Callable[[int], Page]:
    """Call it for the browser of one more person, on a screen so wide."""
    return lambda width: new_context(
        viewport={"width": width, "height": 900}
    ).new_page()


@pytest.fixture
def told(work: Callable[[], None], smtp_server: MailServer) -> Post:
    """Call it with an address for the mails that it has got by now."""

    def by_now(address: str) -> list[EmailMessage]:
        work()
        return smtp_server.mails_to(address)

    return by_now


def test_a_village_comes_to_act_and_learns_what_it_may_request_by_keyboard(
    granera, tab, told, site_url
):
    people = f"/ca/my-bodies/of/{granera.code}/people/"

    # The domain of Ada's address is of two bodies: it gives her nothing, and she asks.
    ada = tab(WIDE)
    prove_by_mail(ada, ADA, told)
    follow(ada, "Actuar per un ens")
    expect(main(ada)).to_contain_text("no ens diu per a quin ens treballeu")
    ask_to_act(ada, "granera", "representative", "Ada Puig")
    send(ada, "Demana d’actuar-hi")
    expect(main(ada)).to_contain_text("amb resposta fins al")
    assert roles_of(User.objects.filter(email=ADA).first()) == {}
    expect(main(ada)).not_to_contain_text("Actueu per")

    # The office says yes, and has seen the mail first.
    office = tab(WIDE)
    sign_in(office.context, a_worker(an_office(), language="ca"), site_url)
    office.goto(reverse("cases:queue"))
    follow(office, Case.objects.get().title)
    follow(office, "Digueu si aquesta persona pot actuar per l’ens")
    choose(office, "yes")
    for _rehearsed in range(2):
        send(office, "Envia la decisió")
    assert "Granera" in told(ADA)[-1]["subject"]

    # Berta's domain is Granera's alone: on her telephone she acts for it at once.
    berta = tab(NARROW)
    prove_by_mail(berta, BERTA, told)
    follow(berta, "Actuar per un ens")
    ask_to_act(berta, "", "technician", "Berta Roca")
    send(berta, "Demana d’actuar-hi")
    berta.goto(people)
    expect(main(berta)).to_contain_text("Ada Puig")
    expect(main(berta)).not_to_contain_text("Treu")

    # Ada invites Carla, in Spanish. The link gives Berta nothing, and Carla a role.
    ada.goto(people)
    follow(ada, "Convida un company")
    write(ada, ada.locator("[name=email]"), CARLA)
    choose(ada, "es", of="language")
    send(ada, "Envia la invitació")
    expect(ada.get_by_role("status")).to_contain_text("La invitació ja va de camí")
    invitation = link_in(told(CARLA)[-1], "b/")
    assert berta.goto(invitation).status == 403
    expect(main(berta)).to_contain_text("Esta invitación es para otra persona")
    carla = tab(NARROW)
    carla.goto(invitation)
    write(carla, carla.locator("[name=name]"), "Carla Mas")
    send(carla, "Sí, actúo por él")
    expect(main(carla)).to_contain_text("Actúa por Granera")
    prove(carla, CARLA, site_url)
    carla.goto(people)
    expect(main(carla)).to_contain_text("Berta Roca")

    # Ada removes her: from that moment the page that she has open leads nowhere.
    ada.goto(people)
    follow(ada, "Treu : Carla Mas")
    expect(main(ada)).to_contain_text(CARLA)
    send(ada, "Sí, treu-la")
    expect(main(ada)).not_to_contain_text("Carla Mas")
    assert carla.reload().status == 404
    expect(carla.locator("body")).not_to_contain_text("Berta Roca")
    assert "Granera" in told(CARLA)[-1]["subject"]

    # Nobody else represents Granera: before she leaves, Ada lets Enric represent it.
    leave = f"Ja no actuo per {granera}"
    ada.goto(people)
    follow(ada, leave)
    expect(main(ada)).to_contain_text("Ningú més no el representa")
    follow(ada, "No, torna enrere")
    asking(granera, email=ENRIC, name="Enric Pi", role=Role.REPRESENTATIVE)
    ada.goto(people)
    follow(ada, "Mira-ho i respon : Enric Pi")
    choose(ada, "yes")
    send(ada, "Envia la decisió")
    expect(main(ada)).to_contain_text("Enric Pi")
    follow(ada, leave)
    expect(main(ada)).not_to_contain_text("Ningú més no el representa")
    send(ada, "Sí, deixa’l")
    assert ada.goto(people).status == 404
    assert roles_of(User.objects.get(email=ENRIC)) == {"Granera": "representative"}

    finds_what_it_may_request(berta)


def finds_what_it_may_request(page: Page) -> None:
    """Who acts for Granera looks through the catalogue, by words and by filters, and
    reads until when, and why not."""
    page.goto("/ca/cataleg/")
    write(page, page.get_by_label("El vostre ens local"), "gran")
    send(page, "Mira què pot demanar")
    press(page, page.get_by_role("button", name="Granera", exact=True))
    send(page, "Mira què pot demanar")
    expect(page).to_have_url(re.compile(r"\?body=08095$"))
    expect(page.get_by_role("status")).to_contain_text("1 es pot demanar avui")
    expect(card(page, "SeTDIBA")).to_contain_text("s’obre el")

    call_command("update_index", verbosity=0)
    write(page, page.get_by_role("searchbox", name="Cerca al catàleg"), "dades")
    send(page, "Cerca")
    expect(page.locator(".card--box")).to_have_count(2)
    no = card(page, "Transparència de dades")
    expect(no).to_contain_text("No, és per a ens d’una altra mida")
    follow(page, "Transparència de dades")
    expect(page.locator(".reasons .is-no")).to_have_count(2)
    expect(page.locator(".reasons")).to_contain_text("83 habitants (2025)")
    expect(page.locator(".reasons")).to_contain_text("Protocol general")

    page.go_back()
    press(page, page.get_by_role("button", name="Tria i filtra"))
    tab_to(page, page.get_by_label("Àmbit"))
    page.keyboard.type("Governança")
    send(page, "Filtra")
    expect(page.locator(".card--box")).to_have_count(1)
    follow(page, NAMES["ca"])
    expect(page.locator(".answer__word")).to_contain_text("Sí, fins al")


# The screens --------------------------------------------------------------------------


def test_every_screen_of_who_acts_for_a_body_is_for_everybody(page, granera, site_url):
    boss = representing(granera, ADA, "Ada Puig i Ferrer")
    carla = acting(granera, email=CARLA, name="Carla Mas")
    acting(a_town("Una altra vila"), Role.READER, email=ADA)
    office = User.objects.create_superuser("boss@placa.example", name="Tot")
    asked_of_ada = invitations.invite(
        a_town("Encara una"), ADA, Role.TECHNICIAN, language="ca", by=office
    )
    invited = invitations.invite(
        granera, "dora@vila.example", Role.READER, language="ca", by=boss.user
    )
    case = asking(granera, email=ENRIC, text="Hi treballo").case
    asking(a_town("La que espera"), email=ADA)
    town = [granera.code]
    names = [
        ("my_bodies", []),
        ("act_for_body", []),
        ("my_body", town),
        ("body_sessions", town),
        ("body_cases", town),
        ("body_publicity", town),
        ("body_people", town),
        ("invite_colleague", town),
        ("withdraw_invitation", [*town, invited.pk]),
        ("change_role", [*town, carla.pk]),
        ("end_membership", [*town, boss.pk]),
        ("decide_membership", [*town, case.number]),
    ]
    links = [
        reverse("membership_invitation", args=[row.token])
        for row in (asked_of_ada, invited)
    ]

    page.goto(in_language("ca", "my_bodies"))
    assert faults(page) == []
    page.goto(links[1])
    assert faults(page) == []
    prove(page, ADA, site_url)
    for address in [*(in_language("ca", *name) for name in names), *links]:
        page.goto(address)
        assert faults(page) == [], address
    for language in ("es", "en"):
        fits(page, (in_language(language, *name) for name in names))
    page.goto(in_language("ca", "act_for_body"))
    page.locator("[name=body]").fill("Enlloc")
    page.locator("main form .form__end button").click()
    expect(page.locator(".errors")).to_be_focused()
    assert faults(page) == []


def test_the_catalogue_is_for_everybody(page, granera, site_url):
    for language, name in NAMES.items():
        address = f"/{language}/cataleg/"
        resource = f"{address}ex-6/"
        looks = [
            address,
            f"{address}?body=gran",
            f"{address}?body={granera.code}",
            f"{address}?words=enlloc",
            f"{resource}?body={granera.code}",
            f"{resource}?year=2020",
            f"/{language}/resources/EX-1/?body={granera.code}",
        ]
        if language == "ca":
            for look in looks:
                page.goto(look)
                assert faults(page) == [], look
        else:
            fits(page, looks)
        page.goto(looks[2])
        expect(page.get_by_role("link", name=name)).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_screen_of_the_office_is_for_everybody(
    page, granera, site_url, assert_accessible, width
):
    boss = representing(granera, ADA, "Ada Puig i Ferrer")
    invitations.invite(granera, CARLA, Role.READER, language="ca", by=boss.user)
    case = asking(granera, email=ENRIC, text="Hi treballo").case
    office = a_worker(an_office(), role="Coordinators", language="ca")
    sign_in(page.context, office, site_url)
    page.set_viewport_size({"width": width, "height": 900})
    body = [granera.pk]

    def look(address: str) -> None:
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert sideways <= 0, address
        assert_accessible(page)

    for name, args in (
        ("memberships:index", []),
        ("memberships:body", body),
        ("memberships:role", [*body, boss.pk]),
        ("memberships:end", [*body, boss.pk]),
        ("memberships:merge", body),
        ("memberships:remove_domain", [*body, granera.domains.first().pk]),
        ("cases:case", [case.number]),
        ("cases:step", [case.number, open_task(case).pk]),
        ("memberships:import", []),
    ):
        page.goto(reverse(name, args=args))
        look(name)
    rows = f"code;domain;name;email;role\n{granera.code};nou.example;;;\n" + (
        f"{granera.code};;Dora Mas;dora@nou.example;representant\n"
    )
    file = {"name": "c.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("[name=file]").set_input_files(file)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    look("what the file would change")


# What people do -----------------------------------------------------------------------


def prove_by_mail(page: Page, address: str, told: Post) -> None:
    """Ask for the link to one's bodies, and open it."""
    page.goto("/ca/my-bodies/")
    write(page, page.locator("[name=email]"), address)
    send(page, "Envia’m l’enllaç")
    page.goto(link_in(told(address)[-1], "ca/my-data/open/"))
    send(page, "Obre-les")


def prove(page: Page, address: str, site_url: str) -> None:
    """Have the browser be one that has opened the link mailed to `address`."""
    client = Client()
    row = Message.objects.create(kind="my_bodies", recipient=address, language="ca")
    until = timezone.now() + timedelta(minutes=59)
    session = client.session
    session["my_data"] = {"mail": row.pk, "until": until.isoformat()}
    session.save()
    lend(page.context, client, site_url)


def ask_to_act(page: Page, body: str, role: str, name: str) -> None:
    """Fill in the form; without `body`, with the one that it names already."""
    if body:
        write(page, page.locator("[name=body]"), body)
    choose(page, role, of="role")
    write(page, page.locator("[name=name]"), name)


def in_language(language: str, name: str, args: Iterable[Any] = ()) -> str:
    with translation.override(language):
        return reverse(name, args=args)


# What they see ------------------------------------------------------------------------


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def card(page: Page, words: str) -> Locator:
    return page.locator(".card--box", has_text=words)


def link_in(mail: EmailMessage, way: str) -> str:
    text = mail.get_body(("plain",)).get_content()
    return re.search(rf"https?://\S+?(/{way}\S+)", text)[1]


def fits(page: Page, addresses: Iterable[str]) -> None:
    """None of them goes over the edge of a desk's screen or a telephone's."""
    for address in addresses:
        page.goto(address)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            sideways = page.evaluate(
                "document.documentElement.scrollWidth > innerWidth"
            )
            assert not sideways, (address, width)
