"""The pictures of a good practice on paper: those that its page shows, small enough for
a file that goes by mail."""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from django.db.models.signals import post_delete, post_save
from PIL import Image
from wagtail.models import ReferenceIndex

from cms.models import CustomImage
from workflows.caravan.models import GoodPractice
from workflows.caravan.pages import GoodPracticePage

logger = logging.getLogger(__name__)

# So many have room; more are on the page.
MOST = 3
# Octets of one, and how it is drawn until it has no more: pixels of its longer side,
# and the quality of a JPEG.
HEAVIEST = 600_000
WAYS = ((1600, 82), (1600, 68), (1200, 68), (1000, 55))


class Picture(NamedTuple):
    """A JPEG with what it shows in words, and what stands below it."""

    content: bytes
    ratio: float  # of its width to its height
    alt: str
    caption: str
    credit: str


def of(practice: GoodPractice) -> list[Picture]:
    """The first ones of its page; without those that only adorn it, or that cannot be
    read."""
    page = GoodPracticePage.objects.filter(pk=practice.page_id).first()
    found: list[Picture] = []
    for block in page.body if page else ():
        if len(found) < MOST and block.block_type == "image":
            found += _pictures(block.value)
    return found


def _pictures(value: Any) -> Iterator[Picture]:
    """That of a block; none if there is nothing to see, or to say."""
    image = value["image"]
    alt = (image.contextual_alt_text or "").strip() if image else ""
    if not alt:
        return
    try:
        content, ratio = _drawn(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        # The disk has lost it, or it is damaged: the sheet is made without it.
        logger.warning("picture %s: %s", image.pk, type(fault).__name__)
        return
    yield Picture(content, ratio, alt, value["caption"], value["credit"])


def _drawn(image: CustomImage) -> tuple[bytes, float]:
    """A JPEG of `image`, and the ratio of its sides. Raises what Pillow and the disk
    raise."""
    with image.file.storage.open(image.file.name) as file:
        picture = Image.open(file)
        # A JPEG is unpacked at a part of its size.
        picture.draft("RGB", (WAYS[0][0], WAYS[0][0]))
        picture.thumbnail((WAYS[0][0], WAYS[0][0]), Image.Resampling.LANCZOS)
        picture = _opaque(picture)
    content = b""
    for longest, quality in WAYS:
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        content = out.getvalue()
        if len(content) <= HEAVIEST:
            break
    return content, picture.width / picture.height


def _opaque(picture: Image.Image) -> Image.Image:
    """On the white of paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    over = picture.convert("RGBA")
    paper = Image.new("RGBA", over.size, "white")
    return Image.alpha_composite(paper, over).convert("RGB")


# Changed ------------------------------------------------------------------------------


def connect() -> None:
    """Listen; called once, when the site starts."""
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=CustomImage, dispatch_uid="practice pictures")


def _changed(instance: CustomImage, created: bool = False, **kwargs: Any) -> None:
    """The sheets that show it are made anew."""
    from . import sheet

    if created:
        return
    uses = ReferenceIndex.get_references_to(instance)
    pages = uses.values_list("object_id", flat=True).distinct()
    rows = GoodPractice.objects.public().filter(published__isnull=False)
    for practice in rows.filter(page__in=[key for key in pages if key.isdigit()]):
        sheet.want(practice)
