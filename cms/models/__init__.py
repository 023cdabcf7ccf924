"""The site's pages, pictures and documents."""

from .base import BasePage
from .media import CustomDocument, CustomImage, Rendition
from .pages import AgendaPage, HomePage, SeriesPage, SessionPage
from .sessions import Material, Speaker

__all__ = [
    "AgendaPage",
    "BasePage",
    "CustomDocument",
    "CustomImage",
    "HomePage",
    "Material",
    "Rendition",
    "SeriesPage",
    "SessionPage",
    "Speaker",
]
