"""The theme's colours in a mail, whose styles stand in its elements."""

from django import template

from community.brand import colour

register = template.Library()


@register.simple_tag
def light(token: str) -> str:
    """The colour of `token` in the light scheme: {% light "color-text" %}."""
    return colour(token).light


@register.simple_tag
def dark(token: str) -> str:
    """The colour of `token` in the dark scheme."""
    return colour(token).dark
