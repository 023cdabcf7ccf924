"""Mails on hold: they may have left before the site was restored from a backup."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from community.messages import outbox
from community.messages.compose import html_of
from community.messages.kinds import kind_of
from community.messages.models import MessageQuerySet
from community.models import Message
from workflows.organising import labels, post
from workflows.organising.access import messages_of

from .mail import MailAccess

# Enough to know them by; the list of messages has them all.
SHOWN = 50


class HeldView(MailAccess, WagtailAdminTemplateMixin, TemplateView):
    """All that is on hold, of what one may see: to send it, or to put it aside."""

    permission_required = "change"
    template_name = "organising/held.html"
    page_title = _("Mails on hold")
    header_icon = "mail"

    @property
    def rows(self) -> MessageQuerySet:
        return messages_of(self.request.user).held()

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("messages:index"), "label": gettext("Messages")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.rows.defer("mime").order_by("pk"))
        return {
            **super().get_context_data(**kwargs),
            "total": len(rows),
            "languages": languages_of(rows),
            "letters": [(row, labels.mail_kind(row)) for row in rows[:SHOWN]],
            "more": max(len(rows) - SHOWN, 0),
            "example": example_of(rows),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "send":
            count = outbox.release(self.rows, by=request.user)
            words = ngettext(
                "%d mail is about to leave.", "%d mails are about to leave.", count
            )
        else:
            count = outbox.put_all_aside(self.rows, by=request.user)
            words = ngettext("%d mail put aside.", "%d mails put aside.", count)
        messages.success(request, words % count)
        return redirect("messages:index")


def languages_of(rows: list[Message]) -> list[tuple[str, int]]:
    """How many of `rows` are in each language, by its name."""
    count = Counter(row.language for row in rows if row.language)
    return [
        (get_language_info(code)["name_translated"], number)
        for code, number in count.most_common()
    ]


def example_of(rows: list[Message]) -> dict[str, str] | None:
    """One of `rows` as it would be read, without anybody's own links; None if all of
    them were written before they were put on hold, or say what is no longer true."""
    for row in rows:
        kind = kind_of(row)
        if kind.render is None or kind.pointless(row):
            continue
        with transaction.atomic():
            mail = kind.render(row)
            # Writing it counts on in the invitation; nothing has left.
            transaction.set_rollback(True)
        return {
            "to": row.recipient,
            "subject": mail.subject,
            "html": post.without_tokens(html_of(mail)),
        }
    return None
