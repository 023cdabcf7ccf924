"""Saying for which body one asks: by name, with suggestions. The address keeps its
code, so that it can be shared."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.form_renderer import PlacaRenderer
from community.models import LocalBody

from .eligibility import Body
from .offers import known

# `chosen` is a suggestion that was pressed; it does not stay in the address.
ASKS = ("body", "chosen")
SUGGESTED = 6


class BodyForm(forms.Form):
    """By its name; sent by GET."""

    default_renderer = PlacaRenderer()

    body = forms.CharField(
        label=gettext_lazy("Your local body"),
        max_length=200,
        required=True,
        help_text=gettext_lazy("Start writing its name, and choose it from the list."),
        widget=forms.TextInput(
            attrs={"autocomplete": "organization", "list": "bodies"}
        ),
    )

    def __init__(self, *args: Any, chosen: "BodyChoice", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chosen = chosen

    def clean_body(self) -> str:
        text = self.cleaned_data["body"]
        if self._chosen.suggestions:
            told = _("Choose which one: several are called “%(text)s”.")
        else:
            told = _("We know no local body called “%(text)s”.")
        raise forms.ValidationError(told, params={"text": text[:60]})


class BodyChoice:
    """What `asked`, the query of an address, says of a body: the `body` of that code,
    if there is one; or else the code that its name leads to (`found`), or what was
    `typed` and may mean one of the `suggestions`."""

    def __init__(self, asked: QueryDict) -> None:
        self._rest = asked
        self.suggestions: list[LocalBody] = []
        self.typed = self.found = ""
        chosen = asked.get("chosen", "").strip()[:20]
        text = " ".join(asked.get("body", "").split())[:200]
        self.body: Body | None = known(chosen or text) if chosen or text else None
        if chosen:
            self.found = self.body.code if self.body else ""
        elif text and not self.body:
            self._look_for(text)

    def _look_for(self, text: str) -> None:
        # The address of a body that goes on as another one still leads to it.
        went_on = LocalBody.objects.filter(merged__code=text).first()
        if found := went_on or LocalBody.objects.named(text):
            self.found = found.code
        else:
            self.typed = text
            self.suggestions = list(LocalBody.objects.matching(text)[:SUGGESTED])

    @cached_property
    def form(self) -> BodyForm:
        if self.typed:
            return BodyForm({"body": self.typed}, chosen=self)
        initial = {"body": self.body.name} if self.body else {}
        return BodyForm(initial=initial, chosen=self)

    @property
    def query(self) -> str:
        """The same address for the body that was `found`, on the first page."""
        rest = self._rest.copy()
        for name in ("chosen", "page"):
            rest.pop(name, None)
        rest["body"] = self.found
        return "?" + rest.urlencode()

    def all_bodies(self) -> list[tuple[str, str]]:
        """Each that can be chosen: its name and its county."""
        rows = LocalBody.objects.standing().order_by("name")
        return list(rows.values_list("name", "comarca"))
