"""A local body goes on as another: its drafts and requests are the other's."""

from typing import Any

from community.models import LocalBody

from .models import CatalogueRequest


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger."""
    CatalogueRequest.objects.filter(body=body).update(body=into)
