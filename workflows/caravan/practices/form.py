"""The form in which editors polish a good practice: a field for each section."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.caravan.models import GoodPractice
from workflows.caravan.sides import chronicle
from workflows.catalogue.sheet import GOALS

from . import sheet


class PracticeForm(forms.ModelForm):
    sdgs = forms.TypedMultipleChoiceField(
        label=_("Sustainable Development Goals"),
        choices=[(number, f"{number}. {name}") for number, name in GOALS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = GoodPractice
        fields = ("title", "field", "sdgs", "shows_contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        content = self.instance.content
        for section in chronicle.SECTIONS:
            self.fields[section.name] = _field(section)
            self.initial[section.name] = content.get(section.name, "")
        last = ("sdgs", "shows_contact")
        self.order_fields([n for n in self.fields if n not in last] + list(last))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = {s.name: cleaned.get(s.name, "") for s in chronicle.SECTIONS}
        self.instance.content = {name: text for name, text in said.items() if text}
        return cleaned

    def save(self, commit: bool = True) -> GoodPractice:
        practice = super().save(commit)
        if practice.published:
            sheet.want(practice)
        return practice


def _field(section: chronicle.Section) -> forms.Field:
    asked = {"label": section.title, "required": False, "help_text": section.help}
    if section.choices:
        return forms.ChoiceField(choices=[("", "—"), *section.choices], **asked)
    rows = forms.Textarea(attrs={"rows": section.rows})
    return forms.CharField(max_length=chronicle.LONGEST, widget=rows, **asked)
