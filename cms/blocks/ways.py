"""Blocks that lead on: to documents, pages, people, sessions."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.models import Page

from cms.reading import shown

from .chosen import AddressBlock, PageBlock, SeriesBlock, TopicBlock, UnitBlock, sample
from .lists import Listed


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Title"),
        max_length=150,
        required=False,
        default="",
        help_text=_("If it is to be called otherwise here than in the library."),
    )

    class Meta:
        label = _("Document")
        icon = "doc-full"
        label_format = "{title}"


class DocumentsBlock(Listed):
    """Documents to save, one under another."""

    def get_preview_value(self) -> Any:
        document = sample(get_document_model())
        return self.normalize([{"document": document}] if document else [])


def documents(**meta: Any) -> Listed:
    return DocumentsBlock(
        DocumentBlock(),
        template="blocks/documents.html",
        label=_("Documents"),
        icon="doc-full",
        min_num=1,
        max_num=20,
        description=_("Documents to save, with their kind and size."),
        **meta,
    )


class CallValue(blocks.StructValue):
    @property
    def link(self) -> str:
        """Where it leads; "" if the page is not (yet) for this reader."""
        if self["page"]:
            page = shown(self["page"])
            return (page and page.url) or ""
        if self["place"] == "feed":
            return reverse("feed", args=[get_language()])
        return reverse(self["place"]) if self["place"] else self["address"]


class CallBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("Title"),
        max_length=100,
        help_text=_("What it offers, in a few words."),
    )
    text = blocks.TextBlock(
        label=_("Text"),
        max_length=300,
        required=False,
        default="",
        help_text=_("One or two sentences: for whom, and what they get."),
    )
    button = blocks.CharBlock(
        label=_("Button"),
        max_length=40,
        help_text=_("What one does, beginning with a verb: “See the calendar”."),
    )
    page = PageBlock(
        label=_("Page"),
        required=False,
        help_text=_("Where the button leads. Readers get it in their language."),
    )
    address = AddressBlock(
        label=_("Address"), required=False, help_text=_("Or a page of another site.")
    )
    place = blocks.ChoiceBlock(
        label=_("Part of the site"),
        required=False,
        choices=[
            ("account_login", _("Sign in")),
            ("feed", _("Calendar of all the sessions")),
        ],
        help_text=_("Or a part of the site that is no page."),
    )
    tone = blocks.ChoiceBlock(
        label=_("Tone"),
        choices=[
            ("accent", _("with the light of the page: one, if any")),
            ("shade", _("quiet")),
        ],
        default="shade",
    )

    class Meta:
        label = _("Call to action")
        icon = "arrow-right"
        template = "blocks/call_to_action.html"
        label_format = "{title}"
        value_class = CallValue
        description = _("A box with a button that leads on.")
        preview_value = {
            "title": _("Come on a Thursday"),
            "text": _("Every month we solve doubts together, in an hour."),
            "button": _("See the calendar"),
            "page": None,
            "address": "https://www.example.cat/",
            "place": "",
            "tone": "accent",
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        ways = [name for name in ("page", "address", "place") if value[name]]
        if len(ways) > 1:
            words = gettext(
                "The button leads to one place only: leave the others empty."
            )
        elif not ways and not self.is_deferred_validation:
            words = gettext(
                "Say where the button leads: a page, an address or a place."
            )
        else:
            return value
        raise StructBlockValidationError(
            {(ways or ["page"])[-1]: ValidationError(words)}
        )


class ContactValue(blocks.StructValue):
    @property
    def dialled(self) -> str:
        """The telephone as a machine dials it."""
        return re.sub(r"[^+\d]", "", self.get("phone") or "")


class ContactBlock(blocks.StructBlock):
    name = blocks.CharBlock(
        label=_("Name"),
        max_length=120,
        help_text=_("Of the person, the team or the office."),
    )
    role = blocks.CharBlock(
        label=_("Role"),
        max_length=150,
        required=False,
        default="",
        help_text=_("What they do, or what to ask them."),
    )
    unit = UnitBlock(label=_("Unit"), required=False)
    phone = blocks.RegexBlock(
        label=_("Telephone"),
        regex=r"^\+?[\d][\d ().-]{4,24}$",
        required=False,
        help_text=_("With spaces as it is said, for example 934 02 20 00."),
        error_messages={"invalid": _("Write a telephone, for example 934 02 20 00.")},
    )
    email = blocks.EmailBlock(
        label=_("E-mail address"),
        required=False,
        help_text=_("Everybody will see it: rather the team’s than a person’s."),
    )
    hours = blocks.CharBlock(
        label=_("Hours"),
        max_length=150,
        required=False,
        default="",
        help_text=_("When somebody answers."),
    )
    address = blocks.TextBlock(
        label=_("Postal address"), max_length=250, required=False, default="", rows=3
    )

    class Meta:
        label = _("Contact")
        icon = "mail"
        template = "blocks/contact.html"
        label_format = "{name}"
        value_class = ContactValue
        description = _("Whom to ask: telephone, e-mail, hours and place.")
        preview_value = {
            "name": _("Open government"),
            "role": _("Doubts about transparency"),
            "unit": None,
            "phone": "934 00 00 00",
            "email": "govern.obert@example.cat",
            "hours": _("From Monday to Friday, from 9 to 14"),
            "address": "",
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        ways = ("phone", "email", "address")
        if self.is_deferred_validation or any(value[name] for name in ways):
            return value
        words = gettext("Write a telephone, an e-mail address or a postal address.")
        raise StructBlockValidationError({"email": ValidationError(words)})


class RelatedBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("Title"), max_length=100, help_text=_("For example “Read more”.")
    )
    pages = blocks.ListBlock(
        PageBlock(label=_("Page")),
        label=_("Pages"),
        min_num=2,
        max_num=6,
        help_text=_(
            "From two to six. A page that is not published in the language of the "
            "reader is left out."
        ),
    )

    class Meta:
        label = _("Related pages")
        icon = "doc-empty-inverse"
        template = "blocks/related.html"
        label_format = "{title}"
        description = _("Pages of this site as cards.")

    def get_preview_value(self) -> blocks.StructValue:
        language = get_language()
        pages = Page.objects.live().public().filter(depth__gt=2)
        pages = pages.filter(locale__language_code=language)
        return self.normalize({"title": gettext("Read more"), "pages": list(pages[:3])})


class UpcomingBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("Title"), max_length=100, help_text=_("For example “Coming up”.")
    )
    series = SeriesBlock(
        label=_("Series"), required=False, help_text=_("Leave it empty for all.")
    )
    topic = TopicBlock(
        label=_("Topic"), required=False, help_text=_("Leave it empty for all.")
    )
    number = blocks.IntegerBlock(
        label=_("How many"),
        min_value=1,
        max_value=6,
        default=3,
        help_text=_("From 1 to 6. The list renews itself as time goes by."),
    )

    class Meta:
        label = _("Coming sessions")
        icon = "date"
        template = "blocks/upcoming.html"
        label_format = "{title}"
        description = _("The next sessions, of all or of a series or topic.")
        preview_value = {
            "title": _("Coming up"),
            "series": None,
            "topic": None,
            "number": 2,
        }
