"""Addresses to which nothing is sent: mail to them comes back, or is unwanted."""

from collections import defaultdict
from typing import Any

import django_filters
from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from community.messages import outbox, suppressions
from community.messages.kinds import kind_of
from community.models import Message, Suppression
from events.models import Registration, RegistrationQuerySet
from workflows.organising import disclosure, labels
from workflows.organising.access import (
    ALL_UNITS,
    messages_of,
    sessions_of,
    suppressions_of,
)

from .held import example_of, languages_of
from .listing import CellColumn
from .mail import MailAccess


def registrations_of(address: str, request: HttpRequest) -> RegistrationQuerySet:
    """Those of `address` for sessions to come that one looks after."""
    if not request.user.has_perm("events.view_registration"):
        return Registration.objects.none()
    mine = Registration.objects.of_address(address).filter(
        session__in=sessions_of(request.user)
    )
    return mine.to_come(timezone.now()).select_related("session")


class SuppressionAccess(MailAccess):
    """To lift is for who decides about people, and for who sees every unit."""

    def user_has_permission(self, permission: str) -> bool:
        may = super().user_has_permission(permission)
        return may or self.request.user.has_perm(ALL_UNITS)


class SuppressionFilterSet(WagtailFilterSet):
    reason = django_filters.ChoiceFilter(
        label=_("Why"),
        choices=[(value, words) for value, words in labels.SUPPRESSION.items()],
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )

    class Meta:
        model = Suppression
        fields = ("reason",)


class SuppressionsView(SuppressionAccess, generic.IndexView):
    """The addresses without mail that one may see, the latest first."""

    model = Suppression
    page_title = _("Addresses without mail")
    header_icon = "warning"
    index_url_name = "messages:without"
    index_results_url_name = "messages:without_results"
    filterset_class = SuppressionFilterSet
    is_searchable = True
    paginate_by = 50
    default_ordering = "-pk"
    table_classname = "listing staff-table"
    add_url_name = None
    columns = (
        CellColumn("without_mail", label=_("E-mail address")),
        CellColumn("without_why", label=_("Why")),
        CellColumn("without_since", label=_("Since"), sort_key="created"),
        CellColumn("without_people", label=_("Registered for")),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        disclosure.mails_listed(by=request.user)
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[Suppression]:
        return suppressions_of(self.request.user)

    def search_queryset(self, queryset: QuerySet[Suppression]) -> QuerySet[Suppression]:
        if not self.is_searching:
            return queryset
        return queryset.filter(email__icontains=self.search_query)

    def get_table(self, object_list: Any) -> Any:
        """Each address with its registrations to come, in one query."""
        keys = [row.pk for row in object_list]
        marked = Suppression.objects.filter(pk__in=keys)
        rows = Registration.objects.of_somebody().alias(address=Lower("email"))
        rows = rows.filter(
            session__in=sessions_of(self.request.user),
            address__in=marked.values(address=Lower("email")),
        )
        found = defaultdict(list)
        if self.request.user.has_perm("events.view_registration"):
            for one in rows.to_come(timezone.now()).select_related("session"):
                found[one.email.lower()].append(one)
        can_lift = self.user_has_permission("change")
        for row in object_list:
            row.can_lift = can_lift
            row.words_of_reason = labels.SUPPRESSION[row.reason]
            row.registrations = found[row.email.lower()]
        return super().get_table(object_list)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "can_add": False}


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("For the history: who said that mail arrives there again."),
    )


class LiftView(SuppressionAccess, WagtailAdminTemplateMixin, FormView):
    """Writes to an address again, and sends what was stopped meanwhile."""

    permission_required = "change"
    template_name = "organising/lift.html"
    form_class = LiftForm
    page_title = _("Write to this address again")
    header_icon = "warning"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        mine = suppressions_of(request.user)
        self.suppression: Suppression = get_object_or_404(mine, pk=kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("messages:index"), "label": gettext("Messages")},
            {
                "url": reverse("messages:without"),
                "label": gettext("Addresses without mail"),
            },
            {"url": "", "label": self.suppression.email},
        ]

    @cached_property
    def stopped(self) -> list[Message]:
        """What was not sent to the address and is still true."""
        rows = Message.objects.given_up().to(self.suppression.email)
        rows = rows.filter(pk__in=messages_of(self.request.user).values("pk"))
        return [
            row
            for row in rows.order_by("pk").defer("mime")
            if outbox.can_send_again(row) and not kind_of(row).pointless(row)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.stopped
        return {
            **super().get_context_data(**kwargs),
            "suppression": self.suppression,
            "suppression_words": labels.SUPPRESSION[self.suppression.reason],
            "registrations": registrations_of(self.suppression.email, self.request),
            "letters": [(row, labels.mail_kind(row)) for row in rows],
            "total": len(rows),
            "languages": languages_of(rows),
            "example": example_of(rows),
        }

    def form_valid(self, form: LiftForm) -> HttpResponse:
        by, reason = self.request.user, form.cleaned_data["reason"]
        with transaction.atomic():
            rows = self.stopped if "send" in self.request.POST else []
            if not suppressions.lift(self.suppression, by=by, reason=reason):
                rows = []
            sent = sum(bool(outbox.send_again(row, by=by)) for row in rows)
        words = gettext("%(address)s is written to again.")
        told = [words % {"address": self.suppression.email}]
        if sent:
            left = ngettext(
                "%d mail is about to leave.", "%d mails are about to leave.", sent
            )
            told.append(left % sent)
        messages.success(self.request, " ".join(told))
        return redirect("messages:without")
