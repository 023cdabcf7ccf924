"""What the texts of the demonstration are made of.

They are Catalan; the other two languages are in `es.po` and `en.po`. Only records
(who speaks, who signs, the foot) carry their three languages with them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

# The blocks of a body: kind and value. Where a block wants a picture, a document or a
# page, it has the name of the file or the slug of the page; a link within a text is
# written `<a href="page:slug">`. A table is its caption, its columns and its rows.
Body = list[tuple[str, Any]]

Texts = dict[str, str]


class Article(NamedTuple):
    """`authors`, `topics` and `picture` are keys; `files` are the attachments, with
    the title that each has there."""

    slug: str
    title: str
    lead: str
    published: date
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    tags: tuple[str, ...]
    body: Body
    picture: str = ""
    files: Mapping[str, str] = {}


class Section(NamedTuple):
    """A page of text, with those below it."""

    slug: str
    title: str
    lead: str
    body: Body
    in_menu: bool = False
    contact: str = ""
    below: tuple["Section", ...] = ()


class TopicText(NamedTuple):
    """The page of a topic."""

    topic: str
    slug: str
    title: str
    lead: str
    body: Body


class SpeakerText(NamedTuple):
    """Somebody who speaks at a session."""

    name: str
    role: Texts
    bio: Texts


class AuthorText(NamedTuple):
    """Somebody who signs articles."""

    name: str
    role: Texts
    is_of_the_house: bool = False


class Picture(NamedTuple):
    """A drawing: its name in the library, and what it shows."""

    title: str
    alt: str
