"""From the chronicle of a stop to a good practice that everybody reads.

The record and the draft of its page are made once, when the host has said that the
chronicle is right. The editor publishes the page in Wagtail; what comes of that, the
worker sees to if it was cut short.
"""

import logging
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail.signals import page_published

from cms.models import CustomImage, HomePage
from workflows.caravan.models import GoodPractice, Photograph, Stop
from workflows.caravan.pages import CaravanPage, GoodPracticePage
from workflows.engine.models import Case

logger = logging.getLogger(__name__)


def draft(stop: Stop) -> GoodPractice:
    """The good practice of `stop` with the draft of its page: made once, whoever asks
    and however often. If nobody has planted a page of the caravan nor a home page, it
    has no page yet."""
    with transaction.atomic():
        found = Stop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
        practice = GoodPractice.objects.filter(stop=found).first()
        practice = practice or _record(found)
        if practice.page_id is None and (parent := _parent(practice.language)):
            practice.page = _page(practice, parent)
            practice.save(update_fields=["page"])
    return practice


def _record(stop: Stop) -> GoodPractice:
    chronicle = getattr(stop, "chronicle", None)
    return GoodPractice.objects.create(
        stop=stop,
        body=stop.body,
        field=stop.field,
        title=stop.title,
        language=stop.case.language,
        content=chronicle.sent if chronicle else {},
    )


def _parent(language: str) -> Page | None:
    """Where a page in `language` goes: under the caravan's there, or in the language of
    the house; under the home page if there is none."""
    default = Locale.get_default()
    for kind in (CaravanPage, HomePage):
        pages = kind.objects.select_related("locale")
        own = pages.filter(locale__language_code=language).first()
        if found := own or pages.filter(locale=default).first():
            return found
    return None


def _page(practice: GoodPractice, parent: Page) -> Page:
    content = practice.content
    page = GoodPracticePage(
        title=practice.title,
        slug=_free_slug(parent, practice.title),
        lead=content.get("summary", "")[:400],
        practice=practice,
        locale=parent.locale,
        live=False,
    )
    page.body = [_picture(each) for each in _shown(practice)]
    parent.add_child(instance=page)
    page.save_revision()
    return Page.objects.get(pk=page.pk)


def _free_slug(parent: Page, title: str) -> str:
    wanted = slugify(title)[:60].strip("-") or "practice"
    taken = set(parent.get_children().values_list("slug", flat=True))
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _shown(practice: GoodPractice) -> list[Photograph]:
    """The pictures of the stop that may be shown to everybody."""
    stop = practice.stop
    if stop is None or not stop.may_show:
        return []
    return list(stop.photographs.filter(consent=True).exclude(alt=""))


def _picture(photograph: Photograph) -> tuple[str, dict[str, Any]]:
    """`photograph` as a block of a page, with a picture of the site's own."""
    block = GoodPracticePage.body.field.stream_block.child_blocks["image"]
    with photograph.file.open("rb") as file:
        image = CustomImage.objects.create(
            title=photograph.alt[:255], description=photograph.alt[:255], file=file
        )
    seen = {"image": image.pk, "alt_text": photograph.alt, "decorative": False}
    value = {"image": seen, "caption": "", "credit": ""}
    return "image", block.to_python(value)


# Publication --------------------------------------------------------------------------


def obstacles(practice: GoodPractice) -> list[str]:
    """What keeps it from being published, in words; nothing, as a rule."""
    from workflows.caravan.kits import doing

    stop = practice.stop
    if stop is None or practice.published:
        return []
    found = []
    if stop.case and stop.case.state == Case.State.CANCELLED:
        found.append(_("The stop was withdrawn: what came of it is not published."))
    if not stop.may_publish:
        found.append(_("The host has not consented to its being published."))
    if lacking := doing.missing(stop):
        tools = ", ".join(part.version.title for part in lacking)
        words = _("These tools of the kit are required and not done yet: %(tools)s.")
        found.append(words % {"tools": tools})
    return found


def connect() -> None:
    """Listen; called once, when the site starts."""
    page_published.connect(
        _published, sender=GoodPracticePage, dispatch_uid="practice published"
    )


def _published(instance: GoodPracticePage, **kwargs: Any) -> None:
    published(instance)


def published(page: GoodPracticePage) -> None:
    """`page` went live: the record knows since when, its sheet is made anew, and both
    sides are told, once. A translation changes the sheet alone."""
    from . import sheet

    # Wagtail says so too when it is to go live at an hour to come.
    if not page.live:
        return
    practice = page.practice
    if practice.page_id == page.pk:
        first = GoodPractice.objects.filter(pk=practice.pk, published=None)
        first.update(published=timezone.now())
        # Whoever publishes it in a step of the case holds its lock until then.
        transaction.on_commit(partial(_tell, practice), robust=True)
    sheet.want(practice)


def follow_due(limit: int) -> int:
    """Tell of at most `limit` that went live and of which nobody was told, since
    whoever published them was cut short; returns of how many."""
    untold = GoodPractice.objects.public().filter(published__isnull=False, told=False)
    return sum(_tell(each) for each in untold.select_related("stop")[:limit])


def _tell(practice: GoodPractice) -> bool:
    from workflows.caravan import stops

    if practice.told:
        return False
    try:
        if practice.stop:
            stops.practice_published(practice.stop)
    except (PermissionDenied, ValidationError):
        # The page is there: what the case lacks, its office sees.
        logger.exception("practice %d", practice.pk)
        return False
    GoodPractice.objects.filter(pk=practice.pk).update(told=True)
    return True
