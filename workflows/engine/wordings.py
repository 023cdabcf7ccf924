"""What the coordinators say otherwise in a mail, and whether it is sent. Of two that
word the same mail in the same language at once one wins; the other gets `Stale`."""

import json
from collections.abc import Mapping
from hashlib import sha256

from django.db import transaction
from wagtail.log_actions import log

from community.models import User

from .letters import Letter
from .models import Wording

CHANGED = "engine.wording_changed"
RESET = "engine.wording_reset"
SWITCHED_ON = "engine.mail_switched_on"
SWITCHED_OFF = "engine.mail_switched_off"


class Stale(Exception):
    """Somebody has changed it since it was read."""


def of(letter: Letter) -> Wording | None:
    """What the house has made of `letter`, if anything."""
    return (
        Wording.objects.filter(letter=letter.name).select_related("changed_by").first()
    )


def own(row: Wording | None, language: str) -> dict[str, str]:
    """What the house says of its own, by part."""
    return row.own(language) if row else {}


def mark(texts: Mapping[str, str]) -> str:
    """By which `texts` are known again."""
    return sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]


def change(
    letter: Letter, language: str, texts: Mapping[str, str], *, seen: str, by: User
) -> bool:
    """Have `letter` say `texts` in `language`; what is empty, or as it comes with the
    site, goes on coming with it. Returns False if it was so already.

    `seen` is the `mark` of what the house said when it was read. Raises `Stale`.
    """
    comes = letter.texts(language)
    wanted = {
        part: text for part, text in texts.items() if text not in ("", comes[part])
    }
    return _put(letter, language, wanted, CHANGED, seen=seen, by=by)


def reset(letter: Letter, language: str, *, seen: str, by: User) -> bool:
    """Have `letter` say in `language` what comes with the site. As `change`."""
    return _put(letter, language, {}, RESET, seen=seen, by=by)


@transaction.atomic
def _put(
    letter: Letter,
    language: str,
    texts: dict[str, str],
    action: str,
    *,
    seen: str,
    by: User,
) -> bool:
    row = _locked(letter)
    before = row.own(language)
    if before == texts:
        return False
    if mark(before) != seen:
        raise Stale
    row.put(language, texts)
    _save(row, letter, action, by, language=language, before=before)
    return True


@transaction.atomic
def switch(letter: Letter, is_sent: bool, *, by: User) -> bool:
    """Have `letter` be sent, or not. Returns False if it was so already. Raises
    ValueError for one that must go."""
    if letter.must_go and not is_sent:
        raise ValueError(f"{letter.name} must go")
    row = _locked(letter)
    if row.is_sent == is_sent:
        return False
    row.is_sent = is_sent
    _save(row, letter, SWITCHED_ON if is_sent else SWITCHED_OFF, by)
    return True


def _locked(letter: Letter) -> Wording:
    Wording.objects.get_or_create(letter=letter.name)
    return Wording.objects.select_for_update().get(letter=letter.name)


def _save(row: Wording, letter: Letter, action: str, by: User, **data: object) -> None:
    row.changed_by = by
    row.save()
    log(row, action, user=by, title=str(letter.label), data=data)
