"""The list of who acts for which body."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from community.cover import today
from community.cover_screens import LabelledColumn
from community.models import (
    LocalBody,
    Membership,
    MembershipQuerySet,
    Role,
)
from community.models.bodies import search_key
from community.spreadsheets import WRITTEN

EXPORT = "community.export_membership"

TAKEN_OUT = "community.memberships_taken_out"

ROLE = pgettext_lazy("a body", "Role")


class MembershipFilterSet(WagtailFilterSet):
    when = django_filters.ChoiceFilter(
        label=_("When"),
        method="filter_when",
        choices=(("now", _("Now")), ("ended", _("Ended"))),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    role = django_filters.MultipleChoiceFilter(
        label=ROLE,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    how = django_filters.MultipleChoiceFilter(
        label=_("How"),
        choices=Membership.How.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind of body"),
        field_name="body__kind",
        choices=LocalBody.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Membership
        fields = ("when", "role", "how", "kind")

    def filter_when(
        self, rows: MembershipQuerySet, name: str, value: str
    ) -> MembershipQuerySet:
        return rows.active() if value == "now" else rows.exclude(ended=None)


def _day(field: str):
    def written(row: Membership) -> str:
        moment = getattr(row, field)
        return f"{timezone.localtime(moment):%d/%m/%Y}" if moment else ""

    return written


class MembershipIndexView(generic.IndexView):
    """Who acts for which body, and who did; also as a file."""

    model = Membership
    page_title = _("Acting for a body")
    header_icon = "group"
    index_url_name = "memberships:index"
    index_results_url_name = "memberships:index_results"
    any_permission_required = ("view", "change")
    filterset_class = MembershipFilterSet
    is_searchable = True
    paginate_by = 50
    table_classname = "listing staff-table"
    columns = (
        TitleColumn(
            "user",
            label=_("Person"),
            get_url=lambda row: reverse("memberships:body", args=[row.body_id]),
        ),
        LabelledColumn("email", label=_("E-mail address"), accessor="user.email"),
        LabelledColumn("body", label=_("Local body"), sort_key="body__name"),
        LabelledColumn("role", label=ROLE, accessor="get_role_display"),
        LabelledColumn("how", label=_("How"), accessor="get_how_display"),
        LabelledColumn(
            "since", label=_("Since"), accessor=_day("since"), sort_key="since"
        ),
        LabelledColumn(
            "ended", label=_("Until"), accessor=_day("ended"), sort_key="ended"
        ),
    )
    list_export = (
        "body.code",
        "body.name",
        "user.name",
        "user.email",
        "role",
        "how",
        "since",
        "ended",
    )
    custom_value_preprocess = WRITTEN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_export:
            if not self.show_export_buttons:
                raise PermissionDenied
            log(request.user, TAKEN_OUT, user=request.user)
        return super().get(request, *args, **kwargs)

    @cached_property
    def show_export_buttons(self) -> bool:
        return self.request.user.has_perm(EXPORT)

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("change"):
            return []
        url = reverse("memberships:import")
        return [HeaderButton(_("Import a file"), url, icon_name="upload")]

    def get_filename(self) -> str:
        return f"memberships-{today():%Y-%m-%d}"

    def get_base_queryset(self) -> QuerySet[Membership]:
        rows = Membership.objects.filter(user__erased=None)
        return rows.select_related("user", "body")

    def search_queryset(self, queryset: QuerySet[Membership]) -> QuerySet[Membership]:
        if not self.is_searching:
            return queryset
        for word in self.search_query.split()[:8]:
            queryset = queryset.filter(
                Q(user__name__icontains=word)
                | Q(user__email__icontains=word)
                | Q(body__search_key__contains=search_key(word))
            )
        return queryset
