"""A request once it is sent, for the people of its body: how it stands, what is
expected of them, what was written; amending it, sending more, giving it up.

The link of a mail opens it only to who signs in and acts for the body, so that a mail
that is passed on opens nothing.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cms import forgery
from cms.form_renderer import PlacaRenderer
from community.acting import memberships
from community.models import Membership
from events import entries, links
from events.models import Appointment
from workflows.applicant.files import SendForm
from workflows.consultation.fields import TextField
from workflows.engine import answers, file_views, files
from workflows.engine.file_fields import FilesField
from workflows.engine.models import Case, Entry
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address

from . import amending, content, drafts, requests
from .kind import KIND, NAME
from .views import sign_in_first

View = Callable[..., HttpResponse]


def of_body(view: View) -> View:
    """`view` of a case of a body for who acts for it, with the membership by which she
    does. Who is not signed in any more does so first; Http404 for anybody else."""

    @wraps(view)
    def opened(request: HttpRequest, code: str, number: str, **more: Any):
        if not proven_address(request):
            return sign_in_first(request)
        mine = memberships.of(acting_account(request)).filter(body__code=code).first()
        if mine is None:
            raise Http404
        cases = Case.objects.select_related("unit", "body", "process", "request")
        case = get_object_or_404(
            cases, kind=NAME, body=mine.body_id, number=number, erased=None
        )
        return view(request, case, mine, **more)

    return never_cache(opened)


# It asks for the token itself, and loses nothing that was typed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@of_body
def body_request(request: HttpRequest, case: Case, mine: Membership) -> HttpResponse:
    """How the request stands, what was written, and what is to be amended."""
    task = answers.open_step(case)
    may = task is not None and amending.may_amend(case.request, mine)
    if request.method != "POST":
        form = _form(case) if may else None
        return _show(request, case, mine, form)
    # What was answered in another tab, or by a colleague, is not answered twice.
    if task is None or request.POST.get("step") != str(task.pk):
        return _too_late(request, case, mine)
    if not may:
        raise PermissionDenied
    form = _form(case, request.POST, request.FILES)
    if not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if not form.is_valid():
        return _show(request, case, mine, form)
    if answers.give(task, lambda case: form.apply(case, mine.user)):
        return _to_case(case, "sent")
    return _too_late(request, case, mine)


# It asks for the token itself, and gives one of now.
@csrf_exempt
@require_POST
@of_body
def add_to_amendment(
    request: HttpRequest, case: Case, mine: Membership
) -> HttpResponse:
    """A file of what is to be amended, sent by the script of the form while one goes on
    writing: what its field has then, or why it was not taken."""
    if not forgery.is_ours(request):
        return JsonResponse({"token": get_token(request)}, status=403)
    if not answers.open_step(case) or not amending.may_amend(case.request, mine):
        return JsonResponse({"words": gettext("It was sent already.")}, status=410)
    name = request.POST.get("field", "")
    sent = MultiValueDict({name: request.FILES.getlist("file")})
    form = _form(case, request.POST, sent)
    if not isinstance(form.fields.get(name), FilesField):
        raise Http404
    files_of = form[name]
    refused: list[str] = []
    try:
        files_of.field.clean(files_of.data)
    except ValidationError as refusal:
        refused = refusal.messages
    attrs = {"id": files_of.auto_id}
    context = files_of.field.widget.get_context(name, files_of.data, attrs)
    kept = render_to_string("engine/widgets/kept_files.html", context)
    return file_views.told(kept, refused)


# It asks for the token itself, and loses nothing that was typed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@of_body
def send_to_request(request: HttpRequest, case: Case, mine: Membership) -> HttpResponse:
    """What the body wants to send besides what was asked."""
    if not drafts.may_write(mine):
        raise PermissionDenied
    if not case.is_active:
        return _to_case(case, "already")
    is_sent = request.method == "POST"
    form = SendForm(*((request.POST, request.FILES) if is_sent else ()), case=case)
    if is_sent and not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if is_sent and form.is_valid():
        done = answers.send(case, **form.cleaned_data, by=mine.user)
        return _to_case(case, "sent" if done else "already")
    context = {"case": case, "form": form, "back": KIND.of_body.page(case)}
    status = 422 if is_sent else 200
    return render(request, "pages/case_send.html", context, status=status)


class GiveUpForm(forms.Form):
    """Why the body wants no more of it."""

    default_renderer = PlacaRenderer()

    reason = TextField(label=_("Why"), required=False)

    def __init__(self, *args: Any, is_granted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_granted:
            reason = self.fields["reason"]
            reason.required = True
            reason.error_messages["required"] = _("Write why the body renounces it.")


@require_http_methods(["GET", "HEAD", "POST"])
@of_body
def give_up_request(request: HttpRequest, case: Case, mine: Membership) -> HttpResponse:
    """Whether the body wants no more of it: withdrawing it or, once it is granted,
    renouncing it."""
    if not mine.signs:
        raise PermissionDenied
    if not case.is_active:
        return _to_case(case, "already")
    form = GiveUpForm(request.POST or None, is_granted=case.request.is_granted)
    if form.is_bound and form.is_valid():
        try:
            done = requests.give_up(case, form.cleaned_data["reason"], mine.user)
        except ValidationError as refusal:
            # It was granted just now.
            form.add_error(None, refusal)
        else:
            return _to_case(case, "given_up" if done else "already")
    context = {
        "case": case,
        "form": form,
        "is_granted": case.request.is_granted,
        "back": KIND.of_body.page(case),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/body_request_give_up.html", context, status=status)


@require_safe
@of_body
def body_request_file(
    request: HttpRequest, case: Case, mine: Membership, pk: int
) -> HttpResponse:
    """A file that the body may see, to be saved."""
    return files.handed_out(get_object_or_404(case.files.for_the_applicant(), pk=pk))


@require_safe
@of_body
def body_appointment(
    request: HttpRequest, case: Case, mine: Membership, pk: int
) -> HttpResponse:
    """An appointment as a file for any calendar, without anybody's own door."""
    rows = Appointment.objects.filter(of_request__request__case=case)
    octets = entries.appointment(
        get_object_or_404(rows, pk=pk), links.absolute(KIND.of_body.page(case))
    )
    response = HttpResponse(octets, content_type="text/calendar; charset=utf-8")
    name = f"{case.number}-{pk}.ics"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _form(case: Case, *sent: Any) -> forms.Form:
    return answers.open_step(case).flow_task.form_class(
        *sent, case=case, renderer=PlacaRenderer()
    )


def _too_late(request: HttpRequest, case: Case, mine: Membership) -> HttpResponse:
    """The step is over: its time has run out, or a colleague or an earlier click has
    answered it. What was not sent is shown, to be taken elsewhere."""
    case.refresh_from_db()
    asked = amending.answers_of(amending.latest(case.request))
    texts = [one["question"] for one in asked if one["kind"] == content.Kind.TEXT]
    came = "\n".join(
        case.entries.filter(way=Entry.Way.IN).values_list("text", flat=True)
    )
    typed = (request.POST.get(n, "") for n in (*amending.WRITTEN, "message", *texts))
    typed = (text.replace("\r\n", "\n").strip() for text in typed)
    unsent = [text for text in typed if text not in came]
    if not unsent:
        return _to_case(case, "already")
    task = answers.open_step(case)
    form = _form(case) if task and amending.may_amend(case.request, mine) else None
    return _show(request, case, mine, form, unsent)


def _to_case(case: Case, what: str) -> HttpResponse:
    """To its page, which says what was just done."""
    return redirect(f"{KIND.of_body.page(case)}?{what}=1")


# What was just done, after which the page opens.
SAID = ("new", "sent", "already", "given_up")


def _show(
    request: HttpRequest,
    case: Case,
    mine: Membership,
    form: forms.Form | None,
    unsent: Iterable[str] = (),
) -> HttpResponse:
    written = case.entries.exclude(way=Entry.Way.NOTE).select_related("by")
    written = list(written.prefetch_related("files"))
    context = {
        "case": case,
        "body": case.body,
        "resource": case.request.resource,
        "kind": KIND,
        "outlook": KIND.outlook(case),
        "entries": written,
        "last_words": next((e for e in written[::-1] if e.way == Entry.Way.OUT), None),
        "files": case.files.for_the_applicant().filter(entry=None),
        "form": form,
        "task": answers.open_step(case),
        "appointments": _appointments(case, mine),
        "may_write": drafts.may_write(mine),
        "signs": mine.signs,
        "is_granted": case.request.is_granted,
        "said": next((word for word in SAID if word in request.GET), ""),
        "unsent": unsent,
        "list_url": reverse("body_requests", args=[case.body.code]),
    }
    status = 409 if unsent else 422 if form and form.errors else 200
    return render(request, "pages/body_request.html", context, status=status)


def _appointments(case: Case, mine: Membership) -> list[dict[str, Any]]:
    """Those of the request, the next ones first, each with the own door of who looks,
    if she is invited."""
    rows = Appointment.objects.filter(of_request__request__case=case)
    now = timezone.now()
    found = []
    for row in rows.prefetch_related("guests").order_by("starts"):
        guests = [one for one in row.guests.all() if one.user_id == mine.user_id]
        doors = [links.guest_link(one) for one in guests if one.stands]
        is_ahead = row.takes_place and row.ends > now
        door = doors[0] if doors and is_ahead else ""
        found.append({"appointment": row, "is_ahead": is_ahead, "door": door})
    return sorted(found, key=lambda one: not one["is_ahead"])
