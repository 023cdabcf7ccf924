"""The staff's screens of covers: who looks after whose unit, and when."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from . import cover as verbs
from .forms import DATES, CoverForm, NewCoverForm
from .models import Cover, Unit

When = Cover.When


def _units(request: HttpRequest) -> QuerySet[Unit]:
    return verbs.units_to_lend(request.user)


def _when(cover: Cover) -> str:
    """How it stands today, in a word."""
    if cover.ended:
        return gettext("ended early")
    return cover.when(verbs.today()).label


class CoverFilterSet(WagtailFilterSet):
    when = django_filters.ChoiceFilter(
        label=_("When"),
        method="filter_when",
        choices=When.choices,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"),
        queryset=_units,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )

    class Meta:
        model = Cover
        fields = ("when", "unit")

    def filter_when(self, covers: Any, name: str, value: str) -> QuerySet[Cover]:
        return getattr(covers, value)(verbs.today())


class LabelledColumn(Column):
    """A column whose cells know its name: on a narrow screen a row is a sheet, with
    the name beside each."""

    cell_template_name = "community/cells/plain.html"


def _day(field: str) -> Callable[[Cover], str]:
    # As it is written in the form: Wagtail would say how long ago it is.
    return lambda cover: f"{getattr(cover, field):{DATES[0]}}"


class CoverIndexView(generic.IndexView):
    """The covers for one's units, the latest first."""

    model = Cover
    page_title = _("Covers for absence")
    header_icon = "calendar-check"
    index_url_name = "cover:index"
    index_results_url_name = "cover:index_results"
    add_url_name = "cover:add"
    add_item_label = _("Lend a unit")
    any_permission_required = ("view", "add", "change")
    filterset_class = CoverFilterSet
    paginate_by = 50
    table_classname = "listing staff-table"
    columns = (
        TitleColumn("user", label=_("Who covers"), url_name="cover:cover"),
        LabelledColumn("unit", label=_("Unit")),
        LabelledColumn(
            "starts", label=_("First day"), accessor=_day("starts"), sort_key="starts"
        ),
        LabelledColumn(
            "until", label=_("Last day"), accessor=_day("until"), sort_key="until"
        ),
        StatusTagColumn(
            "when",
            label=_("State"),
            accessor=_when,
            primary=lambda cover: cover.when(verbs.today()) == When.RUNNING,
        ),
    )

    def get_base_queryset(self) -> QuerySet[Cover]:
        return verbs.covers_of(self.request.user).select_related("unit", "user")


class _ByVerb:
    """What the verb refuses is said beside the field that it is about."""

    def form_valid(self, form: forms.ModelForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def get_success_url(self) -> str:
        return reverse("cover:index")


class NewCoverView(_ByVerb, generic.CreateView):
    model = Cover
    form_class = NewCoverForm
    page_title = _("Lend a unit")
    header_icon = "calendar-check"
    template_name = "community/new_cover.html"
    index_url_name = "cover:index"
    add_url_name = "cover:add"
    submit_button_label = _("Lend it")
    error_message = _("Nothing was lent: something is wrong.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*_trail(self), {"url": "", "label": self.get_page_title()}]

    def save_instance(self) -> Cover:
        return verbs.lend(**self.form.cleaned_data, by=self.request.user)

    def get_success_message(self, instance: Cover) -> str:
        return gettext("%(person)s covers for “%(unit)s”.") % {
            "person": instance.user,
            "unit": instance.unit,
        }

    def get_success_buttons(self) -> list:
        return []


class _OneCover:
    """A view of one of the covers for one's units: others are not found."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        mine = verbs.covers_of(request.user)
        self.cover: Cover = get_object_or_404(
            mine.select_related("unit", "user", "lent_by"), pk=kwargs["pk"]
        )

    @cached_property
    def is_over(self) -> bool:
        return self.cover.when(verbs.today()) == When.PAST

    def get_page_title(self) -> str:
        return str(self.page_title or self.cover.user)

    def get_breadcrumbs_items(self) -> list[dict]:
        one = {
            "url": reverse("cover:cover", args=[self.cover.pk]),
            "label": str(self.cover.user),
        }
        items = [*_trail(self), one]
        if self.page_title:
            return [*items, {"url": "", "label": self.get_page_title()}]
        return [*items[:-1], {**one, "url": ""}]


class CoverView(_OneCover, _ByVerb, generic.EditView):
    """A cover: when it runs, and another last day while it has not ended."""

    model = Cover
    form_class = CoverForm
    page_title = ""
    header_icon = "calendar-check"
    template_name = "community/cover.html"
    index_url_name = "cover:index"
    edit_url_name = "cover:cover"
    error_message = _("Nothing was changed: something is wrong.")

    def get_object(self, queryset: Any = None) -> Cover:
        return self.cover

    def get_page_subtitle(self) -> str:
        return self.get_page_title()

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        history = reverse("cover:history", args=[self.cover.pk])
        return [Button(_("History"), history, icon_name="history")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The form has written into the cover what was not saved.
        kept = Cover.objects.select_related("unit", "user", "lent_by")
        return {
            **super().get_context_data(**kwargs),
            "cover": kept.get(pk=self.cover.pk),
            "is_over": self.is_over,
        }

    def save_instance(self) -> Cover:
        verbs.change(self.cover, by=self.request.user, **self.form.cleaned_data)
        return self.cover

    def get_success_message(self) -> str:
        return gettext("Saved.")

    def get_success_buttons(self) -> list:
        return []


class EndCoverView(
    _OneCover, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """Asks first; then it ends at once."""

    model = Cover
    permission_required = "change"
    page_title = _("End it now")
    header_icon = "calendar-check"
    template_name = "community/end_cover.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "cover": self.cover,
            "is_over": self.is_over,
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if verbs.end(self.cover, by=request.user):
            words = _("%(person)s does not cover for “%(unit)s” any more.")
            names = {"person": self.cover.user, "unit": self.cover.unit}
            messages.success(request, words % names)
        else:
            messages.info(request, _("This cover has ended already."))
        return redirect("cover:index")


class CoverHistoryView(_OneCover, generic.HistoryView):
    """Who lent it, changed it and ended it."""

    model = Cover
    page_title = _("History")
    any_permission_required = ("view", "add", "change")
    history_url_name = "cover:history"
    history_results_url_name = "cover:history_results"
    header_buttons = ()

    def get_page_subtitle(self) -> str:
        return ""


def _trail(view: Any) -> list[dict]:
    name = capfirst(Cover._meta.verbose_name_plural)
    return [*view.breadcrumbs_items, {"url": reverse("cover:index"), "label": name}]


class CoverMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("community.view_cover")


class CoverViewSet(ViewSet):
    name = "cover"
    icon = "calendar-check"
    menu_label = _("Covers for absence")
    menu_item_class = CoverMenuItem

    def get_urlpatterns(self) -> list:
        results = {"results_only": True}
        history = CoverHistoryView
        return [
            path("", CoverIndexView.as_view(), name="index"),
            path("results/", CoverIndexView.as_view(**results), name="index_results"),
            path("new/", NewCoverView.as_view(), name="add"),
            path("<int:pk>/", CoverView.as_view(), name="cover"),
            path("<int:pk>/end/", EndCoverView.as_view(), name="end"),
            path("<int:pk>/history/", history.as_view(), name="history"),
            path(
                "<int:pk>/history/results/",
                history.as_view(**results),
                name="history_results",
            ),
        ]
