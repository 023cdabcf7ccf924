"""Every mail as its reader sees it, without sign-in: for development only."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from .models import Message

PARTS = {
    "html": ("text/html", "text/html"),
    "text": ("text/plain", "text/plain"),
    "calendar": ("text/calendar", "text/plain"),
}


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
    parsed = _parsed(row)
    context = {
        "row": row,
        "mail": parsed,
        "headers": [(n, parsed[n]) for n in ("From", "To", "Subject", "Date")]
        if parsed
        else [],
        "html": parsed and _part(parsed, "html") is not None,
        "text": parsed and _part(parsed, "text"),
        "calendar": parsed and _part(parsed, "calendar"),
    }
    return render(request, "mailbox/mail.html", context)


@require_safe
@xframe_options_sameorigin
# A mail has its styles in its elements; nothing in it may run or be fetched.
@csp_replace({"style-src": ["'unsafe-inline'"], "sandbox": ["allow-popups"]})
def part(request: HttpRequest, key: int, part: str) -> HttpResponse:
    """One part of a mail by itself."""
    if part not in PARTS:
        raise Http404
    parsed = _parsed(get_object_or_404(Message, pk=key))
    text = parsed and _part(parsed, part)
    if text is None:
        raise Http404
    return HttpResponse(text, content_type=f"{PARTS[part][1]}; charset=utf-8")


def _parsed(row: Message) -> EmailMessage | None:
    if row.mime is None:
        return None
    return message_from_bytes(bytes(row.mime), policy=policy.default)


def _part(mail: EmailMessage, name: str) -> str | None:
    kind = PARTS[name][0]
    found = next((p for p in mail.walk() if p.get_content_type() == kind), None)
    return None if found is None else found.get_content()
