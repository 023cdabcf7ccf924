"""What a body says when it adapts a good practice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from community.models import LocalBody
from workflows.caravan.models import Adaptation

from . import adapting


class AdaptForm(forms.Form):
    default_renderer = PlacaRenderer()

    state = forms.ChoiceField(
        label=_("How far are you?"),
        choices=(
            (Adaptation.State.INTERESTED, _("We are interested")),
            (Adaptation.State.UNDER_WAY, _("We are at it")),
            (Adaptation.State.DONE, _("We have done it")),
            (Adaptation.State.LEFT, _("We have left it")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    text = forms.CharField(
        label=_("What you want it for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The team reads it; it is not published."),
    )
    wants_help = forms.BooleanField(
        label=_("We ask for help to adapt it"),
        required=False,
        help_text=_("The team gets a mail and calls you."),
    )

    def __init__(self, *args: Any, body: LocalBody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not adapting.may_ask_for_help(body):
            del self.fields["wants_help"]
