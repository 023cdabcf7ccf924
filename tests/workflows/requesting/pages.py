"""The public pages of requests, as a browser of somebody who acts for a body sees
them."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from community.models import Membership, Message
from workflows.requesting.models import CatalogueRequest


def url(name: str, *args: Any, language: str = "ca") -> str:
    with override(language):
        return reverse(name, args=args)


def of(draft: CatalogueRequest, name: str = "write_request", *more: Any) -> str:
    return url(name, draft.body.code, draft.key, *more)


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def browser(mine: Membership, **more: Any) -> Client:
    """One whose reader has shown that the address is theirs."""
    row = Message.objects.create(
        kind="my_bodies", recipient=mine.user.email, language="ca"
    )
    client = Client(**more)
    session = client.session
    until = timezone.now() + timedelta(minutes=59)
    session["my_data"] = {"mail": row.pk, "until": until.isoformat()}
    session.save()
    return client
