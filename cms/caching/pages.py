"""Whole pages, rendered once for all the visitors whom we do not know.

Only what a view offers (`cms.caching.offering`) is kept, and only if the answer turned
out to be the same for everybody. It is kept by all that it depends on, its *address*:
host, path, language, the reader's colours, and what pages read of the query.

Django's own cache middleware keys by the whole header of each name in Vary. Ours says
Cookie, rightly, and any other site's cookie would make a page of its own.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from http import HTTPStatus

from django.apps import apps
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers, set_response_etag
from django.utils.translation import get_language_from_request

from cms.showing import next_turn

from . import memory

# What the cookie of the reader's colours may say.
SCHEMES = ("light", "dark")


class PageCacheMiddleware:
    """Answers visitors whom we do not know with the page that another one got.

    It stands before everything that looks at the reader, so that an answer from memory
    costs no more than finding it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_anybody(request):
            return _for_one(self.get_response(request))
        asked = request.asked_as = address(request)
        moment, kept = memory.recall(asked)
        if kept:
            response = HttpResponse(kept[1])
            # All at once: each that is set alone is looked through first.
            response.headers = kept[0]
            return response
        began = timezone.now()
        response = self.get_response(request)
        if not (_is_offered(request) and _is_for_all(response)):
            return _for_one(response)
        response.headers["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ("Cookie",))
        # A query that says what no page knows is answered, but not kept.
        if request.method == "GET" and address(request) == asked:
            set_response_etag(response)
            kept = response.headers, response.content
            memory.keep(asked, moment, kept, lasting(began))
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> None:
        """What is said of a fault is not the page that was offered: none of its parts
        is kept as that page's."""
        request.is_offered = False


def address(request: HttpRequest) -> str:
    """All that an offered answer depends on, as one word."""
    query = sorted((name, request.GET[name]) for name in _names() & request.GET.keys())
    scheme = request.COOKIES.get("scheme")
    parts = (
        request.scheme,
        request.get_host(),
        request.path,
        get_language_from_request(request, check_path=True),
        scheme if scheme in SCHEMES else "",
        [(name, word) for name, word in query if word],
    )
    return repr(parts)


def lasting(began: datetime) -> float | None:
    """For how many seconds what was rendered from `began` on is true, if nobody
    changes anything; None if the clock alone never changes it."""
    moment, known = memory.recall("turn")
    if moment.generation is None:
        # Nothing is kept at all.
        return None
    if known is None or (known[0] and known[0] <= began):
        known = (next_turn(began),)
        memory.keep("turn", moment, known)
    return known[0] and (known[0] - timezone.now()).total_seconds()


@cache
def _names() -> frozenset[str]:
    """What the pages of the site read of a query."""
    return frozenset(
        name for model in apps.get_models() for name in getattr(model, "asks", ())
    )


def _is_anybody(request: HttpRequest) -> bool:
    """Whether nothing in `request` says who asks. A preview never is for anybody."""
    known = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
    return (
        request.method in ("GET", "HEAD")
        and not any(name in request.COOKIES for name in known)
        and "HTTP_AUTHORIZATION" not in request.META
        and not getattr(request, "is_dummy", False)
    )


def _is_offered(request: HttpRequest) -> bool:
    return getattr(request, "is_offered", False)


def _is_for_all(response: HttpResponse) -> bool:
    """Whether `response` says nothing that only this reader may have. A form's token
    against forgery always comes with a cookie."""
    return (
        response.status_code == HTTPStatus.OK
        and not response.streaming
        and not response.cookies
        and "Cache-Control" not in response
    )


def _for_one(response: HttpResponse) -> HttpResponse:
    """`response`, marked as the reader's own unless its view has said otherwise."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
