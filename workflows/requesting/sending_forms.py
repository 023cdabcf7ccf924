"""How a request leaves its draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.form_renderer import PlacaRenderer
from community.models import Membership, MembershipQuerySet

from .models import CatalogueRequest


class SignForm(forms.Form):
    """A representative signs what she has read, which `seen` names."""

    default_renderer = PlacaRenderer()

    signs_as = forms.ChoiceField(
        label=_("You sign as"),
        choices=CatalogueRequest.SignsAs.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose as what you sign.")},
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=1000)

    def __init__(self, data: Any, *, seen: str) -> None:
        super().__init__(data, initial={"version": seen})

    @property
    def said(self) -> dict[str, str]:
        """As what she signs, and what she has read."""
        return {name: self.cleaned_data[name] for name in ("signs_as", "version")}

    def read_again(self, seen: str) -> None:
        """What is there now is what will be signed, once it was looked at."""
        self.data = {**self.data.dict(), "version": seen}


class SignerField(forms.ModelChoiceField):
    def label_from_instance(self, membership: Membership) -> str:
        return str(membership.user)


class SendToSignForm(forms.Form):
    """Who may not sign chooses who does."""

    default_renderer = PlacaRenderer()

    signer = SignerField(
        queryset=Membership.objects.none(),
        label=_("Who signs it?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose who signs it."),
            "invalid_choice": _("Choose who signs it."),
        },
    )

    def __init__(self, data: Any, *, signers: MembershipQuerySet) -> None:
        super().__init__(data)
        self.fields["signer"].queryset = signers
        if len(signers) == 1:
            self.initial["signer"] = signers[0]
