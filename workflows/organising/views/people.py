"""The screen of one registration."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import registry as logs

from events.models import Registration
from workflows.organising import labels, post
from workflows.organising.access import sessions_of

from .screen import OneSession


class OneRegistration(OneSession):
    """A view of a registration for one of the sessions that one looks after."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        mine = Registration.objects.filter(session__in=sessions_of(request.user))
        self.registration = get_object_or_404(
            mine.select_related("session", "body"), pk=kwargs["registration"]
        )
        super().setup(request, *args, **{**kwargs, "pk": self.registration.session_id})
        self.registration.session = self.session

    def get_breadcrumbs_items(self) -> list[dict]:
        *items, last = super().get_breadcrumbs_items()
        url = reverse("sessions:registration", args=[self.registration.pk])
        person = {"url": url, "label": self.registration.name}
        return (
            [*items, person]
            if person["label"] == last["label"]
            else [
                *items,
                person,
                last,
            ]
        )


class RegistrationView(
    OneRegistration, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """What one person asked for, and what we wrote to that person."""

    model = Registration
    permission_required = "view"
    template_name = "organising/registration.html"
    header_icon = "user"

    def get_page_title(self) -> str:
        return self.registration.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registration = self.registration
        entries = logs.get_logs_for_instance(registration)
        can_cancel = registration.is_active and self.user_has_permission("change")
        return {
            **super().get_context_data(**kwargs),
            "registration": registration,
            "session": self.session,
            "tone": labels.REGISTRATION_TONES.get(registration.state, ""),
            "mails": post.of_registrations([registration.pk])[registration.pk],
            "history": list(entries.select_related("user", "content_type")),
            "cancel_url": can_cancel
            and reverse("sessions:cancel_registration", args=[registration.pk]),
        }
