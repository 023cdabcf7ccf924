from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamValue

from cms.blocks import BodyBlock
from cms.templatetags.navigation import own_name

from .samples import mails, samples

# When another block serves better. What each is for, its own description says.
RATHER = {
    "heading": _("For what is large but heads nothing."),
    "paragraph": _("For steps, facts or questions: they have blocks of their own."),
    "quote": _("For our own words, or without a name."),
    "image": _("For text in a picture, or only to fill."),
    "video": _("Without its transcript."),
    "audio": _("Without its transcript."),
    "steps": _("For a list that has no order."),
    "facts": _("For sentences, or more than ten rows."),
    "panels": _("For one thing alone, or for steps."),
    "figures": _("For a figure without its source."),
    "questions": _("For what everybody must read: it is folded."),
    "table": _("To lay a page out."),
    "documents": _("For what can be a page."),
    "call_to_action": _("Twice on a page with its light."),
    "contact": _("For people by name: rather the team."),
    "related": _("For every page there is: for two or three."),
    "upcoming": _("On the pages of sessions, which have their own."),
}


def patterns(request: HttpRequest) -> HttpResponse:
    """Every component in its states, in the language that the address asks for or
    else in one's own."""
    codes = [code for code, _name in settings.LANGUAGES]
    asked = request.GET.get("language")
    language = asked if asked in codes else get_language()
    with override(language):
        context = {
            "sample": samples(),
            "blocks": _blocks(),
            "mails": mails(language),
            "languages": [(code, own_name(code)) for code in codes],
            "taken": set(),
        }
        return render(request, "patterns/index.html", context)


def _blocks() -> list[dict[str, Any]]:
    """Each block that a page may have, as its preview shows it."""
    body = BodyBlock()
    return [
        {
            "label": block.label,
            "use": block.get_description(),
            "avoid": RATHER.get(name, ""),
            "alone": StreamValue(body, [(name, block.get_preview_value())]),
        }
        for name, block in body.child_blocks.items()
    ]
