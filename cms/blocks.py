"""The blocks that editors compose pages from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

RICH = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), max_length=400)


class FactBlock(blocks.StructBlock):
    term = blocks.CharBlock(label=_("Term"), max_length=60)
    value = blocks.CharBlock(label=_("Value"), max_length=200)
    note = blocks.CharBlock(label=_("Note"), max_length=200, required=False)


class PanelBlock(blocks.StructBlock):
    tag = blocks.CharBlock(label=_("Tag"), max_length=60, required=False)
    tone = blocks.ChoiceBlock(
        label=_("Tone"),
        choices=[("ok", _("good")), ("info", _("neutral")), ("plain", _("plain"))],
        default="plain",
    )
    title = blocks.CharBlock(label=_("Title"), max_length=100)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH)


class FigureBlock(blocks.StructBlock):
    figure = blocks.CharBlock(label=_("Figure"), max_length=20)
    unit = blocks.CharBlock(label=_("Unit"), max_length=20, required=False)
    text = blocks.CharBlock(label=_("What it counts"), max_length=160)


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=RICH)


def _listed(block: blocks.Block, name: str, **meta) -> blocks.ListBlock:
    return blocks.ListBlock(block, template=f"blocks/{name}.html", **meta)


class BodyBlock(blocks.StreamBlock):
    """The body of any page."""

    heading = blocks.CharBlock(
        label=_("Heading"),
        max_length=120,
        icon="title",
        template="blocks/heading.html",
    )
    paragraph = blocks.RichTextBlock(
        label=_("Text"), features=RICH, template="blocks/paragraph.html"
    )
    steps = _listed(StepBlock(), "steps", label=_("Steps"), icon="list-ol")
    facts = _listed(FactBlock(), "facts", label=_("Facts"), icon="list-ul")
    panels = _listed(PanelBlock(), "panels", label=_("Panels"), icon="grip")
    figures = _listed(
        FigureBlock(), "figures", label=_("Figures"), icon="order", max_num=4
    )
    questions = _listed(
        QuestionBlock(), "questions", label=_("Questions and answers"), icon="help"
    )
