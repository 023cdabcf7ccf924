"""The tools of the kit blank, for who has no stop yet: with lines to write on where a
stop has its data, in each language in which the caravan has a page.

Whatever changes what they say throws away what was made of it, in the same transaction
(`renew`, `follow_pages`), so that no old paper is handed out. The worker makes what is
missing, one tool after the other, each in a transaction of its own: killed anywhere, it
goes on with the tool where it was.
"""

import io
from typing import Any
from urllib.parse import urljoin
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils.translation import get_language, gettext, override
from wagtail.signals import page_published, page_slug_changed, page_unpublished

from cms.caching import memory
from cms.models import SiteSettings
from cms.uploads import tidy_name
from community.work import rows, tasks
from community.work.rows import Pointless, Transient
from workflows.caravan.models import (
    BlankFile,
    BlankKit,
    CaravanPage,
    CaravanSettings,
    Tool,
    ToolVersion,
)

from . import documents, fields, tools

Kind = BlankFile.Kind
State = BlankKit.State


def connect() -> None:
    """Listen to what changes them; called once, when the site starts."""
    for model in (Tool, ToolVersion, SiteSettings, CaravanSettings):
        post_save.connect(_changed, sender=model, dispatch_uid="blank tools")
    for model in (Tool, ToolVersion):
        # Before anything of it goes: see `renew` for the order.
        pre_delete.connect(_changed, sender=model, dispatch_uid="blank tools")
    for signal in (page_published, page_unpublished, page_slug_changed, post_delete):
        signal.connect(_page_changed, sender=CaravanPage, dispatch_uid="blank kits")


def _changed(sender: type, instance: Any, created: bool = False, **kwargs: Any) -> None:
    if sender is Tool:
        renew(instance.pk)
    elif sender is ToolVersion:
        renew(instance.tool_id)
    elif not created:
        # Settings make themselves when somebody reads them first.
        renew()


def _page_changed(**kwargs: Any) -> None:
    follow_pages()


# What is to be made -------------------------------------------------------------------


@transaction.atomic
def renew(tool: int | None = None) -> None:
    """Throw away the files of `tool`, or of all of them, and have them made anew."""
    # The tool and then its kits, in order, as the worker locks them: one waits for the
    # other.
    files = BlankFile.objects.all()
    if tool:
        Tool.objects.select_for_update(no_key=True).filter(pk=tool).first()
        files = files.filter(Q(tool=tool) | Q(tool=None))
    kits = [kit.pk for kit in BlankKit.objects.select_for_update().order_by("pk")]
    files.delete()
    _queue(kits)


@transaction.atomic
def follow_pages() -> None:
    """Have there be a blank kit in each language in which everybody reads the page of
    the caravan, one that leads there."""
    pages = CaravanPage.objects.live().select_related("locale").defer("body")
    links = {
        page.locale.language_code: urljoin(settings.SITE_URL, page.url or "")
        for page in pages.order_by("-pk")
    }
    there = {
        kit.language: kit for kit in BlankKit.objects.select_for_update().order_by("pk")
    }
    gone = [kit.pk for language, kit in there.items() if language not in links]
    BlankKit.objects.filter(pk__in=gone).delete()
    wanted = []
    for language, link in links.items():
        kit = there.get(language)
        if kit is None:
            new = {"link": link}
            kit, _is_new = BlankKit.objects.get_or_create(
                language=language, defaults=new
            )
        elif kit.link == link:
            continue
        else:
            kit.files.all().delete()
            BlankKit.objects.filter(pk=kit.pk).update(link=link)
        wanted.append(kit.pk)
    _queue(wanted)


def _queue(kits: list[int]) -> None:
    if not kits:
        return
    BlankKit.objects.filter(pk__in=kits).begin_again()
    tasks.wake()
    memory.forget()


# Making it ----------------------------------------------------------------------------


def make_due(limit: int) -> int:
    """Make what is missing of at most `limit` kits; returns of how many."""
    return rows.run_due(BlankKit, _make, limit)


def _make(kit: BlankKit) -> None:
    there = set(kit.files.values_list("tool", flat=True))
    with override(kit.language):
        values = fields.by_hand(kit.link)
    missing = [tool for tool in _given() if tool.pk not in there]
    faults = [fault for tool in missing if (fault := _make_one(kit, tool, values))]
    if missing or None not in there:
        _pack(kit)
    memory.forget()
    if faults:
        raise Transient(", ".join(sorted(set(faults))))


def _given() -> list[Tool]:
    found = Tool.objects.filter(active=True).prefetch_related("versions")
    return [tool for tool in found if tool.latest]


def _make_one(kit: BlankKit, tool: Tool, values: dict[str, str]) -> str:
    """Make `tool`. Returns the kind of a fault that may pass, "" if there is none. One
    with a broken field is left out: its form says why to who opens it."""
    words = tools.words(tool.latest, kit.language, values)
    try:
        made = documents.made(words)
    except fields.Broken:
        return ""
    except Exception as fault:  # noqa: BLE001 — the others are made all the same
        return type(fault).__name__
    _keep(kit, tool, made, words.title)
    return ""


def _pack(kit: BlankKit) -> None:
    """All that there is, numbered in its order, in one ZIP."""
    files = list(kit.files.exclude(tool=None))
    if not files:
        return
    written = io.BytesIO()
    numbers: dict[int | None, int] = {}
    with ZipFile(written, "w", ZIP_DEFLATED) as bundle:
        for file in files:
            number = numbers.setdefault(file.tool_id, len(numbers) + 1)
            bundle.writestr(f"{number:02} {file.name}", bytes(file.content))
    with override(kit.language):
        name = gettext("Kit of the caravan")
    _keep(kit, None, {Kind.ZIP: written.getvalue()}, name)


@transaction.atomic
def _keep(kit: BlankKit, tool: Tool | None, made: dict[str, bytes], title: str) -> None:
    """Put what was `made` in the place of what there was. Raises Pointless if the kit
    is wanted otherwise by now: then it begins anew."""
    if tool:
        # Before the kit, as in `renew`.
        Tool.objects.select_for_update(no_key=True).filter(pk=tool.pk).first()
    mine = BlankKit.objects.select_for_update().filter(
        pk=kit.pk,
        state=State.RUNNING,
        attempts=kit.attempts,
        lease_until=kit.lease_until,
    )
    if mine.first() is None:
        raise Pointless("It is wanted otherwise by now.")
    kit.files.filter(tool=tool).delete()
    BlankFile.objects.bulk_create(
        BlankFile(
            kit=kit,
            tool=tool,
            kind=kind,
            name=tidy_name(f"{title.replace('/', '-').replace('.', ' ')}.{kind}"),
            content=content,
            size=len(content),
        )
        for kind, content in made.items()
    )


# Reading it ---------------------------------------------------------------------------


def files() -> list[BlankFile]:
    """Those that there are in the active language, in order, without what is in
    them."""
    rows = BlankFile.objects.filter(kit__language=get_language())
    return list(rows.filter(Q(tool__active=True) | Q(tool=None)).defer("content"))
