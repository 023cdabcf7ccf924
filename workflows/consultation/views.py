"""Asking the team something, and what one reads after it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms import forgery
from cms.models.base import private
from community.models import LocalBody
from community.privacy.addresses import of_address
from workflows.engine.models import Case
from workflows.registration.forms import own_bodies, written_before
from workflows.registration.proof import proven_address
from workflows.registration.views import posted

from .asking import ask
from .models import ConsultationPage, ConsultationSettings
from .question_form import QuestionForm

# In the browser's session: what was asked last. Not the link: the mail has it.
RECEIPT = "consultation"


# It asks for the token itself, and loses nothing that was typed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_team(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of sending it. Http404 while nobody sorts questions."""
    settings = ConsultationSettings.load(request)
    if settings.unit_id is None:
        raise Http404
    address = proven_address(request)
    known = _known(address)
    form = QuestionForm(
        posted(request),
        request.FILES or None,
        initial=known,
        address=address,
        own=own_bodies(address),
    )
    if form.is_bound and not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if form.is_bound and form.is_valid():
        case = ask(form.question(), form_key=form.cleaned_data["form_key"])
        request.session[RECEIPT] = _receipt(case)
        return redirect("asked")
    context = {
        "form": form,
        "suggestions": form.suggestions,
        "bodies": LocalBody.objects.standing().values_list("name", "comarca"),
        "days": settings.answer_days,
        "is_known": bool(known),
        "about": _page(),
    }
    return render(
        request, "pages/ask.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    """What happened, what comes next and by when."""
    receipt = request.session.get(RECEIPT)
    if not receipt:
        return redirect("ask")
    due = date.fromisoformat(receipt["due"]) if receipt["due"] else None
    return render(request, "pages/asked.html", {"receipt": {**receipt, "due": due}})


def _known(address: str) -> dict[str, Any]:
    """What the form is filled in with for whoever has shown that `address` is theirs:
    what they said of themselves the last time they asked, or else registered."""
    cases = of_address(Case.objects.of_somebody(), address).select_related("body")
    if last := cases.first():
        return {
            "email": address,
            "name": last.name,
            "body": last.body.name if last.body else "",
            "language": last.language,
        }
    return written_before(address)


def _page() -> ConsultationPage | None:
    """Where editors say what one may ask, in the active language."""
    pages = ConsultationPage.objects.live().exclude(private()).defer("body")
    return pages.filter(locale__language_code=get_language()).first()


def _receipt(case: Case) -> dict[str, str]:
    return {
        "number": case.number,
        "title": case.title,
        "email": case.email,
        "due": case.due.isoformat() if case.due else "",
    }
