"""What this room has to be found: its pages, and the sessions they show."""

from collections.abc import Callable, Collection, Iterable, Iterator

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models

from cms.caching import memory
from cms.models import ArticlePage, BasePage, SessionPage, TopicPage
from cms.models.base import private
from community.models import Topic
from community.multilingual import every_language
from events import search
from events.models import Session, SessionQuerySet

from .kinds import Kind, Shown, register

# They have a tab of their own, a session's page that of its session; all other types,
# those of other rooms too, share one.
OF_A_KIND = (ArticlePage, TopicPage, SessionPage)


def topics() -> dict[int, Topic]:
    """Every topic by its key, looked up once for everybody."""
    return memory.once("topics by key", lambda: Topic.objects.in_bulk())


def _pages(*models: type[Page]) -> Callable[[Iterable[str]], QuerySet]:
    def rows(languages: Iterable[str]) -> QuerySet:
        # Of one type, so that its own columns can be asked for.
        pages = (models[0] if len(models) == 1 else Page).objects.live()
        if len(models) > 1:
            pages = pages.type(*models)
        return pages.exclude(private()).filter(locale__language_code__in=languages)

    return rows


def _show_pages(keys: Collection[int]) -> dict[int, Shown]:
    """Pages of any type, in one query."""
    through = ArticlePage.topics.through.objects.filter(articlepage=OuterRef("pk"))
    first = Subquery(through.order_by("pk").values("topic")[:1])
    pages = Page.objects.filter(pk__in=keys).select_related("locale")
    pages = pages.annotate(
        day=F("articlepage__published"), about=F("topicpage__topic"), first=first
    )
    known = topics()
    return {page.pk: _page(page, known.get(page.about or page.first)) for page in pages}


def _page(page: Page, topic: Topic | None) -> Shown:
    language = page.locale.language_code
    return Shown(
        title=page.title,
        url=page.url or "",
        language="" if language == get_language() else language,
        topic=topic,
        day=page.day,
    )


def _sessions(languages: Iterable[str]) -> SessionQuerySet:
    # Each has all its languages, and is shown in the reader's.
    return Session.objects.public()


def _show_sessions(keys: Collection[int]) -> dict[int, Shown]:
    sessions = Session.objects.filter(pk__in=keys).with_places()
    known = topics()
    return {
        session.pk: Shown(
            title=str(session.title),
            url=session.get_absolute_url(),
            text=str(session.summary),
            topic=known.get(session.topic_id),
            day=timezone.localdate(session.starts),
            row=session,
        )
        for session in sessions.select_related("series")
    }


def words_of_site(session: Session) -> Iterator[str]:
    """Who speaks at `session`, what is left of it, and what its pages say."""
    for speaker in session.speakers.all():
        yield f"{speaker.name} {every_language(speaker.role)}"
    for material in session.materials.all():
        yield every_language(material.title)
    body = SessionPage._meta.get_field("body")
    for page in session.pages.live().exclude(private()):
        yield page.lead
        yield from body.get_searchable_content(page.body)


def register_all() -> None:
    """At start-up."""
    pages = (m for m in get_page_models() if issubclass(m, BasePage))
    others = tuple(
        model
        for model in pages
        if model not in OF_A_KIND and not model.has_kind_of_its_own
    )
    search.register("site", words_of_site)
    register(
        Kind(
            name="session",
            label=_("Sessions"),
            one=_("Session"),
            models=(Session,),
            rows=_sessions,
            show=_show_sessions,
            topic="topic__code",
            day="starts",
            template="components/search_session.html",
        )
    )
    register(
        Kind(
            name="article",
            label=_("Articles"),
            one=_("Article"),
            models=(ArticlePage,),
            rows=_pages(ArticlePage),
            show=_show_pages,
            topic="topics__code",
            day="published",
        )
    )
    register(
        Kind(
            name="topic",
            label=_("Topics"),
            one=_("Topic"),
            models=(TopicPage,),
            rows=_pages(TopicPage),
            show=_show_pages,
            topic="topic__code",
        )
    )
    register(
        Kind(
            name="page",
            label=_("Pages"),
            one=_("Page"),
            models=others,
            rows=_pages(*others),
            show=_show_pages,
        )
    )
