"""A step of a case: doing it, and who does it. Of two people at once one wins; the
other is told who, and finds what she typed where she typed it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from viewflow.workflow.models import Task
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from community.messages.compose import html_of
from community.models import Message, User
from workflows.engine import desk, jobs, letters
from workflows.engine.access import units_of, workers_of
from workflows.engine.kinds import Queued, kind_of, settled_as
from workflows.engine.models import Case
from workflows.engine.nodes import StaffTask, WorkerTask
from workflows.staff import timeline

from .case import ApplicantsCase, OneCase


class OneStep(OneCase, WagtailAdminTemplateMixin):
    """A view of one of the steps of a case: the office's, unless another type is
    said."""

    permission_required = "change"
    header_icon = "folder-open-inverse"
    flow_task_type = StaffTask.task_type

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        steps = self.case.process.task_set.select_related("owner")
        these = steps.filter(flow_task_type=self.flow_task_type)
        self.task: Task | None = these.filter(pk=kwargs["pk"]).first()
        if self.task is None:
            raise Http404

    def get_page_title(self) -> str:
        return str(self.task.flow_task.task_title)

    @property
    def step_url(self) -> str:
        return reverse("cases:step", args=[self.case.number, self.task.pk])

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "task": self.task,
            "back_url": self.case_url,
            **context,
        }
        return TemplateResponse(self.request, template, context, status=status)


class StepView(OneStep, View):
    """Doing a step: the form, what the applicant would be told, and then it is done."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._ask(self._form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        if "back" in request.POST or not form.is_valid():
            return self._ask(form, status=200 if "back" in request.POST else 422)
        try:
            if "confirm" not in request.POST:
                mails = rehearse(self.case, lambda: self._do(form))
                if mails or mails.not_sent:
                    return self._show(mails)
            self._do(form)
        except desk.Taken as taken:
            words = gettext(
                "%(person)s has this step now, so nothing was done. What you wrote is "
                "still here."
            )
            return self._told(form, words % {"person": taken.by})
        except desk.Gone:
            self.task.refresh_from_db()
            return self._told(form, self._gone())
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self._ask(form, status=409)
        self.task.refresh_from_db()
        self._say_done()
        return after(self.case, request.user)

    def _say_done(self) -> None:
        buttons = []
        if desk.can_undo(self.task, self.request.user):
            address = reverse("cases:undo", args=[self.case.number, self.task.pk])
            buttons.append(messages.button(address, _("Undo it")))
        words = gettext("Done: %s") % self.task.flow_task.done
        messages.success(self.request, words, buttons=buttons)

    def _form(self, *sent: MultiValueDict) -> forms.Form:
        return self.task.flow_task.form_class(*sent, case=self.case)

    def _do(self, form: forms.Form) -> None:
        # A copy, so that a rehearsal leaves nothing behind.
        task = Task.objects.get(pk=self.task.pk)
        desk.complete(task, form.apply, self.request.user)

    def _gone(self) -> str:
        if self.task.owner and self.task.finished:
            words = gettext(
                "%(person)s has done this step already, so nothing was done again. "
                "What you wrote is still here."
            )
            return words % {"person": self.task.owner}
        return gettext(
            "This step is not there to be done any more. What you wrote is still here."
        )

    def _told(self, form: forms.Form, words: str) -> HttpResponse:
        messages.error(self.request, words)
        return self._ask(form, status=409)

    def _ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        is_open = self.task.finished is None
        mine = self.task.owner_id in (None, self.request.user.pk)
        return self.page(
            "cases/step.html",
            status,
            form=form,
            media=form.media,
            is_open=is_open,
            is_mine=mine,
            panel=self.panel(self.task),
            events=list(timeline.written(self.case)),
        )

    def _show(self, mails: "Rehearsal") -> HttpResponse:
        return self.page(
            "cases/confirm.html",
            question=self.get_page_title(),
            mails=mails,
            sent=sent(self.request.POST),
            yes=self.task.flow_task.button,
        )


def after(case: Case, user: User) -> HttpResponse:
    """Where `user` goes on: to the case, or to the inbox where it is of a unit now
    that she does not look after."""
    if Case.objects.filter(pk=case.pk, unit__in=units_of(user)).exists():
        return redirect("cases:case", case.number)
    return redirect("cases:index")


class Rehearsed(NamedTuple):
    """A mail that would leave, as most programs show it, and in which language."""

    mail: EmailMultiAlternatives
    html: str
    language: str


class Rehearsal(list[Rehearsed]):
    """The mails that would leave; and the labels of those that are switched off."""

    not_sent: tuple[str, ...] = ()


def rehearse(case: Case, act: Callable[[], object]) -> Rehearsal:
    """The mails that `act` would queue about `case`. It is done, and undone."""
    with transaction.atomic():
        newest = Message.objects.aggregate(Max("pk"))["pk__max"] or 0
        before = letters.not_sent(case).count()
        act()
        queued = (kind_of(case).queued or _letters)(case, newest)
        not_sent = [letters.label_of(row) for row in letters.not_sent(case)[before:]]
        transaction.set_rollback(True)
    found = Rehearsal(
        Rehearsed(mail, html_of(mail), language) for language, mail in queued
    )
    found.not_sent = tuple(not_sent)
    return found


def _letters(case: Case, key: int) -> Queued:
    rows = Message.objects.filter(order_key=case.thread, pk__gt=key)
    return [(row.language, letters.preview(row)) for row in rows.order_by("pk")]


def sent(data: QueryDict) -> list[tuple[str, str]]:
    """What the first step sent, to send it again."""
    own = {"csrfmiddlewaretoken", "confirm", "back"}
    return [(k, v) for k, values in data.lists() if k not in own for v in values]


class _Press(OneStep, View):
    """One button: no more is asked."""

    http_method_names = ("post",)

    def act(self, by: User) -> bool:
        raise NotImplementedError

    def said(self) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if self.act(request.user):
                messages.success(request, self.said())
            else:
                messages.info(request, _("It was so already: nothing changed."))
        except desk.Taken as taken:
            words = gettext("%(person)s has this step now.") % {"person": taken.by}
            messages.error(request, words)
        except desk.Gone:
            messages.error(request, _("This step is not there to be done any more."))
        if "to_problems" in request.POST:
            return redirect("cases:problems")
        return redirect(self.case_url)


class ClaimView(_Press):
    def act(self, by: User) -> bool:
        return desk.claim(self.task, by)

    def said(self) -> str:
        return gettext("It is yours: it is in your inbox.")


class ReturnView(_Press):
    def act(self, by: User) -> bool:
        return desk.give_back(self.task, by)

    def said(self) -> str:
        return gettext("It is in the queue again: anybody of the unit can claim it.")


class TakeOverView(_Press):
    def act(self, by: User) -> bool:
        return desk.take_over(self.task, by)

    def said(self) -> str:
        return gettext("You have taken it over: it is in your inbox.")


class TryAgainView(_Press):
    """On a step of the worker that failed, or waits for its next try."""

    flow_task_type = WorkerTask.task_type

    def act(self, by: User) -> bool:
        return jobs.try_again(self.task, by)

    def said(self) -> str:
        return gettext("It is being tried again.")


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Who goes on with it"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = workers_of(case.unit_id)


class HandOverView(OneStep, View):
    """Giving the step to a colleague."""

    def get_page_title(self) -> str:
        return gettext("Hand over")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page("cases/hand_over.html", form=HandOverForm(case=self.case))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = HandOverForm(request.POST, case=self.case)
        if not form.is_valid():
            return self.page("cases/hand_over.html", 422, form=form)
        to = form.cleaned_data["to"]
        try:
            desk.hand_over(self.task, to, request.user)
        except desk.Gone:
            messages.error(request, _("This step is not there to be done any more."))
        except PermissionDenied:
            messages.error(request, _("This person does not look after the case."))
        else:
            messages.success(request, gettext("%s goes on with it.") % to)
        return redirect(self.case_url)


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads it."),
        error_messages={"required": _("Write why: the applicant is told.")},
    )


class CloseView(ApplicantsCase, WagtailAdminTemplateMixin, View):
    """Closing a case without settling it: why, what the applicant is told, and then.
    Where only opinions are still to come, nobody is told."""

    permission_required = "change"
    header_icon = "folder-open-inverse"

    @property
    def is_settled(self) -> bool:
        return bool(settled_as(self.case))

    def get_page_title(self) -> str:
        if self.is_settled:
            return gettext("Close it now")
        return gettext("Close without settling it")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.case.is_active:
            messages.info(request, _("This case is settled already."))
            return redirect(self.case_url)
        return self._page("cases/close.html", form=self._form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, is_settled = self._form(request.POST), self.is_settled
        if "back" in request.POST or not form.is_valid():
            return self._page("cases/close.html", form=form)
        reason = form.cleaned_data["reason"]
        if "confirm" not in request.POST and not is_settled:
            mails = rehearse(self.case, lambda: self._do(reason))
            return self._page(
                "cases/confirm.html",
                question=self.get_page_title(),
                mails=mails,
                sent=sent(request.POST),
                yes=_("Close it"),
                is_serious=True,
            )
        if self._do(reason):
            told = _("Closed. The applicant is told why.")
            messages.success(request, _("It is closed.") if is_settled else told)
        else:
            messages.info(request, _("This case is settled already."))
        return redirect(self.case_url)

    def _do(self, reason: str) -> bool:
        return desk.cancel(self.case, reason, self.request.user)

    def _form(self, *sent: QueryDict) -> forms.Form:
        form = CloseForm(*sent)
        if self.is_settled:
            form.fields["reason"].help_text = _("Only the staff see it.")
            form.fields["reason"].required = False
        return form

    def _page(self, template: str, **context: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "back_url": self.case_url,
            "is_settled": self.is_settled,
            **context,
        }
        return TemplateResponse(self.request, template, context)
