"""The fields of forms that take files.

What was handed in is kept while the rest of the form is mended, looked at or confirmed:
as drafts, which the form knows by a secret that it sends along (`FilesField`), or with
what several people write together, where each is kept as it comes (`KeptField`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import Input
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.uploads import limit_words, tidy_name
from events.models import new_token

from . import files
from .models import File

SECRET = re.compile(r"[\w-]{20,40}", re.ASCII)
# No longer than what a database counts with.
KEY = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Sent:
    """What a form says of its files: the secret of its drafts, which of them are to be
    taken away, by key, and what came with it this time."""

    draft: str
    away: list[int]
    uploads: list[UploadedFile]


class FilesInput(Input):
    """Chooses several files, and shows those that are kept already."""

    input_type = "file"
    needs_multipart_form = True
    template_name = "engine/widgets/files.html"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"accept": accepted(), "multiple": True, **(attrs or {})})

    def value_from_datadict(self, data: Any, uploads: Any, name: str) -> Sent:
        secret = data.get(f"{name}-draft") or ""
        is_ours = isinstance(secret, str) and SECRET.fullmatch(secret)
        away = _all(data, f"{name}-away")
        return Sent(
            draft=secret if is_ours else new_token(),
            away=[int(key) for key in away if KEY.fullmatch(str(key))],
            uploads=list(_all(uploads, name)),
        )

    def value_omitted_from_data(self, data: Any, uploads: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        draft = value.draft if isinstance(value, Sent) else new_token()
        kept = File.objects.filter(draft=draft) if isinstance(value, Sent) else ()
        context["widget"] |= {"draft": draft, "kept": kept}
        return context


class FilesBound(forms.BoundField):
    """The field in a form: the secret of one that came without is made once."""

    @cached_property
    def data(self) -> Sent:
        return super().data


class FilesField(forms.Field):
    """Files, judged and kept: its clean value is a list of drafts."""

    widget = FilesInput
    bound_field_class = FilesBound

    def __init__(self, **more: Any) -> None:
        words = {"label": _("Files"), "required": False, "help_text": what_is_taken()}
        super().__init__(**{**words, **more})

    def clean(self, value: Sent) -> list[File]:
        drafts = File.objects.filter(draft=value.draft)
        drafts.filter(pk__in=value.away).delete()
        refusals = list(_kept(value))
        found = list(drafts)
        if refusals:
            raise ValidationError(refusals)
        if self.required and not found:
            raise ValidationError(_("Choose at least one file."), code="required")
        return found


def _kept(sent: Sent) -> Iterable[ValidationError]:
    """Keep what came, and say what was not taken."""
    drafts = File.objects.filter(draft=sent.draft)
    for upload in sent.uploads:
        name = tidy_name(upload.name or "")
        if drafts.filter(name=name, size=upload.size or 0).exists():
            # The same form once more.
            continue
        if drafts.count() >= settings.CASE_FILES_AT_ONCE:
            yield files.too_many()
            return
        try:
            files.keep(upload, sent.draft)
        except ValidationError as refusal:
            yield refusal


class KeptInput(Input):
    """Takes files, and shows those that are kept already. `about` is what its template
    shows besides its name."""

    input_type = "file"
    needs_multipart_form = True
    template_name = "forms/documents.html"

    def __init__(self, attrs: dict[str, Any], about: dict[str, Any]) -> None:
        super().__init__({"accept": accepted(), **attrs})
        self.about = about

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        # What is handed in is kept at once: a form is sent with what there is.
        return None

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["widget"] |= self.about
        return context


class KeptField(forms.Field):
    """The files that are `kept` already with what is written: rows that have a `file`,
    and an address of their own. `to` is where the script of the form sends more."""

    def __init__(
        self,
        kept: Sequence[Any],
        *,
        to: str,
        multiple: bool = True,
        template: Any = None,
        **more: Any,
    ) -> None:
        about = {"to": to, "kept": kept, "template": template}
        attrs = {"multiple": True} if multiple else {}
        super().__init__(widget=KeptInput(attrs, about), **more)
        self.kept = kept

    def clean(self, value: Any) -> Sequence[Any]:
        if self.required and not self.kept:
            raise ValidationError(_("Attach this document."), code="required")
        return self.kept


def accepted() -> str:
    """What a browser lets one choose."""
    return ",".join(f".{kind}" for kind in files.TAKEN)


def _all(data: Any, name: str) -> list:
    """Every value of `name`, in what a browser sent or in a plain mapping."""
    if hasattr(data, "getlist"):
        return data.getlist(name)
    return list(data.get(name) or ())


def _what_is_taken() -> str:
    words = gettext(
        "At most %(number)d, of %(size)s each: PDF, text and office documents, "
        "pictures (JPEG, PNG, HEIC …), CSV or ZIP."
    )
    return words % {
        "number": settings.CASE_FILES_AT_ONCE,
        "size": limit_words(settings.CASE_FILE_MOST),
    }


what_is_taken = lazy(_what_is_taken, str)
