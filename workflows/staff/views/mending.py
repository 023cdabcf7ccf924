"""What was done wrong is put right: a step is taken back, a subject or a local body
corrected."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from community.models import LocalBody, Unit
from workflows.engine import desk
from workflows.engine.kinds import kind_of
from workflows.engine.models import Case
from workflows.staff import labels

from .case import ApplicantsCase
from .steps import OneStep, after


class UndoView(OneStep, View):
    """Taking back a step that one did, also where the case went to a unit that one does
    not look after."""

    def in_reach(self) -> QuerySet[Case]:
        return Case.objects.filter(process__task__owner=self.request.user).distinct()

    def get_page_title(self) -> str:
        return gettext("Undo it")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not desk.can_undo(self.task, request.user):
            return self._too_late()
        unit = Unit.objects.get(pk=self.task.data[desk.WAS_OF])
        return self.page("cases/undo.html", unit=unit)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            desk.undo(self.task, request.user)
        except desk.Gone:
            return self._too_late()
        messages.success(request, _("It is taken back: you have the step again."))
        return redirect(self.case_url)

    def _too_late(self) -> HttpResponse:
        words = _("It cannot be taken back any more: somebody went on with it.")
        messages.error(self.request, words)
        return after(self.case, self.request.user)


class CorrectForm(forms.Form):
    title = forms.CharField(
        label=_("Subject"),
        max_length=200,
        error_messages={"required": _("Write what it is about.")},
    )
    body = forms.ModelChoiceField(
        LocalBody.objects.standing(),
        label=_("Local body"),
        required=False,
        empty_label=_("None"),
        help_text=_("Its holidays count in the terms of the case."),
    )

    def clean_title(self) -> str:
        # It stands in one line, in mails too.
        return " ".join(self.cleaned_data["title"].split())


class CorrectView(ApplicantsCase, WagtailAdminTemplateMixin, View):
    """Correcting what a case is about and for whom. Where a deadline moves by it, its
    new day is shown first."""

    permission_required = "change"
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kind_of(self.case).of_body:
            raise Http404

    def get_page_title(self) -> str:
        return gettext("Correct")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.case.erased:
            messages.info(request, _("This case is anonymous: nothing is corrected."))
            return redirect(self.case_url)
        initial = {"title": self.case.title, "body": self.case.body_id}
        return self._ask(CorrectForm(initial=initial))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = CorrectForm(request.POST)
        if not form.is_valid():
            return self._ask(form, status=422)
        moved = self._foreseen(form)
        # What was shown is what is done: otherwise it is shown once more.
        shown = "|".join(day for *_words, day in moved)
        if shown != request.POST.get("confirm", ""):
            return self._ask(form, moved=moved, shown=shown)
        if self._do(form):
            messages.success(request, _("Corrected."))
        else:
            messages.info(request, _("It was so already: nothing changed."))
        return redirect(self.case_url)

    def _do(self, form: CorrectForm) -> bool:
        return desk.correct(self.case, **form.cleaned_data, by=self.request.user)

    def _foreseen(self, form: CorrectForm) -> list[tuple[str, str, str]]:
        """Which deadlines would move: whose, from which day and to which."""
        before = Case.objects.get(pk=self.case.pk)
        with transaction.atomic():
            self._do(form)
            after = Case.objects.get(pk=self.case.pk)
            transaction.set_rollback(True)
        return labels.moved(before, after)

    def _ask(self, form: CorrectForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "form": form,
            "back_url": self.case_url,
            **more,
        }
        return TemplateResponse(
            self.request, "cases/correct.html", context, status=status
        )
