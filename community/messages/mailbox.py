"""Every mail as its reader sees it, without sign-in: for development only."""

from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from .models import Message
from .reading import PARTS, parsed_mail, part_of

# As what a browser shows each part.
SHOWN_AS = {**PARTS, "calendar": "text/plain"}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The mails, the latest first."""
    page = Paginator(Message.objects.defer("mime"), 50).get_page(
        request.GET.get("page")
    )
    return render(request, "mailbox/list.html", {"mails": page})


@require_safe
def mail(request: HttpRequest, key: int) -> HttpResponse:
    """One mail: its headers, and its parts side by side."""
    row = get_object_or_404(Message, pk=key)
    parsed = parsed_mail(row)
    context = {
        "row": row,
        "mail": parsed,
        "headers": [(n, parsed[n]) for n in ("From", "To", "Subject", "Date")]
        if parsed
        else [],
        "html": parsed and part_of(parsed, "html") is not None,
        "text": parsed and part_of(parsed, "text"),
        "calendar": parsed and part_of(parsed, "calendar"),
    }
    return render(request, "mailbox/mail.html", context)


@require_safe
@xframe_options_sameorigin
# A mail has its styles in its elements; nothing in it may run or be fetched.
@csp_replace(
    {
        "style-src": ["'unsafe-inline'"],
        "sandbox": ["allow-popups"],
        "frame-ancestors": ["'self'"],
    }
)
def part(request: HttpRequest, key: int, part: str) -> HttpResponse:
    """One part of a mail by itself."""
    if part not in PARTS:
        raise Http404
    parsed = parsed_mail(get_object_or_404(Message, pk=key))
    text = parsed and part_of(parsed, part)
    if text is None:
        raise Http404
    return HttpResponse(text, content_type=f"{SHOWN_AS[part]}; charset=utf-8")
