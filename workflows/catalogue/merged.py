"""A local body goes on as another: what it has signed holds for the other."""

from typing import Any

from django.db.models import Exists, OuterRef

from community.models import LocalBody

from .records import InForce


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger."""
    same = InForce.objects.filter(
        body=into, instrument=OuterRef("instrument"), starts=OuterRef("starts")
    )
    signed = InForce.objects.filter(body=body)
    signed.filter(Exists(same)).delete()
    signed.update(body=into)
