"""The online meeting of a session: the organiser's own door, and another try."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events.meetings import sync
from events.meetings.rooms import room_of
from events.models import Registration, Session

from .screen import OneSession


class DoorView(OneSession, PermissionCheckedMixin, View):
    """Into the meeting, at any time: for those who may see who comes."""

    model = Registration
    permission_required = "view"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        room = room_of(self.session)
        if room is None:
            messages.warning(request, _("There is no meeting to go into yet."))
            return redirect(self.session_url)
        answer = HttpResponseRedirect(room.url)
        # The meeting's host need not know our screens.
        answer["Referrer-Policy"] = "no-referrer"
        return answer


class TryAgainView(OneSession, PermissionCheckedMixin, View):
    """Have the meeting made, or looked at, once more."""

    model = Session
    permission_required = "change"
    http_method_names: ClassVar = ["post", "options"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if sync.try_again(self.session, by=request.user):
            messages.success(
                request, _("It is being tried. Load this page again in a moment.")
            )
        else:
            messages.info(request, _("This session has no meeting that is made here."))
        return redirect(self.session_url)
