"""The staff's lists of good practices, of who adapts them, and of what both sides think
of a stop."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import Field, QuerySet
from django.forms import ModelForm
from django.template.defaultfilters import linebreaksbr, yesno
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from community.models import User
from community.spreadsheets import WRITTEN
from community.viewsets import RecordViewSet
from events.wording import long_date
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


class RowsView(generic.IndexView):
    """Rows that come by themselves: the first column leads to all that one says, and
    who exports them gets words in every cell."""

    # Of the first column: its name, label and sort key.
    leading: ClassVar[dict[str, Any]]
    custom_value_preprocess = WRITTEN

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title(**self.leading, get_url=self.get_inspect_url),
            *self.list_display,
        ]


class RowView(generic.InspectView):
    """All that one row says, in words."""

    LABELS: ClassVar = {
        "practice": _("Good practice"),
        "body": _("Local body"),
        "stop": _("Stop"),
        "created": _("Since"),
    }

    def get_field_label(self, field_name: str, field: Field | None) -> str:
        own = self.LABELS.get(field_name)
        return own or super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Field | None) -> Any:
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, bool):
            return yesno(value)
        if isinstance(value, datetime):
            return long_date(value)
        return linebreaksbr(value) if isinstance(value, str) else value


class PracticeIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[GoodPractice]:
        return super().get_base_queryset().select_related("body")


class PracticeViewSet(RecordViewSet):
    model = GoodPractice
    icon = "pick"
    index_view_class = PracticeIndexView
    inspect_view_enabled = True
    inspect_view_class = RowView
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


class AdaptationIndexView(RowsView):
    """Who adapts what, and who asks for help with it."""

    leading: ClassVar = {
        "name": "practice",
        "label": _("Good practice"),
        "sort_key": "practice__title",
    }
    list_export = (
        "practice.title",
        "body.name",
        "get_state_display",
        "wants_help",
        "text",
        "created",
    )
    export_headings: ClassVar = {
        "practice.title": _("Good practice"),
        "body.name": _("Local body"),
        "get_state_display": _("State"),
    }
    custom_field_preprocess: ClassVar = {"wants_help": {"csv": yesno, "xlsx": yesno}}
    export_filename = "adaptations"

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
    inspect_view_class = RowView
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
    search_fields = ("practice__title", "body__name")
    search_backend_name = None
    list_display = (
        Column("body", label=_("Local body"), sort_key="body__name"),
        Column("state", label=_("State"), accessor="get_state_display"),
        BooleanColumn("wants_help", label=_("Asks for help"), sort_key="wants_help"),
        DateColumn("created", label=_("Since"), sort_key="created"),
    )


class EvaluationIndexView(RowsView):
    """What both sides think of a stop."""

    leading: ClassVar = {
        "name": "stop.title",
        "label": _("Stop"),
        "sort_key": "stop__title",
    }
    list_export = (
        "stop.title",
        "stop.body.name",
        "get_side_display",
        "score",
        "text",
        "created",
    )
    export_headings: ClassVar = {
        "stop.title": _("Stop"),
        "stop.body.name": _("Host"),
        "get_side_display": _("Side"),
        "created": _("Since"),
    }
    export_filename = "stop-evaluations"

    def get_base_queryset(self) -> QuerySet[StopEvaluation]:
        rows = super().get_base_queryset().select_related("stop__body")
        return rows.order_by("-created", "-pk")


def _beginning(row: StopEvaluation) -> str:
    return Truncator(row.text).words(25)


class EvaluationViewSet(RecordViewSet):
    model = StopEvaluation
    name = "stop_evaluations"
    url_prefix = "caravan/evaluations"
    icon = "clipboard-list"
    index_view_class = EvaluationIndexView
    inspect_view_enabled = True
    inspect_view_class = RowView
    inspect_view_fields = ("stop", "side", "score", "text", "created")
    form_fields = ("score",)
    list_filter = ("side", "score")
    search_fields = ("stop__title", "stop__body__name", "text")
    search_backend_name = None
    list_display = (
        Column("body", label=_("Host"), accessor="stop.body.name"),
        Column("side", label=_("Side"), accessor="get_side_display"),
        Column("score", label=_("From 0 to 10"), sort_key="score"),
        Column("text", label=_("What to keep, what to change"), accessor=_beginning),
        DateColumn("created", label=_("Since"), sort_key="created"),
    )


class PracticesGroup(ModelViewSetGroup):
    menu_label = _("Good practices")
    menu_icon = "pick"
    menu_order = 235
    items = (PracticeViewSet, AdaptationViewSet, EvaluationViewSet, ToolViewSet)
