"""The planner of the staff: what people want a series to treat, beside its coming
dates. Choosing some and a date makes a draft of a session, or adds them to one that
there is."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from i18nfield.strings import LazyI18nString
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from community.messages.compose import html_of
from community.models import Topic, User
from community.multilingual import LanguagesField
from events.models import Series, Session
from events.wording import long_date
from workflows.engine import desk
from workflows.engine.access import CHANGE, VIEW
from workflows.engine.kinds import Queued
from workflows.organising import post
from workflows.organising.access import series_of
from workflows.organising.forms import WhenForm
from workflows.organising.views.steps import rehearsal, told, will_get_a_mail
from workflows.staff.views.case import OneCase

from . import mails, planning
from .models import Proposal, ProposalQuerySet
from .proposals import can_treat

PER_PAGE = 25
KEY = re.compile("[0-9]{1,18}")
PERMISSIONS = {
    "view": (VIEW, "events.view_session"),
    "change": (CHANGE, "events.add_session", "events.change_session"),
}


class WhichForm(forms.Form):
    """Of which proposals one chooses, in the address."""

    series = forms.ModelChoiceField(
        Series.objects.none(), label=_("Series"), empty_label=None, required=False
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    topic = forms.ModelChoiceField(
        Topic.objects.all(), label=_("Topic"), required=False, empty_label=_("All")
    )
    words = forms.CharField(label=_("With the words"), max_length=100, required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("", _("Most wanted first")), ("days", _("Longest waiting first"))],
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = series_of(user)
        states = [(s, s.label) for s in Proposal.SUPPORTED]
        self.fields["state"].choices = [("", _("All")), *states]


class ProposalsField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        # What no column of keys can hold, no screen has sent.
        return super().clean([key for key in value or () if KEY.fullmatch(key)])


class ChooseForm(forms.Form):
    """Some proposals, and the session that is to treat them: one that there is, or a
    day for a new one."""

    proposals = ProposalsField(
        Proposal.objects.none(),
        error_messages={
            "required": _("Choose at least one proposal."),
            "invalid_choice": _(
                "Somebody has just decided about one of those: look at them again."
            ),
        },
    )
    target = forms.CharField(error_messages={"required": _("Choose a date.")})

    def __init__(
        self, *args: Any, user: User, dates: planning.Dates, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.dates = dates
        rows = planning.to_plan(user, dates.series)
        self.fields["proposals"].queryset = rows.ranked().select_related("case")

    def clean_target(self) -> Session | str:
        """The session; or the free day, as it is written."""
        wanted = self.cleaned_data["target"]
        session = self.dates.by_name.get(wanted)
        if session and can_treat(session):
            return session
        if wanted not in {day.isoformat() for day in self.dates.free}:
            raise ValidationError(_("This date is not free any more: choose another."))
        return wanted


class DraftForm(WhenForm):
    """The session that is to be made."""

    title = LanguagesField(label=_("Title"), max_length=200)
    key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("title", "date", "start_time", "end_time")


class _Screen(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    page_title = _("Planner")
    header_icon = "calendar-check"
    permission_required = "view"

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perms(PERMISSIONS[permission])

    def get_breadcrumbs_items(self) -> list[dict]:
        title = self.get_page_title()
        return [*self.breadcrumbs_items, {"url": "", "label": title}]

    @cached_property
    def which(self) -> WhichForm:
        return WhichForm(self.request.GET, user=self.request.user)

    @cached_property
    def series(self) -> Series | None:
        """The one that was chosen, or the first in which something waits."""
        self.which.is_valid()
        mine = series_of(self.request.user).select_related("unit")
        waits = mine.filter(proposals__state__in=Proposal.SUPPORTED)
        chosen = self.which.cleaned_data.get("series")
        return chosen or waits.first() or mine.first()

    @cached_property
    def dates(self) -> planning.Dates:
        return planning.Dates(self.series)

    @property
    def board_url(self) -> str:
        query = self.request.GET.urlencode()
        return reverse("planner:index") + (f"?{query}" if query else "")

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        shown = {**self.get_context_data(), "board_url": self.board_url, **context}
        return TemplateResponse(self.request, template, shown, status=status)

    def board(self, form: ChooseForm | None = None, status: int = 200) -> HttpResponse:
        """What there is to choose from, with what had been chosen in `form`."""
        if self.series is None:
            return self.page("proposals/planner.html", series=None)
        shown = Paginator(self._proposals(), PER_PAGE)
        rows = shown.get_page(self.request.GET.get("page"))
        offers = planning.count_offers(rows)
        today = timezone.localdate()
        data = form.data if form else None
        return self.page(
            "proposals/planner.html",
            status,
            which=self.which,
            series=self.series,
            rows=[
                (
                    row,
                    offers.get(row.pk, 0),
                    (today - timezone.localdate(row.published)).days,
                )
                for row in rows
            ],
            proposals_page=rows,
            weeks=self.dates.weeks,
            can_treat=[s.pk for s in self.dates.coming if can_treat(s)],
            errors=form.errors if form else {},
            chosen=data.getlist("proposals") if data else [],
            target=data.get("target") if data else "",
            may_plan=self.user_has_permission("change"),
            plan_url=reverse("planner:plan") + f"?{self.request.GET.urlencode()}",
        )

    def _proposals(self) -> ProposalQuerySet:
        asked = self.which.cleaned_data
        rows = planning.to_plan(self.request.user, self.series).ranked()
        if asked.get("order"):
            rows = rows.order_by("published", "pk")
        if asked.get("state"):
            rows = rows.filter(state=asked["state"])
        if asked.get("topic"):
            rows = rows.filter(topic=asked["topic"])
        if asked.get("words"):
            rows = rows.matching(asked["words"])
        return rows.select_related("case", "topic")


class PlannerView(_Screen):
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.board()


class PlanView(_Screen):
    """What was chosen: the session to make, if it is a new one; then whom it tells, and
    only then it is done."""

    permission_required = "change"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.series is None:
            return self.board()
        if done := self._was_done():
            words = gettext("This had been done already: nothing changed.")
            messages.info(request, words)
            return redirect("sessions:session", done.pk)
        form = self.choice = ChooseForm(
            request.POST, user=request.user, dates=self.dates
        )
        if not form.is_valid():
            return self.board(form, status=422)
        self.session = None
        if isinstance(form.cleaned_data["target"], Session):
            self.session = form.cleaned_data["target"]
        return self._existing() if self.session else self._new()

    def _existing(self) -> HttpResponse:
        if "back" in self.request.POST:
            return self.board(self.choice)
        return self._go_on(lambda: self.session)

    def _new(self) -> HttpResponse:
        sent = self.request.POST if "date" in self.request.POST else None
        form = DraftForm(sent, initial=self._initial())
        if "back" in self.request.POST or not form.is_valid():
            return self._ask(form, 422 if form.is_bound and form.errors else 200)
        data = form.cleaned_data
        said = {name: data[name] for name in ("title", "starts", "ends", "key")}
        try:
            return self._go_on(
                lambda: planning.draft(self.series, by=self.request.user, **said)
            )
        except ValidationError as refusal:
            form.refuse(refusal)
            return self._ask(form, 422)

    def _initial(self) -> dict[str, Any]:
        first = self.choice.cleaned_data["proposals"].first()
        starts, ends = self.dates.hours
        return {
            "title": LazyI18nString({first.case.language: first.title}),
            "date": date.fromisoformat(self.choice.cleaned_data["target"]),
            "start_time": starts,
            "end_time": ends,
            "key": uuid4(),
        }

    def _ask(self, form: DraftForm, status: int) -> HttpResponse:
        return self.page(
            "proposals/plan.html",
            status,
            form=form,
            media=form.media,
            proposals=self.choice.cleaned_data["proposals"],
            sent=self._sent("proposals", "target"),
        )

    def _go_on(self, find: Callable[[], Session]) -> HttpResponse:
        """Do it in the session that `find` gives; or show before whom it tells."""
        chosen = list(self.choice.cleaned_data["proposals"])
        try:
            if "confirm" in self.request.POST:
                with transaction.atomic():
                    session = find()
                    planning.plan(chosen, session, self.request.user)
                return self._done(session, len(chosen))
            newest = post.newest()
            with rehearsal():
                session = find()
                planning.plan(chosen, session, self.request.user)
                queued = [one for row in chosen for one in _queued(row, newest)]
        except ValidationError as refusal:
            if hasattr(refusal, "error_dict"):
                raise
            self.choice.add_error(None, refusal)
            return self.board(self.choice, status=409)
        return self.page(
            "proposals/plan_confirm.html",
            session=session,
            is_new=self.session is None,
            day=long_date(timezone.localdate(session.starts)),
            proposals=chosen,
            sent=self._sent(),
            **whom(queued),
        )

    def _done(self, session: Session, count: int) -> HttpResponse:
        words = ngettext(
            "“%(session)s” treats %(count)d proposal more.",
            "“%(session)s” treats %(count)d proposals more.",
            count,
        )
        address = reverse("sessions:session", args=[session.pk])
        button = messages.button(address, gettext("See the session"))
        said = words % {"session": session, "count": count}
        messages.success(self.request, said, buttons=[button])
        return redirect(self.board_url)

    def _was_done(self) -> Session | None:
        """The session that the same form made, or added the same to, before."""
        sent = self.request.POST
        if "confirm" not in sent:
            return None
        if key := sent.get("key"):
            return next((s for s in self.dates.coming if str(s.uuid) == key), None)
        chosen = set(sent.getlist("proposals"))
        session = self.dates.by_name.get(sent.get("target", ""))
        treated = {str(row.pk) for row in session.treated} if session else set()
        return session if chosen and chosen <= treated else None

    def _sent(self, *only: str) -> list[tuple[str, str]]:
        own = {"csrfmiddlewaretoken", "confirm", "back"}
        return [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in own and (not only or name in only)
            for value in values
        ]


class TakeOutView(OneCase, WagtailAdminTemplateMixin, View):
    """A proposal that a session is not to treat after all: whom it tells, and then it
    is done."""

    page_title = _("Take it out of its session")
    header_icon = "calendar-check"
    permission_required = "change"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        proposal = self._proposal()
        newest = post.newest()
        try:
            with rehearsal():
                planning.take_out(proposal, request.user)
                queued = _queued(proposal, newest)
        except (ValidationError, desk.Gone, desk.Taken):
            return self._too_late()
        context = {
            **self.get_context_data(),
            "proposal": proposal,
            "board_url": self._board(proposal),
            **whom(queued),
        }
        return TemplateResponse(request, "proposals/take_out.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        proposal = self._proposal()
        try:
            planning.take_out(proposal, request.user)
        except (ValidationError, desk.Gone, desk.Taken):
            return self._too_late()
        words = gettext("“%s” is among those to choose from again.")
        messages.success(request, words % proposal.title)
        return redirect(self._board(proposal))

    def _proposal(self) -> Proposal:
        rows = Proposal.objects.select_related("case", "session", "series")
        return rows.get(case=self.case)

    def _board(self, proposal: Proposal) -> str:
        return f"{reverse('planner:index')}?series={proposal.series_id}"

    def _too_late(self) -> HttpResponse:
        words = gettext("Somebody else has it, or has just decided: nothing was done.")
        messages.error(self.request, words)
        return redirect("planner:index")


def _queued(proposal: Proposal, newest: int) -> Queued:
    """What would leave about `proposal`, inside the rehearsal."""
    rows = Proposal.objects.select_related("case", "session", "merged_into")
    case = rows.get(pk=proposal.pk).case
    return mails.queued(case, newest)


def whom(queued: Queued) -> dict[str, Any]:
    """Who would be told, in words, and one of the mails."""
    languages = Counter(language for language, _mail in queued)
    example = None
    if queued:
        mail = queued[0][1]
        html = html_of(mail)
        example = {"to": mail.to[0], "subject": mail.subject, "html": html}
    words = told(languages) if queued else will_get_a_mail(0)
    return {"told": words, "example": example}


class PlannerMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perms(PERMISSIONS["view"])


class PlannerViewSet(ViewSet):
    name = "planner"
    icon = "calendar-check"
    menu_label = _("Planner")
    # After the sessions.
    menu_order = 55
    add_to_admin_menu = True
    menu_item_class = PlannerMenuItem

    def get_urlpatterns(self) -> list:
        return [
            path("", PlannerView.as_view(), name="index"),
            path("plan/", PlanView.as_view(), name="plan"),
            path("<slug:number>/take-out/", TakeOutView.as_view(), name="take_out"),
        ]
