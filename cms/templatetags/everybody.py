"""The parts of a page that are the same for everybody, rendered once for all.

    {% shared main %}…{% endshared %}

Inside, nobody is known: `user` is anonymous, and there are no permissions, messages,
cookies or tokens, so nothing of one reader's own can come to another. It is remembered
as pages are (`cms.caching.memory`), for those whom we know too.
"""

import copy
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.base import NodeList, Parser, Token
from django.utils import timezone
from django.utils.safestring import SafeString

from cms.caching import memory
from cms.caching.pages import address, lasting

register = template.Library()


@register.tag
def shared(parser: Parser, token: Token) -> "SharedNode":
    """A part of a page; its name is its own on the page."""
    _tag, name = token.split_contents()
    nodes = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(name, nodes)


class SharedNode(template.Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        request = context.get("request")
        if not getattr(request, "is_offered", False):
            return self.nodelist.render(context)
        nobody = _nobody(request)
        key = f"{self.name} {address(nobody)}"
        moment, known = memory.recall(key)
        if known is None:
            began = timezone.now()
            with context.push(**_nothing_of_ones_own(nobody)):
                known = str(self.nodelist.render(context))
            memory.keep(key, moment, known, lasting(began))
        return SafeString(known)


def _nobody(request: HttpRequest) -> HttpRequest:
    """`request` as if it came from somebody of whom we know nothing."""
    nobody = copy.copy(request)
    nobody.COOKIES = {}
    nobody.user = AnonymousUser()
    nobody.session = {}
    nobody._messages = []
    return nobody


def _nothing_of_ones_own(nobody: HttpRequest) -> dict[str, Any]:
    return {
        "request": nobody,
        "user": nobody.user,
        "perms": {},
        "messages": [],
        "csrf_token": "",
    }
