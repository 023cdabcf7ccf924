from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import get_language


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
    """The admin's own rules: who comes in, and what its pages may load."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_admin(request):
            response.headers.setdefault(HEADER, self.policy)
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        # Wagtail would send them to sign in, which they have done: for ever.
        if (
            self._is_admin(request)
            and request.user.is_authenticated
            and not request.user.has_perm("wagtailadmin.access_admin")
        ):
            raise PermissionDenied

    @cached_property
    def policy(self) -> str:
        return build_policy(config=settings.ADMIN_CONTENT_SECURITY_POLICY)

    def _is_admin(self, request: HttpRequest) -> bool:
        return request.path_info.startswith(reverse("wagtailadmin_home"))
