"""For which bodies one acts, and asking to act for another; for whoever has shown that
the address is theirs."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.acting import domains, invitations, memberships
from community.models import LocalBody, User
from community.privacy.accounts import account_of
from workflows.registration.forms import written_before
from workflows.registration.proof import ask as ask_for_link
from workflows.registration.proof import proven_address
from workflows.registration.views import posted

from .asking import ask, open_requests
from .mails import BODIES_LINK
from .models import MembershipSettings
from .public_forms import ActForm, AskBodiesForm

# What was just done, after which the page opens.
SAID = ("given", "asked", "ended")


def acting_account(request: HttpRequest) -> User | None:
    """Whose account this browser has shown to be its reader's; None if there is none
    that may do anything."""
    address = proven_address(request)
    # Nobody's account is found without asking for it.
    account = account_of(address) if address else None
    return account if account and account.is_active else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_bodies(request: HttpRequest) -> HttpResponse:
    """The bodies that one acts for, and what is asked; or the form that asks for the
    link to them."""
    address = proven_address(request)
    if not address or request.method == "POST":
        template = "pages/my_bodies_ask.html"
        return ask_for_link(request, BODIES_LINK.name, template, AskBodiesForm)
    context = {
        "address": address,
        "memberships": memberships.of(acting_account(request)),
        "invitations": invitations.open_to(address),
        "requests": open_requests(address),
        "can_ask": MembershipSettings.load(request).unit_id is not None,
        "said": next((w for w in SAID if w in request.GET), ""),
    }
    return render(request, "pages/my_bodies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def act_for_body(request: HttpRequest) -> HttpResponse:
    """Asking to act for a body, and what comes of it. Http404 while nobody decides."""
    settings = MembershipSettings.load(request)
    if settings.unit_id is None:
        raise Http404
    address = proven_address(request)
    if not address:
        return redirect("my_bodies")
    known = domains.body_of(address)
    initial = _initial(request, address, known)
    form = ActForm(posted(request), email=address, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            asked = ask(form.wish())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            said = "asked" if asked.case else "given"
            return redirect(f"{reverse('my_bodies')}?{said}=1")
    context = {
        "form": form,
        "address": address,
        "domain": address.rpartition("@")[2],
        "known": known,
        "days": settings.answer_days,
        "suggestions": form.suggestions,
        "bodies": LocalBody.objects.standing().values_list("name", "comarca"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/act_for_body.html", context, status=status)


def _initial(
    request: HttpRequest, address: str, known: LocalBody | None
) -> dict[str, str]:
    before = written_before(address)
    named = request.GET.get("body", "")[:200]
    body = named or (known.name if known else before.get("body", ""))
    return {"name": before.get("name", ""), "body": body}
