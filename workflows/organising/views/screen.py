"""The screens of one session: what it is and who comes, its making, its texts."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry

from cms.models import SessionPage
from community.models import User
from events import answers, offers
from events.models import Circular, Registration, Session
from workflows.engine.access import VIEW
from workflows.organising import (
    disclosure,
    labels,
    meetings,
    panels,
    post,
    reminding,
    sessions,
)
from workflows.organising.access import PROGRAMME, sessions_of, without_mail
from workflows.organising.forms import SessionForm, TextsForm
from workflows.organising.models import Decision


class OneSession:
    """A view of one of the sessions that one looks after: others are not found."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        mine = sessions_of(request.user).select_related("series__unit", "topic")
        self.session: Session = get_object_or_404(mine, pk=kwargs["pk"])

    @property
    def session_url(self) -> str:
        return reverse("sessions:session", args=[self.session.pk])

    def get_breadcrumbs_items(self) -> list[dict]:
        items = [
            *self.breadcrumbs_items,
            {"url": reverse("sessions:index"), "label": gettext("Sessions")},
            {"url": self.session_url, "label": labels.short_moment(self.session)},
        ]
        return [*items, {"url": "", "label": self.get_page_title()}]


class SessionView(
    OneSession, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """A session: its facts, what can be done with it, and how many are registered."""

    model = Session
    any_permission_required = ("view", "change")
    template_name = "organising/session.html"
    header_icon = "date"

    def get_page_title(self) -> str:
        return str(self.session)

    def get_breadcrumbs_items(self) -> list[dict]:
        items = super().get_breadcrumbs_items()[:-1]
        return [*items[:-1], {**items[-1], "url": ""}]

    @cached_property
    def sees_people(self) -> bool:
        return self.request.user.has_perm("events.view_registration")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session, standing = self.session, self.session.standing
        over = labels.people_over(session)
        history = history_of(session, self.request.user).exclude(
            action__in=disclosure.ACTIONS
        )
        return {
            **super().get_context_data(**kwargs),
            "session": session,
            "standing": standing,
            "standing_words": labels.standing_words(standing),
            "standing_tone": labels.STANDING_TONES.get(standing.kind, ""),
            "places": labels.places_words(standing),
            "over": over and labels.over_full_words(over),
            "modes": self._places_of_modes(),
            "bodies": list(session.bodies.all()),
            "meeting": meetings.panel(session, self.request.user),
            "pages": self._pages(),
            "reminders": reminding.outlook(session, timezone.now()),
            "circulars": self._circulars() if self.sees_people else [],
            "materials_ready": self._materials_are_news(),
            "may_change": self.user_has_permission("change"),
            "actions": self._actions(),
            "history": list(history[:5]),
            "history_url": reverse("sessions:history", args=[session.pk]),
            "sees_people": self.sees_people,
            "people": self._people() if self.sees_people else [],
            "answers": self._answers() if self.sees_people else [],
            "doubts": self._doubts() if self.sees_people else 0,
            "next_answer": offers.next_answer(session) if self.sees_people else None,
            "people_url": reverse("sessions:people", args=[session.pk]),
            "without_mail": self._without_mail() if self.sees_people else 0,
            "decisions": self._decisions() if self.sees_people else [],
            "panels": panels.of(session, self.request.user),
        }

    def _circulars(self) -> list[tuple[Circular, post.Fate]]:
        """What was written to people, and what became of it."""
        found = list(self.session.circulars.select_related("by", "body"))
        fates = post.fates("circular", [circular.pk for circular in found])
        return [(circular, fates.get(circular.pk, post.Fate())) for circular in found]

    def _materials_are_news(self) -> bool:
        """Whether there are materials, and anybody to be told of them."""
        session = self.session
        people = session.registrations.active().of_somebody()
        return _has_ended(session) and session.materials.exists() and people.exists()

    def _people(self) -> list[tuple[str, str, int]]:
        """How many registrations there are in each state: its value, its name, and
        the number."""
        found = self.session.registrations.order_by().values_list("state")
        count = dict(found.annotate(count=Count("pk")))
        states = Registration.State
        return [(s, s.label, count[s]) for s in states if s in count]

    def _answers(self) -> list[tuple[str, str, int]]:
        """What the calendars of those who have a place answered: its value in the
        filter of the list, its name, and how many. Nothing if nobody has one."""
        figures = answers.figures(self.session)
        if not figures:
            return []
        return [(v or "none", w, figures[v]) for v, w in labels.ANSWERS.items()]

    def _doubts(self) -> int:
        """How many people have an answer that somebody has to settle."""
        people = answers.answered(self.session.registrations.all())
        return people.filter(has_doubts=True).count()

    def _without_mail(self) -> int:
        """How many of those who come get no mail."""
        return without_mail(self.session.registrations.active()).count()

    def _decisions(self) -> list[Decision]:
        """The registrations on which somebody has to act, in Cases."""
        if not self.request.user.has_perm(VIEW):
            return []
        mine = Decision.objects.filter(registration__session=self.session)
        return list(mine.for_list())

    def _places_of_modes(self) -> list[tuple[str, int, int | None]]:
        """For a hybrid session: each mode, the places taken and how many there are."""
        modes = self.session.modes
        if len(modes) == 1:
            return []
        holding = self.session.registrations.holding()
        taken = list(holding.values_list("mode", flat=True))
        return [(m.label, taken.count(m), self.session.capacity_of(m)) for m in modes]

    def _pages(self) -> list[tuple[SessionPage, bool]]:
        """Its pages, and whether one may edit each."""
        pages = SessionPage.objects.filter(session=self.session)
        user = self.request.user
        return [
            (page, page.permissions_for_user(user).can_edit())
            for page in pages.select_related("locale")
        ]

    def _actions(self) -> list[Button]:
        """What can be done with the session, as it stands."""
        may_change = self.user_has_permission("change")
        may_write = self.request.user.has_perms(PROGRAMME)
        found = [
            (action.name, action.label, action.icon)
            for action in ACTIONS
            if action.fits(self.session)
            and (may_write if action.name == "programme" else may_change)
        ]
        if self.user_has_permission("add"):
            found.append(("duplicate", _("Duplicate"), "copy"))
        return [
            Button(
                label,
                reverse(f"sessions:{name}", args=[self.session.pk]),
                icon_name=icon,
                classname="button"
                + (" button-secondary" if name != "announce" else "")
                + (" no" if name == "cancel" else ""),
            )
            for name, label, icon in found
        ]


def _has_ended(session: Session) -> bool:
    return session.ends <= timezone.now()


class Action(NamedTuple):
    """Something that can be done with a session, in some of its states."""

    name: str
    label: str
    icon: str
    states: tuple[str, ...]
    also: Callable[[Session], bool] = bool

    def fits(self, session: Session) -> bool:
        return session.state in self.states and self.also(session)


_States = Session.State
_OPEN = (_States.DRAFT, _States.ANNOUNCED)
ACTIONS = (
    Action("announce", _("Announce"), "view", (_States.DRAFT,)),
    Action("reschedule", _("Give it a new date"), "date", (_States.POSTPONED,)),
    Action("edit", _("Edit texts"), "edit", tuple(_States)),
    Action("programme", _("Speakers and materials"), "openquote", tuple(_States)),
    Action("move", _("Move the session"), "calendar-alt", _OPEN),
    Action("places", _("Change places"), "group", (*_OPEN, _States.POSTPONED)),
    Action(
        "postpone",
        _("Postpone without a date"),
        "time",
        (_States.ANNOUNCED,),
        lambda session: not _has_ended(session),
    ),
    Action("close", _("Close the session"), "check", (_States.ANNOUNCED,), _has_ended),
    Action(
        "cancel", _("Cancel the session"), "circle-xmark", (*_OPEN, _States.POSTPONED)
    ),
)


def history_of(record: Model, user: User) -> QuerySet[ModelLogEntry]:
    """What happened to `record`, the latest first. Who opened the list of people is
    for those who may open it."""
    entries = logs.get_logs_for_instance(record)
    if not user.has_perm("events.view_registration"):
        entries = entries.exclude(action__in=disclosure.ACTIONS)
    return entries.select_related("user", "content_type")


class NewSessionView(generic.CreateView):
    """One screen makes a session and its page."""

    model = Session
    form_class = SessionForm
    template_name = "organising/new.html"
    page_title = _("New session")
    header_icon = "date"
    index_url_name = "sessions:index"
    add_url_name = "sessions:add"
    actions = ("create", "announce")
    error_message = _("The session was not saved: something is missing.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = forms.UUIDField(required=False)
        try:
            made = sessions_of(request.user).filter(uuid=key.clean(request.POST["key"]))
        except (KeyError, forms.ValidationError):
            made = Session.objects.none()
        if session := made.first():
            messages.info(request, _("This session had been saved already."))
            return redirect("sessions:session", session.pk)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("sessions:index"), "label": gettext("Sessions")},
            {"url": "", "label": self.get_page_title()},
        ]

    def save_instance(self) -> Session:
        session = self.form.instance
        bodies = self.form.cleaned_data["bodies"]
        sessions.create(session, bodies=bodies, by=self.request.user)
        if self.action == "announce":
            sessions.announce(session, by=self.request.user)
        return session

    def get_success_message(self, instance: Session) -> str:
        if self.action == "announce":
            return gettext("“%s” is announced: its page is public.") % instance
        return gettext("“%s” is saved as a draft: nobody sees it yet.") % instance

    def get_success_buttons(self) -> list:
        page = SessionPage.objects.filter(session=self.object).first()
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        return [messages.button(edit, _("Edit its page"))]

    def get_success_url(self) -> str:
        return reverse("sessions:session", args=[self.object.pk])


class TextsView(OneSession, generic.EditView):
    """What may be changed without telling anybody."""

    model = Session
    form_class = TextsForm
    template_name = "organising/texts.html"
    page_title = _("Edit texts")
    header_icon = "edit"
    edit_url_name = "sessions:edit"
    error_message = _("The texts were not saved: something is missing.")

    def get_object(self, queryset: Any = None) -> Session:
        return self.session

    def get_page_subtitle(self) -> str:
        return ""

    def save_instance(self) -> Session:
        sessions.edit(self.session, by=self.request.user, **self.form.changes)
        return self.session

    def get_success_message(self) -> str:
        return gettext("Saved. Nobody gets a mail for it.")

    def get_success_buttons(self) -> list:
        return []

    def get_success_url(self) -> str:
        return self.session_url


class HistoryView(OneSession, generic.HistoryView):
    """Everything that happened to a session: what, who and when."""

    model = Session
    any_permission_required = ("view", "change")
    history_url_name = "sessions:history"
    history_results_url_name = "sessions:history_results"
    header_buttons = ()

    def get_page_subtitle(self) -> str:
        return ""

    def get_base_queryset(self) -> QuerySet[ModelLogEntry]:
        entries = super().get_base_queryset()
        if self.request.user.has_perm("events.view_registration"):
            return entries
        return entries.exclude(action__in=disclosure.ACTIONS)
