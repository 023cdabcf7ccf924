"""The tools of the kit, blank, to be saved by anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.media import INERT
from workflows.caravan.models import BlankFile

from .documents import CONTENT_TYPES

ZIP = "application/zip"


@require_safe
@cache_control(no_cache=True)
def blank_tool(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One of them, in the language of the address. Http404 while it is not made."""
    return _answer(tool__code=code, tool__active=True, kind=kind)


@require_safe
@cache_control(no_cache=True)
def blank_kit(request: HttpRequest) -> HttpResponse:
    """All of them in one."""
    return _answer(tool=None)


def _answer(**which: str | bool | None) -> HttpResponse:
    rows = BlankFile.objects.filter(kit__language=get_language())
    file = get_object_or_404(rows, **which)
    content_type = CONTENT_TYPES.get(file.kind, ZIP)
    response = HttpResponse(bytes(file.content), content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    response.headers["Content-Disposition"] = disposition
    response.headers["Content-Security-Policy"] = INERT
    return response
