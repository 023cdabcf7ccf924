"""Where somebody says whether they act for a body, as a representative asks by mail.

The link was sent to one address, and gives something to that address alone. Opening it
does nothing, since mail filters open every link: a button answers.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.acting import invitations
from community.models import MembershipInvitation
from workflows.registration.forms import written_before
from workflows.registration.proof import proven_address

from .public_forms import AcceptForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, the answer to it, and what came of it."""
    rows = MembershipInvitation.objects.select_related("body", "by")
    asked = get_object_or_404(rows, token=token)
    with override(asked.language):
        return _answer(request, asked)


def _answer(request: HttpRequest, asked: MembershipInvitation) -> HttpResponse:
    here = reverse("membership_invitation", args=[asked.token])
    somebody = proven_address(request)
    is_other = somebody != "" and somebody.lower() != asked.email.lower()
    is_open = invitations.is_open(asked)
    if is_other or (request.method == "POST" and not is_open):
        return _show(request, asked, None, is_other=is_other)
    if request.method == "POST" and "no" in request.POST:
        invitations.decline(asked)
        return redirect(here)
    before = {"name": written_before(somebody).get("name", "")}
    form = AcceptForm(request.POST or None, initial=before)
    if form.is_bound and form.is_valid():
        try:
            invitations.accept(
                asked, name=form.cleaned_data["name"], language=asked.language
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(here)
    return _show(request, asked, form if is_open else None)


def _show(
    request: HttpRequest,
    asked: MembershipInvitation,
    form: AcceptForm | None,
    *,
    is_other: bool = False,
) -> HttpResponse:
    context = {
        "invitation": asked,
        "body": asked.body,
        "form": form,
        "is_other": is_other,
        "is_proven": proven_address(request) != "",
    }
    status = 403 if is_other else 422 if form and form.errors else 200
    return render(request, "pages/membership_invitation.html", context, status=status)
