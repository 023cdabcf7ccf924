"""The articles as a feed (RSS 2.0): all of them, or those on one topic."""

from datetime import datetime, time
from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from .caching.offering import offer
from .models import ArticlePage, ArticlesPage, TopicPage

LATEST = 30


@require_safe
def feed(request: HttpRequest, path: str) -> HttpResponse:
    """The latest articles of the page at `path`, which must be one that lists them
    and open to everybody."""
    found = Page.route_for_request(request, path)
    page = found and found.page.specific
    if not isinstance(page, ArticlesPage | TopicPage) or page.get_view_restrictions():
        raise Http404
    offer(request, {})
    own = urljoin(settings.SITE_URL, page.get_url(request))
    written = Rss201rev2Feed(
        title=f"{page.title} · {settings.SITE_NAME}",
        link=own,
        description=page.search_description or page.lead or page.title,
        language=get_language(),
        feed_url=urljoin(own, "feed.xml"),
    )
    for article in page.articles().for_feed()[:LATEST]:
        _add(written, article, request)
    content = written.writeString("utf-8")
    return HttpResponse(content, content_type="application/rss+xml; charset=utf-8")


def _add(written: Rss201rev2Feed, article: ArticlePage, request: HttpRequest) -> None:
    address = urljoin(settings.SITE_URL, article.get_url(request))
    signatures = article.signatures.all()
    changed = article.last_published_at
    written.add_item(
        title=article.title,
        link=address,
        description=article.lead,
        unique_id=address,
        author_name=", ".join(s.author.name for s in signatures) or None,
        pubdate=_morning(article),
        updateddate=changed,
        categories=[str(topic.name) for topic in article.topics.all()],
    )


def _morning(article: ArticlePage) -> datetime:
    """The beginning of the day of publication: feeds want a moment, articles have
    only a date."""
    return timezone.make_aware(datetime.combine(article.published, time.min))
