"""All the blocks that a body may have."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from . import lists, ways
from .seen import AudioBlock, ImageBlock, VideoBlock
from .table import TableBlock
from .words import ProseBlock, QuoteBlock

WORDS = _("Words")
SEEN = _("Pictures and sound")
LISTS = _("Lists and figures")
WAYS = _("Ways on")


class BodyBlock(blocks.StreamBlock):
    """The body of any page."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        max_length=120,
        icon="title",
        template="blocks/heading.html",
        help_text=_(
            "Of a part of the page. Headings within a text are one step below."
        ),
        preview_value=_("What you take home"),
        group=WORDS,
    )
    paragraph = ProseBlock(
        label=_("Text"),
        template="blocks/paragraph.html",
        max_length=20_000,
        description=_("Paragraphs, with lists, links and smaller headings."),
        preview_value=_("<p>We learn <b>open government</b> together.</p>"),
        group=WORDS,
    )
    quote = QuoteBlock(group=WORDS)
    image = ImageBlock(group=SEEN)
    video = VideoBlock(group=SEEN)
    audio = AudioBlock(group=SEEN)
    steps = lists.steps(group=LISTS)
    facts = lists.facts(group=LISTS)
    panels = lists.panels(group=LISTS)
    figures = lists.figures(group=LISTS)
    questions = lists.questions(group=LISTS)
    table = TableBlock(group=LISTS)
    documents = ways.documents(group=WAYS)
    call_to_action = ways.CallBlock(group=WAYS)
    contact = ways.ContactBlock(group=WAYS)
    related = ways.RelatedBlock(group=WAYS)
    upcoming = ways.UpcomingBlock(group=WAYS)

    class Meta:
        max_num = 80
        # Each asks the database by itself.
        block_counts = {"upcoming": {"max_num": 2}}
