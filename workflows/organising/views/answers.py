"""Whether an answer that came from another address is the person's."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events import answers
from events.models import Answer, Registration

from .people import OneRegistration


class SettleView(OneRegistration, PermissionCheckedMixin, View):
    model = Registration
    permission_required = "change"
    http_method_names: ClassVar = ["post", "options"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        theirs = Answer.objects.filter(invitation__registration=self.registration)
        answer = get_object_or_404(theirs, pk=kwargs["answer"])
        believe = bool(request.POST.get("believe"))
        if not answers.settle(answer, by=request.user, believe=believe):
            messages.info(request, _("It had been settled already: nothing changed."))
        elif believe:
            messages.success(request, _("It counts as the person’s answer."))
        else:
            messages.success(request, _("It is left aside."))
        return redirect("sessions:registration", self.registration.pk)
