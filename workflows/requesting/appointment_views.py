"""The office arranges, moves and cancels the appointments of a request; what both sides
would be told is shown first."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from i18nfield.strings import LazyI18nString
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from events.meetings import providers
from events.models import Answer, Appointment, Provider
from workflows.organising.forms import WhenForm
from workflows.staff.views.case import OneCase
from workflows.staff.views.steps import rehearse, sent

from . import appointing
from .kind import NAME

# The usual ones: everybody reads them in the own language.
PURPOSES = {
    "start": _("Start of the diagnosis"),
    "follow_up": _("Follow-up"),
    "end": _("Closing meeting"),
}


class PlaceForm(WhenForm):
    """When it is, and where."""

    place = forms.CharField(
        label=_("Where people meet"),
        max_length=200,
        required=False,
        help_text=_("Empty if people only meet online."),
    )

    def where_and_when(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts", "ends", "place")}


class ArrangeForm(PlaceForm):
    """A new appointment."""

    class Media:
        css: ClassVar = {"all": ("requesting/steps.css",)}

    # The same form sent twice is one appointment.
    key = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=[*PURPOSES.items(), ("", _("Something else"))],
        required=False,
        initial="start",
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("Something else, in a few words"), max_length=200, required=False
    )
    provider = forms.ChoiceField(label=_("Online meeting"))
    join_url = forms.URLField(
        label=_("Link of the online meeting"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("Only where it is a link of your own."),
    )

    field_order = ("key", "purpose", "title", "date", "start_time", "end_time")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = providers.offered()
        self.fields["provider"].choices = [(one, one.label) for one in found]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("purpose") and not data.get("title"):
            self.add_error("title", _("Write what it is for."))
        by_link = data.get("provider") == Provider.LINK
        if by_link and not data.get("join_url") and "join_url" not in self.errors:
            self.add_error("join_url", _("Write the link."))
        if data.get("provider") == Provider.NONE and not data.get("place"):
            self.add_error(
                "place", _("Write where it is, or choose an online meeting.")
            )
        return data

    def what(self) -> dict[str, Any]:
        data = self.cleaned_data
        by_link = data["provider"] == Provider.LINK
        purpose = PURPOSES.get(data["purpose"])
        return {
            **self.where_and_when(),
            "title": _in_languages(purpose) if purpose else data["title"],
            "provider": data["provider"],
            "join_url": data["join_url"] if by_link else "",
            "key": data["key"],
        }


def _in_languages(words: Promise) -> LazyI18nString:
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = str(words)
    return LazyI18nString(said)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both sides read it."),
        error_messages={"required": _("Write why: both sides are told.")},
    )


class _AppointmentView(OneCase, WagtailAdminTemplateMixin, View):
    """Something is asked, then the mails are shown, then it is done."""

    permission_required = "change"
    header_icon = "date"
    yes: str | Promise
    done: str | Promise
    is_serious = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.appointment: Appointment | None = None
        if "pk" in kwargs:
            rows = Appointment.objects.filter(of_request__request__case=self.case)
            self.appointment = get_object_or_404(rows, pk=kwargs["pk"])

    def form(self, *sent: MultiValueDict) -> forms.Form:
        raise NotImplementedError

    def act(self, form: forms.Form) -> object:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.case.kind != NAME or not appointing.may_arrange(self.case):
            messages.info(request, _("It is not being carried out."))
            return redirect(self.case_url)
        return self._ask(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if "back" in request.POST or not form.is_valid():
            status = 200 if "back" in request.POST else 422
            return self._ask(form, status)
        try:
            if "confirm" not in request.POST:
                mails = rehearse(self.case, lambda: self.act(form))
                return self._page(
                    "cases/confirm.html",
                    question=self.get_page_title(),
                    mails=mails,
                    sent=sent(request.POST),
                    yes=self.yes,
                    is_serious=self.is_serious,
                )
            is_done = self.act(form)
        except ValidationError as refusal:
            if hasattr(form, "refuse"):
                form.refuse(refusal)
            else:
                form.add_error(None, refusal)
            return self._ask(form, 409)
        if is_done:
            messages.success(request, self.done)
        else:
            messages.info(request, _("It was so already: nothing changed."))
        return redirect(self.case_url)

    def _ask(self, form: forms.Form, status: int = 200) -> HttpResponse:
        page = "requesting/appointment.html"
        return self._page(page, status, form=form, media=form.media)

    def _page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "appointment": self.appointment,
            "back_url": self.case_url,
            **context,
        }
        return TemplateResponse(self.request, template, context, status=status)


class ArrangeView(_AppointmentView):
    yes = _("Arrange it")
    done = _("Arranged: both sides get a mail.")

    def get_page_title(self) -> str:
        return gettext("Arrange an appointment")

    def form(self, *sent: MultiValueDict) -> ArrangeForm:
        return ArrangeForm(*sent, initial={"key": uuid4()})

    def act(self, form: ArrangeForm) -> object:
        return appointing.arrange(self.case, by=self.request.user, **form.what())


class MoveView(_AppointmentView):
    yes = _("Move it")
    done = _("Moved: both sides get a mail.")

    def get_page_title(self) -> str:
        return gettext("Move the appointment")

    def form(self, *sent: MultiValueDict) -> PlaceForm:
        starts = timezone.localtime(self.appointment.starts)
        ends = timezone.localtime(self.appointment.ends)
        initial = {
            "date": starts.date(),
            "start_time": starts.time(),
            "end_time": ends.time(),
            "place": str(self.appointment.place),
        }
        return PlaceForm(*sent, initial=initial)

    def act(self, form: PlaceForm) -> object:
        appointment = Appointment.objects.get(pk=self.appointment.pk)
        where = form.where_and_when()
        by = self.request.user
        return appointing.move(self.case, appointment, **where, by=by)


class CancelView(_AppointmentView):
    yes = _("Cancel the appointment")
    done = _("Cancelled: who knew of it gets a mail.")
    is_serious = True

    def get_page_title(self) -> str:
        return gettext("Cancel the appointment")

    def form(self, *sent: MultiValueDict) -> CancelForm:
        return CancelForm(*sent)

    def act(self, form: CancelForm) -> object:
        appointment = Appointment.objects.get(pk=self.appointment.pk)
        reason = form.cleaned_data["reason"]
        return appointing.cancel(self.case, appointment, reason, self.request.user)


class SettleView(OneCase, View):
    """Whether an answer that came from another address is the guest's."""

    permission_required = "change"
    http_method_names: ClassVar = ["post", "options"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        of_case = {"guest__appointment__of_request__request__case": self.case}
        answer = get_object_or_404(Answer, pk=kwargs["pk"], **of_case)
        believe = bool(request.POST.get("believe"))
        by = request.user
        try:
            done = appointing.settle(self.case, answer, believe=believe, by=by)
        except ValidationError as refusal:
            messages.info(request, refusal.message)
            return redirect(self.case_url)
        if not done:
            messages.info(request, _("It had been settled already: nothing changed."))
        elif believe:
            messages.success(request, _("It counts as the person’s answer."))
        else:
            messages.success(request, _("It is left aside."))
        return redirect(self.case_url)


class AppointmentsViewSet(ViewSet):
    name = "appointments"
    icon = "date"

    def get_urlpatterns(self) -> list:
        one = "<slug:number>/"
        return [
            path(f"{one}arrange/", ArrangeView.as_view(), name="arrange"),
            path(f"{one}<int:pk>/move/", MoveView.as_view(), name="move"),
            path(f"{one}<int:pk>/cancel/", CancelView.as_view(), name="cancel"),
            path(f"{one}answers/<int:pk>/", SettleView.as_view(), name="settle"),
        ]
