"""What screens have in common that take files while one goes on writing: each is kept
as it comes, and the script of the form is told what its field has then."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse

from .file_fields import KEY


def taken_away(request: HttpRequest) -> int | None:
    """Which one a form says is to be taken away, by key; None if none."""
    key = request.POST.get("away", "")
    return int(key) if KEY.fullmatch(key) else None


def kept(
    uploads: Iterable[UploadedFile], keep: Callable[[UploadedFile], Any]
) -> list[str]:
    """Have `keep` keep each of `uploads`; gives why some were not taken."""
    refused: list[str] = []
    for upload in uploads:
        try:
            keep(upload)
        except ValidationError as refusal:
            refused += map(str, refusal.messages)
    return refused


def told(shown: str, refused: list[str]) -> JsonResponse:
    """To the script: what the field has then, as it is `shown`, and what was not
    taken."""
    answer = {"kept": shown, "refused": refused}
    return JsonResponse(answer, status=422 if refused else 200)
