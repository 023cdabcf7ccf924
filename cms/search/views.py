import hashlib

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from cms.models import ArticlePage
from cms.showing import coming_of
from events.models import Session
from events.wording import short_date

from . import counting, spelling
from .finding import Search, suggestions
from .picks import picks
from .site import topics
from .words import Words

# From one computer in a minute: a whole town hall may have one address.
OFTEN = 300
# Fewer letters begin everything.
LEAST = 2
LATEST = 3


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything on the site that has the words of the address, `q`.

    No answer is kept for everybody: what people look for has no end.
    """
    if not Words(request.GET.get("q", "")):
        return render(request, "pages/search.html", _nothing_asked())
    if _asks_too_often(request):
        return render(request, "429.html", status=429)
    asked = Search(request.GET)
    context = {"search": asked, "picks": picks(asked.looked_for)}
    if asked.is_loose or not asked.total:
        context["instead"] = spelling.instead(asked.looked_for)
    if not asked.total:
        context |= {"elsewhere": asked.elsewhere(), "topics": topics().values()}
    elif _is_first_answer(request, asked):
        counting.count(asked.looked_for)
    response = render(request, "pages/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What has a title that begins as `q`, for who is still typing (JSON)."""
    words = Words(request.GET.get("q", ""))
    if len(words.typed) < LEAST:
        return _suggested([])
    if _asks_too_often(request):
        return JsonResponse({"suggestions": []}, status=429)
    return _suggested(
        {
            "title": shown.title,
            "url": shown.url,
            "kind": str(kind.one),
            "day": short_date(shown.day) if kind.day and shown.day else "",
        }
        for kind, shown in suggestions(words)
    )


def _suggested(rows) -> HttpResponse:
    response = JsonResponse({"suggestions": list(rows)})
    # Whoever takes a letter away again has seen them.
    response["Cache-Control"] = "private, max-age=60"
    return response


def _nothing_asked() -> dict:
    locale = Locale.objects.filter(language_code=get_language()).first()
    articles = ArticlePage.objects.for_anybody(locale).for_cards()[:LATEST]
    return {
        "topics": topics().values(),
        "articles": articles if locale else [],
        "coming": coming_of(Session.objects.all())[:LATEST],
    }


def _is_first_answer(request: HttpRequest, asked: Search) -> bool:
    """Whether somebody has asked this now, who is not of the staff: not turned a page
    or taken a filter."""
    return (
        request.method == "GET"
        and set(request.GET) == {"q"}
        and not asked.is_loose
        and not request.user.is_staff
    )


def _asks_too_often(request: HttpRequest) -> bool:
    # Only a digest: the cache is no place for personal data.
    who = get_adapter().get_client_ip(request)
    minute = timezone.now().strftime("%H:%M")
    digest = hashlib.sha256(f"{settings.SECRET_KEY}{who}{minute}".encode()).hexdigest()
    key = f"search-{digest}"
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) > OFTEN
    except ValueError:  # It ran out between the two.
        return False
