"""Who asks for what only operators may see: how the site runs, and its figures."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

# A proxy on the same machine comes from loopback too, and carries others' requests.
PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED")


def is_operator(request: HttpRequest) -> bool:
    """Whether `request` comes from this very machine, or brings `HEALTH_TOKEN` as
    `Authorization: Bearer …` (RFC 6750)."""
    return _is_here(request) or _has_token(request)


def _is_here(request: HttpRequest) -> bool:
    if any(header in request.META for header in PASSED_ON):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return bool(
        settings.HEALTH_TOKEN
        and scheme.lower() == "bearer"
        and constant_time_compare(token, settings.HEALTH_TOKEN)
    )
