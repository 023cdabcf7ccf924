"""The staff's screens of people, units, topics and local bodies."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import (
    BooleanColumn,
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
)
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.users.views import users

from .acting.viewsets import MembershipViewSet
from .cover_screens import CoverViewSet
from .forms import PersonCreationForm, PersonEditForm
from .models import LocalBody, Topic, Unit, User
from .multilingual import languages_formfield


class PersonIndexView(users.IndexView):
    """Everybody who has an account."""

    page_title = _("People")
    add_item_label = _("Add a person")
    search_fields = ("name", "email")

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(users.UserColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="user"),
            title(
                "name",
                accessor="get_full_name",
                label=_("Name"),
                sort_key="name",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("email", label=_("E-mail address"), sort_key="email"),
            Column("roles", label=_("Roles"), accessor=_roles),
            BooleanColumn("is_active", label=_("Can sign in"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last login"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> QuerySet[User]:
        # Whose account is erased is nobody to write down.
        people = super().get_base_queryset().filter(erased=None)
        return people.prefetch_related("groups")

    def order_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        # Not Wagtail's, which sorts by first and last name.
        return generic.IndexView.order_queryset(self, queryset)


def _roles(person: User) -> str:
    names = [group.name for group in person.groups.all()]
    if person.is_superuser:
        names.insert(0, str(_("everything")))
    return ", ".join(names)


class _NobodyAboveOneself:
    """Only who may do everything makes, or touches, others who may: or else whoever
    writes people down could give somebody's address another owner."""

    def get_form(self, form_class: type[ModelForm] | None = None) -> ModelForm:
        form = super().get_form(form_class)
        if not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
        return form


class PersonCreateView(_NobodyAboveOneself, users.CreateView):
    page_title = _("Add a person")
    success_message = _("“%(object)s” can sign in now.")


class PersonEditView(_NobodyAboveOneself, users.EditView):
    success_message = _("“%(object)s” saved.")

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.object.erased:
            raise Http404
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied


class PersonViewSet(users.UserViewSet):
    menu_label = _("People")
    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return PersonEditForm if for_update else PersonCreationForm


class RecordDeleteView(generic.DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            in_use = _("“%(object)s” is in use, so it cannot be deleted.")
            messages.error(self.request, in_use % {"object": self.object})
            return redirect(self.get_success_url())


class RecordViewSet(ModelViewSet):
    """A short list of records, with their texts in every language."""

    delete_view_class = RecordDeleteView
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        return languages_formfield(db_field, **kwargs)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        # Wagtail knows only what pages use, which is less than what is used.
        return super().get_common_view_kwargs(
            **{"usage_url_name": self.UNDEFINED, **kwargs}
        )


class UnitViewSet(RecordViewSet):
    model = Unit
    icon = "group"
    form_fields = ("code", "name", "email")
    list_display = ("__str__", "code", "email")


class TopicViewSet(RecordViewSet):
    model = Topic
    icon = "tag"
    form_fields = ("code", "name", "tile", "glaze")
    list_display = ("__str__", "code", "tile", "glaze")


class LocalBodyIndexView(generic.IndexView):
    """Found by name, with accents or without, and by code."""

    is_searchable = True

    def search_queryset(self, queryset: QuerySet[LocalBody]) -> QuerySet[LocalBody]:
        if not self.is_searching:
            return queryset
        named = LocalBody.objects.matching(self.search_query).order_by()
        coded = Q(code__iexact=self.search_query.strip())
        return queryset.filter(Q(pk__in=named.values("pk")) | coded)


class LocalBodyViewSet(RecordViewSet):
    model = LocalBody
    icon = "site"
    index_view_class = LocalBodyIndexView
    list_display = ("name", "kind", "comarca", "population", "code")
    list_filter = ("kind",)
    form_fields = (
        "code",
        "kind",
        "name",
        "parent",
        "comarca",
        "population",
        "population_year",
        "population_source",
        "is_public",
    )


class CommunityGroup(ModelViewSetGroup):
    menu_label = _("Community")
    menu_icon = "group"
    menu_order = 250
    items = (
        LocalBodyViewSet,
        MembershipViewSet,
        UnitViewSet,
        CoverViewSet,
        TopicViewSet,
    )
