"""The pages of the site. A page shows a record; it never is one.

What a page shows is looked up when its template asks: what is the same for everybody
may have been rendered before.
"""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from wagtail.admin.panels import FieldPanel
from wagtail.url_routing import RouteResult

from cms.agenda import Agenda
from cms.caching.offering import offer
from cms.showing import by_year, coming_of, next_of, past_of, session_to_show
from events.models import Series, Session

from .articles import ArticlePage
from .base import BasePage

# On the home page: one large and the ones after it.
LATEST = 4
# On the page of a series; the agenda has them all.
COMING = 12
PAST = 36


class HomePage(BasePage):
    """The front door: what comes next and how it works."""

    hero_title = models.CharField(_("sentence of the hero"), max_length=120)

    template = "pages/home.html"
    # Below it may stand whatever names it as its parent, pages of other rooms too.
    parent_page_types = ("wagtailcore.Page",)
    content_panels = (
        *BasePage.content_panels[:1],
        FieldPanel(
            "hero_title",
            help_text=_("The one large sentence at the top: ten words at most."),
        ),
        *BasePage.content_panels[1:],
    )

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        sessions = Session.objects.all()
        # Not even thought of where what the page says of them is remembered.
        coming = SimpleLazyObject(lambda: list(coming_of(sessions)[:6]))
        return {
            **context,
            "articles": SimpleLazyObject(self._latest),
            "coming": coming,
            "next_session": SimpleLazyObject(lambda: next_of(coming)),
            "past": SimpleLazyObject(lambda: list(past_of(sessions)[:3])),
        }

    def _latest(self) -> list[ArticlePage]:
        articles = ArticlePage.objects.for_anybody(self.locale_id).for_cards()
        return list(articles[:LATEST])


class SeriesPage(BasePage):
    """A series to its readers: its next session, how it works, its past ones."""

    series = models.ForeignKey(
        Series, models.PROTECT, verbose_name=_("series"), related_name="pages"
    )

    template = "pages/series.html"
    parent_page_types = ("cms.HomePage",)
    subpage_types = ("cms.SessionPage",)
    content_panels = (
        *BasePage.content_panels[:1],
        FieldPanel(
            "series",
            help_text=_("Its sessions come by themselves: the page tells of them."),
        ),
        *BasePage.content_panels[1:],
    )

    class Meta:
        verbose_name = _("page of a series")
        verbose_name_plural = _("pages of series")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        # Only sessions lie below: one query finds the page as what it is.
        if not path_components:
            return super().route(request, path_components)
        slug, *rest = path_components
        page = SessionPage.objects.child_of(self).filter(slug=slug).first()
        if page is None:
            raise Http404
        return page.route(request, rest)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        sessions = Session.objects.filter(series_id=self.series_id)
        coming = coming_of(sessions)[:COMING]
        past = past_of(sessions)[:PAST]
        return {
            **context,
            "series": SimpleLazyObject(lambda: self.series),
            "coming": coming,
            "next_session": SimpleLazyObject(lambda: next_of(coming)),
            "past_years": SimpleLazyObject(lambda: by_year(past)),
        }


class SessionPage(BasePage):
    """A session to its readers. The session is the record; this only shows it."""

    # What was held does not change any more.
    is_reviewed = False

    session = models.ForeignKey(
        Session, models.PROTECT, verbose_name=_("session"), related_name="pages"
    )

    template = "pages/session.html"
    parent_page_types = ("cms.SeriesPage",)
    subpage_types = ()
    content_panels = (
        *BasePage.content_panels[:1],
        FieldPanel(
            "session",
            help_text=_(
                "Its date, place and registration come from it: change them in"
                " Sessions."
            ),
        ),
        *BasePage.content_panels[1:],
    )

    class Meta:
        verbose_name = _("page of a session")
        verbose_name_plural = _("pages of sessions")

    @property
    def title_of_record(self) -> LazyI18nString:
        """What the session is called in each language."""
        return self.session.title

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        session = SimpleLazyObject(lambda: session_to_show(pk=self.session_id))
        standing = SimpleLazyObject(lambda: session.standing)
        return {**context, "session": session, "standing": standing}


class AgendaPage(BasePage):
    """Every session, by months, with what to choose by."""

    asks = Agenda.ASKS

    template = "pages/agenda.html"
    parent_page_types = ("cms.HomePage",)
    subpage_types = ()
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("agenda")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        agenda = Agenda(request.GET)
        # What does not exist is not in the address any more: there is no end of it.
        offer(request, agenda.asked)
        return {**context, "agenda": agenda}
