"""The articles of the demonstration: written for it, signed by nobody who exists."""

from cms.demonstration.shapes import Article

from . import access, data, integrity, managing, together

TITLE = "Apunts"

SLUG = "apunts"

LEAD = (
    "El que aprenem fent la feina, en quatre minuts de lectura. Trieu per tema, per any"
    " o per qui ho escriu."
)

ARTICLES: tuple[Article, ...] = (
    *managing.ARTICLES,
    *access.ARTICLES,
    *data.ARTICLES,
    *integrity.ARTICLES,
    *together.ARTICLES,
)
