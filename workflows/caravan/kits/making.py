"""The kit of a stop: what both sides need, made of the tools of that day with the data
of the stop.

A date or a rapporteur that changes wishes it anew (`wanted`). The worker makes one part
after the other, each in a transaction of its own: killed anywhere, it goes on with the
part where it was.
"""

import json
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.uploads import tidy_name
from community.work import rows, tasks
from community.work.rows import Pointless, Transient
from workflows.caravan.models import KitFile, KitOrder, KitPart, Stop, Tool, ToolVersion
from workflows.engine.models import Case

from . import documents, tools
from .fields import Broken, values_of

State = KitOrder.State

STOPS = Stop.objects.select_related(
    "body",
    "case__unit",
    "appointment",
    "rapporteur__user",
    "rapporteur__body",
    "practice__page",
)


# What is to be made -------------------------------------------------------------------


@transaction.atomic
def wanted(stop: Stop) -> bool:
    """Have the kit of `stop` be made as the stop and the tools are now, once its day is
    fixed and somebody tells of it. Returns False if it was so already."""
    stop = STOPS.select_for_update(of=("self",)).get(pk=stop.pk)
    if not _can_be_made(stop):
        return False
    versions = _versions_for(stop)
    mark = _mark(stop, versions)
    row, is_new = KitOrder.objects.get_or_create(stop=stop, defaults={"wanted": mark})
    if not is_new and row.wanted == mark and row.state != State.FAILED:
        return False
    for version in versions:
        _wish(stop, version)
    if not is_new:
        KitOrder.objects.filter(pk=row.pk).begin_again(wanted=mark)
    tasks.wake()
    return True


def _can_be_made(stop: Stop) -> bool:
    visit = stop.appointment
    return bool(stop.case and stop.rapporteur and visit and visit.takes_place)


def _versions_for(stop: Stop) -> list[ToolVersion]:
    """What it is made of: the latest words of each tool that is given to new stops, or
    that the kit has already."""
    there = set(stop.kit.values_list("tool", flat=True))
    found = Tool.objects.prefetch_related("versions")
    given = [tool for tool in found if tool.active or tool.pk in there]
    return [version for tool in given if (version := tool.latest)]


def _mark(stop: Stop, versions: list[ToolVersion]) -> str:
    """Another one where a kit would say something else."""
    with override(stop.case.language):
        said = values_of(stop)
    # It goes to the page of the practice in the end; a kit is not made anew for that.
    said.pop("link")
    words = [(version.pk, version.words) for version in versions]
    whole = json.dumps([stop.case.language, said, words], sort_keys=True)
    return sha256(whole.encode()).hexdigest()[:32]


def _wish(stop: Stop, version: ToolVersion) -> None:
    """What was done of it stays done."""
    now = {"version": version, "required": version.tool.required}
    KitPart.objects.update_or_create(stop=stop, tool=version.tool, defaults=now)


def mended(tool: Tool) -> None:
    """Have the kits of open cases be made anew in which `tool` was broken."""
    broken = Stop.objects.filter(kit__tool=tool, kit__fault__gt="")
    for stop in broken.filter(case__state__in=Case.ACTIVE):
        wanted(stop)


# Making it ----------------------------------------------------------------------------


def run_due(limit: int) -> int:
    """Make at most `limit` of the kits that are wanted; returns how many."""
    return rows.run_due(KitOrder, _make, limit)


def _make(order: KitOrder) -> None:
    stop = STOPS.get(pk=order.stop_id)
    if not _can_be_made(stop):
        raise Pointless("The visit has no day, or nobody tells of it.")
    with override(stop.case.language):
        values = values_of(stop)
    parts = stop.kit.exclude(made_of=order.wanted).select_related("version", "tool")
    faults = [fault for part in parts if (fault := _make_part(part, values, order))]
    if faults:
        raise Transient(", ".join(sorted(set(faults))))


def _make_part(part: KitPart, values: dict[str, str], order: KitOrder) -> str:
    """Make `part`, or write down why it cannot be. Returns the kind of a fault that may
    pass, "" if there is none."""
    language = part.stop.case.language
    words = tools.words(part.version, language, values)
    try:
        made = documents.made(words)
    except Broken as reason:
        _keep(part, order, {}, "", fault=str(reason))
    except Exception as fault:  # noqa: BLE001 — the others are made all the same
        # Only the kind of fault: its words may hold personal data.
        kind = type(fault).__name__
        words_of_it = _("It could not be made (%(kind)s).") % {"kind": kind}
        _keep(part, order, {}, "", fault=words_of_it, is_over=False)
        return kind
    else:
        _keep(part, order, made, words.title)
    return ""


@transaction.atomic
def _keep(
    part: KitPart,
    order: KitOrder,
    made: dict[str, bytes],
    name: str,
    *,
    fault: str = "",
    is_over: bool = True,
) -> None:
    """Put what was made in the place of what there was, unless the kit is wanted
    otherwise by now."""
    rows = KitOrder.objects.select_for_update().filter(pk=order.pk)
    if not rows.filter(wanted=order.wanted).exists():
        return
    part.files.all().delete()
    for kind, content in made.items():
        file = KitFile(part=part, kind=kind, content=content, size=len(content))
        file.name = tidy_name(f"{name.replace('/', '-').replace('.', ' ')}.{kind}")
        file.save()
    part.fault = fault[:300]
    part.made = timezone.now() if made else None
    part.made_of = order.wanted if is_over else ""
    part.save(update_fields=["fault", "made", "made_of"])
