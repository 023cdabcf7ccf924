"""Forms that keep what was typed when their token against forgery is not what it was:
somebody has signed in meanwhile, in another tab, or the browser has lost the cookie.

A view that is exempt from Django's check asks here and, instead of a page that says no,
shows the form once more, with a token of now. Nothing is done until it is sent again.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext_lazy as _

SEND_AGAIN = _(
    "This page has been open for long, or your browser keeps no cookies. You lose "
    "nothing of what you wrote: send it once more, please."
)


def _nothing(*args: Any) -> HttpResponse:
    return HttpResponse()


_check = CsrfViewMiddleware(_nothing)


def is_ours(request: HttpRequest) -> bool:
    """Whether what was sent comes from a page that we gave to this browser."""
    return _check.process_view(request, _nothing, (), {}) is None
