"""What people read when something of ours is away: never a blank page."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error

# Seconds after which a browser or a calendar program should ask again.
TRY_AGAIN = 30
# No room left, on the disk or in what we may use of it.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for what broke while `request` was answered: 503 if trying again will
    help, because the database is away or busy or the disk is full, or else 500."""
    if not _will_pass(sys.exc_info()[1]):
        return server_error(request)
    response = HttpResponse(
        # Without the request: nothing of the page asks who reads it.
        render_to_string("503.html"),
        status=503,
        headers={"Retry-After": str(TRY_AGAIN)},
    )
    add_never_cache_headers(response)
    return response


def _will_pass(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, OperationalError | InterfaceError)
