"""The screens of one session: what it is and who comes, its making, its texts."""

from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.log_actions import registry as logs

from cms.models import SessionPage
from community.models.bodies import search_key
from events.models import Mode, Registration, RegistrationQuerySet, Session
from workflows.organising import labels, post, sessions
from workflows.organising.access import sessions_of
from workflows.organising.forms import SessionForm, TextsForm

from .listing import CellColumn, LabelledColumn


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


class RegistrationFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=Registration.State.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Registration
        fields = ("state",)


class StateColumn(CellColumn):
    def get_cell_context_data(self, instance: Registration, parent_context) -> dict:
        return {
            **super().get_cell_context_data(instance, parent_context),
            "tone": labels.REGISTRATION_TONES.get(instance.state, ""),
        }


class SessionView(OneSession, PermissionCheckedMixin, BaseListingView):
    """A session: its facts, what can be done with it, and who is registered."""

    model = Session
    any_permission_required = ("view", "change")
    template_name = "organising/session.html"
    header_icon = "date"
    filterset_class = RegistrationFilterSet
    verbose_name_plural = Registration._meta.verbose_name_plural
    paginate_by = 50
    default_ordering = "arrival"
    table_classname = "listing organising-table"

    @cached_property
    def sees_people(self) -> bool:
        return self.request.user.has_perm("events.view_registration")

    @property
    def is_searchable(self) -> bool:
        return self.sees_people

    @cached_property
    def filters(self) -> RegistrationFilterSet | None:
        # BaseListingView builds them from `filterset_class`.
        return super().filters if self.sees_people else None

    @cached_property
    def columns(self) -> list[Column]:
        mode = [LabelledColumn("mode", label=_("Mode"), accessor="get_mode_display")]
        return [
            CellColumn("person", label=_("Name"), sort_key="name"),
            CellColumn("body", label=_("Local body (declared)")),
            StateColumn("state", label=_("State"), sort_key="state"),
            *(mode if len(self.session.modes) > 1 else []),
            LabelledColumn(
                "language", label=_("Language"), accessor="get_language_display"
            ),
            LabelledColumn("arrival", label=_("Arrival"), sort_key="arrival"),
            CellColumn("registered", label=_("Registered"), sort_key="created"),
            CellColumn("mail", label=_("Last mail")),
        ]

    def get_page_title(self) -> str:
        return str(self.session)

    def get_breadcrumbs_items(self) -> list[dict]:
        items = super().get_breadcrumbs_items()[:-1]
        return [*items[:-1], {**items[-1], "url": ""}]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return []

    def get_index_url(self) -> str:
        return self.session_url

    def get_index_results_url(self) -> str:
        return reverse("sessions:session_results", args=[self.session.pk])

    def get_base_queryset(self) -> RegistrationQuerySet:
        if not self.sees_people:
            return Registration.objects.none()
        return self.session.registrations.select_related("body")

    def order_queryset(self, queryset: RegistrationQuerySet) -> RegistrationQuerySet:
        return queryset.order_by(self.ordering, "arrival")

    def search_queryset(self, queryset: RegistrationQuerySet) -> RegistrationQuerySet:
        if not self.is_searching:
            return queryset
        words = search_key(self.search_query).split()
        rows = self.get_base_queryset().values_list(
            "pk", "name", "email", "body__name", "body_text"
        )
        found = [
            pk
            for pk, *texts in rows
            if all(word in search_key(" ".join(filter(None, texts))) for word in words)
        ]
        return queryset.filter(pk__in=found)

    def get_table(self, object_list: Any) -> Any:
        """Each row with its place in the waiting list and its last mail."""
        places = self._waiting_places()
        mails = post.of_registrations(row.pk for row in object_list)
        for row in object_list:
            row.waiting_place = places.get(row.pk)
            row.last_mail = mails[row.pk][0] if mails[row.pk] else None
            row.failed_mail = next((m for m in mails[row.pk] if m.failed), None)
        return super().get_table(object_list)

    def _waiting_places(self) -> dict[int, int]:
        if not self.sees_people:
            return {}
        queues: dict[str, int] = dict.fromkeys(Mode, 0)
        places = {}
        for pk, mode in self.session.registrations.waiting().values_list("pk", "mode"):
            queues[mode] += 1
            places[pk] = queues[mode]
        return places

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.results_only:
            return context
        standing = self.session.standing
        return {
            **context,
            "session": self.session,
            "standing": standing,
            "standing_words": labels.standing_words(standing),
            "standing_tone": labels.STANDING_TONES.get(standing.kind, ""),
            "places": labels.places_words(standing),
            "modes": self._places_of_modes(),
            "pages": self._pages(),
            "actions": self._actions(),
            "history": list(self._history()[:5]),
            "history_url": reverse("sessions:history", args=[self.session.pk]),
            "sees_people": self.sees_people,
        }

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

    def _history(self) -> Any:
        entries = logs.get_logs_for_instance(self.session)
        return entries.select_related("user", "content_type")

    def _actions(self) -> list[Button]:
        """What can be done with the session, as it stands."""
        if not self.user_has_permission("change"):
            return []
        state, states = self.session.state, Session.State
        actions = [("edit", _("Edit texts"), "edit")]
        if state in (states.DRAFT, states.ANNOUNCED):
            actions.append(("move", _("Move the session"), "calendar-alt"))
        if state in (states.DRAFT, states.ANNOUNCED, states.POSTPONED):
            actions.append(("places", _("Change places"), "group"))
        if state not in (states.CANCELLED, states.CLOSED):
            actions.append(("cancel", _("Cancel the session"), "circle-xmark"))
        if state == states.DRAFT:
            actions.insert(0, ("announce", _("Announce"), "view"))
        return [
            Button(
                label,
                reverse(f"sessions:{name}", args=[self.session.pk]),
                icon_name=icon,
                classname="button"
                + (" button-secondary" if name != "announce" else "")
                + (" no" if name == "cancel" else ""),
            )
            for name, label, icon in actions
        ]


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
        sessions.create(session, by=self.request.user)
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
