"""What programs look for at fixed addresses: whom to tell of a hole, what to leave."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

# RFC 9116, 2.5.5, recommends less than a year: somebody still answers.
VALID = timedelta(days=180)

PLAIN = "text/plain; charset=utf-8"


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole in this site (RFC 9116)."""
    contact = settings.SECURITY_CONTACT
    if not urlsplit(contact).scheme:
        contact = f"mailto:{contact}"
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {(today + VALID).isoformat()}",
        f"Preferred-Languages: {', '.join(dict(settings.LANGUAGES))}",
        f"Canonical: {settings.SITE_URL.rstrip('/')}{request.path}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What programs that read the whole site should leave. It protects nothing: what
    is private says so itself, and asks who comes."""
    # Not the personal links: a program kept out of them would never be told "noindex".
    lines = ["User-agent: *", "Disallow: /admin/"]
    lines += [f"Disallow: /{code}/account/" for code, name in settings.LANGUAGES]
    lines += [f"Disallow: /{code}/s/" for code, name in settings.LANGUAGES]
    lines += [f"Disallow: /{code}/search/" for code, name in settings.LANGUAGES]
    lines += ["", f"Sitemap: {settings.SITE_URL.rstrip('/')}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)
