"""A good practice on paper: a tagged PDF for the press, which typst sets by
`documents/practice.typ` of the theme. The worker makes it when the page goes live or
what it says changes; nobody waits for it."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from community.work import rows, tasks
from community.work.rows import Pointless
from events.wording import long_date
from workflows.caravan.models import GoodPractice, PracticeSheet
from workflows.engine import paper

from . import pictures
from .showing import Shown

State = PracticeSheet.State


def want(practice: GoodPractice) -> None:
    """Have the worker make it as it is now. The one that there is stays until then."""
    anew = {
        "state": State.QUEUED,
        "attempts": 0,
        "crashes": 0,
        "next_try": timezone.now(),
        "lease_until": None,
        "settled": None,
        "error": "",
    }
    with transaction.atomic():
        row, is_new = PracticeSheet.objects.get_or_create(
            practice=practice, defaults=anew
        )
        if not is_new:
            PracticeSheet.objects.filter(pk=row.pk).update(**anew)
        tasks.wake()


def make_due(limit: int) -> int:
    """Make at most `limit` sheets that are wanted; returns how many."""
    return rows.run_due(PracticeSheet, _make, limit)


def _make(row: PracticeSheet) -> None:
    if not GoodPractice.objects.public().filter(pk=row.practice_id).exists():
        raise Pointless("It is not published any more.")
    before = row.file.name
    row.file.save("", ContentFile(pdf_of(row.practice)), save=False)
    # If another worker has taken it over, nobody reads this one.
    left = before if row.note(file=row.file.name) else row.file.name
    if left:
        row.file.storage.delete(left)


def pdf_of(practice: GoodPractice) -> bytes:
    """`practice` on paper, in the language in which it is written."""
    with override(practice.language):
        return paper.set_pdf("practice.typ", _told(Shown(practice.pk)))


def _told(shown: Shown) -> dict[str, Any]:
    """All that it says, in the active language."""
    practice = shown.practice
    return {
        "language": practice.language,
        **paper.letterhead(),
        "kind": _("Good practice"),
        "title": practice.title,
        "summary": shown.summary,
        "facts": _facts(shown),
        "compared": [(str(t.section.title), t.text) for t in shown.compared],
        "sections": [
            (str(t.section.title), _paragraphs(t.text)) for t in shown.sections
        ],
        "goals": {
            "heading": _("Sustainable Development Goals"),
            "names": [f"{number}. {name}" for number, name in shown.goals],
        },
        "pictures": [
            {**each._asdict(), "content": list(each.content)}
            for each in pictures.of(practice)
        ],
    }


def _facts(shown: Shown) -> list[tuple[str, str]]:
    practice = shown.practice
    told_by, contact = shown.told_by, shown.contact
    found = (
        (_("Local body"), practice.body.name),
        (_("Field"), practice.get_field_display()),
        *((str(told.section.title), told.text) for told in shown.boxed),
        (_("Told by"), told_by.name if told_by else ""),
        (_("Published"), long_date(practice.published) if practice.published else ""),
        (_("Contact"), ", ".join(filter(None, contact.values()))),
    )
    return [(label, said) for label, said in found if said]


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@require_safe
@cache_control(no_cache=True)
def practice_sheet(request: HttpRequest, key: Any) -> FileResponse:
    """The one that was made last. Http404 if the practice is not published, or none was
    made yet."""
    published = GoodPractice.objects.public().filter(key=key)
    practice = published.select_related("sheet").first()
    sheet = getattr(practice, "sheet", None)
    try:
        content = sheet.file.open("rb") if sheet and sheet.file else None
    except FileNotFoundError:
        content = None
    if practice is None or content is None:
        raise Http404
    name = f"{slugify(practice.title) or 'practice'}.pdf"
    return FileResponse(content, filename=name, content_type="application/pdf")
