"""Blocks of things that go together: steps, facts, panels, figures, questions."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .words import ProseBlock


class Listed(blocks.ListBlock):
    """A list of one kind of thing. A migration knows it as a plain list, without what
    only its preview says."""

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        _path, args, kwargs = super().deconstruct()
        shown = ("preview_value", "description")
        kept = {name: value for name, value in kwargs.items() if name not in shown}
        return "wagtail.blocks.ListBlock", args, kept


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("Title"),
        max_length=80,
        help_text=_("What one does, beginning with a verb."),
    )
    text = blocks.TextBlock(
        label=_("Text"), max_length=400, help_text=_("One or two sentences.")
    )

    class Meta:
        label = _("Step")
        label_format = "{title}"


class FactBlock(blocks.StructBlock):
    term = blocks.CharBlock(
        label=_("Term"), max_length=60, help_text=_("For example “When”.")
    )
    value = blocks.CharBlock(label=_("Value"), max_length=200)
    note = blocks.CharBlock(
        label=_("Note"),
        max_length=200,
        required=False,
        default="",
        help_text=_("In small letters under the value."),
    )

    class Meta:
        label = _("Fact")
        label_format = "{term}"


class PanelBlock(blocks.StructBlock):
    tag = blocks.CharBlock(
        label=_("Tag"),
        max_length=60,
        required=False,
        default="",
        help_text=_("Two or three words over the title: for whom it is, for example."),
    )
    tone = blocks.ChoiceBlock(
        label=_("Tone"),
        choices=[("ok", _("good")), ("info", _("neutral")), ("plain", _("plain"))],
        default="plain",
    )
    title = blocks.CharBlock(label=_("Title"), max_length=100)
    text = ProseBlock(label=_("Text"), max_length=1500)

    class Meta:
        label = _("Panel")
        label_format = "{title}"


class FigureBlock(blocks.StructBlock):
    figure = blocks.CharBlock(
        label=_("Figure"),
        max_length=20,
        help_text=_("As it is to be read, for example “37.68”."),
    )
    unit = blocks.CharBlock(
        label=_("Unit"),
        max_length=20,
        required=False,
        default="",
        help_text=_("For example “%”."),
    )
    text = blocks.CharBlock(
        label=_("What it counts"),
        max_length=160,
        help_text=_("With its source and year, if it is somebody’s."),
    )

    class Meta:
        label = _("Figure")
        label_format = "{figure} {text}"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(
        label=_("Question"),
        max_length=200,
        help_text=_("In the words of who asks. It is seen; the answer unfolds."),
    )
    answer = ProseBlock(label=_("Answer"), max_length=3000)

    class Meta:
        label = _("Question")
        label_format = "{question}"


def _listed(child: blocks.Block, name: str, **meta: Any) -> Listed:
    return Listed(child, template=f"blocks/{name}.html", **meta)


def steps(**meta: Any) -> Listed:
    return _listed(
        StepBlock(),
        "steps",
        label=_("Steps"),
        icon="list-ol",
        max_num=12,
        description=_("How something is done, step by step, with numbers."),
        preview_value=[
            {"title": _("Choose the session"), "text": _("Look at its day and topic.")},
            {"title": _("Sign up"), "text": _("It takes less than a minute.")},
        ],
        **meta,
    )


def facts(**meta: Any) -> Listed:
    return _listed(
        FactBlock(),
        "facts",
        label=_("Facts"),
        icon="list-ul",
        max_num=30,
        description=_("Terms and what they are: when, where, how much."),
        preview_value=[
            {"term": _("When"), "value": _("Once a month, on a Thursday"), "note": ""},
            {"term": _("For how long"), "value": _("One hour"), "note": ""},
        ],
        **meta,
    )


def panels(**meta: Any) -> Listed:
    return _listed(
        PanelBlock(),
        "panels",
        label=_("Panels"),
        icon="grip",
        max_num=6,
        description=_("Two to six boxes side by side, to compare."),
        preview_value=[
            {
                "tag": _("Open to all"),
                "tone": "ok",
                "title": _("Scheduled sessions"),
                "text": _("<p>Register and come.</p>"),
            },
            {
                "tag": "",
                "tone": "plain",
                "title": _("Support on demand"),
                "text": _("<p>About your own case.</p>"),
            },
        ],
        **meta,
    )


def figures(**meta: Any) -> Listed:
    return _listed(
        FigureBlock(),
        "figures",
        label=_("Figures"),
        icon="order",
        max_num=4,
        description=_("Up to four big figures, each with what it counts."),
        preview_value=[
            {"figure": "311", "unit": "", "text": _("municipalities")},
            {"figure": "1", "unit": _("hour"), "text": _("lasts each session")},
        ],
        **meta,
    )


def questions(**meta: Any) -> Listed:
    return _listed(
        QuestionBlock(),
        "questions",
        label=_("Accordion"),
        icon="help",
        max_num=40,
        description=_("Questions, each folded over its answer."),
        preview_value=[
            {
                "question": _("Do I need an account?"),
                "answer": _("<p>No, an e-mail address is enough.</p>"),
            },
            {
                "question": _("And if the session is full?"),
                "answer": _("<p>There is a waiting list.</p>"),
            },
        ],
        **meta,
    )
