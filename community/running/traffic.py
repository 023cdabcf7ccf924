"""What is asked of the site and how long that takes: a line of the log and a measure
for each request.

The line says what was asked for by the pattern of its address, not by the address,
which may be somebody's own link; and who asked by the key of the account.
"""

import logging
import os
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram

from .logs import request_id

logger = logging.getLogger(__name__)

# A name that a proxy gave the request; anything else could forge lines.
SANE_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)
# Anybody can invent another, and each would be a series of its own.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

registry = CollectorRegistry()
_taken = Histogram(
    "placa_request_seconds",
    "What answering took, by the pattern of the address. Each process of the web "
    "server counts its own.",
    ("process", "method", "route", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)


class RequestMiddleware:
    """Gives each request a name, by which to find all that was written while it was
    answered, and tells what came of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        name = _named(request)
        given = request_id.set(name)
        try:
            response = self.get_response(request)
            if not request.path_info.startswith(settings.STATIC_URL):
                _tell(request, response, perf_counter() - began)
        finally:
            request_id.reset(given)
        response.headers["X-Request-ID"] = name
        return response


def _named(request: HttpRequest) -> str:
    name = request.META.get("HTTP_X_REQUEST_ID", "")
    return name if SANE_ID.fullmatch(name) else uuid4().hex


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route = route_of(request)
    method = request.method if request.method in METHODS else "OTHER"
    status = response.status_code
    _taken.labels(str(os.getpid()), method, route, str(status)).observe(seconds)
    facts: dict[str, Any] = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000),
    }
    # Only if somebody asked who it is: to log it is no reason to look it up.
    user = getattr(request, "_cached_user", None)
    if user is not None and user.pk:
        facts["user"] = user.pk
    level = logging.WARNING if status >= 500 else logging.INFO
    logger.log(level, "%s %s %s", method, route, status, extra={"facts": facts})


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, such as `/r/<slug:token>/`; `-` if there is none."""
    match = request.resolver_match
    return f"/{match.route}" if match else "-"
