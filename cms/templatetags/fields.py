"""A form's fields as the theme draws them: templates `forms/*.html`."""

from collections.abc import Iterator
from typing import NamedTuple

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxInput, RadioSelect
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input, select or textarea of `field`, with the theme's class.

    It is described by its error first and then by its help: who tabs into it must
    hear first what to mend. A placeholder is left out: it passes for an answer.
    """
    classes = ["input", field.field.widget.attrs.get("class", "")]
    if isinstance(field.field.widget, CheckboxInput):
        classes = classes[1:]
    described = [
        f"{field.auto_id}_{part}"
        for part, there in (("error", field.errors), ("helptext", field.help_text))
        if there
    ]
    ours = {
        "class": " ".join(filter(None, classes)),
        "aria-describedby": " ".join(described),
    }
    attrs: dict[str, str | bool] = {name: text for name, text in ours.items() if text}
    return field.as_widget(attrs={**attrs, "placeholder": False})


class Fault(NamedTuple):
    """Something to correct: what to write, the id of the control where it is written
    (empty if it is of the form as a whole), and in which row, from 1 (0: in none)."""

    text: str
    anchor: str
    row: int


@register.simple_tag
def faults(form: BaseForm, rows: BaseFormSet | None = None) -> list[Fault]:
    """All there is to correct in `form` and in the `rows` sent with it, as the page
    reads."""
    found = list(_faults(form, 0))
    if rows:
        found += [Fault(text, "", 0) for text in rows.non_form_errors()]
        for number, row in enumerate(rows.forms, start=1):
            found += _faults(row, number)
    return found


def _faults(form: BaseForm, row: int) -> Iterator[Fault]:
    for text in form.non_field_errors():
        yield Fault(text, "", row)
    for field in form:
        where = "" if field.is_hidden else anchor(field)
        for text in field.errors:
            yield Fault(text, where, row)


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the field's first control, where a link to the field leads."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Whether it is a group of radio buttons or checkboxes, which wants a
    fieldset and a legend."""
    return isinstance(field.field.widget, RadioSelect)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether it is a single checkbox, whose label follows it."""
    return isinstance(field.field.widget, CheckboxInput)
