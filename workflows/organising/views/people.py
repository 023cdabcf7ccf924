"""The screen of one registration."""

from typing import Any

from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import ModelLogEntry

from community.messages import suppressions
from community.models import Suppression
from events import registrations, substitutions
from events.models import AccessibilityNeeds, Answer, Registration
from workflows.engine.access import VIEW
from workflows.organising import disclosure, labels, post
from workflows.organising.access import sessions_of
from workflows.organising.models import Decision

from .screen import OneSession, history_of


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
        people = reverse("sessions:people", args=[self.session.pk])
        items.append({"url": people, "label": gettext("Registrations")})
        person = {"url": url, "label": self.registration.who}
        if last["label"] == person["label"]:
            return [*items, last]
        return [*items, person, last]


class RegistrationView(
    OneRegistration, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """What one person asked for, and what we wrote to that person."""

    model = Registration
    permission_required = "view"
    template_name = "organising/registration.html"
    header_icon = "user"

    def get_page_title(self) -> str:
        return self.registration.who

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        disclosure.person_opened(self.registration, by=request.user)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        registration = self.registration
        history = self._history()
        suppression = suppressions.suppression_of(registration.email)
        may_change = self.user_has_permission("change")
        return {
            **super().get_context_data(**kwargs),
            "registration": registration,
            "session": self.session,
            "tone": labels.REGISTRATION_TONES.get(registration.state, ""),
            "invitation": registration.invitations.filter(withdrawn=False).first(),
            "answers": self._answers(),
            "joined": registration.invitations.aggregate(Min("joined"))["joined__min"],
            # They are health data: for who does something about them.
            "needs": self._needs() if may_change else None,
            "offers": list(registration.offers.order_by("-pk")),
            "substitutions": registration.substitutions.exclude(outcome="confirmed"),
            "mails": post.of_registrations([registration.pk])[registration.pk],
            "mails_to_colleagues": post.to_colleagues(registration),
            "suppression": suppression,
            "suppression_words": suppression and labels.SUPPRESSION[suppression.reason],
            "decisions": self._decisions(),
            "may_change": may_change,
            "history": list(history.exclude(action__in=disclosure.ACTIONS)),
            "actions": self._actions() if may_change else [],
        }

    def _decisions(self) -> list[Decision]:
        """What somebody has to decide about it, in Cases."""
        if not self.request.user.has_perm(VIEW):
            return []
        return list(self.registration.decisions.for_list())

    def _history(self) -> QuerySet[ModelLogEntry]:
        """What happened to the registration, and to its address."""
        entries = history_of(self.registration, self.request.user)
        for mark in Suppression.objects.of(self.registration.email):
            entries |= history_of(mark, self.request.user)
        return entries

    def _answers(self) -> list[Answer]:
        """What the person's calendar answered, the latest first."""
        of_person = Answer.objects.filter(invitation__registration=self.registration)
        return list(of_person.select_related("invitation").order_by("-pk"))

    def _needs(self) -> AccessibilityNeeds | None:
        needs = AccessibilityNeeds.objects
        return needs.filter(registration=self.registration).first()

    def _actions(self) -> list[Button]:
        """What can be decided about the person, as things stand."""
        states, state = Registration.State, self.registration.state
        if state == states.CANCELLED or self.registration.erased:
            return []
        found = []
        if state == states.PENDING:
            found += [
                ("approve", _("Approve"), "check", ""),
                ("decline", _("Decline"), "cross", " button-secondary no"),
            ]
        if state in registrations.WITHOUT_PLACE:
            found.append(
                ("grant", _("Give a place out of turn"), "plus", " button-secondary")
            )
        if state == states.WAITING:
            found.append(
                ("move_in_line", _("Move in the list"), "order", " button-secondary")
            )
        if state == states.OFFERED:
            found.append(
                ("take_back", _("Take back the offer"), "cross", " button-secondary no")
            )
        if substitutions.can_pass_on(self.registration):
            found.append(
                (
                    "substitute",
                    _("Send a colleague instead"),
                    "group",
                    " button-secondary",
                )
            )
        found += [
            ("correct", _("Correct the data"), "edit", " button-secondary"),
            ("renew_links", _("Send new links"), "rotate", " button-secondary"),
            (
                "merge",
                _("Merge with another registration"),
                "link",
                " button-secondary",
            ),
            (
                "cancel_registration",
                _("Cancel the registration"),
                "circle-xmark",
                " button-secondary no",
            ),
        ]
        return [
            Button(
                label,
                reverse(f"sessions:{name}", args=[self.registration.pk]),
                icon_name=icon,
                classname=f"button{look}",
            )
            for name, label, icon, look in found
        ]
