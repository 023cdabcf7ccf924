"""Who comes to a session: the list, what is taken out of it, and its paper."""

import codecs
from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from community.models import LocalBody, Suppression
from community.models.bodies import search_key
from community.spreadsheets import WRITTEN
from events import answers
from events.models import (
    AccessibilityNeeds,
    Invitation,
    Mode,
    Registration,
    RegistrationQuerySet,
    Session,
)
from workflows.organising import disclosure, labels, post
from workflows.organising.access import without_mail

from .listing import CellColumn, LabelledColumn
from .screen import OneSession

# Rows read at a time for a file.
CHUNK = 500


# The columns of the file. What somebody needs is not among them: it is health data.
HEADINGS = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "body": _("Local body (declared)"),
    "position": _("Position"),
    "mode": _("Mode"),
    "state": _("State"),
    "waiting": _("Number in the waiting list"),
    "answer": _("Answer"),
    "language": _("Language"),
    "question": _("Question for the session"),
    "arrival": _("Arrival"),
    "created": _("Registered"),
}


class RegistrationFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=Registration.State.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    mode = django_filters.ChoiceFilter(
        label=_("Mode"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    body = django_filters.ModelChoiceFilter(
        label=_("Local body"),
        queryset=LocalBody.objects.none(),
        widget=forms.Select,
        empty_label=_("All of them"),
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    needs = django_filters.ChoiceFilter(
        label=_("Accessibility"),
        method="filter_needs",
        choices=(("yes", _("Only who needs something")),),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )

    answer = django_filters.ChoiceFilter(
        label=_("Answer of the calendar"),
        method="filter_answer",
        choices=(
            *Invitation.Rsvp.choices,
            ("none", labels.ANSWERS[""]),
            ("doubtful", _("to be settled")),
        ),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    mail = django_filters.ChoiceFilter(
        label=_("Mail"),
        method="filter_mail",
        choices=(("none", _("Only who gets none")),),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )

    class Meta:
        model = Registration
        fields = ("state", "answer", "mode", "body", "language", "needs", "mail")

    def __init__(self, *args, session: Session, sees_needs: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        here = session.registrations.order_by().values("body")
        self.filters["body"].queryset = LocalBody.objects.filter(pk__in=here)
        if len(session.modes) == 1:
            del self.filters["mode"]
        if not sees_needs:
            del self.filters["needs"]

    def filter_answer(
        self, registrations: RegistrationQuerySet, name: str, value: str
    ) -> RegistrationQuerySet:
        if value == "doubtful":
            return registrations.filter(has_doubts=True)
        if value == "none":
            return registrations.filter(state=Registration.State.CONFIRMED, answer="")
        return registrations.filter(answer=value)

    def filter_mail(
        self, registrations: RegistrationQuerySet, name: str, value: str
    ) -> RegistrationQuerySet:
        return without_mail(registrations)

    def filter_needs(
        self, registrations: RegistrationQuerySet, name: str, value: str
    ) -> RegistrationQuerySet:
        return registrations.filter(needs__isnull=False)


class AnswerColumn(CellColumn):
    def get_cell_context_data(self, instance: Registration, parent_context) -> dict:
        confirmed = instance.state == Registration.State.CONFIRMED
        return {
            **super().get_cell_context_data(instance, parent_context),
            "words": labels.ANSWERS[instance.answer],
            "tone": labels.ANSWER_TONES.get(instance.answer, ""),
            # Only who has a place has been asked.
            "is_asked": confirmed or instance.answer,
        }


class StateColumn(CellColumn):
    def get_cell_context_data(self, instance: Registration, parent_context) -> dict:
        user = parent_context["request"].user
        pending = instance.state == Registration.State.PENDING
        return {
            **super().get_cell_context_data(instance, parent_context),
            "tone": labels.REGISTRATION_TONES.get(instance.state, ""),
            "can_decide": pending and user.has_perm("events.change_registration"),
        }


class SessionPeople(OneSession, PermissionCheckedMixin, BaseListingView):
    """The registrations of a session, narrowed by words and filters."""

    model = Registration
    permission_required = "view"
    filterset_class = RegistrationFilterSet
    verbose_name_plural = Registration._meta.verbose_name_plural
    default_ordering = "arrival"
    is_searchable = True

    @cached_property
    def may_export(self) -> bool:
        return self.user_has_permission("export")

    @cached_property
    def sees_needs(self) -> bool:
        # They are health data: for who does something about them.
        return self.user_has_permission("change")

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_filterset_kwargs(),
            "session": self.session,
            "sees_needs": self.sees_needs,
        }

    def get_index_url(self) -> str:
        return reverse("sessions:people", args=[self.session.pk])

    def get_index_results_url(self) -> str:
        return reverse("sessions:people_results", args=[self.session.pk])

    def get_base_queryset(self) -> RegistrationQuerySet:
        return answers.answered(self.session.registrations.select_related("body"))

    def order_queryset(self, queryset: RegistrationQuerySet) -> RegistrationQuerySet:
        return queryset.order_by(self.ordering, "arrival")

    def search_queryset(self, queryset: RegistrationQuerySet) -> RegistrationQuerySet:
        if not self.is_searching:
            return queryset
        words = search_key(self.search_query).split()
        # The database cannot leave accents aside: one session's names are read.
        rows = self.session.registrations.values_list(
            "pk", "name", "email", "body__name", "body_text"
        )
        found = [
            pk
            for pk, *texts in rows
            if all(word in search_key(" ".join(filter(None, texts))) for word in words)
        ]
        return queryset.filter(pk__in=found)


class PeopleView(SpreadsheetExportMixin, SessionPeople):
    """The list on the screen, and as a file."""

    template_name = "organising/people.html"
    page_title = _("Registrations")
    header_icon = "group"
    paginate_by = 50
    table_classname = "listing staff-table"
    list_export = tuple(HEADINGS)
    custom_value_preprocess = WRITTEN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_export:
            disclosure.opened(self.session, by=request.user)
            return super().get(request, *args, **kwargs)
        if not self.may_export:
            raise PermissionDenied
        return self._file(request.GET["export"])

    @cached_property
    def columns(self) -> list[Column]:
        mode = [LabelledColumn("mode", label=_("Mode"), accessor="get_mode_display")]
        return [
            CellColumn("person", label=_("Name"), sort_key="name"),
            CellColumn("body", label=_("Local body (declared)")),
            StateColumn("state", label=_("State"), sort_key="state"),
            *(mode if len(self.session.modes) > 1 else []),
            AnswerColumn("answer", label=_("Answer")),
            LabelledColumn(
                "language", label=_("Language"), accessor="get_language_display"
            ),
            LabelledColumn("arrival", label=_("Arrival"), sort_key="arrival"),
            CellColumn("registered", label=_("Registered"), sort_key="created"),
            CellColumn("mail", label=_("Last mail")),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        announced = self.session.state == Session.State.ANNOUNCED
        if not (announced and self.user_has_permission("change")):
            return []
        url = reverse("sessions:add_person", args=[self.session.pk])
        return [HeaderButton(_("Add a person"), url, icon_name="plus")]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.may_export:
            return []
        printed = reverse("sessions:print_people", args=[self.session.pk])
        # A link to the results, when filters change, must lead to the whole page.
        chosen = self.request.GET.copy()
        for name in ("_w_filter_fragment", "p", "export"):
            chosen.pop(name, None)
        query = chosen.urlencode()

        def at(url: str, **more: str) -> str:
            parts = [query, *(f"{name}={value}" for name, value in more.items())]
            return f"{url}?{'&'.join(filter(None, parts))}"

        return [
            Button(_("Print the list"), at(printed), icon_name="doc-full", priority=10),
            Button(
                _("Download XLSX"),
                at(self.index_url, export="xlsx"),
                icon_name="download",
                priority=20,
            ),
            Button(
                _("Download CSV"),
                at(self.index_url, export="csv"),
                icon_name="download",
                priority=30,
            ),
        ]

    def get_base_queryset(self) -> RegistrationQuerySet:
        queryset = super().get_base_queryset()
        queryset = queryset.prefetch_related("offers", "substituted__registration")
        marked = Suppression.objects.current().of(OuterRef("email"))
        queryset = queryset.annotate(suppressed=Subquery(marked.values("reason")[:1]))
        if self.sees_needs:
            needs = AccessibilityNeeds.objects.filter(registration=OuterRef("pk"))
            queryset = queryset.annotate(has_needs=Exists(needs))
        return queryset

    def get_table(self, object_list: Any) -> Any:
        """Each row with its place in the waiting list and its last mail."""
        mails = post.of_registrations(row.pk for row in object_list)
        for row in object_list:
            row.waiting_place = self._waiting_places.get(row.pk)
            row.last_mail = mails[row.pk][0] if mails[row.pk] else None
            row.failed_mail = next((m for m in mails[row.pk] if m.failed), None)
            row.no_mail = labels.SUPPRESSION.get(row.suppressed)
        return super().get_table(object_list)

    @cached_property
    def _waiting_places(self) -> dict[int, int]:
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
        over = labels.people_over(self.session)
        standing = self.session.standing
        return {
            **context,
            "session": self.session,
            "places": labels.places_words(standing),
            "standing": standing,
            "over": over and labels.over_full_words(over),
        }

    # The file.

    def _file(self, spreadsheet_format: str) -> HttpResponseBase:
        rows = self.get_queryset()
        disclosure.taken_out(
            self.session,
            by=self.request.user,
            how=spreadsheet_format,
            people=rows.count(),
        )
        # It is written while it leaves, in whatever language is active then.
        self._words = {
            name: {value: str(label) for value, label in choices}
            for name, choices in (
                ("state", Registration.State.choices),
                ("mode", Mode.choices),
                ("language", settings.LANGUAGES),
                ("answer", Invitation.Rsvp.choices),
            )
        }
        self.export_headings = {name: str(words) for name, words in HEADINGS.items()}
        return self.as_spreadsheet(rows.iterator(chunk_size=CHUNK), spreadsheet_format)

    def get_filename(self) -> str:
        return self.session.code

    def stream_csv(self, queryset: Iterator[Registration]) -> Iterator[bytes]:
        # Or else Excel takes it for the letters of old Windows.
        yield codecs.BOM_UTF8
        yield from super().stream_csv(queryset)

    def to_row_dict(self, item: Registration) -> dict[str, Any]:
        words = self._words
        return {
            "name": item.name,
            "email": item.email,
            "body": item.body_name,
            "position": item.position,
            "mode": words["mode"][item.mode],
            "state": words["state"][item.state],
            "waiting": self._waiting_places.get(item.pk, ""),
            "answer": words["answer"].get(item.answer, ""),
            "language": words["language"][item.language],
            "question": item.question,
            "arrival": item.arrival,
            "created": item.created,
        }


class PrintView(SessionPeople):
    """Those who have a place, by name, with room for a signature."""

    permission_required = "export"
    template_name = "organising/print.html"
    paginate_by = None
    columns = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = self.get_queryset()
        if not self.request.GET.get("state"):
            people = people.filter(state=Registration.State.CONFIRMED)
        people = sorted(people, key=lambda person: search_key(person.name))
        disclosure.taken_out(
            self.session, by=self.request.user, how="print", people=len(people)
        )
        count = ngettext("%d person", "%d people", len(people)) % len(people)
        return {
            "session": self.session,
            "people": people,
            "count": count,
            "back_url": self.get_index_url(),
            "printed": timezone.now(),
        }
