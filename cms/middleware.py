from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.views import serve

from . import chrome


class LanguageMiddleware(LocaleMiddleware):
    """Leads to the same address in one's language, where there is none without it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        if response.status_code == 404 and request.resolver_match:
            # A view was there, and said that it knows nothing of the kind. Django
            # would lead to the pages of the site, which know nothing of it either.
            patch_vary_headers(response, ("Accept-Language",))
            response.headers.setdefault("Content-Language", get_language())
            return response
        return super().process_response(request, response)


class AdminMiddleware:
    """The admin's own rule of who comes in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not self._is_admin(request):
            return None
        if not request.user.is_authenticated:
            return _signed_out() if _saves_by_itself(request) else None
        # Wagtail would send them to sign in, which they have done: for ever.
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return None

    def _is_admin(self, request: HttpRequest) -> bool:
        return request.path_info.startswith(reverse("wagtailadmin_home"))


def _saves_by_itself(request: HttpRequest) -> bool:
    """Whether it is the editor's own saving, while somebody goes on writing."""
    accepts = request.headers.get("Accept", "")
    return request.method == "POST" and accepts == "application/json"


def _signed_out() -> JsonResponse:
    """What the editor shows beside its button, instead of a fault of the server. It
    has no word for this of its own; after this one it tries again."""
    words = _("You are signed out. Sign in in another tab, and go on writing here.")
    said = {"success": False, "error_code": "locked", "error_message": words}
    return JsonResponse(said, status=403)


class KnownPagesMiddleware:
    """Finds again the page that an address led to before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: Any, kwargs: Any
    ) -> None:
        if view is serve:
            chrome.lead(request, *args, **kwargs)


class GoneMiddleware:
    """Says of a page that was public once and was taken away that it is gone (RFC
    9110, 15.5.11), so that nobody looks for a mistake in the address. It stands before
    the redirects: where one leads on, nothing is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        is_missing = response.status_code == 404 and match and match.func is serve
        if is_missing and chrome.was_public(request, *match.args):
            return render(request, "410.html", status=410)
        return response
