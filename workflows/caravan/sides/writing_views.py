"""What the screens have in common on which one writes: nothing that was typed is lost,
whoever has saved meanwhile and however long it took."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from events.wording import hour, moment
from workflows.caravan.models import Chronicle, Stop


def is_script(request: HttpRequest) -> bool:
    """Whether the script of a form asks, which saves as one types."""
    return request.headers.get("Accept") == "application/json"


def version_of(request: HttpRequest) -> int:
    """Which version of it she had read; -1 for none that there is."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def saved_words(when: datetime) -> str:
    if timezone.localdate(when) == timezone.localdate():
        return _("Saved at %(time)s") % {"time": hour(when)}
    return _("Saved on %(moment)s") % {"moment": moment(when)}


def who_saved(theirs: Stop | Chronicle) -> str:
    return _("%(person)s has saved it meanwhile (%(moment)s).") % {
        "person": str(theirs.saved_by or _("Somebody")),
        "moment": moment(theirs.saved),
    }


def told_script(saved: Stop | Chronicle, theirs: Stop | Chronicle | None) -> Any:
    """That it was saved, or that a colleague has saved `theirs` meanwhile."""
    if theirs:
        return JsonResponse({"words": who_saved(theirs)}, status=409)
    words = saved_words(saved.saved)
    return JsonResponse({"version": saved.version, "words": words})


def token_of_now(request: HttpRequest) -> JsonResponse:
    """For a script whose token is of before."""
    return JsonResponse({"token": get_token(request)}, status=403)


def too_late(
    request: HttpRequest, words: str, names: Iterable[str], back: str
) -> HttpResponse:
    """It cannot be written any more: what was typed is shown, to be taken elsewhere."""
    if is_script(request):
        return JsonResponse({"words": words}, status=410)
    typed: Mapping[str, str] = request.POST
    texts = [typed[name] for name in names if typed.get(name, "").strip()]
    context = {"words": words, "typed": texts, "back": back}
    return render(request, "pages/stop_over.html", context, status=410)
