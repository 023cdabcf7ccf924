"""Making the deadline of a case longer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from community.cover import today
from workflows.engine import desk
from workflows.engine.models import Deadline

from .case import ApplicantsCase
from .steps import rehearse, sent


class ExtendForm(forms.Form):
    days = forms.IntegerField(label=_("Days more"), min_value=1)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads it."),
        error_messages={"required": _("Write why: the applicant is told.")},
    )


class ExtendView(ApplicantsCase, WagtailAdminTemplateMixin, View):
    """By how many days and why, what the applicant is told, and then it is done."""

    permission_required = "change"
    header_icon = "time"

    @cached_property
    def deadline(self) -> Deadline | None:
        """The one that can be made longer."""
        ours = self.case.deadlines.open().filter(whose=Deadline.Whose.OURS, extension=0)
        deadline = ours.first()
        return None if deadline is None or deadline.is_overdue(today()) else deadline

    def get_page_title(self) -> str:
        return gettext("Make the deadline longer")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.deadline is None:
            messages.info(request, _("This deadline cannot be made longer."))
            return redirect(self.case_url)
        return self._ask(ExtendForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ExtendForm(request.POST)
        if "back" in request.POST or not form.is_valid():
            return self._ask(form)
        try:
            if "confirm" not in request.POST:
                mails = rehearse(self.case, lambda: self._do(form))
                if mails:
                    return self._show(mails)
            self._do(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self._ask(form)
        messages.success(request, _("The deadline is longer, and the applicant told."))
        return redirect(self.case_url)

    def _do(self, form: ExtendForm) -> None:
        desk.extend(self.case, **form.cleaned_data, by=self.request.user)

    def _ask(self, form: ExtendForm) -> HttpResponse:
        return self._page("cases/extend.html", form=form, deadline=self.deadline)

    def _show(self, mails: list) -> HttpResponse:
        return self._page(
            "cases/confirm.html",
            question=self.get_page_title(),
            mails=mails,
            sent=sent(self.request.POST),
            yes=_("Make it longer"),
        )

    def _page(self, template: str, **context: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "back_url": self.case_url,
            **context,
        }
        return TemplateResponse(self.request, template, context)
