from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property


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
