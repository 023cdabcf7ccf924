"""What is chosen or typed to lead elsewhere: pictures, pages, records, addresses."""

import copy
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, URLValidator
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Collection, Page

from cms.reading import Choice

# The renditions that the templates ask for, by width in pixels: looked up together
# with the pictures.
RENDITIONS = tuple(f"width-{width}|format-webp" for width in (480, 960, 1600))

NO_ADDRESS = _("Write the whole address, for example https://www.example.cat/page.")


class AddressBlock(blocks.URLBlock):
    """The address of a page of the web; nothing that a browser would run."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.validators = [
            URLValidator(["http", "https"], message=NO_ADDRESS),
            MaxLengthValidator(500),
        ]
        self.field.error_messages["invalid"] = NO_ADDRESS

    def normalize(self, value: Any) -> str:
        # An import is asked no form, nor is who translates.
        text = str(value or "")
        return text if text.startswith(("http://", "https://")) else ""

    def to_python(self, value: Any) -> str:
        return self.normalize(value)


class PictureChooserBlock(ImageChooserBlock):
    """A picture with its renditions: two queries, for however many."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Model | None]:
        keys = list(values)
        images = self.model_class.objects.prefetch_renditions(*RENDITIONS)
        found = images.in_bulk({key for key in keys if key is not None})
        # A picture that is shown twice has other words in each place.
        return [copy.copy(found.get(key)) for key in keys]


class PictureBlock(ImageBlock):
    """A picture with what it says in this place, or that it says nothing."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        chooser = PictureChooserBlock(required=required, label=_("Picture"))
        chooser.set_name("image")
        self.child_blocks["image"] = chooser
        self.child_blocks["alt_text"].field.max_length = 250


class PageBlock(blocks.PageChooserBlock):
    """A page of ours, which the reader gets in the language of reading."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Page | None]:
        pages = super().bulk_to_python(list(values))
        choice = Choice(pages)
        for page in filter(None, pages):
            page.choice = choice
        return pages


class RecordBlock(blocks.ChooserBlock):
    """One of the few records of a model, from a list."""

    widget = forms.Select

    def value_from_form(self, value: Any) -> Model | None:
        # Of a list, unlike a chooser, nothing comes as "".
        is_nothing = isinstance(value, str) and not value.isdigit()
        return super().value_from_form(None if is_nothing else value)

    def get_form_state(self, value: Model | None) -> Any:
        return self.widget().format_value(value.pk if value else "")


class SeriesBlock(RecordBlock):
    target_model = "events.Series"


class TopicBlock(RecordBlock):
    target_model = "community.Topic"


class UnitBlock(RecordBlock):
    target_model = "community.Unit"


def sample(model: type[Model], **which: Any) -> Model | None:
    """One of those that the whole staff may see, to preview a block with."""
    root = Collection.get_first_root_node()
    return model.objects.filter(collection=root, **which).order_by("pk").first()
