"""Choosing among the blocks an editor composed."""

from collections.abc import Iterable

from django import template
from wagtail.blocks import StreamValue

register = template.Library()


@register.filter
def only(
    body: Iterable[StreamValue.StreamChild], kind: str
) -> list[StreamValue.StreamChild]:
    """The blocks of `body` that are of that kind."""
    return [block for block in body or () if block.block_type == kind]


@register.filter
def without(
    body: Iterable[StreamValue.StreamChild], kind: str
) -> list[StreamValue.StreamChild]:
    """The blocks of `body` that are of any other kind."""
    return [block for block in body or () if block.block_type != kind]
