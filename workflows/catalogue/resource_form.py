"""How the staff write a resource."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from community.models import LocalBody


class ResourceForm(WagtailAdminModelForm):
    """With the kinds of body as boxes to tick."""

    kinds = forms.MultipleChoiceField(
        label=_("kinds of body"),
        choices=LocalBody.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked, nobody can request it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].widget = forms.CheckboxSelectMultiple(
            choices=self.fields["topics"].choices
        )
