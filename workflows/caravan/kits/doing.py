"""What there is of the kit of a stop, for who reads it, and what both sides have done
of it."""

import io
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import User
from workflows.caravan import parties
from workflows.caravan.models import KitFile, KitOrder, KitPart, Side, Stop
from workflows.engine.access import may_work
from workflows.engine.models import Case


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
    is_going_on = order.state in (*KitOrder.WAITING, KitOrder.State.RUNNING)
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
