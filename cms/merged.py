"""A local body goes on as another: who signs articles for it, works for the other."""

from typing import Any

from community.models import LocalBody

from .models import Author


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger."""
    Author.objects.filter(body=body).update(body=into)
