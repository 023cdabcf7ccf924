"""Blocks of words."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText, expand_db_html

from .tidy import FEATURES, tidy

# Between the texts that are rendered together; `tidy` leaves it in none of them.
BREAK = "\x1e"


class Prose(RichText):
    """Rich text that is tidy. What its links lead to is looked up together with those
    of the texts `beside` it."""

    def __init__(self, source: str, beside: "list[Prose] | None" = None) -> None:
        super().__init__(tidy(source or ""))
        self.beside = [self] if beside is None else beside
        self.html: str | None = None

    def __html__(self) -> str:
        if self.html is None:
            whole = expand_db_html(BREAK.join(text.source for text in self.beside))
            for text, html in zip(self.beside, whole.split(BREAK), strict=True):
                text.html = html
        return render_to_string("wagtailcore/shared/richtext.html", {"html": self.html})


class ProseBlock(blocks.RichTextBlock):
    """Rich text. Whoever writes it, an import as well as an editor, only what the
    editor offers is kept."""

    def __init__(self, features: list[str] = FEATURES, **kwargs: Any) -> None:
        super().__init__(features=features, **kwargs)

    def to_python(self, value: str) -> Prose:
        return Prose(value)

    def bulk_to_python(self, values: list[str]) -> list[Prose]:
        together: list[Prose] = []
        together += [Prose(value, together) for value in values]
        return together

    def normalize(self, value: Any) -> Prose:
        return Prose(super().normalize(value).source)

    def value_from_form(self, value: str) -> Prose:
        return Prose(value)

    def get_prep_value(self, value: RichText) -> str:
        # A translation is put together of pieces, and comes as it is.
        return tidy(value.source)


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(
        label=_("What was said"),
        max_length=500,
        help_text=_("Without quotation marks: the page adds them."),
    )
    who = blocks.CharBlock(
        label=_("Who said it"), max_length=100, help_text=_("First name and surname.")
    )
    role = blocks.CharBlock(
        label=_("Role"),
        max_length=150,
        required=False,
        default="",
        help_text=_("What they do and where, for example “Secretary of a small town”."),
    )

    class Meta:
        label = _("Quote")
        icon = "openquote"
        template = "blocks/quote.html"
        label_format = "{who}"
        description = _("What somebody said, with their name.")
        preview_value = {
            "text": _("Since we publish on the same day every month, nobody asks us."),
            "who": "Ada Puig",
            "role": _("Secretary of a town council"),
        }
