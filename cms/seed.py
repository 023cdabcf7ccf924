"""Demonstration data: the site, its pages in every language and what stands around
them. The texts are in `cms.demonstration`. What is there already stays: of what lies
below a page that is there, nothing is planted, and nothing that an editor took away
comes back."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult
from i18nfield.strings import LazyI18nString
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import Locale, Page, Site
from wagtail.tasks import update_reference_index_task

from cms.demonstration import (
    articles,
    furniture,
    home,
    legal,
    sections,
    series,
    sessions,
    topics,
)
from cms.demonstration.composing import compose, document, linked, page_at, picture
from cms.demonstration.library import PICTURES
from cms.demonstration.shapes import Article, Body, Section
from cms.demonstration.translating import translate
from cms.editing import reviews
from cms.models import (
    AgendaPage,
    Alert,
    ArticleAttachment,
    ArticlePage,
    ArticleSignature,
    ArticlesPage,
    Author,
    BasePage,
    FooterLink,
    HomePage,
    Material,
    SectionPage,
    SeriesPage,
    SessionPage,
    SiteSettings,
    Speaker,
    TopicPage,
    TopicsPage,
)
from community.models import Topic, Unit, User
from community.seed import EDITOR, UNIT
from events.models import Series, Session
from events.seed import SERIES, WORKSHOPS, planted

P = TypeVar("P", bound=BasePage)

WELCOME = "Welcome to your new Wagtail site!"


class Sown(NamedTuple):
    """A page that is there, and what it will say once all are: texts name each other's
    pages."""

    page: BasePage
    body: Body


class Ground:
    """The site while it is being planted."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.sown: list[Sown] = []

    def sow(self, parent: Page, page: P, body: Body = ()) -> P:
        parent.add_child(instance=page)
        self.sown.append(Sown(page, list(body)))
        return page

    def grow(self) -> None:
        """Publish what was sown, in every language."""
        for page, body in self.sown:
            page.body = compose(body)
            page.save_revision().publish()
            translate(page)


def seed(say: Callable[[str], None]) -> None:
    """Plant what is missing; `say` gets a line for each thing done."""
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    ground = Ground(say)
    top = _home(ground)
    _sessions(ground, {SERIES: _series(ground, top)} | _workshops(ground, top))
    _topics(ground, top)
    _articles(ground, top)
    _sections(ground, top)
    ground.grow()
    _care(ground)
    _furniture(say)
    index_once()


def _home(ground: Ground) -> HomePage:
    there = HomePage.objects.filter(locale=Locale.get_default()).first()
    if there:
        return there
    top = ground.sow(
        Page.get_first_root_node(),
        HomePage(
            title="Inici",
            slug="inici",
            hero_title=home.HERO,
            lead=home.LEAD,
            locale=Locale.get_default(),
        ),
        home.BODY,
    )
    address = urlsplit(settings.SITE_URL)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "site_name": settings.SITE_NAME,
            "root_page": top,
        },
    )
    # Wagtail's own first page, unless somebody made something of it.
    welcome = Page.objects.exact_type(Page).filter(
        depth=2, title=WELCOME, latest_revision=None, numchild=0
    )
    for page in welcome:
        page.delete()
    top.refresh_from_db()
    ground.say(f"the home page of {settings.SITE_NAME}")
    return top


def _series(ground: Ground, top: HomePage) -> SeriesPage:
    record = Series.objects.get(code=SERIES)
    there = SeriesPage.objects.filter(series=record, locale=top.locale).first()
    if there:
        return there
    page = ground.sow(
        top,
        SeriesPage(
            title=str(record),
            slug=SERIES,
            series=record,
            lead=series.LEAD,
            show_in_menus=True,
        ),
        series.BODY,
    )
    if not AgendaPage.objects.child_of(top).exists():
        ground.sow(
            top,
            AgendaPage(
                title="Agenda",
                slug="agenda",
                lead="Les sessions que vindran i les que ja s’han fet.",
                show_in_menus=True,
            ),
        )
    ground.say(f"the agenda and the page of {record}")
    return page


def _workshops(ground: Ground, top: HomePage) -> dict[str, SeriesPage]:
    """The page of the workshops, if there are any."""
    record = Series.objects.filter(code=WORKSHOPS).first()
    if record is None:
        return {}
    page = SeriesPage.objects.filter(series=record, locale=top.locale).first()
    if page is None:
        with translation.override(settings.LANGUAGE_CODE):
            page = SeriesPage(
                title=str(record.title),
                slug=WORKSHOPS,
                series=record,
                lead=str(record.summary),
            )
        ground.sow(top, page)
    return {WORKSHOPS: page}


def _sessions(ground: Ground, parents: dict[str, SeriesPage]) -> None:
    made = 0
    bare = not Material.objects.exists() and not Speaker.objects.exists()
    for session, key in planted():
        is_new = not session.pages.exists()
        if is_new:
            ground.sow(
                parents[session.series.code],
                SessionPage(
                    title=session.title.localize(settings.LANGUAGE_CODE),
                    slug=session.code,
                    session=session,
                ),
                sessions.BODIES.get(key, []),
            )
            made += 1
        if is_new or bare:
            _around(session, key)
    if made:
        ground.say(f"{made} pages of sessions")


def _around(session: Session, key: str) -> None:
    """Who speaks at a session to come; what one that was held has left."""
    if session.state == Session.State.CLOSED:
        left = (
            (Material.Kind.RECORDING, sessions.RECORDING, sessions.RECORDING_FILE),
            (Material.Kind.MATERIAL, sessions.SHEET, f"full-{key}.pdf"),
        )
        for order, (kind, title, file) in enumerate(left):
            session.materials.create(
                kind=kind,
                title=LazyI18nString(title),
                document=document(file),
                order=order,
            )
        return
    for order, speaker in enumerate(sessions.SPEAKERS.get(key, ())):
        session.speakers.create(
            name=speaker.name,
            role=LazyI18nString(speaker.role),
            bio=LazyI18nString(speaker.bio),
            order=order,
        )


def _topics(ground: Ground, top: HomePage) -> None:
    if TopicsPage.objects.child_of(top).exists():
        return
    wall = ground.sow(
        top,
        TopicsPage(
            title=topics.TITLE,
            slug=topics.SLUG,
            lead=topics.LEAD,
            show_in_menus=True,
        ),
    )
    for text in topics.TOPICS:
        ground.sow(
            wall,
            TopicPage(
                title=text.title,
                slug=text.slug,
                lead=text.lead,
                topic=Topic.objects.get(code=text.topic),
            ),
            text.body,
        )
    ground.say(f"{len(topics.TOPICS)} pages of topics")


def _articles(ground: Ground, top: HomePage) -> None:
    if ArticlesPage.objects.child_of(top).exists():
        return
    shelf = ground.sow(
        top,
        ArticlesPage(
            title=articles.TITLE,
            slug=articles.SLUG,
            lead=articles.LEAD,
            show_in_menus=True,
        ),
    )
    authors = {key: _author(key) for key in furniture.AUTHORS}
    for text in articles.ARTICLES:
        _article(ground, shelf, text, authors)
    ground.say(f"{len(articles.ARTICLES)} articles")


def _author(key: str) -> Author:
    text = furniture.AUTHORS[key]
    author, _new = Author.objects.get_or_create(
        name=text.name,
        defaults={
            "role": LazyI18nString(text.role),
            "unit": Unit.objects.get(code=UNIT) if text.is_of_the_house else None,
        },
    )
    return author


def _article(
    ground: Ground, shelf: ArticlesPage, text: Article, authors: dict[str, Author]
) -> None:
    page = ArticlePage(
        title=text.title, slug=text.slug, lead=text.lead, published=text.published
    )
    if text.picture:
        page.picture = picture(text.picture)
        page.picture_alt = PICTURES[text.picture].alt
    page.topics = Topic.objects.filter(code__in=text.topics)
    page.signatures = [ArticleSignature(author=authors[key]) for key in text.authors]
    page.attachments = [
        ArticleAttachment(document=document(file), title=title, locale=shelf.locale)
        for file, title in text.files.items()
    ]
    ground.sow(shelf, page, text.body)
    page.tags.add(*text.tags)


def _sections(ground: Ground, top: HomePage) -> None:
    there = set(SectionPage.objects.child_of(top).values_list("slug", flat=True))
    missing = [
        section
        for section in (*sections.SECTIONS, *legal.LEGAL)
        if section.slug not in there
    ]
    _section_pages(ground, top, missing)
    if missing:
        ground.say(f"{len(missing)} sections with the pages below them")


def _section_pages(ground: Ground, parent: Page, texts: Iterable[Section]) -> None:
    for text in texts:
        page = ground.sow(
            parent,
            SectionPage(
                title=text.title,
                slug=text.slug,
                lead=text.lead,
                contact=linked(text.contact),
                show_in_menus=text.in_menu,
            ),
            text.body,
        )
        _section_pages(ground, page, text.below)


def _care(ground: Ground) -> None:
    """Have the editor look after what was planted, and after one page of it soon."""
    keys = [sown.page.pk for sown in ground.sown]
    editor = User.objects.filter(email=EDITOR).first()
    Page.objects.filter(pk__in=keys).update(owner=editor)
    article = ArticlePage.objects.filter(pk__in=keys).order_by("pk").first()
    if article:
        reviews.plan(article, timezone.localdate() + timedelta(days=12))


def _furniture(say: Callable[[str], None]) -> None:
    if SiteSettings.objects.exists():
        return
    said = SiteSettings(
        about=LazyI18nString(furniture.ABOUT),
        contact=LazyI18nString(furniture.CONTACT),
        email=furniture.EMAIL,
        telephone=furniture.TELEPHONE,
        card=picture(furniture.CARD),
    )
    places = (
        (FooterLink.Place.SITE, furniture.FOOT),
        (FooterLink.Place.LEGAL, furniture.FOOT_LEGAL),
    )
    said.links = [
        FooterLink(place=place, page=page_at(slug))
        for place, slugs in places
        for slug in slugs
    ]
    said.save()
    # It is over: nobody but the editors sees it, as an example.
    Alert.objects.create(
        text=LazyI18nString(furniture.ALERT),
        link_text=LazyI18nString(furniture.ALERT_LINK),
        page=page_at(furniture.ALERT_PAGE),
        starts=furniture.ALERT_STARTS,
        until=furniture.ALERT_UNTIL,
    )
    say("the foot of the site and an alert that is over")


def index_once() -> None:
    """Whatever is saved is queued to be indexed, and a page is saved again and again
    until it is published: once will do, and not for rows that were made anew since."""
    tasks = DBTaskResult.objects.ready().filter(
        task_path__in=[
            insert_or_update_object_task.module_path,
            update_reference_index_task.module_path,
        ]
    )
    asked, again = set(), []
    for key, path, arguments in tasks.values_list("pk", "task_path", "args_kwargs"):
        what = (path, *arguments["args"])
        if what in asked or not _is_there(*arguments["args"]):
            again.append(key)
        asked.add(what)
    DBTaskResult.objects.filter(pk__in=again).delete()


def _is_there(app_label: str, model_name: str, pk: Any) -> bool:
    model = apps.get_model(app_label, model_name)
    return model._default_manager.filter(pk=pk).exists()
