"""The parts of a page that are the same for everybody, rendered once for all.

    {% shared main %}…{% endshared %}
    {% shared foot of home menu %}…{% endshared %}

Inside, nobody is known: `user` is anonymous, and there are no permissions, messages,
cookies or tokens, so nothing of one reader's own can come to another. It is remembered
as pages are (`cms.caching.memory`), for those whom we know too.

The first is of one page, and depends on all that pages depend on. The second is of all
pages, and depends on the variables that it names: inside it there are no others.
"""

import copy
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.base import NodeList, Parser, Token
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cms.caching import memory
from cms.caching.pages import address, lasting

register = template.Library()


@register.tag
def shared(parser: Parser, token: Token) -> "SharedNode":
    """A part of a page, or of all pages; its name is its own there."""
    _tag, name, *words = token.split_contents()
    if words and words[0] != "of":
        told = "What is shared by all pages says `of` and the variables that it reads."
        raise template.TemplateSyntaxError(told)
    nodes = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(name, nodes, words[1:] if words else None)


class SharedNode(template.Node):
    """`variables` are None for a part of one page."""

    def __init__(
        self, name: str, nodelist: NodeList, variables: list[str] | None
    ) -> None:
        self.name = name
        self.nodelist = nodelist
        self.variables = variables

    def render(self, context: template.Context) -> SafeString:
        request = context.get("request")
        if not getattr(request, "is_offered", False):
            return self.nodelist.render(context)
        if self.variables is None:
            inside = {"request": _nobody(request)}
            page = address(inside["request"])
            if page == getattr(request, "asked_as", None):
                # The page is going to be kept as a whole.
                return SafeString(self._render_for_nobody(context, inside))
            key = f"{self.name} {page}"
        else:
            inside = {name: context.get(name) for name in self.variables}
            key = f"{self.name} {request.get_host()} {get_language()} {inside}"
        moment, known = memory.recall(key)
        if known is None:
            began = timezone.now()
            known = self._render_for_nobody(context, inside)
            memory.keep(key, moment, known, lasting(began))
        return SafeString(known)

    def _render_for_nobody(
        self, context: template.Context, inside: dict[str, Any]
    ) -> str:
        inside = {**_nothing_of_ones_own(), **inside}
        if self.variables is not None:
            return str(self.nodelist.render(context.new(inside)))
        with context.push(**inside):
            return str(self.nodelist.render(context))


def _nobody(request: HttpRequest) -> HttpRequest:
    """`request` as if it came from somebody of whom we know nothing."""
    nobody = copy.copy(request)
    nobody.COOKIES = {}
    nobody.user = AnonymousUser()
    nobody.session = {}
    nobody._messages = []
    return nobody


def _nothing_of_ones_own() -> dict[str, Any]:
    return {"user": AnonymousUser(), "perms": {}, "messages": [], "csrf_token": ""}
