"""What pages are to be looked at again: as a report for all, and on the first screen of
whoever looks after them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page, get_page_content_types
from wagtail.permissions import page_permission_policy

from cms.models.reviews import SOON, Review
from community.cover_screens import LabelledColumn
from community.days import day_in_words
from community.models import User

from . import reviews

# Who writes pages sees what is to be looked at.
WRITING = {"add", "change", "publish"}


def _pages(user: User) -> QuerySet[Page]:
    """The pages that readers see and `user` may change."""
    pages = page_permission_policy.instances_user_has_any_permission_for(
        user, {"change"}
    )
    # Wagtail's first page, as the tree's root, is of no type of ours.
    pages = pages.live().not_exact_type(Page).filter(alias_of=None)
    return pages.select_related("content_type", "locale", "owner", "review")


def _owners(request: HttpRequest) -> QuerySet[User]:
    owners = Page.objects.live().order_by().values("owner")
    return User.objects.filter(pk__in=owners).order_by("name", "email")


def _types(request: HttpRequest) -> QuerySet[ContentType]:
    return get_page_content_types(include_base_page_type=False)


class ReviewFilterSet(WagtailFilterSet):
    due = django_filters.ChoiceFilter(
        label=_("When"),
        method="filter_due",
        choices=(
            ("overdue", _("Its day has come")),
            ("soon", _("Within 30 days")),
            ("never", _("Without a day")),
        ),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("Who looks after it"),
        queryset=_owners,
        null_label=_("Nobody"),
        empty_label=_("All of them"),
    )
    content_type = ContentTypeFilter(
        label=_("Type"), queryset=_types, empty_label=_("All of them")
    )

    class Meta:
        model = Page
        fields = ("due", "owner", "content_type")

    def filter_due(
        self, pages: QuerySet[Page], name: str, value: str
    ) -> QuerySet[Page]:
        today = timezone.localdate()
        if value == "never":
            return pages.filter(review__by=None)
        return pages.filter(review__by__lte=today + SOON if value == "soon" else today)


class _Cell(Column):
    """A column whose cells have a template of their own, named as the column."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = f"cms/cells/{name}.html"

    def get_value(self, page: Page) -> date | None:
        return _day(page)

    def get_cell_context_data(
        self, page: Page, parent_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(page, parent_context)
        return {**context, "today": timezone.localdate()}


def _day(page: Page) -> date | None:
    review = getattr(page, "review", None)
    return review and review.by


def _published(page: Page) -> str:
    return (
        day_in_words(timezone.localdate(page.last_published_at))
        if (page.last_published_at)
        else ""
    )


class ReviewsView(ReportView):
    """Every page with its day, the first to come first."""

    model = Page
    page_title = _("To review")
    header_icon = "calendar-check"
    index_url_name = "reviews:index"
    index_results_url_name = "reviews:index_results"
    filterset_class = ReviewFilterSet
    permission_policy = page_permission_policy
    any_permission_required = tuple(WRITING)
    no_results_message = _("No page is like that.")
    table_classname = "listing staff-table"
    columns = (
        _Cell("review_page", label=_("Page"), classname="title"),
        _Cell("review_by", label=_("Review by")),
        LabelledColumn(
            "owner", label=_("Who looks after it"), accessor=lambda p: p.owner or "–"
        ),
        LabelledColumn("published", label=_("Last published"), accessor=_published),
        _Cell("review_done", label=_("Reviewed")),
    )
    export_filename = "pages-to-review"
    list_export = (
        "title",
        "full_url",
        "type",
        "language",
        "owner",
        "review_by",
        "last_published_at",
    )
    export_headings: Mapping[str, Any] = {
        "title": _("Page"),
        "full_url": _("Address"),
        "type": _("Type"),
        "language": _("Language"),
        "owner": _("Who looks after it"),
        "review_by": _("Review by"),
        "last_published_at": _("Last published"),
    }

    def get_queryset(self) -> QuerySet[Page]:
        self.queryset = _pages(self.request.user).order_by(
            F("review__by").asc(nulls_last=True), "pk"
        )
        return super().get_queryset()

    def to_row_dict(self, page: Page) -> dict[str, Any]:
        return {
            "title": page.title,
            "full_url": page.full_url,
            "type": page.page_type_display_name,
            "language": str(page.locale),
            "owner": str(page.owner or ""),
            "review_by": _day(page),
            "last_published_at": page.last_published_at,
        }


def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has looked at the page and changes nothing."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    following = reviews.confirm(page, by=request.user)
    said = gettext("“%(page)s” is to be looked at again on %(day)s.")
    day = day_in_words(following)
    messages.success(
        request, said % {"page": page.get_admin_display_title(), "day": day}
    )
    return redirect(
        get_valid_next_url_from_request(request) or reverse("reviews:index")
    )


class _ReviewsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return page_permission_policy.user_has_any_permission(request.user, WRITING)


class ReviewsViewSet(ViewSet):
    name = "reviews"
    icon = "calendar-check"
    menu_hook = "register_reports_menu_item"
    menu_label = _("To review")
    menu_order = 5
    menu_item_class = _ReviewsMenuItem
    url_prefix = "reports/reviews"

    def get_urlpatterns(self) -> list:
        results = ReviewsView.as_view(results_only=True)
        return [
            path("", ReviewsView.as_view(), name="index"),
            path("results/", results, name="index_results"),
            path("<int:pk>/confirm/", confirm, name="confirm"),
        ]


class ReviewsPanel(Component):
    """The pages that one looks after and whose day has come, or comes soon. Empty if
    there are none."""

    name = "reviews"
    template_name = "cms/home_reviews.html"
    order = 25
    shown = 5

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        today = timezone.localdate()
        mine = Review.objects.soon(today).filter(page__owner=self.user)
        mine = mine.select_related("page__locale").order_by("by", "pk")
        found = list(mine[: self.shown + 1])
        return {
            "request": parent_context["request"],
            "user": self.user,
            "reviews": found[: self.shown],
            "has_more": len(found) > self.shown,
            "today": today,
        }
