"""The applicant's own page, from the mail: what happened, what comes next and by when,
and what is hers to do.

Opening a link does nothing, since mail filters open every link: a button acts.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from viewflow.workflow.models import Task

from cms import forgery
from cms.form_renderer import PlacaRenderer
from workflows.engine import answers
from workflows.engine.kinds import kind_of
from workflows.engine.models import Case, Entry
from workflows.engine.nodes import StepForm

from .listing import LINK_KEPT


def by_link(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """`view` of a case, opened by the link of who asked, in that person's language.
    404 for a link that is nobody's, 410 for one that has run out."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        rows = Case.objects.select_related("unit", "body", "process")
        case = get_object_or_404(rows, token=token, erased=None)
        kind = kind_of(case)
        if kind.is_internal:
            raise Http404
        with override(case.language):
            if kind.of_body:
                # There they ask who it is.
                return redirect(kind.of_body.page(case))
            if case.finished and case.finished + LINK_KEPT < timezone.now():
                over = {"case": case}
                return render(request, "pages/case_over.html", over, status=410)
            return view(request, case, **more)

    return never_cache(opened)


# It asks for the token itself, and loses nothing that was typed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def my_case(request: HttpRequest, case: Case) -> HttpResponse:
    """How the case stands, what was written, and the applicant's step."""
    task = answers.open_step(case)
    form = _form(task, case, request) if task else None
    if request.method != "POST":
        return _show(request, case, task, form)
    if form is None or not form.is_bound:
        return _too_late(request, case)
    if not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if not form.is_valid():
        return _show(request, case, task, form)
    if answers.give(task, lambda case: form.apply(case, None)):
        return to_mine(case, "sent")
    return _too_late(request, case)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def withdraw_case(request: HttpRequest, case: Case) -> HttpResponse:
    """Whether to withdraw it."""
    if request.method == "POST":
        # The second click of two reads the same as the first.
        answers.withdraw(case)
        return to_mine(case, "withdrawn")
    if not case.is_active:
        return redirect("my_case", case.token)
    return render(request, "pages/case_withdraw.html", {"case": case})


def _form(task: Task, case: Case, request: HttpRequest | None = None) -> StepForm:
    # A step that was answered in another tab is not answered twice.
    is_this = request and request.POST.get("step") == str(task.pk)
    sent = (request.POST, request.FILES) if is_this else ()
    node = task.flow_task
    return node.form_class(*sent, case=case, renderer=PlacaRenderer())


def _too_late(request: HttpRequest, case: Case) -> HttpResponse:
    """The step is over: its time has run out, or it was answered in another tab or by
    an earlier click. What was not sent is shown, to be taken elsewhere."""
    written = request.POST.get("text", "").replace("\r\n", "\n").strip()
    came = case.entries.filter(way=Entry.Way.IN).values_list("text", flat=True)
    if not written or written in came:
        return to_mine(case, "already")
    case.refresh_from_db()
    task = answers.open_step(case)
    form = _form(task, case) if task else None
    return _show(request, case, task, form, unsent=written)


def to_mine(case: Case, what: str) -> HttpResponse:
    """To the applicant's own page, which says what was just done."""
    return redirect(f"{reverse('my_case', args=[case.token])}?{what}=1")


def _show(
    request: HttpRequest,
    case: Case,
    task: Task | None,
    form: StepForm | None,
    unsent: str = "",
) -> HttpResponse:
    kind = kind_of(case)
    said = next((w for w in ("sent", "already", "withdrawn") if w in request.GET), "")
    entries = list(case.entries.exclude(way=Entry.Way.NOTE).prefetch_related("files"))
    context = {
        "case": case,
        "kind": kind,
        "outlook": kind.outlook(case),
        "entries": entries,
        "last_words": next((e for e in entries[::-1] if e.way == Entry.Way.OUT), None),
        "files": case.files.for_the_applicant().filter(entry=None),
        "task": task,
        "form": form,
        "said": said,
        "unsent": unsent,
        "also": kind.also(case) if kind.also else [],
        "again": reverse(kind.form) if kind.form and not case.is_active else "",
    }
    status = 409 if unsent else 422 if form and form.errors else 200
    return render(request, "pages/case.html", context, status=status)
