"""Makes rows of what the texts say: a body for a page, with the pictures, documents and
pages that it names. What is in the library already is used as it is there."""

import re
from pathlib import Path
from typing import Any

from django.core.files import File
from wagtail.models import Locale, Page, Site

from cms.models import CustomDocument, CustomImage, HomePage
from community.models import Unit

from .library import DOCUMENTS, PICTURES
from .shapes import Body

HERE = Path(__file__).parent
LINK = re.compile(r'<a href="page:([a-z0-9-]+)">')


def compose(body: Body) -> list[tuple[str, Any]]:
    """`body` as a page stores it."""
    blocks = HomePage._meta.get_field("body").stream_block.child_blocks
    return [
        (kind, blocks[kind].to_python(_named(kind, linked(value))))
        for kind, value in body
    ]


def linked(value: Any) -> Any:
    """`value` with its links led to the pages that they name, however deep."""
    if isinstance(value, str):
        return LINK.sub(
            lambda m: f'<a linktype="page" id="{page_at(m[1]).pk}">', str(value)
        )
    if isinstance(value, dict):
        return {name: linked(part) for name, part in value.items()}
    if isinstance(value, list):
        return [linked(part) for part in value]
    return value


def page_at(slug: str) -> Page:
    """The page of that name; the home page, if an editor has renamed it since."""
    pages = Page.objects.filter(locale=Locale.get_default(), slug=slug)
    return (
        pages.order_by("depth").first()
        or Site.objects.get(is_default_site=True).root_page
    )


def picture(name: str) -> CustomImage:
    """The drawing of that name."""
    title = PICTURES[name].title
    found = CustomImage.objects.filter(title=title).first()
    if found:
        return found
    with (HERE / "pictures" / f"{name}.webp").open("rb") as file:
        return CustomImage.objects.create(
            title=title,
            description=PICTURES[name].alt,
            file=File(file, name=f"{name}.webp"),
        )


def document(name: str) -> CustomDocument:
    """The document in the file of that name."""
    found = CustomDocument.objects.filter(title=DOCUMENTS[name]).first()
    if found:
        return found
    with (HERE / "files" / name).open("rb") as file:
        return CustomDocument.objects.create(
            title=DOCUMENTS[name], file=File(file, name=name)
        )


def _named(kind: str, value: Any) -> Any:
    """`value` with the keys of the rows that it names."""
    match kind:
        case "image":
            seen = {"image": picture(value["image"]).pk, "alt_text": value["alt"]}
            return {**value, "image": {**seen, "decorative": False}}
        case "video" | "audio":
            found = {"document": document(value["document"]).pk}
            if "poster" in value:
                found["poster"] = picture(value["poster"]).pk
            if "captions" in value:
                found["captions"] = document(value["captions"]).pk
            return {**value, **found}
        case "documents":
            return [{**one, "document": document(one["document"]).pk} for one in value]
        case "call_to_action":
            return {**value, "page": page_at(value["page"]).pk}
        case "related":
            return {**value, "pages": [page_at(slug).pk for slug in value["pages"]]}
        case "contact" if value["unit"]:
            return {**value, "unit": Unit.objects.get(code=value["unit"]).pk}
        case "table":
            return {"cells": _cells(**value), "named_rows": True}
        case _:
            return value


def _cells(caption: str, columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [{"type": "text", "heading": heading} for heading in columns],
        "rows": [{"values": row} for row in rows],
    }
