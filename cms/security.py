"""What every answer says to browsers, and what is turned away before any view."""

import logging
import re
from collections.abc import Callable
from typing import ClassVar

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.views.defaults import bad_request

from .receiving import CappedHandler

logger = logging.getLogger(__name__)

Respond = Callable[[HttpRequest], HttpResponse]

# An address that is the proof itself: whoever has it may see or do something.
LINKS = re.compile(r"/([rjfcbe]|cal/me|[a-z]{2}/my-data/open)/")
# What is one person's own, or the staff's.
PERSONAL = re.compile(
    r"/([rjfcbe]|admin|mailbox)/"
    r"|/[a-z]{2}/(account|ask/sent|b|caravan/stops|my-bodies|my-data"
    r"|my-registrations"
    r"|resources/[^/]+/request|s/[^/]+/regist(er|ered))/"
)
ADMIN = "/admin/"
# Where files come in from anybody, or for a case: so much of them, and no more.
TAKES_FILES = re.compile(
    r"/(c/[\w-]+|[a-z]{2}/(ask|b/[^/]+|caravan/stops)|admin/cases)/"
)


class HeadersMiddleware:
    """The outermost: no answer leaves without these, whoever gave it.

    The policies are settings; `SecurityMiddleware` and django-csp add theirs.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        path = request.path_info
        if is_admin(request):
            policy = headers.get(HEADER, self.admin_policy)
            # A page that is previewed brings its own, and stands in a frame of ours.
            headers[HEADER] = policy.replace(
                "frame-ancestors 'none'", "frame-ancestors 'self'"
            )
        if PERSONAL.match(path):
            headers["X-Robots-Tag"] = "noindex, nofollow"
            if "no-store" not in headers.get("Cache-Control", ""):
                add_never_cache_headers(response)
        if LINKS.match(path):
            # The site's name at most, so that no log of anybody's has the link. Not
            # "no-referrer": forms would then come from nowhere, and be refused.
            headers["Referrer-Policy"] = "strict-origin"
        return response

    @cached_property
    def admin_policy(self) -> str:
        return build_policy(config=settings.ADMIN_CONTENT_SECURITY_POLICY)


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, which would write the same policy anew for each answer: only an
    answer that has one of its own, and the admin's, still get it that way."""

    OWN: ClassVar = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")

    def process_response(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        is_special = (
            settings.DEBUG
            or is_admin(request)
            or getattr(request, "_csp_nonce", None)
            or any(hasattr(response, name) for name in self.OWN)
        )
        if is_special:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response

    @cached_property
    def policy(self) -> str:
        return build_policy()


class HostileMiddleware:
    """Turns away what no person types and no view expects: in words, and not as a
    fault of ours."""

    # What Wagtail's screens raise when asked for a page, a key, a date or a mixture
    # that cannot be.
    ODD: ClassVar = (
        ValueError,
        OverflowError,
        InvalidPage,
        NoReverseMatch,
    )

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL takes no NUL in a text, whoever compares with it.
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if TAKES_FILES.match(request.path_info):
            request.upload_handlers.insert(0, CappedHandler(request))
            most = settings.CASE_FORM_MOST
        if is_admin(request):
            self._unquote(request)
        elif _octets(request) > most:
            # Files would be written to the disk before anybody asks who sends them.
            answer = bad_request(request, None)
            answer.status_code = 413
            return answer
        return self.get_response(request)

    def _unquote(self, request: HttpRequest) -> None:
        """Take quotation marks out of a search on SQLite, which trips over them
        (Wagtail's issue 13227)."""
        words = request.GET.get("q", "")
        if '"' in words and connection.vendor == "sqlite":
            request.GET = request.GET.copy()
            request.GET["q"] = words.replace('"', " ")

    def process_exception(
        self, request: HttpRequest, fault: Exception
    ) -> HttpResponse | None:
        asks = request.method in ("GET", "HEAD") and request.GET
        if not (asks and is_admin(request) and isinstance(fault, self.ODD)):
            return None
        route = request.resolver_match.route if request.resolver_match else ""
        logger.warning("Odd query at %s: %s", route, type(fault).__name__)
        return bad_request(request, fault)


def _octets(request: HttpRequest) -> int:
    """How much the body says it is. What does not say, Django takes for nothing."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BadRequest("length") from None


def is_admin(request: HttpRequest) -> bool:
    """Whether an address of the staff's is asked for."""
    return request.path_info.startswith(ADMIN)
