"""The pages that a small site has."""

from wagtail.models import Locale, Page, Site

from cms.models import AgendaPage, HomePage, SeriesPage, SessionPage
from events.models import Series, Session


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
