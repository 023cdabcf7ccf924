"""The pages of the site. A page shows a record; it never is one."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.agenda import Agenda
from cms.showing import by_year, coming_of, next_of, past_of, session_to_show
from events.models import Series, Session

from .base import BasePage

# On the page of a series; the agenda has them all.
COMING = 12
PAST = 36


class HomePage(BasePage):
    """The front door: what comes next and how it works."""

    hero_title = models.CharField(_("sentence of the hero"), max_length=120)

    template = "pages/home.html"
    parent_page_types = ("wagtailcore.Page",)
    subpage_types = ("cms.SeriesPage", "cms.AgendaPage")
    content_panels = (
        *Page.content_panels,
        FieldPanel("hero_title"),
        FieldPanel("lead"),
        FieldPanel("body"),
    )

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        coming = list(coming_of(Session.objects.all())[:6])
        return {
            **context,
            "coming": coming,
            "next_session": next_of(coming),
            "past": past_of(Session.objects.all())[:3],
        }


class SeriesPage(BasePage):
    """A series to its readers: its next session, how it works, its past ones."""

    series = models.ForeignKey(
        Series, models.PROTECT, verbose_name=_("series"), related_name="pages"
    )

    template = "pages/series.html"
    parent_page_types = ("cms.HomePage",)
    subpage_types = ("cms.SessionPage",)
    content_panels = (
        *Page.content_panels,
        FieldPanel("series"),
        FieldPanel("lead"),
        FieldPanel("body"),
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
        coming = list(coming_of(sessions)[:COMING])
        return {
            **context,
            "series": self.series,
            "coming": coming,
            "next_session": next_of(coming),
            "past_years": by_year(past_of(sessions)[:PAST]),
        }


class SessionPage(BasePage):
    """A session to its readers. The session is the record; this only shows it."""

    session = models.ForeignKey(
        Session, models.PROTECT, verbose_name=_("session"), related_name="pages"
    )

    template = "pages/session.html"
    parent_page_types = ("cms.SeriesPage",)
    subpage_types = ()
    content_panels = (
        *Page.content_panels,
        FieldPanel("session"),
        FieldPanel("lead"),
        FieldPanel("body"),
    )

    class Meta:
        verbose_name = _("page of a session")
        verbose_name_plural = _("pages of sessions")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        session = session_to_show(pk=self.session_id)
        return {**context, "session": session, "standing": session.standing}


class AgendaPage(BasePage):
    """Every session, by months, with what to choose by."""

    template = "pages/agenda.html"
    parent_page_types = ("cms.HomePage",)
    subpage_types = ()
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("agenda")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, "agenda": Agenda(request.GET)}
