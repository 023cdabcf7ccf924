"""Blocks to look at and to listen to: pictures, videos, sound.

A video that somebody else keeps is a picture and a link until it is asked for: before
the click that one knows nothing of our readers.
"""

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model

from .chosen import AddressBlock, PictureBlock, PictureChooserBlock, sample
from .players import Player, find_player, providers
from .words import ProseBlock

MOVING = ("mp4", "webm")
SOUND = ("m4a", "mp3", "ogg")
CAPTIONS = ("vtt",)

TRANSCRIPT_HELP = _(
    "All that is said and, if it matters, what is seen: for who does not hear or see, "
    "has no sound at hand, or reads faster. The law asks for it."
)
DURATION_HELP = _("Minutes and seconds, for example 12:30.")


def languages() -> list[tuple[str, str]]:
    """Those of the site."""
    return settings.LANGUAGES


def first_language() -> str:
    """The one that most of the site's sound is in."""
    return settings.LANGUAGE_CODE


def extension(document: AbstractDocument | None) -> str:
    """Of the file, in small letters; "" if there is none."""
    return PurePosixPath(document.filename).suffix[1:].lower() if document else ""


class ImageBlock(blocks.StructBlock):
    image = PictureBlock(
        label=_("Picture"),
        help_text=_(
            "At least 1600 pixels wide, if you can. Say what it shows to who does not "
            "see it, in a sentence; or mark it as decorative if it says nothing that "
            "the text does not."
        ),
    )
    caption = blocks.CharBlock(
        label=_("Caption"),
        max_length=250,
        required=False,
        default="",
        help_text=_("Under the picture, for everybody: who, where, when."),
    )
    credit = blocks.CharBlock(
        label=_("Credit"),
        max_length=120,
        required=False,
        default="",
        help_text=_("Who made it and under which licence."),
    )

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "blocks/image.html"
        label_format = "{caption}"
        description = _("A picture across the text, with a caption.")

    def get_preview_value(self) -> blocks.StructValue:
        value = self.get_default()
        image = sample(get_image_model())
        if image:
            image.contextual_alt_text, image.decorative = image.default_alt_text, False
        value.update(image=image, caption=gettext("Caption"), credit=gettext("Credit"))
        return value


class DurationBlock(blocks.RegexBlock):
    """Minutes and seconds."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {
            "label": _("Duration"),
            "required": False,
            "help_text": DURATION_HELP,
            **kwargs,
        }
        words = _("Write minutes and seconds, for example 12:30.")
        super().__init__(
            regex=r"^\d{1,3}:[0-5]\d$", error_messages={"invalid": words}, **kwargs
        )

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        return "cms.blocks.seen.DurationBlock", (), {}


class PlayedValue(blocks.StructValue):
    """A video or a recording, of our own or of somebody else."""

    @property
    def player(self) -> Player | None:
        return find_player(self.get("address") or "")

    @property
    def file(self) -> AbstractDocument | None:
        return self.get("document")

    @property
    def minutes(self) -> int:
        return int(self["duration"].partition(":")[0]) if self.get("duration") else 0

    @property
    def seconds(self) -> int:
        return int(self["duration"].partition(":")[2]) if self.get("duration") else 0


class PlayedBlock(blocks.StructBlock):
    """What videos and sound have in common: one source, either ours or elsewhere."""

    kinds: tuple[str, ...] = ()

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        errors = {
            name: ValidationError(words) for name, words in self.faults(value).items()
        }
        if errors:
            raise StructBlockValidationError(errors)
        return value

    def faults(self, value: blocks.StructValue) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        document, address = value["document"], value["address"]
        if document and address:
            return {
                "address": gettext("Choose a document or write an address, not both.")
            }
        if not (document or address or self.is_deferred_validation):
            return {"document": gettext("Choose a document or write an address.")}
        if document and extension(document) not in self.kinds:
            kinds = ", ".join(self.kinds).upper()
            words = gettext("This document cannot be played. Choose one of these: %s.")
            return {"document": words % kinds}
        return {}


class VideoBlock(PlayedBlock):
    kinds = MOVING

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    address = AddressBlock(
        label=_("Address"),
        required=False,
        help_text=_("Of the video at YouTube or Vimeo, as you copy it there."),
    )
    document = DocumentChooserBlock(
        label=_("Document"),
        required=False,
        help_text=_("Or a short video of ours, MP4 or WebM, of 50 MB at most."),
    )
    poster = PictureChooserBlock(
        label=_("Poster"),
        required=False,
        help_text=_("The picture that is seen before it plays; without one, tiles."),
    )
    duration = DurationBlock()
    captions = DocumentChooserBlock(
        label=_("Captions"),
        required=False,
        help_text=_("A WebVTT document (.vtt), for a video of ours."),
    )
    captions_language = blocks.ChoiceBlock(
        label=_("Language of the captions"),
        choices=languages,
        default=first_language,
    )
    transcript = ProseBlock(
        label=_("Transcript"), max_length=60_000, help_text=TRANSCRIPT_HELP
    )

    class Meta:
        label = _("Video")
        icon = "media"
        template = "blocks/video.html"
        label_format = "{title}"
        value_class = PlayedValue
        description = _("A video that plays when it is asked for, with its transcript.")
        preview_value = {
            "title": _("How a session goes"),
            "address": "https://vimeo.com/000000000",
            "duration": "2:30",
            "transcript": _("<p>Good morning, and welcome.</p>"),
        }

    def faults(self, value: blocks.StructValue) -> dict[str, str]:
        found = super().faults(value)
        address, captions = value["address"], value["captions"]
        if address and not find_player(address):
            words = gettext("This address is of no video that we know how to show: %s.")
            found.setdefault("address", words % providers())
        if captions and extension(captions) not in CAPTIONS:
            found["captions"] = gettext("Captions are a WebVTT document (.vtt).")
        elif captions and not value["document"]:
            found["captions"] = gettext(
                "Whoever keeps the video keeps its captions too."
            )
        return found


class AudioBlock(PlayedBlock):
    kinds = SOUND

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    document = DocumentChooserBlock(
        label=_("Document"),
        required=False,
        help_text=_("A recording of ours, MP3, OGG or M4A, of 50 MB at most."),
    )
    address = AddressBlock(
        label=_("Address"),
        required=False,
        help_text=_("Or the page of somebody else where it is listened to."),
    )
    duration = DurationBlock()
    transcript = ProseBlock(
        label=_("Transcript"), max_length=60_000, help_text=TRANSCRIPT_HELP
    )

    class Meta:
        label = _("Sound")
        icon = "media"
        template = "blocks/audio.html"
        label_format = "{title}"
        value_class = PlayedValue
        description = _("A recording, with its transcript.")

    def get_preview_value(self) -> blocks.StructValue:
        found = get_document_model().objects.filter(file__endswith=".mp3")
        return self.normalize(
            {
                "title": gettext("A conversation about open data"),
                "document": found.order_by("pk").first(),
                "address": "https://www.example.cat/",
                "duration": "12:30",
                "transcript": gettext("<p>Good morning, and welcome.</p>"),
            }
        )
