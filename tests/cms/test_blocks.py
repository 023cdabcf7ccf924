"""The blocks that editors compose pages from: what each shows, to whom, at what price,
and what it refuses."""

import gc
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail_localize.models import Translation, TranslationSource

from cms.blocks import BodyBlock
from cms.models import SeriesPage
from events.models import Session
from tests.browser.faults import NARROW, WIDE, Watch, faults
from tests.factories import a_series, a_session, a_user
from tests.factories.pages import (
    a_document,
    a_home,
    a_page_with_every_block,
    a_series_page,
    an_image,
    stored,
)

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file that it makes a rendition in to the collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
]

YOUTUBE = "https://www.youtube.com/watch?v=abcdefghijk"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    yield
    gc.collect()


def a_page_of(*blocks: tuple[str, Any]) -> SeriesPage:
    """A page with these blocks, under a home page of its own."""
    page = a_series_page(a_home(), a_series(), title="Pàgina")
    return with_body(page, *blocks)


def with_body(page: SeriesPage, *blocks: tuple[str, Any]) -> SeriesPage:
    page.body = json.dumps(stored(list(blocks)))
    page.save_revision().publish()
    return SeriesPage.objects.get(pk=page.pk)


def in_spanish(page: Page) -> Page:
    """The translation of `page`, and of what it lies under, published: each text with
    a mark before it."""
    locale, _ = Locale.objects.get_or_create(language_code="es")
    parent = page.get_parent().specific
    if parent.depth > 1 and not parent.has_translation(locale):
        in_spanish(parent)
    source, _ = TranslationSource.update_or_create_from_instance(page)
    target = Translation.objects.create(source=source, target_locale=locale)
    sheet = target.export_po()
    for entry in sheet:
        is_slug = entry.msgctxt.endswith("slug")
        entry.msgstr = entry.msgid if is_slug else f"ES {entry.msgid}"
    target.import_po(sheet)
    target.save_target(publish=False)
    translated = page.get_translation(locale)
    translated.latest_revision.publish()
    return type(page).objects.get(pk=translated.pk)


# What is shown ---------------------------------------------------------------------

# By block: what its part of the page says, in tags where they matter.
SHOWN = {
    "heading": '<h2 id="que-us-nendureu">Què us n’endureu</h2>',
    "paragraph": "<b>negreta</b>",
    "quote": "<blockquote><p>Ningú no ho demana.</p></blockquote>",
    "image": 'alt="Una plaça verda"',
    "video": f'href="{YOUTUBE}" rel="noopener" data-player="https://www.youtube-nocookie',
    "audio": "Una conversa",
    "steps": "<h3>Trieu</h3>",
    "facts": "<dt>Quan</dt>",
    "panels": "<h3>Capsa info</h3>",
    "figures": "<dt>municipis</dt>",
    "questions": "<summary>Cal un compte?</summary>",
    "table": '<td data-label="Habitants" class="num">63.345</td>',
    "documents": "La guia</a><small>PDF, 8",
    "call_to_action": 'btn--primary" href="/ca/page-1/">Mira el calendari</a>',
    "contact": 'href="tel:934022000"',
    "related": '<a href="/ca/page-2/">Pàgina 2</a>',
    "upcoming": "<h2>Properament</h2>",
}


def test_every_block_is_shown(client: Client):
    text = client.get(a_page_with_every_block().url).text

    assert SHOWN.keys() == BodyBlock().child_blocks.keys()
    missing = {kind for kind, words in SHOWN.items() if words not in text}
    assert missing == set()


def test_every_block_is_described_and_previewed(client: Client):
    a_page_with_every_block()
    client.force_login(a_user(is_superuser=True))
    faulty = {}

    for name, block in SeriesPage.body.field.stream_block.child_blocks.items():
        assert block.meta.icon != "placeholder", name
        assert block.meta.group, name
        assert str(block.get_description()), name
        address = reverse("wagtailadmin_block_preview")
        response = client.get(address, {"id": block.definition_prefix})
        part = response.text.partition(f"block-{name}")[2].partition("</main>")[0]
        if response.status_code != 200 or not re.sub(r"<[^>]*>|\s|[\">]", "", part):
            faulty[name] = response.text
    assert faulty == {}


def test_a_preview_without_pictures_and_pages_is_no_fault(client: Client):
    client.force_login(a_user(is_superuser=True))

    for block in SeriesPage.body.field.stream_block.child_blocks.values():
        address = reverse("wagtailadmin_block_preview")
        response = client.get(address, {"id": block.definition_prefix})
        assert response.status_code == 200


def queries_of(client: Client, page: Page) -> int:
    client.get(page.url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(page.url).status_code == 200
    return len(queries)


def test_twenty_of_each_block_cost_as_many_queries_as_one(client: Client):
    one = queries_of(client, a_page_with_every_block())
    for home in Page.objects.filter(depth=2):
        home.delete()
    cache.clear()
    twenty = queries_of(client, a_page_with_every_block(20))

    assert twenty == one


# Pictures --------------------------------------------------------------------------


def picture(image: int, words: str = "", decorative: bool = False) -> tuple[str, Any]:
    value = {"image": image, "alt_text": words, "decorative": decorative}
    return "image", {"image": value}


def test_a_picture_has_other_words_in_each_place(client: Client):
    key = an_image().pk
    page = a_page_of(
        picture(key, "La plaça"), picture(key, "El campanar"), picture(key, "", True)
    )

    tags = re.findall(r"<img [^>]*>", client.get(page.url).text)

    found = [re.search(r'alt="([^"]*)"', tag)[1] for tag in tags]
    assert found == ["La plaça", "El campanar", ""]


def test_a_picture_comes_in_sizes_and_says_how_big_it_is(client: Client):
    page = a_page_of(picture(an_image(width=1200).pk, "La plaça"))

    [tag] = re.findall(r"<img [^>]*>", client.get(page.url).text)

    for part in (' width="480"', ' height="320"', " 480w, ", " 960w, ", " 1200w"):
        assert part in tag
    assert 'loading="lazy"' in tag
    assert ".webp" in tag


def test_what_was_deleted_leaves_no_hole(client: Client):
    image, document = an_image(), a_document()
    page = a_page_of(
        picture(image.pk, "La plaça"),
        ("documents", [{"document": document.pk}]),
        ("heading", "Segueix"),
    )
    image.delete()
    document.delete()

    response = client.get(page.url)

    assert response.status_code == 200
    assert "La plaça" not in response.text
    assert "Segueix" in response.text


# Videos ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "player"),
    [
        (YOUTUBE, "www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1&rel=0"),
        (f"{YOUTUBE}&t=30s", "www.youtube-nocookie.com/embed/abcdefghijk?"),
        ("https://m.youtube.com/watch?list=a&v=abcdefghijk", "embed/abcdefghijk?"),
        ("https://youtu.be/abc-_fghijk?si=xyz", "embed/abc-_fghijk?"),
        ("https://www.youtube.com/live/abcdefghijk", "embed/abcdefghijk?"),
        (
            "https://vimeo.com/76979871",
            "player.vimeo.com/video/76979871?autoplay=1&dnt=1",
        ),
        (
            "https://vimeo.com/76979871/0a1b2c3d4e",
            "/76979871?autoplay=1&dnt=1&h=0a1b2c",
        ),
        ("https://player.vimeo.com/video/76979871", "video/76979871?autoplay=1&dnt=1"),
    ],
)
def test_an_address_as_people_copy_it_finds_the_player(address, player):
    value = BodyBlock().child_blocks["video"].to_python({"address": address})

    assert value.player.url.startswith("https://")
    assert player in value.player.url


@pytest.mark.parametrize(
    "address",
    [
        "https://youtube.com.evil.example/watch?v=abcdefghijk",
        "https://evil.example/https://youtu.be/abcdefghijk",
        "https://www.youtube.com/watch?v=abcdefghijklmnop",
        "https://www.youtube.com/@somebody",
        "https://vimeo.com/categories",
        "https://videos.example/1",
    ],
)
def test_nobody_elses_player_is_shown(address):
    value = BodyBlock().child_blocks["video"].to_python({"address": address})

    assert value.player is None


def test_pages_may_show_those_players_and_no_others(client: Client):
    policy = client.get(a_page_of().url)["Content-Security-Policy"]

    assert (
        "frame-src 'self' https://www.youtube-nocookie.com https://player.vimeo.com;"
        in f"{policy};"
    )
    assert "media-src 'self'" in policy


# What the editor is told -----------------------------------------------------------


def clean(kind: str, value: Any) -> Any:
    block = BodyBlock().child_blocks[kind]
    return block.clean(block.to_python(value))


def told(kind: str, value: Any) -> str:
    """What the form says of `value`, or nothing."""
    with translation.override("en"):
        try:
            clean(kind, value)
        except ValidationError as error:
            if hasattr(error, "as_json_data"):
                return json.dumps(error.as_json_data())
            return " ".join(error.messages)
    return ""


def video(**values: Any) -> dict[str, Any]:
    return {"title": "Vídeo", "transcript": "<p>Bon dia.</p>", **values}


def call(**values: Any) -> dict[str, Any]:
    return {"title": "Veniu", "button": "Mira-ho", "tone": "shade", **values}


def table(**values: Any) -> dict[str, Any]:
    cells = {
        "columns": [{"type": "text", "heading": "Ens"}],
        "rows": [{"values": ["Vic"]}],
        "caption": "Els ens",
    }
    return {"cells": {**cells, **values}, "named_rows": True}


DANGEROUS = ["javascript:alert(1)", "data:text/html,x", " JavaScript:alert(1)", "x"]
WHOLE = "Write the whole address"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("video", video(), "Choose a document or write an address."),
        (
            "video",
            video(address="https://videos.example/1"),
            "no video that we know how to show: YouTube, Vimeo",
        ),
        ("video", video(address=YOUTUBE, duration="2 hours"), "for example 12:30"),
        ("video", video(address=YOUTUBE, transcript=""), "This field is required"),
        ("audio", video(), "Choose a document or write an address."),
        ("call_to_action", call(), "Say where the button leads"),
        (
            "call_to_action",
            call(address="https://a.example/", place="feed"),
            "one place only",
        ),
        ("contact", {"name": "Oficina"}, "Write a telephone, an e-mail"),
        ("contact", {"name": "Oficina", "phone": "call me"}, "934 02 20 00"),
        ("contact", {"name": "Oficina", "email": "a@b"}, "valid email"),
        ("table", table(caption=" "), "Write a caption"),
        ("table", table(columns=[], rows=[]), "at least one column and one row"),
        (
            "table",
            table(columns=[{"type": "text", "heading": ""}]),
            "a heading for every column",
        ),
        ("table", table(rows=[{"values": ["a"]}] * 61), "60 rows at most"),
        ("upcoming", {"title": "Aviat", "number": 7}, "less than or equal to 6"),
        ("upcoming", {"title": "Aviat", "number": 0}, "greater than or equal to 1"),
        ("quote", {"text": "Hola", "who": ""}, "This field is required"),
        ("paragraph", "<p>" + "a" * 20_001 + "</p>", "at most 20000 characters"),
        ("steps", [{"title": "a", "text": "b"}] * 13, "maximum number of items is 12"),
    ],
)
def test_what_is_wrong_is_said_in_words(kind, value, words):
    assert words in told(kind, value)


def test_a_picture_must_say_what_it_shows_or_that_it_says_nothing():
    key = an_image().pk

    assert "alt text" in told(*picture(key))
    assert not told(*picture(key, "La plaça"))
    assert not told(*picture(key, decorative=True))


def test_documents_are_played_only_if_they_can_be():
    pdf, mp4 = a_document().pk, a_document("v.mp4").pk
    mp3, vtt = a_document("a.mp3").pk, a_document("c.vtt").pk

    assert "cannot be played. Choose one of these: MP4, WEBM" in told(
        "video", video(document=pdf)
    )
    assert "these: M4A, MP3, OGG" in told("audio", video(document=mp4))
    assert "not both" in told("video", video(document=mp4, address=YOUTUBE))
    assert "WebVTT" in told("video", video(document=mp4, captions=pdf))
    assert "keeps its captions" in told("video", video(address=YOUTUBE, captions=vtt))
    assert not told("video", video(document=mp4, captions=vtt))
    assert not told("audio", video(document=mp3))


def test_from_two_to_six_pages_are_related():
    home = a_home()
    series = a_series()
    pages = [a_series_page(home, series, slug=f"p{n}").pk for n in range(7)]

    def related(number: int) -> str:
        return told("related", {"title": "Llegiu", "pages": pages[:number]})

    assert "minimum number of items is 2" in related(1)
    assert not related(2)
    assert not related(6)
    assert "maximum number of items is 6" in related(7)


@pytest.mark.parametrize("address", DANGEROUS)
@pytest.mark.parametrize("kind", ["video", "audio", "call_to_action"])
def test_no_address_that_a_browser_would_run_is_taken(kind, address):
    field = BodyBlock().child_blocks[kind].child_blocks["address"]

    with translation.override("en"), pytest.raises(ValidationError, match=WHOLE):
        field.clean(address)


@pytest.mark.parametrize("address", DANGEROUS)
def test_nor_does_it_reach_a_page_by_another_way(client: Client, address):
    page = a_page_of(
        ("video", video(address=address)),
        ("audio", video(address=address)),
        ("call_to_action", call(address=address)),
        ("paragraph", f'<p>Un <a href="{address}">enllaç</a>.</p>'),
    )

    text = client.get(page.url).text

    assert f'"{address}"' not in text
    assert "Un enllaç." in text


# What leads on ---------------------------------------------------------------------


@pytest.fixture
def two_pages() -> list[SeriesPage]:
    home, series = a_home(), a_series()
    return [
        a_series_page(home, series, slug=f"p{number}", title=f"Tema {number}")
        for number in (1, 2)
    ]


def leading(page: SeriesPage, first: Page, second: Page) -> SeriesPage:
    """`page`, which leads to `first` in three ways, and to `second` in one."""
    link = f'<p>Vegeu-ho <a linktype="page" id="{first.pk}">aquí</a>.</p>'
    related = {"title": "Llegiu també", "pages": [first.pk, second.pk]}
    return with_body(
        page,
        ("paragraph", link),
        ("call_to_action", call(page=first.pk)),
        ("related", related),
    )


def test_pages_are_given_in_the_language_of_the_reader(client: Client, two_pages):
    first, second = two_pages
    page = leading(a_series_page(first.get_parent(), first.series), first, second)
    in_spanish(first)
    spanish = in_spanish(page)

    catalan, text = client.get(page.url).text, client.get(spanish.url).text

    def main(html: str) -> str:
        return html.partition("<main")[2].partition("</main>")[0]

    assert main(catalan).count('href="/ca/p1/"') == 3
    assert main(catalan).count('href="/ca/p2/"') == 1
    assert main(text).count('href="/es/p1/"') == 3
    # The other has no translation.
    assert "/p2/" not in main(text)
    assert "ES Tema 1" in main(text)


def test_no_way_leads_to_what_is_not_published(client: Client, two_pages):
    first, second = two_pages
    page = leading(a_series_page(first.get_parent(), first.series), first, second)
    first.unpublish()

    text = client.get(page.url).text

    assert "/ca/p1/" not in text
    assert "Vegeu-ho <a>aquí</a>." in text
    assert "Mira-ho" not in text
    assert "Tema 2" in text


def test_no_card_gives_away_a_private_page_nor_what_lies_under_it(
    client: Client, two_pages
):
    first, second = two_pages
    page = leading(a_series_page(first.get_parent(), first.series), first, second)
    below = first.add_child(instance=SeriesPage(title="Tema 3", series=first.series))
    page = leading(page, below, second)
    PageViewRestriction.objects.create(page=first, restriction_type="login")

    text = client.get(page.url).text.partition("<main")[2].partition("</main>")[0]

    assert "Tema 3" not in text
    assert "Tema 2" in text


def test_links_to_other_sites_tell_them_nothing(client: Client):
    page = a_page_of(("paragraph", '<p><a href="https://a.example/">Allà</a></p>'))

    text = client.get(page.url).text

    assert '<a href="https://a.example/" rel="noopener">Allà</a>' in text


@pytest.mark.parametrize(
    ("place", "address"),
    [("account_login", "/ca/account/login/"), ("feed", "/cal/ca.ics")],
)
def test_a_button_leads_to_parts_that_are_no_pages(client: Client, place, address):
    page = a_page_of(("call_to_action", call(place=place)))

    assert f'href="{address}">Mira-ho' in client.get(page.url).text


# Sessions --------------------------------------------------------------------------


def coming(client: Client, **values: Any) -> str:
    """What the block shows on a page that shows no sessions itself."""
    page = a_page_of(("upcoming", {"title": "Aviat", "number": 3, **values}))
    text = client.get(page.url).text
    return text.partition('class="block-upcoming"')[2].partition("</section>")[0]


def test_the_next_sessions_come_by_themselves(client: Client):
    series = a_series()
    for days in (-1, 1, 2, 3, 4):
        starts = timezone.now() + timedelta(days=days)
        a_session(series=series, starts=starts, title=f"D{days}")
    a_session(series=series, state=Session.State.DRAFT, title="Esborrany")
    a_session(series=series, listed=False, title="Amagada")

    found = re.findall(r">(D-?\d)</a>", coming(client))

    assert found == ["D1", "D2", "D3"]


def test_the_next_sessions_are_those_of_a_series(client: Client):
    mine, other = a_series(), a_series()
    a_session(series=mine, title="Meva")
    a_session(series=other, title="Altra")

    text = coming(client, series=mine.pk)

    assert "Meva" in text
    assert "Altra" not in text


def test_without_sessions_it_says_so(client: Client):
    text = coming(client)

    assert "empty" in text
    assert "<h3>" in text


# Translation -----------------------------------------------------------------------


# What a translator is not asked: names of places on the web, figures, choices.
SAME = {"934 02 20 00", "govern@placa.example", "7874", "63.345", "ES"}


def test_every_text_of_every_block_can_be_translated(client: Client):
    page = a_page_with_every_block()
    catalan = client.get(page.url).text

    spanish = client.get(in_spanish(page).url).text

    def words(html: str) -> set[str]:
        body = html.partition('class="body')[2].partition("</main>")[0]
        texts = re.findall(r">\s*([^<>]*[^<>\s])\s*<", body)
        alts = re.findall(r' (?:alt|data-label|data-title)="([^"]+)"', body)
        return {" ".join(text.split()) for text in (*texts, *alts)}

    assert "ES Una plaça verda" in words(spanish)
    assert "ES Alt Penedès" in words(spanish)
    assert "ES Bon dia." in words(spanish)
    written = {text for text in words(catalan) if text in WRITTEN}
    assert written
    assert written & words(spanish) == set()


# All that the editor of the page with every block wrote, but names and figures.
WRITTEN = {
    "Què us n’endureu",
    "Un títol dins del text",
    "Un punt",
    "Ningú no ho demana.",
    "Ada Puig",
    "Tècnica",
    "Una plaça verda",
    "La plaça, al migdia",
    "Dibuix propi",
    "Com va una sessió",
    "Un vídeo nostre",
    "Bon dia.",
    "Bona tarda.",
    "Una conversa",
    "Bon vespre.",
    "Trieu",
    "Mireu el dia.",
    "Quan",
    "Dijous",
    "Quasi sempre",
    "Obert",
    "Capsa ok",
    "Text de la capsa.",
    "municipis",
    "Cal un compte?",
    "No, no cal.",
    "Municipi",
    "Comarca",
    "Habitants",
    "Gelida",
    "Alt Penedès",
    "Dos municipis",
    "La guia",
    "Veniu-hi",
    "Un dijous, una hora.",
    "Mira el calendari",
    "Dubtes de transparència",
    "De dilluns a divendres, de 9 a 14 h",
    "Llegiu també",
    "Properament",
}


def test_the_translators_screen_knows_every_block(client: Client):
    page = in_spanish(a_page_with_every_block())
    client.force_login(a_user(is_superuser=True))

    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    assert response.status_code == 200
    for words in ("Dibuix propi", "Comarca", "Alt Pened", "Mira el calendari"):
        assert words in response.text


def test_the_editors_screen_knows_every_block(client: Client):
    page = a_page_with_every_block()
    client.force_login(a_user(is_superuser=True))

    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    assert response.status_code == 200
    assert "cartell" in response.text.lower()


# In a browser ----------------------------------------------------------------------


@pytest.mark.browser
def test_every_block_is_for_everybody(live_server, page: Tab):
    shown = a_page_with_every_block()
    watch = Watch(page, live_server.url)
    page.goto(shown.url)
    assert page.locator(".block-upcoming").is_visible()

    assert faults(page) == []
    # Twice as big letters are the same as half the width.
    page.set_viewport_size({"width": WIDE, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (WIDE, NARROW * 2):
        page.set_viewport_size({"width": width, "height": 800})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert watch.left_the_house == []
    assert watch.complaints == []


@pytest.mark.browser
def test_a_video_is_fetched_at_the_click_and_not_before(live_server, page: Tab):
    shown = a_page_of(("video", video(address=YOUTUBE)))
    watch = Watch(page, live_server.url)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.route(
        "https://www.youtube-nocookie.com/**",
        lambda route: route.fulfill(body="<!doctype html><p>Reproductor</p>"),
    )
    page.goto(shown.url)
    page.wait_for_load_state("networkidle")
    assert page.locator("iframe").count() == 0
    assert watch.left_the_house == []

    page.get_by_role("link", name="Vídeo").click()

    expect(page.locator("iframe")).to_be_focused()
    expect(page.frame_locator("iframe").locator("p")).to_have_text("Reproductor")
    assert page.locator("iframe").get_attribute("title") == "Vídeo"
    # They refuse whoever does not say where from: the site, not the page.
    assert page.locator("iframe").get_attribute("referrerpolicy") == "strict-origin"
    [url] = watch.left_the_house
    assert url.startswith("https://www.youtube-nocookie.com/embed/abcdefghijk")
    assert not [text for text in said if "Content Security Policy" in text]
    assert page.url.endswith(shown.url)


@pytest.mark.browser
def test_without_script_a_video_is_a_link(live_server, new_context):
    shown = a_page_of(("video", video(address=YOUTUBE)))
    page = new_context(java_script_enabled=False).new_page()
    page.goto(shown.url)

    link = page.get_by_role("link", name="Vídeo")

    assert link.get_attribute("href") == YOUTUBE
    expect(link).to_be_visible()


# A frame of MPEG 1 layer III that holds silence: 417 octets, 26 ms.
SILENCE = b"\xff\xfb\x90\xc4" + b"\0" * 413
TEN_MINUTES = SILENCE * 22_970


@pytest.mark.browser
def test_one_goes_to_a_minute_of_a_recording_of_ours(live_server, page: Tab):
    document = a_document("conversa.mp3", TEN_MINUTES)
    shown = a_page_of(("audio", video(document=document.pk)))
    watch = Watch(page, live_server.url)
    answers: list[int] = []
    page.on(
        "response",
        lambda r: answers.append(r.status) if "documents" in r.url else None,
    )
    page.goto(shown.url)
    assert answers == []

    at = page.locator("audio").evaluate(
        """async (sound) => {
            sound.muted = true
            await sound.play()
            const there = new Promise((done) => sound.addEventListener('seeked', done))
            sound.currentTime = 540
            await there
            return sound.currentTime
        }"""
    )

    assert at >= 540
    assert set(answers) == {206}
    assert watch.complaints == []
