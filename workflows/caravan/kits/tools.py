"""The tools of the kit, as editors keep them: what is saved is a version, which stays
as it is once a kit was made of it. Of two who change one at once one wins; the other
gets `Stale`."""

import json
from collections.abc import Mapping
from hashlib import sha256

from django.db import transaction

from community.models import User
from workflows.caravan.models import Tool, ToolVersion

from .documents import Words

# By language: {"ca": {"title": …, "text": …}}.
InLanguages = dict[str, dict[str, str]]


class Stale(Exception):
    """Somebody has changed it since it was read."""


def mark(version: ToolVersion | None) -> str:
    """By which the words of `version` are known again."""
    said = json.dumps([version.number, version.words] if version else [])
    return sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def say(tool: Tool, words: InLanguages, *, seen: str, by: User | None) -> bool:
    """Have `tool` say `words` from now on. Returns False if it did already.

    `seen` is the `mark` of what it said when it was read. Raises `Stale`.
    """
    tool = Tool.objects.select_for_update().get(pk=tool.pk)
    now = tool.latest
    if now and now.words == words:
        return False
    if mark(now) != seen:
        raise Stale
    if now and not now.parts.exists():
        # Nobody was given it: it is one version still.
        now.words, now.by = words, by
        now.save(update_fields=["words", "by"])
        return True
    number = now.number + 1 if now else 1
    ToolVersion.objects.create(tool=tool, number=number, words=words, by=by)
    return True


def words(version: ToolVersion, language: str, values: Mapping[str, str]) -> Words:
    """What a paper is made of."""
    texts = version.said(language)
    return Words(
        what=version.tool.what,
        language=language,
        title=texts.get("title", ""),
        text=texts.get("text", ""),
        values=values,
    )
