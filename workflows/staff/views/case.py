"""The page of one case."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from community.cover import today
from workflows.engine import arithmetic, deadlines, desk, disclosure, inbox
from workflows.engine.access import units_of
from workflows.engine.clock import calendar_of
from workflows.engine.file_fields import FilesField
from workflows.engine.kinds import kind_of, settled_as
from workflows.engine.models import Case, File
from workflows.engine.nodes import StaffTask
from workflows.staff import drawing, labels, timeline

# So many of the last things that happened are there to be read, without unfolding.
UNFOLDED = 30
# So many of the other cases of somebody.
LATEST = 5


class OneCase(PermissionCheckedMixin):
    """A view of one of the cases that one looks after: others are not found."""

    model = Case

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = self.in_reach().select_related("unit", "body", "process")
        self.case: Case = get_object_or_404(found, number=kwargs["number"])

    def in_reach(self) -> QuerySet[Case]:
        return Case.objects.filter(unit__in=units_of(self.request.user))

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Who signed in after pressing a button is led here by GET: nothing is done,
        and the case is shown."""
        if request.method != "GET":
            return super().http_method_not_allowed(request, *args, **kwargs)
        page = CaseView.as_view()(request, number=self.case.number)
        page.status_code = 405
        return page

    @cached_property
    def tasks(self) -> list[Task]:
        """Every step of the case that is a person's, open or done."""
        return inbox.steps_of(self.case)

    def panel(self, task: Task | None = None) -> Component | None:
        """What its kind shows of it, or of a step, to who looks."""
        show = kind_of(self.case).panel
        return show(self.case, self.request.user, task) if show else None

    @property
    def case_url(self) -> str:
        return reverse("cases:case", args=[self.case.number])

    def get_breadcrumbs_items(self) -> list[dict]:
        items = [
            *self.breadcrumbs_items,
            {"url": reverse("cases:index"), "label": _("Cases")},
            {"url": self.case_url, "label": self.case.number},
        ]
        return [*items, {"url": "", "label": self.get_page_title()}]


class ApplicantsCase(OneCase):
    """What the applicant is told of: not found for a case that only the staff know."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kind_of(self.case).is_internal:
            raise Http404


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Internal note"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note.")},
    )
    files = FilesField(label=_("Internal files"))


class CaseView(OneCase, WagtailAdminTemplateMixin, TemplateView):
    """A case: what it is about, what comes next and by when, and what happened."""

    any_permission_required = ("view", "change")
    template_name = "cases/case.html"
    header_icon = "folder-open-inverse"

    def get_page_title(self) -> str:
        return self.case.number

    def get_breadcrumbs_items(self) -> list[dict]:
        *items, last = super().get_breadcrumbs_items()
        return [*items[:-1], last]

    @cached_property
    def may_work(self) -> bool:
        return self.user_has_permission("change")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case, kind = self.case, kind_of(self.case)
        is_internal = kind.is_internal
        files = File.objects.select_related("by", "entry")
        prefetch_related_objects([case], Prefetch("files", files))
        events = timeline.of(case, self.tasks, self.history)
        return {
            **super().get_context_data(**kwargs),
            "case": case,
            "kind": labels.kind(case),
            "is_internal": is_internal,
            "is_settled": bool(settled_as(case)),
            "panel": self.panel(),
            "state": labels.state(case),
            "deadline": labels.deadline(case, today()),
            "terms": self._terms(),
            "steps": inbox.undone(self.tasks),
            "may_work": self.may_work,
            "undo": self._undo(),
            "may_correct": self.may_work
            and not (case.erased or is_internal or kind.of_body),
            "events": events[-UNFOLDED:],
            "earlier": events[:-UNFOLDED],
            "others": self._others(),
            "drawing": drawing.in_words(self.tasks),
            "files": case.files.all(),
            "note_form": kwargs.get("note_form") or NoteForm(),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = {task.owner_id for task in self.tasks if task.status in inbox.OPEN}
        if request.user.pk not in held:
            disclosure.opened(self.case, by=request.user, history=self.history)
        return super().get(request, *args, **kwargs)

    @cached_property
    def history(self) -> list[ModelLogEntry]:
        return list(logs.get_logs_for_instance(self.case).select_related("user"))

    def _undo(self) -> Task | None:
        """The last step that was done, for who did it to take back while the next is
        nobody else's. Whether it told anybody meanwhile, its own page looks up."""
        mine = (None, self.request.user.pk)
        steps = [one for one in self.tasks if isinstance(one.flow_task, StaffTask)]
        done = [one for one in steps if one.status == STATUS.DONE]
        waits = [one for one in steps if one.status in inbox.OPEN]
        if not done or not waits or waits[-1].owner_id not in mine:
            return None
        is_hers = done[-1].owner_id == self.request.user.pk
        return done[-1] if is_hers and done[-1].flow_task.can_undo else None

    def _others(self) -> list[dict[str, Any]]:
        """The latest other cases of the same person, and of the same local body."""
        case, every = self.case, reverse("cases:all")
        found = inbox.akin_to(case, self.request.user, LATEST)
        groups = (
            (_("Of the same person"), True, {"q": case.email}),
            (_("Of the same local body"), False, {"body": case.body_id}),
        )
        return [
            {
                "words": words,
                "cases": [(one, labels.state(one)) for one in akin],
                "url": f"{every}?{urlencode(asked)}",
            }
            for words, is_hers, asked in groups
            if (akin := [one for one in found if one.is_hers == is_hers])
        ]

    def _terms(self) -> list[tuple[str, list[str]]]:
        """Each term that runs, and its arithmetic in words."""
        running = self.case.deadlines.open().prefetch_related("suspensions")
        calendar = calendar_of(self.case.body) if running else None
        return [
            (
                one.get_whose_display(),
                arithmetic.in_words(deadlines.explain(one, calendar)),
            )
            for one in running
        ]


class NoteView(CaseView):
    """Writes an internal note into the case."""

    permission_required = "change"
    any_permission_required = None
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = NoteForm(request.POST, request.FILES)
        if not form.is_valid():
            context = self.get_context_data(note_form=form)
            return self.render_to_response(context, status=422)
        if desk.note(self.case, **form.cleaned_data, by=request.user):
            messages.success(request, _("The note is written. Only the staff see it."))
        else:
            messages.info(request, _("This case is anonymous: nothing is added to it."))
        return redirect(self.case_url)


class DiagramView(OneCase, View):
    """The way of the case, with where it is: an image of its own."""

    any_permission_required = ("view", "change")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        theme = UserProfile.get_for_user(request.user).theme
        drawn = drawing.svg(self.case, theme)
        return HttpResponse(drawn, content_type="image/svg+xml")
