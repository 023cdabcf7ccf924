"""The staff's screen of figures of requests."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from community.models.bodies import search_key
from workflows.engine.access import VIEW, units_of
from workflows.engine.kinds import Words
from workflows.staff.figures import FiguresView, FiguresViewSet

from .figure_tables import Tables
from .figures import DIMENSIONS
from .models import CatalogueRequest, RequestQuerySet

BY = next(iter(DIMENSIONS))


class ChosenForm(forms.Form):
    """Of which requests the figures are, in the address."""

    by = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, requests: RequestQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, dimension in DIMENSIONS.items():
            found = requests.order_by().values_list(dimension.key, dimension.words)
            named = {str(key): str(words) for key, words in found.distinct() if key}
            in_order = sorted(named.items(), key=lambda pair: search_key(pair[1]))
            if name == "year":
                in_order.reverse()
            self.fields[name] = forms.ChoiceField(
                label=dimension.label,
                choices=[("", _("Any of them")), *in_order],
                required=False,
            )

    @property
    def by_what(self) -> str:
        asked = self.cleaned_data.get("by")
        return asked if asked in DIMENSIONS else BY

    @property
    def wish(self) -> dict[str, str]:
        """What was chosen, as a query takes it."""
        data = self.cleaned_data
        return {d.key: data[name] for name, d in DIMENSIONS.items() if data.get(name)}

    @property
    def in_words(self) -> list[list[str]]:
        """What was chosen, for who reads only the file."""
        return [
            [str(field.label), dict(field.choices)[self.cleaned_data[name]]]
            for name, field in self.fields.items()
            if self.cleaned_data.get(name) and name in DIMENSIONS
        ]


class RequestFiguresView(FiguresView):
    """Of the requests of one's units, or of all: how many, how long, in time or not."""

    page_title = _("Figures of requests")
    template_name = "requesting/figures.html"
    file_name = "requests"

    @cached_property
    def requests(self) -> RequestQuerySet:
        mine = units_of(self.request.user)
        return CatalogueRequest.objects.submitted().filter(case__unit__in=mine)

    @cached_property
    def form(self) -> ChosenForm:
        return ChosenForm(self.request.GET, requests=self.requests)

    @cached_property
    def figures(self) -> Tables | None:
        if not self.form.is_valid():
            return None
        return Tables(self.requests.filter(**self.form.wish), self.form.by_what)

    @property
    def chosen(self) -> list[list[str]]:
        return self.form.in_words

    @property
    def none(self) -> Words:
        if self.form.is_valid() and self.form.wish:
            return _("No request is like that. Choose less, or look at all of them.")
        return _(
            "No request has come in yet: as soon as there is one, its figures are here."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.form
        return super().get_context_data(
            form=form,
            dimensions=[
                (name, dimension.label, name == form.by_what)
                for name, dimension in DIMENSIONS.items()
            ],
            reads_cases=self.request.user.has_perm(VIEW),
            **kwargs,
        )


class RequestFiguresViewSet(FiguresViewSet):
    name = "figures"
    url_prefix = "reports/requests"
    menu_label = _("Figures of requests")
    menu_order = 30
    view_class = RequestFiguresView
