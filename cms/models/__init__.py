"""The site's pages, pictures and documents."""

from .articles import ArticleAttachment, ArticlePage, ArticleSignature, ArticlesPage
from .authors import Author
from .base import BasePage
from .furniture import Alert, FooterLink, SiteSettings
from .media import CustomDocument, CustomImage, Rendition
from .pages import AgendaPage, HomePage, SeriesPage, SessionPage
from .reviews import Review
from .sections import SectionPage
from .sessions import Material, Speaker
from .topics import TopicPage, TopicsPage

__all__ = [
    "AgendaPage",
    "Alert",
    "ArticleAttachment",
    "ArticlePage",
    "ArticleSignature",
    "ArticlesPage",
    "Author",
    "BasePage",
    "CustomDocument",
    "CustomImage",
    "FooterLink",
    "HomePage",
    "Material",
    "Rendition",
    "Review",
    "SectionPage",
    "SeriesPage",
    "SessionPage",
    "SiteSettings",
    "Speaker",
    "TopicPage",
    "TopicsPage",
]
