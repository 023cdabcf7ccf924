"""The articles (*apunts*): what readers find, in what order, and what they do not."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    streamfield,
)
from wagtail_localize.fields import copy_synchronised_fields

from cms.models import ArticleAttachment, ArticlePage, ArticleSignature, ArticlesPage
from tests.factories import a_user
from tests.factories.pages import (
    a_document,
    a_home,
    a_topic,
    an_article,
    an_articles_page,
    an_author,
    an_image,
    make_private,
    translated,
)

BUDGET = 12

pytestmark = pytest.mark.django_db


class Library:
    """A site with a page of articles and two topics."""

    def __init__(self) -> None:
        self.home = a_home()
        self.shelf = an_articles_page(self.home)
        self.data = a_topic("Dades obertes")
        self.ethics = a_topic("Bon govern")

    def article(self, **values) -> ArticlePage:
        return an_article(self.shelf, self.data, **values)


@pytest.fixture
def library() -> Library:
    caches["pages"].clear()
    return Library()


@pytest.fixture
def media(settings, tmp_path) -> None:
    """Files go where the test's end takes them away."""
    settings.MEDIA_ROOT = tmp_path


def titles(html: str) -> list[str]:
    """The titles of the cards that are links, in order."""
    found = []
    for part in html.split('card__title"><a ')[1:]:
        found.append(part.partition(">")[2].partition("<")[0])
    return found


# What is shown -----------------------------------------------------------------------


def test_an_article_says_who_wrote_it_when_on_what_and_with_which_documents(
    library, client: Client
):
    author = an_author(role={"ca": "Tècnica de dades"})
    page = library.article(
        title="Qui fa què", published=date(2026, 10, 22), tags=("indicadors",)
    )
    ArticleSignature.objects.create(page=page, author=author)
    ArticleAttachment.objects.create(page=page, document=a_document())

    html = client.get(page.url).text

    for word in (
        "Qui fa què",
        "22 d’octubre de 2026",
        "Laia Ferrer Camps",
        "Tècnica de dades",
        "Dades obertes",
        "Document guia.pdf",
        f"{library.shelf.url}?tag=indicadors",
    ):
        assert word in html


def test_an_article_without_a_date_is_of_the_day_of_its_first_publication(library):
    with time_machine.travel("2026-11-11T23:30:00+00:00"):
        page = library.article()
        page.unpublish()
        page.published = None
        page.save_revision().publish()
    # In Barcelona it was the 12th already.
    page.refresh_from_db()
    assert page.published == date(2026, 11, 12)

    with time_machine.travel("2026-12-01T12:00:00+00:00"):
        page.published = None
        page.save_revision().publish()

    page.refresh_from_db()
    assert page.published == date(2026, 11, 12)


def test_a_later_change_is_told_but_not_the_day_of_an_import(library, client: Client):
    with time_machine.travel("2026-11-12T12:00:00+00:00"):
        page = library.article(published=date(2023, 10, 26))
        page.save_revision().publish()
        page.refresh_from_db()
        assert page.changed is None

    with time_machine.travel("2026-12-24T12:00:00+00:00"):
        page.save_revision().publish()
    page.refresh_from_db()

    html = client.get(page.url).text
    assert "26 d’octubre de 2023" in html
    assert "24 de desembre de 2026" in html


def test_an_article_without_a_picture_wears_the_same_tiles_in_every_language(
    library, client: Client
):
    page = library.article()
    translated(library.home, "es")
    translated(library.shelf, "es")
    spanish = translated(page, "es")

    def wall(html: str) -> str:
        return html.split('<svg class="mosaic"')[1].split("</svg>")[0]

    assert wall(client.get(page.url).text) == wall(client.get(spanish.url).text)


def test_a_picture_says_what_it_shows_and_a_lost_one_is_no_error(
    library, client: Client, media
):
    image = an_image()
    page = library.article(picture=image, picture_alt="Una plaça plena de gent")

    assert 'alt="Una plaça plena de gent"' in client.get(page.url).text

    image.renditions.all().delete()
    image.file.storage.delete(image.file.name)
    assert client.get(page.url).status_code == 200
    assert client.get(library.shelf.url).status_code == 200


def test_three_topics_are_the_most(library):
    topics = [a_topic(f"Tema {number}").pk for number in range(4)]
    page = library.article()

    def told(chosen: list[int]) -> list[str]:
        form_class = ArticlePage.get_edit_handler().get_form_class()
        fields = {
            "title": page.title,
            "slug": page.slug,
            "body": streamfield([]),
            "signatures": inline_formset([]),
            "attachments": inline_formset([]),
            "comments": inline_formset([]),
        }
        data = {**nested_form_data(fields), "topics": chosen}
        form = form_class(data, instance=page)
        return form.errors.get("topics", [])

    assert told(topics)
    assert not told(topics[:3])


@pytest.mark.parametrize("is_new", [True, False])
def test_a_preview_shows_what_is_not_saved_yet(library, is_new):
    page = library.article()
    if is_new:
        page = ArticlePage(title="Nou", slug="nou", locale=library.home.locale)
        page.path, page.depth = f"{library.shelf.path}9999", library.shelf.depth + 1
        page.set_url_path(library.shelf)
    page.title = "Encara sense desar"
    page.topics = [library.ethics]
    page.signatures = [ArticleSignature(author=an_author())]
    page.attachments = [ArticleAttachment(document=a_document())]

    html = page.make_preview_request(preview_mode="").rendered_content

    for word in (page.title, "Bon govern", "Laia Ferrer Camps", "Document guia.pdf"):
        assert word in html
    assert "og:title" not in html


# Reading on --------------------------------------------------------------------------


def test_reading_on_begins_with_what_shares_most_topics_and_is_latest(
    library, client: Client
):
    day = date(2026, 1, 1)
    both = (library.data, library.ethics)
    page = an_article(library.shelf, *both, title="Aquest", published=day)
    near = an_article(library.shelf, *both, title="Tots dos", published=day)
    for number, title in enumerate(("Antic", "Mitjà", "Nou")):
        library.article(title=title, published=day + timedelta(days=number))
    an_article(library.shelf, a_topic("Altres"), title="Res a veure", published=day)

    html = client.get(page.url).text

    assert titles(html) == [near.title, "Nou", "Mitjà"]


def test_the_articles_before_and_after_are_those_in_time(library, client: Client):
    days = [date(2026, 1, number) for number in (1, 2, 2, 3)]
    pages = [library.article(published=day) for day in days]

    for before, page, after in zip(pages, pages[1:], pages[2:], strict=False):
        html = client.get(page.url).text
        assert f'href="{before.url}" rel="prev"' in html
        assert f'href="{after.url}" rel="next"' in html
    assert 'rel="prev"' not in client.get(pages[0].url).text
    assert 'rel="next"' not in client.get(pages[-1].url).text


# The list ----------------------------------------------------------------------------


def test_the_list_is_the_latest_first_twelve_to_a_page(library, client: Client):
    start = date(2025, 1, 1)
    for number in range(13):
        library.article(title=f"N{number:02}", published=start + timedelta(days=number))

    first = titles(client.get(library.shelf.url).text)
    second = titles(client.get(library.shelf.url, {"page": 2}).text)

    assert first == [f"N{number:02}" for number in range(12, 0, -1)]
    assert second == ["N00"]


@pytest.mark.parametrize("name", ["topic", "tag", "year", "author"])
def test_the_list_is_chosen_by_each_filter_and_says_so(library, client: Client, name):
    author = an_author()
    page = an_article(
        library.shelf,
        library.ethics,
        title="Un",
        tags=("portal web",),
        published=date(2023, 5, 1),
    )
    ArticleSignature.objects.create(page=page, author=author)
    library.article(title="Altre", published=date(2024, 5, 1), tags=("actes",))
    asked = {
        "topic": library.ethics.code,
        "tag": "portal-web",
        "year": "2023",
        "author": str(author.pk),
    }

    html = client.get(library.shelf.url, {name: asked[name]}).text

    assert titles(html) == ["Un"]
    assert 'class="applied"' in html


def test_the_list_ignores_what_does_not_exist(library, client: Client):
    library.article(title="Un")

    html = client.get(
        library.shelf.url,
        {
            "topic": "no-such",
            "tag": "x" * 9000,
            "year": "19e9",
            "author": "' or 1",
            "page": "-1",
        },
    ).text

    assert titles(html) == ["Un"]
    assert 'class="applied"' not in html


def test_an_empty_list_says_why_and_leads_on(library, client: Client):
    assert "Encara no hi ha cap apunt" in client.get(library.shelf.url).text


# What is not shown -------------------------------------------------------------------


def everywhere(library: Library, article: ArticlePage, client: Client) -> str:
    """All the places that list articles, joined."""
    feed = f"{library.shelf.url}feed.xml"
    places = (library.home.url, library.shelf.url, article.url, feed, "/sitemap.xml")
    return "".join(client.get(place).text for place in places)


def test_drafts_and_private_articles_are_listed_nowhere(library, client: Client):
    seen = library.article(title="Aquest sí")
    draft = library.article(title="Esborrany", live=False)
    private = library.article(title="Només per a nosaltres")
    make_private(private)
    library.article(title="Més")

    html = everywhere(library, seen, client)

    assert "Més" in html
    assert draft.title not in html
    assert draft.slug not in html
    assert private.title not in html
    assert private.slug not in html


def test_articles_of_another_language_are_not_mixed_in(library, client: Client):
    page = library.article(title="En català")
    translated(library.home, "es")
    shelf = translated(library.shelf, "es")
    translated(page, "es", title="En castellano")

    assert titles(client.get(library.shelf.url).text) == ["En català"]
    assert titles(client.get(shelf.url).text) == ["En castellano"]


# Translations ------------------------------------------------------------------------


def test_a_translation_keeps_topics_tags_authors_date_and_documents(library):
    page = library.article(published=date(2026, 1, 1), tags=("portal",))
    ArticleSignature.objects.create(page=page, author=an_author())
    ArticleAttachment.objects.create(page=page, document=a_document(), title="Full")
    translated(library.home, "es")
    translated(library.shelf, "es")
    spanish = translated(page, "es")
    page = ArticlePage.objects.get(pk=page.pk)
    page.topics = [library.data, library.ethics]
    page.published = date(2026, 2, 2)
    page.save()

    copy_synchronised_fields(page, spanish)
    spanish.save()

    spanish = ArticlePage.objects.get(pk=spanish.pk)
    assert set(spanish.topics.all()) == {library.data, library.ethics}
    assert spanish.published == date(2026, 2, 2)
    assert [tag.name for tag in spanish.tags.all()] == ["portal"]
    assert [s.author.name for s in spanish.signatures.all()] == ["Laia Ferrer Camps"]
    (attachment,) = spanish.attachments.all()
    assert attachment.locale.language_code == "es"
    assert attachment.title == "Full"


# The price ---------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 60])
@pytest.mark.parametrize("which", ["shelf", "article"])
def test_articles_ask_the_database_no_more_with_more_rows(
    library,
    client: Client,
    settings,
    tmp_path,
    which,
    rows,
    django_assert_max_num_queries,
):
    settings.MEDIA_ROOT = tmp_path
    settings.REMEMBERED_SECONDS = 60
    image, author = an_image(), an_author(photo=an_image("Retrat"))
    for number in range(rows):
        page = library.article(picture=image if number % 2 else None, tags=("portal",))
        ArticleSignature.objects.create(page=page, author=author)
        ArticleAttachment.objects.create(page=page, document=a_document())
    address = {"shelf": library.shelf.url, "article": page.url}[which]
    # Somebody whom we know: the page is rendered anew, what stands around it is not.
    client.force_login(a_user())
    client.get(address)

    with django_assert_max_num_queries(BUDGET):
        response = client.get(address)

    assert response.status_code == 200
    assert len(response.content) < 150_000


def test_what_a_search_looks_in_has_topics_tags_and_authors(library):
    page = library.article(tags=("portal",))
    page.topics = [a_topic({"ca": "Bon govern", "es": "Buen gobierno"})]
    page.save()
    ArticleSignature.objects.create(page=page, author=an_author("Pere Mas"))

    words = ArticlePage.objects.get(pk=page.pk).words

    for word in ("Bon govern", "Buen gobierno", "portal", "Pere Mas"):
        assert word in words


def test_only_articles_lie_under_the_page_of_articles():
    assert ArticlesPage.allowed_subpage_models() == [ArticlePage]
    assert ArticlePage.allowed_subpage_models() == []
