"""The kit of a stop: what both sides need, made of the tools of that day with the data
of the stop, and what they have done of it.

A date or a rapporteur that changes wishes it anew (`wanted`). The worker makes one part
after the other, each in a transaction of its own: killed anywhere, it goes on with the
part where it was.
"""

import io
import json
from hashlib import sha256
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms.uploads import tidy_name
from community.models import User
from community.work import rows, tasks
from community.work.rows import Pointless, Transient
from workflows.engine.access import may_work
from workflows.engine.models import Case

from . import kit_documents, parties, tools
from .kit_fields import Broken, values_of
from .models import KitFile, KitOrder, KitPart, Side, Stop, Tool, ToolVersion

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
        KitOrder.objects.filter(pk=row.pk).update(
            wanted=mark,
            state=State.QUEUED,
            attempts=0,
            crashes=0,
            error="",
            settled=None,
            lease_until=None,
            next_try=timezone.now(),
        )
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
        made = kit_documents.made(words)
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


# Reading it ---------------------------------------------------------------------------


class Progress(NamedTuple):
    """How far the making of a kit is: so many of so many."""

    made: int
    of: int
    is_going_on: bool


def parts_of(stop: Stop) -> list[KitPart]:
    """The kit of `stop`, in order, with the files that there are, but not what is in
    them."""
    files = KitFile.objects.defer("content")
    rows = stop.kit.select_related("tool", "version", "done_by")
    return list(rows.prefetch_related(Prefetch("files", files)))


def progress(stop: Stop, parts: list[KitPart]) -> Progress:
    order = KitOrder.objects.filter(stop=stop).first()
    if order is None:
        return Progress(0, 0, is_going_on=False)
    settled = sum(part.made_of == order.wanted for part in parts)
    is_going_on = order.state in (*KitOrder.WAITING, State.RUNNING)
    return Progress(settled, len(parts), is_going_on)


def missing(stop: Stop) -> list[KitPart]:
    """What of the kit has to be done before anything of `stop` is published, and is
    not."""
    rows = stop.kit.filter(required=True, done=None)
    return list(rows.select_related("tool", "version"))


def faults(stop: Stop) -> list[KitPart]:
    """What of the kit could not be made, for the office."""
    return list(stop.kit.exclude(fault="").select_related("tool", "version"))


def packed(stop: Stop) -> bytes:
    """All files of the kit, numbered in their order, in one ZIP."""
    files = KitFile.objects.filter(part__stop=stop).select_related("part")
    files = files.order_by("part__tool__order", "part__tool", "-kind")
    written = io.BytesIO()
    numbers: dict[int, int] = {}
    with ZipFile(written, "w", ZIP_DEFLATED) as bundle:
        for file in files:
            number = numbers.setdefault(file.part_id, len(numbers) + 1)
            name = f"{number:02} {file.name}"
            bundle.writestr(f"{stop.case.number}/{name}", bytes(file.content))
    return written.getvalue()


# Done ---------------------------------------------------------------------------------


def is_theirs(part: KitPart, side: Side | str) -> bool:
    """Whether `part` is for that side to do."""
    return part.tool.side in ("", side)


def tick(part: KitPart, done: bool, by: User) -> bool:
    """What `part` asks is done, or is not after all. Returns False if it was so
    already. Raises PermissionDenied for who is of the other side, ValidationError once
    the case is over."""
    with transaction.atomic():
        cases = Case.objects.select_for_update(of=("self",))
        case = cases.get(stop=part.stop_id)
        part = KitPart.objects.select_related("tool", "stop__body").get(pk=part.pk)
        if not may_tick(part, case, by):
            raise PermissionDenied
        if not case.is_active:
            raise ValidationError(_("The stop is over: nothing changed."))
        if (part.done is not None) == done:
            return False
        part.done, part.done_by = (timezone.now(), by) if done else (None, None)
        part.save(update_fields=["done", "done_by"])
        return True


def may_tick(part: KitPart, case: Case, by: User) -> bool:
    """The side that it is for, or the office, to which papers come too."""
    party = parties.party_of(part.stop, by)
    if party and is_theirs(part, party.side) and party.writes and not party.is_asked:
        return True
    return may_work(by, case)
