from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from community.running.health import Vitals, vitals

register = template.Library()


@register.inclusion_tag("community/running.html", takes_context=True)
def how_it_runs(context: Context) -> dict[str, Any]:
    """What of the site does not run, in words for the staff; nothing if all does. One
    query."""
    found = vitals()
    what, since = _trouble(found)
    today = timezone.localdate()
    return {
        "what": what,
        "since": since,
        "is_today": since is not None and timezone.localdate(since) == today,
        "perms": context.get("perms"),
    }


def _trouble(found: Vitals) -> tuple[str, datetime | None]:
    """The worst of what is wrong, and since when; "" if nothing is."""
    if found.worker_is_away:
        return "worker", found.worker or found.called
    if found.mail_is_stuck:
        return "server", found.oldest
    if found.sweeper_is_away:
        return "sweeper", found.sweeper
    if found.mail_is_late:
        return "late", found.retried
    return "", None
