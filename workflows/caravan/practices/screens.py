"""The staff's lists of good practices, of who adapts them, and of what both sides think
of a stop."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from community.models import User
from community.spreadsheets import WRITTEN
from community.viewsets import RecordViewSet
from workflows.caravan.kits.tool_screens import ToolViewSet
from workflows.caravan.models import Adaptation, GoodPractice, StopEvaluation

from .form import PracticeForm


class MadeElsewhere(ModelPermissionPolicy):
    """Rows that come by themselves: nobody adds or deletes one here."""

    def __init__(self, model: Any, *may: str) -> None:
        super().__init__(model)
        self.may = may

    def user_has_permission(self, user: User, action: str) -> bool:
        return action in self.may and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


for model, may in (
    (GoodPractice, ("view", "change")),
    (Adaptation, ("view",)),
    (StopEvaluation, ("view",)),
):
    register_permission_policy(model, MadeElsewhere(model, *may), exact_class=True)


class PracticeIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[GoodPractice]:
        return super().get_base_queryset().select_related("body")


class PracticeViewSet(RecordViewSet):
    model = GoodPractice
    icon = "pick"
    index_view_class = PracticeIndexView
    inspect_view_enabled = True
    # Not `field`: Wagtail would take a method of its own for how it is shown.
    inspect_view_fields = ("title", "body", "published")
    list_display = (
        "title",
        Column("body", label=_("Local body"), sort_key="body__name"),
        Column("field", label=_("Field"), accessor="get_field_display"),
        DateColumn("published", label=_("Published"), sort_key="published"),
    )
    list_filter = ("field",)
    search_fields = ("title", "body__name")
    search_backend_name = None

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return PracticeForm


class AdaptationFilterSet(WagtailFilterSet):
    practice = django_filters.ModelChoiceFilter(
        label=_("Good practice"), queryset=GoodPractice.objects.all()
    )

    class Meta:
        model = Adaptation
        fields = ("practice", "state", "wants_help")


class AdaptationIndexView(generic.IndexView):
    """Who adapts what, and who asks for help with it."""

    list_export = ("practice", "body", "state", "wants_help", "text", "created")
    export_filename = "adaptations"
    custom_value_preprocess = WRITTEN

    def get_base_queryset(self) -> QuerySet[Adaptation]:
        rows = super().get_base_queryset().select_related("practice", "body")
        return rows.order_by("-created", "-pk")


class AdaptationViewSet(RecordViewSet):
    model = Adaptation
    name = "adaptations"
    url_prefix = "caravan/adaptations"
    icon = "copy"
    index_view_class = AdaptationIndexView
    inspect_view_enabled = True
    inspect_view_fields = (
        "practice",
        "body",
        "state",
        "wants_help",
        "text",
        "created",
    )
    form_fields = ("state",)
    filterset_class = AdaptationFilterSet
    list_display = (
        Column("practice", label=_("Good practice"), sort_key="practice__title"),
        Column("body", label=_("Local body"), sort_key="body__name"),
        Column("state", label=_("State"), accessor="get_state_display"),
        BooleanColumn("wants_help", label=_("Asks for help"), sort_key="wants_help"),
        DateColumn("created", label=_("Since"), sort_key="created"),
    )


class EvaluationIndexView(generic.IndexView):
    list_export = ("stop", "side", "score", "text", "created")
    export_filename = "stop-evaluations"
    custom_value_preprocess = WRITTEN

    def get_base_queryset(self) -> QuerySet[StopEvaluation]:
        rows = super().get_base_queryset().select_related("stop__body")
        return rows.order_by("-created", "-pk")


class EvaluationViewSet(RecordViewSet):
    model = StopEvaluation
    name = "stop_evaluations"
    url_prefix = "caravan/evaluations"
    icon = "clipboard-list"
    index_view_class = EvaluationIndexView
    inspect_view_enabled = True
    inspect_view_fields = ("stop", "side", "score", "text", "created")
    form_fields = ("score",)
    list_filter = ("side", "score")
    list_display = (
        Column("stop", label=_("Stop")),
        Column("side", label=_("Side"), accessor="get_side_display"),
        Column("score", label=_("From 0 to 10"), sort_key="score"),
        Column("text", label=_("What to keep, what to change")),
        DateColumn("created", label=_("Since"), sort_key="created"),
    )


class PracticesGroup(ModelViewSetGroup):
    menu_label = _("Good practices")
    menu_icon = "pick"
    menu_order = 235
    items = (PracticeViewSet, AdaptationViewSet, EvaluationViewSet, ToolViewSet)
