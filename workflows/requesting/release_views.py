"""The coordinators' screen on which prepared decisions are released together."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permission_policies.base import ModelPermissionPolicy

from workflows.staff.views.steps import Rehearsed, html_of

from . import releasing
from .models import CatalogueRequest, Release
from .requests import RELEASE, Decision

# At a time: every mail of them is shown.
MOST = 50


class ReleaseView(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """What is prepared, to be chosen from; then every mail that would leave; then the
    worker releases them."""

    permission_policy = ModelPermissionPolicy(CatalogueRequest)
    permission_required = "release"
    page_title = _("Decisions to release")
    header_icon = "mail"
    template_name = "requesting/release.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._list()

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen()
        if "back" in request.POST:
            return self._list()
        if not chosen:
            messages.error(request, _("Choose at least one that can be released."))
            return self._list(422)
        seen = _seen(chosen)
        if "confirm" not in request.POST:
            return self._show(chosen, seen)
        if request.POST.get("seen") != seen:
            words = _("Meanwhile something has changed: look at the mails again.")
            messages.error(request, words)
            return self._show(chosen, seen, status=409)
        releasing.wish(chosen, request.user)
        words = ngettext(
            "%d decision is being released.",
            "%d decisions are being released.",
            len(chosen),
        )
        messages.success(request, words % len(chosen))
        return redirect("decisions:index")

    @cached_property
    def waiting(self) -> list[CatalogueRequest]:
        """What can be released now."""
        found = releasing.waiting(self.request.user)
        return list(found.select_related(*_SHOWN))

    def _chosen(self) -> list[CatalogueRequest]:
        keys = set(self.request.POST.getlist("request"))
        return [one for one in self.waiting if str(one.pk) in keys][:MOST]

    def _list(self, status: int = 200) -> HttpResponse:
        under_way = Release.objects.unsettled()
        return self._page(
            status,
            waiting=self.waiting[:MOST],
            more=len(self.waiting) - MOST,
            under_way=releasing.ready(self.request.user)
            .filter(release__in=under_way)
            .count(),
            failed=Release.State.FAILED,
        )

    def _show(
        self, chosen: list[CatalogueRequest], seen: str, status: int = 200
    ) -> HttpResponse:
        shown = [(one, _mails(one)) for one in chosen]
        mails = [mail for _one, theirs in shown for mail in theirs]
        languages = [mail.language for mail in mails]
        return self._page(
            status,
            shown=shown,
            count=len(mails),
            languages=[(one, languages.count(one)) for one in dict.fromkeys(languages)],
            granted=sum(one.decision == Decision.GRANT for one in chosen),
            denied=sum(one.decision == Decision.DENY for one in chosen),
            untold=[one for one, theirs in shown if not theirs],
            sent=[("request", str(one.pk)) for one in chosen],
            seen=seen,
        )

    def _page(self, status: int, **context: Any) -> HttpResponse:
        context = {**self.get_context_data(), **context}
        return TemplateResponse(
            self.request, self.template_name, context, status=status
        )

    def get_breadcrumbs_items(self) -> list[dict]:
        title = gettext("Decisions to release")
        return [*self.breadcrumbs_items, {"url": "", "label": title}]


_SHOWN = (
    "case__body",
    "case__process",
    "case__unit",
    "resource",
    "edition",
    "release",
)


def _mails(request: CatalogueRequest) -> list[Rehearsed]:
    found = releasing.letters_of(request)
    return [Rehearsed(mail, html_of(mail), language) for language, mail in found]


def _seen(chosen: list[CatalogueRequest]) -> str:
    marks = " ".join(map(releasing.mark, chosen))
    return sha256(marks.encode()).hexdigest()[:32]


class DecisionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RELEASE)


class DecisionsViewSet(ViewSet):
    name = "decisions"
    icon = "mail"
    # A longer one would be cut.
    menu_label = _("Decisions")
    # After the cases.
    menu_order = 45
    add_to_admin_menu = True
    menu_item_class = DecisionsMenuItem

    def get_urlpatterns(self) -> list:
        return [path("", ReleaseView.as_view(), name="index")]
