"""The files of a case: opening one, and sending some to the applicant."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from workflows.engine import desk, disclosure, files
from workflows.engine.file_fields import FilesField
from workflows.engine.models import Entry, File

from .case import ApplicantsCase, OneCase
from .steps import rehearse, sent


class FileView(OneCase, View):
    """A file of the case, to be saved."""

    any_permission_required = ("view", "change")
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        rows = self.case.files.select_related("entry")
        file: File = get_object_or_404(rows, pk=pk)
        response = files.handed_out(file)
        if file.entry and file.entry.way == Entry.Way.IN:
            disclosure.file_opened(self.case, file, by=request.user)
        return response


class SendForm(forms.Form):
    text = forms.CharField(
        label=_("What the applicant will read"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It goes into a mail, with the names of the files."),
        error_messages={"required": _("Write what the applicant will read.")},
    )
    files = FilesField(label=_("Files for the applicant"))


class SendView(ApplicantsCase, WagtailAdminTemplateMixin, View):
    """Sending the applicant something outside the steps: what, how the mail looks, and
    then."""

    permission_required = "change"
    header_icon = "mail"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not self.case.email:
            raise Http404

    def get_page_title(self) -> str:
        return gettext("Write to the applicant")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._page("cases/send.html", form=SendForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = SendForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page("cases/send.html", 422, form=form)
        if "back" in request.POST:
            return self._page("cases/send.html", form=form)
        if "confirm" not in request.POST:
            mails = rehearse(self.case, lambda: self._do(form))
            return self._page(
                "cases/confirm.html",
                question=self.get_page_title(),
                mails=mails,
                sent=sent(request.POST),
                yes=_("Send"),
            )
        if self._do(form):
            messages.success(request, _("Sent. The applicant gets a mail."))
        else:
            messages.info(request, _("This case is anonymous: nothing is added to it."))
        return redirect(self.case_url)

    def _do(self, form: SendForm) -> bool:
        return desk.send(self.case, **form.cleaned_data, by=self.request.user)

    def _page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "back_url": self.case_url,
            **context,
        }
        return TemplateResponse(self.request, template, context, status=status)
