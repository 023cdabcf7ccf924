"""The office looks for another rapporteur, whatever step the stop is at; what both
sides would be told is shown first."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from workflows.staff.views.case import OneCase
from workflows.staff.views.steps import rehearse, sent

from . import reading, stops
from .stops import NAME


class ReplaceForm(forms.Form):
    """Why somebody else is looked for."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the staff see it."),
        error_messages={"required": _("Write why.")},
    )


class ReplaceView(OneCase, WagtailAdminTemplateMixin, View):
    """Why, then the mails are shown, then it is done."""

    permission_required = "change"
    header_icon = "folder-open-inverse"

    def get_page_title(self) -> str:
        return gettext("Look for another rapporteur")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_stop = self.case.kind == NAME and self.case.is_active
        if not is_stop or reading.paired(self.case.stop) is None:
            messages.info(request, _("Nobody is its rapporteur."))
            return redirect(self.case_url)
        if reading.is_published(self.case.stop):
            messages.info(request, stops.IS_PUBLISHED)
            return redirect(self.case_url)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._ask(ReplaceForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ReplaceForm(request.POST)
        if "back" in request.POST or not form.is_valid():
            return self._ask(form, 200 if "back" in request.POST else 422)
        reason = form.cleaned_data["reason"]
        try:
            if "confirm" not in request.POST:
                return self._page(
                    "cases/confirm.html",
                    question=self.get_page_title(),
                    mails=rehearse(self.case, lambda: self._do(reason)),
                    sent=sent(request.POST),
                    yes=_("Look for another"),
                    is_serious=True,
                )
            is_done = self._do(reason)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self._ask(form, 409)
        if is_done:
            messages.success(request, _("Somebody else can be chosen now."))
        else:
            messages.info(request, _("It was so already: nothing changed."))
        return redirect(self.case_url)

    def _do(self, reason: str) -> bool:
        return stops.replace_rapporteur(self.case.stop, reason, self.request.user)

    def _ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        return self._page("caravan/replace.html", status, form=form)

    def _page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "back_url": self.case_url,
            **context,
        }
        return TemplateResponse(self.request, template, context, status=status)


class StopsViewSet(ViewSet):
    name = "stops"
    icon = "folder-open-inverse"

    def get_urlpatterns(self) -> list:
        replace = ReplaceView.as_view()
        return [path("<slug:number>/rapporteur/", replace, name="replace")]
