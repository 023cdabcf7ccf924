"""The screen of a session's speakers and materials."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events.models import Session
from workflows.organising.access import PROGRAMME
from workflows.organising.programme import ProgrammeForm

from .screen import OneSession


class ProgrammeView(
    OneSession, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """Who speaks, and what is left to read and watch. One empty row of each waits to
    be filled in; saving gives another."""

    model = Session
    # Editors write it too, who change nothing else of a session.
    permission_required = "write"
    template_name = "organising/programme.html"
    page_title = _("Speakers and materials")
    header_icon = "openquote"

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perms(PROGRAMME)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._show(ProgrammeForm(self.session))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ProgrammeForm(self.session, request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was saved: something is missing."))
            return self._show(form)
        if form.save(by=request.user):
            messages.success(request, _("Saved. Nobody gets a mail for it."))
        if "more" in request.POST:
            return redirect(request.path)
        return redirect(self.session_url)

    def _show(self, form: ProgrammeForm) -> HttpResponse:
        context = self.get_context_data(
            programme=form,
            media=form.media,
            session=self.session,
            back_url=self.session_url,
        )
        return self.render_to_response(context)
