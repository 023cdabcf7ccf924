"""The people of a body, for those who act for it. To anybody else there is no such
page: nobody learns who acts for a body without being of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.form_renderer import PlacaRenderer
from community.acting import invitations, memberships
from community.models import Membership, MembershipInvitation, Role
from workflows.engine.models import Entry
from workflows.registration.proof import proven_address

from . import deciding
from .forms import DecideForm
from .public_forms import ChangeRoleForm, InviteForm
from .sections import page_of
from .views import acting_account

View = Callable[..., HttpResponse]


def of_body(view: View) -> View:
    """`view` of a body for who acts for it, with the membership by which she does.
    Http404 for who does not."""

    @wraps(view)
    def opened(request: HttpRequest, code: str, **more: Any) -> HttpResponse:
        if not proven_address(request):
            return redirect("my_bodies")
        own = memberships.of(acting_account(request))
        mine = own.filter(Q(body__code=code) | Q(body__merged__code=code)).first()
        if mine is None:
            raise Http404
        if mine.body.code != code and request.method != "POST":
            # An old mail names the body that went on as this one.
            return redirect("my_body", mine.body.code)
        return view(request, mine, **more)

    return never_cache(opened)


def by_representative(view: View) -> View:
    """As `of_body`, for who represents it. PermissionDenied for the others."""

    @wraps(view)
    def opened(request: HttpRequest, mine: Membership, **more: Any) -> HttpResponse:
        if not mine.signs:
            raise PermissionDenied
        return view(request, mine, **more)

    return of_body(opened)


@require_safe
@of_body
def body_people(request: HttpRequest, mine: Membership) -> HttpResponse:
    """Who acts for the body; for its representatives, who is asked and who asks."""
    body = mine.body
    people = Membership.objects.active().filter(body=body).select_related("user")
    context = {
        **page_of(mine, "body_people"),
        "people": people,
        "said": next((w for w in SAID if w in request.GET), ""),
    }
    if mine.signs:
        asked = MembershipInvitation.objects.open().filter(body=body)
        context["invitations"] = asked.order_by("pk")
        context["requests"] = deciding.waiting_for(body)
    return render(request, "pages/body_people.html", context)


# What was just done, after which the page opens.
SAID = ("invited", "withdrawn", "changed", "ended", "decided", "already")


@require_http_methods(["GET", "HEAD", "POST"])
@by_representative
def invite(request: HttpRequest, mine: Membership) -> HttpResponse:
    """Asking a colleague to act for the body too."""
    initial = {"language": get_language(), "role": Role.TECHNICIAN}
    form = InviteForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            invitations.invite(
                mine.body,
                data["email"],
                Role(data["role"]),
                language=data["language"],
                by=mine.user,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _to_people(mine, "invited")
    context = {
        "mine": mine,
        "body": mine.body,
        "form": form,
        "days": invitations.GOOD_FOR.days,
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/invite_colleague.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@by_representative
def withdraw_invitation(
    request: HttpRequest, mine: Membership, pk: int
) -> HttpResponse:
    """Whether to take an invitation back."""
    asked = MembershipInvitation.objects.filter(body=mine.body)
    invitation = get_object_or_404(asked, pk=pk)
    if request.method == "POST":
        withdrawn = invitations.withdraw(invitation, by=mine.user)
        return _to_people(mine, "withdrawn" if withdrawn else "already")
    context = {"body": mine.body, "invitation": invitation}
    return render(request, "pages/withdraw_invitation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_representative
def change_role(request: HttpRequest, mine: Membership, pk: int) -> HttpResponse:
    """Giving somebody another role."""
    membership = _of_the_body(mine, pk)
    initial = {"role": membership.role}
    form = ChangeRoleForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        role = form.cleaned_data["role"]
        changed = memberships.change_role(membership, role, by=mine.user)
        return _to_people(mine, "changed" if changed else "already")
    context = {
        "mine": mine,
        "body": mine.body,
        "membership": membership,
        "form": form,
        "is_last": memberships.is_last(membership),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/change_role.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@of_body
def end(request: HttpRequest, mine: Membership, pk: int) -> HttpResponse:
    """Whether to leave the body, or to have somebody act for it no more."""
    membership = _of_the_body(mine, pk)
    is_own = membership.pk == mine.pk
    if not is_own and not mine.signs:
        raise PermissionDenied
    if request.method == "POST":
        ended = memberships.end(membership, by=mine.user)
        if is_own:
            return redirect(f"{reverse('my_bodies')}?ended=1")
        return _to_people(mine, "ended" if ended else "already")
    context = {
        "body": mine.body,
        "membership": membership,
        "is_own": is_own,
        "is_last": memberships.is_last(membership),
    }
    return render(request, "pages/end_membership.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_representative
def decide(request: HttpRequest, mine: Membership, number: str) -> HttpResponse:
    """Whether somebody who asks may act for the body."""
    case = deciding.waiting_for(mine.body).filter(number=number).first()
    task = case and deciding.open_step(case)
    if task is None:
        return _to_people(mine, "already")
    data = request.POST if request.method == "POST" else None
    form = DecideForm(data, case=case, renderer=PlacaRenderer())
    if form.is_bound and form.is_valid():
        done = deciding.decide(task, form.apply, by=mine.user)
        return _to_people(mine, "decided" if done else "already")
    context = {
        "body": mine.body,
        "case": case,
        "form": form,
        "entries": case.entries.filter(way=Entry.Way.IN),
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/decide_membership.html", context, status=status)


def _of_the_body(mine: Membership, pk: int) -> Membership:
    people = Membership.objects.standing().select_related("user", "body")
    return get_object_or_404(people, body=mine.body_id, pk=pk)


def _to_people(mine: Membership, said: str) -> HttpResponse:
    page = reverse("body_people", args=[mine.body.code])
    return redirect(f"{page}?{said}=1")
