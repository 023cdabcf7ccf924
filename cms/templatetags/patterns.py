"""One state of a component on the pattern page."""

import re
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ID = re.compile(r'\sid="([^"]+)"')
NAMED = re.compile(
    r'(?P<attribute>\s(?:(?:id|for|list|popovertarget|aria-labelledby|aria-describedby)="'
    r'|href="#))'
    r'(?P<names>[^"]*)"'
)


@register.simple_block_tag(takes_context=True)
def example(context: dict[str, Any], content: str, state: str = "") -> SafeString:
    """What stands inside, in a frame that says in which `state` it is.

    A component names its parts once in a page; here it stands in several states, so
    names in `taken`, the set of those that the page has, are changed.
    """
    return format_html(
        '<div class="pattern__example">{}{}</div>',
        format_html('<p class="pattern__state">{}</p>', state) if state else "",
        _apart(content, context["taken"]),
    )


def _apart(html: str, taken: set[str]) -> SafeString:
    changed = {}
    for name in ID.findall(html):
        fresh, number = name, 2
        while fresh in taken:
            fresh, number = f"{name}-{number}", number + 1
        taken.add(fresh)
        changed[name] = fresh

    def renamed(found: re.Match[str]) -> str:
        names = " ".join(changed.get(name, name) for name in found["names"].split(" "))
        return f'{found["attribute"]}{names}"'

    # The page opens at its head, whatever a component asks for.
    return mark_safe(NAMED.sub(renamed, html).replace(" autofocus", ""))  # noqa: S308
