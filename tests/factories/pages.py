"""The pages that a small site has."""

import json
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils.text import slugify
from PIL import Image as Picture
from wagtail.models import Locale, Page, PageViewRestriction, Site

from cms.models import (
    AgendaPage,
    ArticlePage,
    ArticlesPage,
    Author,
    CustomDocument,
    CustomImage,
    HomePage,
    SectionPage,
    SeriesPage,
    SessionPage,
    TopicPage,
    TopicsPage,
)
from community.models import Topic
from events.models import Series, Session
from tests.factories import a_series
from workflows.consultation.models import ConsultationPage


def a_home(**values) -> HomePage:
    """The home page, as the root of the only site."""
    locale, _ = Locale.objects.get_or_create(language_code="ca")
    defaults = {"title": "Plaça", "slug": "placa", "hero_title": "Plegats"}
    home = HomePage(**{**defaults, **values}, locale=locale)
    Page.get_first_root_node().add_child(instance=home)
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home


def a_series_page(home: HomePage, series: Series, **values) -> SeriesPage:
    defaults = {"title": str(series.title), "slug": series.code, "show_in_menus": True}
    page = SeriesPage(series=series, locale=home.locale, **{**defaults, **values})
    return home.add_child(instance=page)


def a_session_page(parent: SeriesPage, session: Session, **values) -> SessionPage:
    defaults = {"title": str(session.title), "slug": session.code}
    page = SessionPage(session=session, locale=parent.locale, **{**defaults, **values})
    return parent.add_child(instance=page)


def an_agenda(home: HomePage) -> AgendaPage:
    page = AgendaPage(title="Agenda", slug="agenda", locale=home.locale)
    return home.add_child(instance=page)


def an_image(title: str = "Una plaça", width: int = 640) -> CustomImage:
    """A picture of one colour, three to two."""
    data = BytesIO()
    Picture.new("RGB", (width, width * 2 // 3), "#0e5f4a").save(data, "PNG")
    file = ContentFile(data.getvalue(), "placa.png")
    return CustomImage.objects.create(title=title, file=file)


def a_document(name: str = "guia.pdf", content: bytes = b"%PDF-1.4") -> CustomDocument:
    file = ContentFile(content, name)
    return CustomDocument.objects.create(title=f"Document {name}", file=file)


def every_block(pages: list[Page], series: Series) -> list[tuple[str, Any]]:
    """One of each block, as an editor would fill it in; `pages` are what they lead to,
    two at least."""
    prose = (
        "<p>Un text amb <b>negreta</b>, <i>cursiva</i> i"
        f' <a linktype="page" id="{pages[0].pk}">un enllaç</a>.</p>'
        "<h3>Un títol dins del text</h3><ul><li>Un punt</li><li>Un altre</li></ul>"
        '<p>I una <a href="https://elsewhere.example/">altra web</a>.</p>'
    )
    return [
        ("heading", "Què us n’endureu"),
        ("paragraph", prose),
        (
            "quote",
            {"text": "Ningú no ho demana.", "who": "Ada Puig", "role": "Tècnica"},
        ),
        (
            "image",
            {
                "image": {
                    "image": an_image().pk,
                    "alt_text": "Una plaça verda",
                    "decorative": False,
                },
                "caption": "La plaça, al migdia",
                "credit": "Dibuix propi",
            },
        ),
        (
            "video",
            {
                "title": "Com va una sessió",
                "address": "https://www.youtube.com/watch?v=abcdefghijk",
                "poster": an_image("Cartell").pk,
                "duration": "2:30",
                "captions_language": "ca",
                "transcript": "<p>Bon dia.</p>",
            },
        ),
        (
            "video",
            {
                "title": "Un vídeo nostre",
                "document": a_document("sessio.mp4", b"\0\0\0\x18ftypmp42").pk,
                "captions": a_document("sessio.vtt", b"WEBVTT\n").pk,
                "captions_language": "ca",
                "transcript": "<p>Bona tarda.</p>",
            },
        ),
        (
            "audio",
            {
                "title": "Una conversa",
                "document": a_document("conversa.mp3", b"ID3").pk,
                "duration": "12:00",
                "transcript": "<p>Bon vespre.</p>",
            },
        ),
        ("heading", "Com es fa"),
        ("steps", [{"title": "Trieu", "text": "Mireu el dia."}] * 3),
        ("facts", [{"term": "Quan", "value": "Dijous", "note": "Quasi sempre"}] * 2),
        (
            "panels",
            [
                {
                    "tag": "Obert",
                    "tone": tone,
                    "title": f"Capsa {tone}",
                    "text": "<p>Text de la capsa.</p>",
                }
                for tone in ("ok", "info")
            ],
        ),
        ("figures", [{"figure": "311", "unit": "", "text": "municipis"}] * 2),
        ("heading", "Preguntes"),
        (
            "questions",
            [{"question": "Cal un compte?", "answer": "<p>No, no cal.</p>"}] * 2,
        ),
        (
            "table",
            {
                "cells": {
                    "columns": [
                        {"type": "text", "heading": "Municipi"},
                        {"type": "text", "heading": "Comarca"},
                        {"type": "number", "heading": "Habitants"},
                    ],
                    "rows": [
                        {"values": ["Gelida", "Alt Penedès", "7874"]},
                        {"values": ["Granollers", "Vallès Oriental", "63345"]},
                    ],
                    "caption": "Dos municipis",
                },
                "named_rows": True,
            },
        ),
        ("documents", [{"document": a_document().pk, "title": "La guia"}]),
        (
            "call_to_action",
            {
                "title": "Veniu-hi",
                "text": "Un dijous, una hora.",
                "button": "Mira el calendari",
                "page": pages[0].pk,
                "tone": "accent",
            },
        ),
        (
            "contact",
            {
                "name": "Govern obert",
                "role": "Dubtes de transparència",
                "unit": series.unit_id,
                "phone": "934 02 20 00",
                "email": "govern@placa.example",
                "hours": "De dilluns a divendres, de 9 a 14 h",
                "address": "Carrer Major, 1\n08001 Barcelona",
            },
        ),
        ("related", {"title": "Llegiu també", "pages": [page.pk for page in pages]}),
        ("upcoming", {"title": "Properament", "series": series.pk, "number": 2}),
    ]


def a_page_with_every_block(times: int = 1) -> SeriesPage:
    """A page with one of each block, so many times over, and a site around it. Those
    that a page has only once or twice come once."""
    home = a_home()
    series = a_series()
    pages = [
        a_series_page(home, series, slug=f"page-{number}", title=f"Pàgina {number}")
        for number in (1, 2)
    ]
    body = stored(every_block(pages, series))
    for _ in range(times - 1):
        more = stored(every_block(pages, series))
        body += [block for block in more if block["type"] != "upcoming"]
    page = a_series_page(home, series, title="Tots els blocs", lead="Una mostra.")
    page.body = json.dumps(body)
    page.save_revision().publish()
    return SeriesPage.objects.get(pk=page.pk)


def stored(blocks: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """`blocks` as the database has them, with a key for each."""
    return [
        {"type": kind, "value": _keyed(value), "id": str(uuid4())}
        for kind, value in blocks
    ]


def _keyed(value: Any) -> Any:
    if isinstance(value, list):
        return [{"type": "item", "value": v, "id": str(uuid4())} for v in value]
    if isinstance(value, dict) and isinstance(value.get("pages"), list):
        return {**value, "pages": _keyed(value["pages"])}
    return value


_texts = count(1)


def a_topic(name: str = "Dades obertes", **values: Any) -> Topic:
    defaults = {"code": f"topic-{next(_texts)}", "name": name, "tile": "sol"}
    return Topic.objects.create(**{**defaults, **values})


def an_articles_page(home: HomePage, **values: Any) -> ArticlesPage:
    defaults = {"title": "Apunts", "slug": "apunts", "locale": home.locale}
    return home.add_child(instance=ArticlesPage(**{**defaults, **values}))


def an_article(
    parent: ArticlesPage, *topics: Topic, tags: tuple[str, ...] = (), **values: Any
) -> ArticlePage:
    """A published article of today, on those topics."""
    number = next(_texts)
    defaults = {"title": f"Apunt {number}", "slug": f"apunt-{number}"}
    page = ArticlePage(**{**defaults, **values}, locale=parent.locale)
    page.topics = list(topics)
    parent.add_child(instance=page)
    page.tags.add(*tags)
    page.save()
    return page


def an_author(name: str = "Laia Ferrer Camps", **values: Any) -> Author:
    return Author.objects.create(name=name, **values)


def a_topics_page(home: HomePage, **values: Any) -> TopicsPage:
    defaults = {"title": "Temes", "slug": "temes", "locale": home.locale}
    return home.add_child(instance=TopicsPage(**{**defaults, **values}))


def a_topic_page(parent: TopicsPage, topic: Topic, **values: Any) -> TopicPage:
    defaults = {"title": str(topic.name), "slug": topic.code, "locale": parent.locale}
    return parent.add_child(instance=TopicPage(topic=topic, **{**defaults, **values}))


def a_section(parent: Page, title: str = "Privadesa", **values: Any) -> SectionPage:
    defaults = {"title": title, "slug": slugify(title), "locale": parent.locale}
    return parent.add_child(instance=SectionPage(**{**defaults, **values}))


def translated(page: Page, language: str, **values: Any) -> Page:
    """`page` in another language, published there; its parent must be there already."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    copy = page.copy_for_translation(locale)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    copy.refresh_from_db()
    return copy


def make_private(page: Page) -> None:
    """Only who is signed in may see it, and what lies below."""
    kind = PageViewRestriction.LOGIN
    PageViewRestriction.objects.create(page=page, restriction_type=kind)


def a_consultation_page(home: HomePage, **values: Any) -> ConsultationPage:
    defaults = {"title": "Pregunteu-nos", "slug": "pregunteu-nos"}
    page = ConsultationPage(**{**defaults, **values}, locale=home.locale)
    return home.add_child(instance=page)
