"""The kit of a stop: how far its making is, its papers to be saved, and what was done
of them. For both sides and for the office; to anybody else there is no such page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.models import User
from workflows.caravan import parties
from workflows.caravan.models import KitFile, KitPart, Side, Stop
from workflows.caravan.parties import Party
from workflows.engine import disclosure
from workflows.engine.access import cases_of, may_work
from workflows.engine.files import INERT
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address
from workflows.requesting.views import sign_in_first

from . import doing, making
from .documents import CONTENT_TYPES

View = Callable[..., HttpResponse]

ZIP = "application/zip"
# What was just done, after which the page opens.
SAID = ("done", "undone", "already", "again")


class Reader(NamedTuple):
    """Who looks at a kit: somebody of a side (`party`), or of the office."""

    user: User
    party: Party | None
    works: bool = False

    def may_tick(self, part: KitPart) -> bool:
        if self.works:
            return True
        return bool(
            self.party
            and self.party.writes
            and not self.party.is_asked
            and doing.is_theirs(part, self.party.side)
        )


class Shown(NamedTuple):
    """A part as it is shown."""

    part: KitPart
    title: str
    may_tick: bool


def of_kit(view: View) -> View:
    """`view` of the kit of a stop, with who looks at it. Who is not signed in does so
    first; Http404 for anybody else."""

    @wraps(view)
    def opened(request: HttpRequest, key: Any, **more: Any) -> HttpResponse:
        if not proven_address(request) and not request.user.is_authenticated:
            return sign_in_first(request)
        rows = making.STOPS.submitted().filter(case__erased=None)
        stop = rows.filter(key=key).first()
        reader = _reader(request, stop) if stop else None
        if reader is None:
            raise Http404
        return view(request, stop, reader, **more)

    return never_cache(opened)


def _reader(request: HttpRequest, stop: Stop) -> Reader | None:
    account = acting_account(request)
    party = parties.party_of(stop, account)
    if account and party:
        return Reader(account, party)
    user = request.user
    if not user.is_authenticated or not cases_of(user).filter(pk=stop.case_id).exists():
        return None
    disclosure.opened(stop.case, by=user)
    return Reader(user, None, works=may_work(user, stop.case))


@require_http_methods(["GET", "HEAD", "POST"])
@of_kit
def caravan_kit(request: HttpRequest, stop: Stop, reader: Reader) -> HttpResponse:
    """The papers of the kit, and what was done of them."""
    if request.method == "POST":
        return _answer(request, stop, reader)
    parts = doing.parts_of(stop)
    shown = [_shown(part, stop, reader) for part in parts]
    context = {
        "stop": stop,
        "case": stop.case,
        "party": reader.party,
        "works": reader.works,
        "progress": doing.progress(stop, parts),
        "groups": _groups(shown, reader.party),
        "missing": [row for row in shown if row.part.required and not row.part.done],
        "faults": [row for row in shown if row.part.fault],
        "has_files": any(part.files.all() for part in parts),
        "said": next((word for word in SAID if word in request.GET), ""),
        "back": _back(stop, reader),
    }
    return render(request, "pages/stop_kit.html", context)


def _shown(part: KitPart, stop: Stop, reader: Reader) -> Shown:
    may_tick = stop.case.is_active and reader.may_tick(part)
    return Shown(part, part.version.title, may_tick)


def _groups(shown: list[Shown], party: Party | None) -> list[tuple[Any, list[Shown]]]:
    """The parts by who does them; one's own first."""
    headings = {
        "": _("For both sides"),
        Side.HOST: _("For the host"),
        Side.RAPPORTEUR: _("For the rapporteur"),
    }
    order = list(headings)
    if party:
        headings[party.side] = _("For you")
        order.sort(key=lambda side: side != party.side)
    found = [
        (headings[side], [row for row in shown if row.part.tool.side == side])
        for side in order
    ]
    return [(heading, rows) for heading, rows in found if rows]


def _back(stop: Stop, reader: Reader) -> str:
    if reader.party:
        return reverse("caravan_stop", args=[stop.key])
    return reverse("cases:case", args=[stop.case.number])


def _answer(request: HttpRequest, stop: Stop, reader: Reader) -> HttpResponse:
    here = reverse("caravan_kit", args=[stop.key])
    if "again" in request.POST:
        if not reader.works:
            raise PermissionDenied
        made = making.wanted(stop)
        return redirect(f"{here}?{'again' if made else 'already'}=1")
    pk = request.POST.get("part", "")
    part = get_object_or_404(stop.kit, pk=pk if pk.isdecimal() else 0)
    done = bool(request.POST.get("done"))
    try:
        changed = doing.tick(part, done, reader.user)
    except ValidationError:
        # It is over since: the page says so.
        changed = False
    said = ("done" if done else "undone") if changed else "already"
    return redirect(f"{here}?{said}=1#part-{part.pk}")


@require_safe
@of_kit
def caravan_kit_file(
    request: HttpRequest, stop: Stop, reader: Reader, pk: int, kind: str
) -> HttpResponse:
    """A paper of the kit, to be saved."""
    rows = KitFile.objects.filter(part__stop=stop, part=pk, kind=kind)
    file = get_object_or_404(rows)
    return _handed_out(bytes(file.content), CONTENT_TYPES[kind], file.name)


@require_safe
@of_kit
def caravan_kit_zip(request: HttpRequest, stop: Stop, reader: Reader) -> HttpResponse:
    """All papers of the kit in one."""
    if not KitFile.objects.filter(part__stop=stop).exists():
        raise Http404
    return _handed_out(doing.packed(stop), ZIP, f"{stop.case.number} kit.zip")


def _handed_out(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition
    response.headers["Content-Security-Policy"] = INERT
    add_never_cache_headers(response)
    return response
