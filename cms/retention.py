"""What the site's own pages hold of people."""

from django.utils.translation import gettext_lazy as _

from community.privacy import register
from community.privacy.register import Entry
from community.privacy.retention import PUBLIC_TASK

from .models import Author, Speaker
from .search.counting import SEARCHES

SPEAKERS = Entry(
    name="speakers",
    models=("cms.Speaker", "cms.CustomImage"),
    what=_("Who speaks at a session: name, role, some words, photo. Public"),
    purpose=_("To say who speaks, and who spoke"),
    basis=PUBLIC_TASK,
    since=_("Until the editors take it away, or the speaker asks for it"),
    kept=_("Nothing"),
    rows=Speaker.objects.all,
)


AUTHORS = Entry(
    name="authors",
    models=("cms.Author",),
    what=_("Who signs articles: name, role, photo. Public"),
    purpose=_("To say who wrote what"),
    basis=PUBLIC_TASK,
    since=_("Until the editors take it away, or the author asks for it"),
    kept=_("Nothing"),
    rows=Author.objects.all,
)


def register_all() -> None:
    """At start-up."""
    register.register(SPEAKERS)
    register.register(AUTHORS)
    register.register(SEARCHES)
    register.holds_nobody(
        "What the site says of itself, with the address and telephone of an office.",
        "cms.Alert",
        "cms.FooterLink",
        "cms.SiteSettings",
    )
    register.holds_nobody(
        "Public pages and files, written by the staff for everybody.",
        "cms.AgendaPage",
        "cms.ArticleAttachment",
        "cms.ArticlePage",
        "cms.ArticlesPage",
        "cms.CustomDocument",
        "cms.HomePage",
        "cms.Material",
        "cms.Rendition",
        "cms.Review",
        "cms.SectionPage",
        "cms.SeriesPage",
        "cms.SessionPage",
        "cms.TopicPage",
        "cms.TopicsPage",
        "wagtailsearchpromotions.SearchPromotion",
    )
