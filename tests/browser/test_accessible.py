"""Everybody can use every page: axe looks at it wide and narrow, light and dark; a
keyboard is enough, and no script is needed. And no page tells others who opens it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import BrowserContext, Page, expect
from wagtail.models import Locale, get_page_models
from wagtail.models import Page as WagtailPage

from cms.models import AgendaPage, SeriesPage
from community.models import LocalBody, User
from events import followers, substitutions
from events.models import Follower, Registration, Series, Session
from events.seed import SERIES
from tests.browser.faults import NARROW, Watch, faults
from tests.browser.keyboard import press, stops, tab_to, write
from tests.browser.signing_in import sign_in
from tests.dressed import dress
from tests.factories import a_registration, a_session
from tests.factories.demonstration import plant
from tests.factories.pages import a_session_page
from tests.mail import MailServer

P = TypeVar("P", AgendaPage, SeriesPage)

# Of each kind one, and every block on some.
OF_EDITORS = (
    *("apunts", "temes", "dades-obertes", "municipi360", "qui-som", "ajuda"),
    *("privacitat", "accessibilitat", "fem-ho-facil", "avis-legal"),
    *("la-sessio-al-vostre-calendari", "del-37-68-al-90-44"),
    *("qui-fa-que-tambe-a-l-agost", "tres-conjunts-de-dades-que-ja-teniu"),
)

RECEIPT = re.compile("/registered/(#.*)?$")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.any_database]


@pytest.fixture
def series(site_url: str) -> Series:
    """The series of the demonstration site, with all that the site has."""
    plant()
    return Series.objects.get(code=SERIES)


def in_catalan(kind: type[P]) -> P:
    """The first page of that kind in the language of the house."""
    return kind.objects.filter(locale=Locale.get_default()).earliest("path")


@pytest.fixture
def session(series: Series) -> Session:
    """A session with one place, that somebody has."""
    session = a_session(1, series=series, title="Dades obertes")
    a_session_page(in_catalan(SeriesPage), session)
    a_registration(session)
    return session


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture
def watch(page: Page, site_url: str) -> Watch:
    return Watch(page, site_url)


# The judges themselves ---------------------------------------------------------------

BAD_PAGE = """<!doctype html><html lang="ca"><title>Dolenta</title><style>
:root { color-scheme: light dark }
main { inline-size: 400px }
p { color: light-dark(#000, #333); background: light-dark(#fff, #000) }
button { padding: 0; border: 0; block-size: 9px; font-size: 8px; outline: 0 !important }
</style><main><h1>Dolenta</h1><p>No es llegeix a les fosques.</p>
<button>a</button><button>b</button>
<img src="https://elsewhere.example/pixel.gif" alt=""></main>
<script src="https://elsewhere.example/script.js"></script>"""


def test_a_bad_page_is_found_out(page, watch):
    policy = {"Content-Security-Policy": "script-src 'self'"}
    page.route("**/bad/", lambda way: way.fulfill(body=BAD_PAGE, headers=policy))
    page.goto("/bad/")

    found = "\n".join(faults(page))
    for words in ("dark: Fix any of", "contrast of 1.", "24px", "scrolls sideways"):
        assert words in found
    assert [way["isSeen"] for way in stops(page)] == [False, False]
    assert "https://elsewhere.example/pixel.gif" in watch.left_the_house
    assert "Content Security Policy" in "\n".join(watch.complaints)


# Every page -------------------------------------------------------------------------


def in_each_standing(series: Series) -> dict[str, Registration]:
    """A registration for a session in each standing that a page can show."""
    now = timezone.now()
    reason = {"state_reason": "La ponent està indisposada."}
    changes: dict[str, dict[str, Any]] = {
        "open": {},
        "few left": {"capacity_online": 2},
        "full": {"capacity_online": 1},
        "not open": {"opens": now + DAY},
        "shut": {"closes": now - DAY},
        "held": {"starts": now - DAY, "ends": now - DAY + HOUR},
        "postponed": {"state": Session.State.POSTPONED, **reason},
        "cancelled": {"state": Session.State.CANCELLED, **reason},
        "about to begin": {"starts": now + HOUR / 12, "ends": now + HOUR},
    }
    registrations = {}
    for name, values in changes.items():
        session = a_session(30, series=series)
        registrations[name] = a_registration(session)
        Session.objects.filter(pk=session.pk).update(**values)
    return registrations


def public_pages(series: Series) -> Iterator[tuple[str, str]]:
    """What each is, and its address."""
    series_page, agenda = in_catalan(SeriesPage), in_catalan(AgendaPage)
    yield "home", series_page.get_parent().url
    yield "series", series_page.url
    yield "agenda", agenda.url
    yield "agenda, past", f"{agenda.url}?when=past"
    yield "agenda, nothing", f"{agenda.url}?when=past&format=in_person"
    registrations = in_each_standing(series)
    for name, registration in registrations.items():
        yield f"session, {name}", registration.session.get_absolute_url()
    for name in ("open", "held", "postponed", "cancelled", "about to begin"):
        yield f"my registration, {name}", own("my_registration", registrations[name])
        yield f"join, {name}", door(registrations[name])
    full = registrations["full"]
    waiting = a_registration(full.session)
    yield "my registration, waiting", own("my_registration", waiting)
    for question in ("cancel_registration", "not_me", "correct_registration"):
        yield question, own(question, full)
    yield "cancel_registration, waiting", own("cancel_registration", waiting)
    yield "ask_colleague", own("ask_colleague", registrations["open"])
    mar = {"name": "Mar Serra", "email": "mar@council.example", "language": "ca"}
    asked = substitutions.ask(registrations["full"], **mar)
    yield "substitution", own("substitution", asked)
    hybrid = a_session(30, series=series, format="hybrid", place="Sala", approval=True)
    a_session_page(series_page, hybrid)
    yield "session with a page", hybrid.get_absolute_url()
    for form in ("register", "register_group"):
        yield form, reverse(form, args=[hybrid.code])
        yield f"{form}, full", reverse(form, args=[full.session.code])
    yield (
        "register, too late",
        reverse("register", args=[registrations["shut"].session.code]),
    )
    yield "follow", reverse("follow", args=[series.code])
    followers.follow(series, "pol@council.example", "ca")
    followers.follow(series, "ona@council.example", "ca", confirmed=True)
    for follower in Follower.objects.all():
        yield f"following, {follower}", reverse("following", args=[follower.token])
    for slug in OF_EDITORS:
        pages = WagtailPage.objects.filter(slug=slug, locale=Locale.get_default())
        yield slug, pages.order_by("depth").first().url
    yield "sign in", reverse("account_login")
    yield "not found", "/ca/enlloc/"


def own(view: str, registration: Registration) -> str:
    return reverse(view, args=[registration.token])


def door(registration: Registration) -> str:
    return reverse("join", args=[registration.invitations.get().join_token])


def test_every_public_page_is_for_everybody(series, page, watch):
    found = []

    for name, path in public_pages(series):
        page.goto(path)
        found += [f"{name}: {fault}" for fault in faults(page)]

    assert not found, "\n".join(found)
    assert not watch.left_the_house
    assert not watch.complaints


def types_of_page(language: str) -> Iterator[tuple[str, str]]:
    """One page of each type that editors have, and of those that are nobody's."""
    for kind in get_page_models():
        pages = kind.objects.live().filter(locale__language_code=language, depth__gt=1)
        if shown := pages.order_by("path").first():
            yield kind.__name__, shown.url
    with translation.override(language):
        code = Session.objects.upcoming(timezone.now()).first().code
        yield "form", reverse("register", args=[code])
        yield "sign in", reverse("account_login")
        yield "search", reverse("search")
    yield "not found", f"/{language}/enlloc/"


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_type_of_page_is_for_everybody_in_each_language(
    series, page, watch, language
):
    found = []

    for name, path in types_of_page(language):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        found += [f"{name}: {fault}" for fault in faults(page)]

    assert not found, "\n".join(found)
    assert not watch.complaints


def test_another_brand_is_for_everybody_too(series, page, watch, settings):
    dress(settings, "riera")
    found = []

    for name, path in types_of_page("ca"):
        page.goto(path)
        expect(page.locator(".header")).to_contain_text("La Riera")
        found += [f"{name}: {fault}" for fault in faults(page)]

    assert not found, "\n".join(found)
    assert not watch.left_the_house
    assert not watch.complaints


@pytest.mark.parametrize(
    ("language", "theme"), [("ca", "base"), ("es", "base"), ("en", "riera")]
)
def test_every_state_of_every_component_is_for_everybody(
    series, page, site_url, watch, settings, language, theme
):
    dress(settings, theme)
    signed_in(page, site_url, "edita@placa.example")

    page.goto(f"{reverse('patterns')}?language={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".pattern")).not_to_have_count(0)

    # A landmark there has the name that it has where it is the only one.
    assert not faults(page, without="landmark-unique")
    assert not watch.left_the_house
    assert not watch.complaints


def test_what_comes_of_a_form_is_for_everybody(session, page, watch):
    found = []

    def look(name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in faults(page))

    page.goto(reverse("register", args=[session.code]))
    page.get_by_label("Ens local").fill("Sant")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_visible()
    look("form with errors")
    fill(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(RECEIPT)
    look("receipt, waiting")
    Session.objects.filter(pk=session.pk).update(capacity_online=None)
    page.goto(reverse("register", args=[session.code]))
    fill(page, "mar@council.example")
    page.keyboard.press("Enter")
    expect(page).to_have_url(RECEIPT)
    look("receipt, with a place")
    mine = Registration.objects.get(email="mar@council.example")
    page.goto(own("cancel_registration", mine))
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("cancelled=1$"))
    look("given up")
    page.goto(reverse("account_login"))
    page.get_by_label("Correu electrònic").fill("ningu@placa.example")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Codi")).to_be_visible()
    look("code")
    page.get_by_label("Codi").fill("ABCD-EFGH")
    page.context.clear_cookies()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("El formulari ha caducat")
    look("expired form")

    assert not found, "\n".join(found)
    assert not watch.left_the_house
    assert not watch.complaints


def fill(page: Page, email: str = "ada@council.example") -> None:
    """Fill the form in; the focus stays in a field, where Enter sends it."""
    page.get_by_label("Nom i cognoms").fill("Ada Puig")
    page.get_by_label("Ens local").fill("vilanova del cami")
    page.get_by_label("Correu electrònic").fill(email)


def test_who_may_not_come_in_is_told_so_on_a_page_for_everybody(
    series, page, site_url, watch
):
    signed_in(page, site_url, "ajuntament@placa.example")

    response = page.goto("/admin/")

    assert response.status == 403
    assert not faults(page)
    assert not watch.complaints


def test_the_page_of_a_fault_of_ours_is_for_everybody(series, page, site_url, watch):
    with translation.override("ca"):
        html = render_to_string("500.html")
    page.route("**/fault/", lambda route: route.fulfill(body=html, status=500))

    page.goto("/fault/")

    assert not faults(page)
    assert not watch.complaints


def signed_in(page: Page, site_url: str, email: str) -> None:
    """Have `page` belong to somebody who has signed in."""
    sign_in(page.context, User.objects.get(email=email), site_url)


# The organiser's screens --------------------------------------------------------------


def organisers_screens(session: Session) -> Iterator[tuple[str, str]]:
    yield "sessions", reverse("sessions:index")
    yield "new session", reverse("sessions:add")
    for name in ("session", "edit", "move", "cancel", "places"):
        yield name, reverse(f"sessions:{name}", args=[session.pk])
    registration = session.registrations.get()
    yield "registration", reverse("sessions:registration", args=[registration.pk])


def previews(session: Session, page: Page) -> Iterator[str]:
    """Lead `page` to what each change would do, one after the other."""
    in_a_week = timezone.localtime(session.starts + 7 * DAY)
    page.goto(reverse("sessions:move", args=[session.pk]))
    page.get_by_label("Dia").fill(f"{in_a_week:%d/%m/%Y}")
    page.get_by_role("button", name="Continua").click()
    yield "preview of a move"
    page.goto(reverse("sessions:cancel", args=[session.pk]))
    page.get_by_role("group", name="Per què").get_by_label("Català").fill("Vaga.")
    page.get_by_role("button", name="Continua").click()
    yield "preview of a cancellation"


def test_the_organisers_screens_are_for_everybody(session, page, site_url, watch):
    signed_in(page, site_url, "gestiona@placa.example")
    found = []

    for name, path in organisers_screens(session):
        page.goto(path)
        found += [f"{name}: {fault}" for fault in faults(page)]
    for name in previews(session, page):
        expect(page.locator("iframe")).to_be_visible()
        found += [f"{name}: {fault}" for fault in faults(page)]

    assert not found, "\n".join(found)
    assert not watch.left_the_house
    assert not watch.complaints


# By keyboard --------------------------------------------------------------------------


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_the_focus_is_seen_wherever_tab_leads_and_first_at_the_content(
    session, page, width
):
    page.set_viewport_size({"width": width, "height": 800})
    # So that what gets the focus is on the screen at once.
    page.emulate_media(reduced_motion="reduce")
    unseen = []

    for path in ("/ca/", session.get_absolute_url(), f"/ca/s/{session.code}/register/"):
        page.goto(path)
        ways = stops(page)
        unseen += [f"{path}: {way['html']}" for way in ways if not way["isSeen"]]
        assert 'href="#content"' in ways[0]["html"]

    assert not unseen, "\n".join(unseen)


def test_the_form_is_filled_in_and_sent_by_keyboard(session, page):
    page.goto(session.get_absolute_url())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    press(page, page.get_by_role("link", name="Apunta’m a la llista"))

    # Sent empty, it says what is wrong, and leads there.
    press(page, page.get_by_role("button", name="Apunta’m a la llista"))
    errors = page.locator(".errors")
    expect(errors).to_be_focused()
    press(page, errors.get_by_role("link").first)
    expect(page.get_by_label("Nom i cognoms")).to_be_focused()
    page.keyboard.type("Ada Puig")
    write(page, page.get_by_label("Correu electrònic"), "ada@council.example")
    write(page, page.get_by_label("Ens local"), "Consorci de prova")
    press(page, page.get_by_label("No és a la llista"), "Space")
    tab_to(page, page.get_by_label("Català"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Apunta’m a la llista"))

    expect(page).to_have_url(RECEIPT)
    registration = Registration.objects.get(email="ada@council.example")
    assert (registration.body_text, registration.language) == (
        "Consorci de prova",
        "es",
    )


# Without script -----------------------------------------------------------------------


def test_registering_and_giving_up_need_no_script(
    session, new_context, work, smtp_server: MailServer
):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.locator("main").get_by_role("link", name="Dades obertes").first.click()
    page.get_by_role("link", name="Apunta’m a la llista").click()
    fill(page)
    page.get_by_label("Ens local").fill("Vilanova")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()

    # A suggestion is a button that sends the form.
    body = LocalBody.objects.get(name="Vilanova del Camí")
    page.get_by_role("button", name=body.name).click()
    expect(page).to_have_url(RECEIPT)
    assert Registration.objects.get(email="ada@council.example").body == body

    work()
    [mail] = smtp_server.mails_to("ada@council.example")
    text = mail.get_body(("plain",)).get_content()
    page.goto(re.search(r"http\S+/cancel/", text)[0])
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("cancelled=1$"))
    assert not Registration.objects.get(email="ada@council.example").is_active


# Cookies ------------------------------------------------------------------------------


def test_a_visit_leaves_no_more_than_it_needs(session, page):
    def cookies() -> set[str]:
        return {cookie["name"] for cookie in page.context.cookies()}

    # Reading leaves nothing.
    for path in ("/", in_catalan(SeriesPage).url, session.get_absolute_url()):
        page.goto(path)
    page.goto(in_catalan(AgendaPage).url)
    assert cookies() == set()

    # A form must come from its own page; its receipt belongs to one browser.
    page.goto(reverse("register", args=[session.code]))
    assert cookies() == {"csrftoken"}
    fill(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(RECEIPT)
    assert cookies() == {"csrftoken", "sessionid"}

    # And light or dark is what one chose.
    with page.expect_response(re.compile("/scheme/$")):
        page.get_by_role("button", name="Fosca").click()
    assert cookies() == {"csrftoken", "sessionid", "scheme"}
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
