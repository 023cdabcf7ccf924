"""Proposing a topic; what everybody reads of what is proposed; supporting it."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cms import forgery
from cms.choosing import Chosen
from community.accounts import client_address
from community.models import LocalBody, User
from events.models import Series
from workflows.engine.models import Case
from workflows.registration.fields import LineField
from workflows.registration.forms import written_before
from workflows.registration.proof import proven_address
from workflows.registration.views import posted

from . import supporting
from .comment_form import CommentForm
from .models import Comment, Proposal, Support
from .propose_form import ProposeForm
from .proposing import MODERATED_IN
from .proposing import propose as begin
from .similar import find_similar

# In the browser's session: what was proposed last. Not the link: the mail has it.
RECEIPT = "proposal"
# … and what was written under one before signing in.
KEPT_COMMENT = "proposal_comment"
# Comments.
PER_PAGE = 20
LONGEST_OFFER = Support._meta.get_field("experience").max_length


# It asks for the token itself, and loses nothing that was typed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """The form, what there is already that is like it, and what comes of sending it."""
    taking = Series.objects.filter(takes_proposals=True).select_related("unit")
    series = get_object_or_404(taking, code=code)
    known = written_before(proven_address(request))
    form = ProposeForm(posted(request), initial=known, series=series)
    if form.is_bound and not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    similar: list = []
    if form.is_bound and form.is_valid():
        if not form.cleaned_data["seen"]:
            similar = find_similar(form.cleaned_data["title"])
        if not similar and form.check_number(client_address(request)):
            case = begin(form.wish(), form_key=form.cleaned_data["form_key"])
            request.session[RECEIPT] = _receipt(case)
            return redirect("proposed")
    context = {
        "form": form,
        "series": series,
        "similar": similar,
        "suggestions": form.suggestions,
        "bodies": LocalBody.objects.standing().values_list("name", "comarca"),
        "days": MODERATED_IN,
        "is_known": bool(known),
    }
    status = 422 if form.is_bound and not similar else 200
    return render(request, "pages/propose.html", context, status=status)


@require_safe
@never_cache
def proposed(request: HttpRequest) -> HttpResponse:
    """What happened, what comes next and by when."""
    receipt = request.session.get(RECEIPT)
    if not receipt:
        return redirect("proposals")
    due = date.fromisoformat(receipt["due"]) if receipt["due"] else None
    return render(request, "pages/proposed.html", {"receipt": {**receipt, "due": due}})


class NoMore(Http404):
    """That `proposal` was public, and is not any more: it was withdrawn, or closed
    beside the steps."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self.proposal = proposal


def told_if_gone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view` of a proposal. Who sends something that comes too late for it reads what
    happened, and has what was written to copy it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoMore as over:
            sent = request.POST or kept_comment(request, over.proposal)
            typed = sent.get("text") or sent.get("experience", "")
            if request.method != "POST" and not typed:
                raise
            context = {"proposal": over.proposal, "typed": typed}
            return render(request, "pages/proposal_gone.html", context, status=410)

    return answered


@require_safe
@never_cache
@told_if_gone
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    """One proposal: what is asked, who wants it, and what has become of it."""
    return show_page(request, public_one(number))


@require_POST
@never_cache
@told_if_gone
def support(request: HttpRequest, number: str) -> HttpResponse:
    """Support it, or do no more; offer to tell the others how it was done, or do no
    more. Who has not signed in does so first, and presses the button again."""
    found = public_one(number)
    if not request.user.is_authenticated:
        return sign_in_first(found)
    try:
        _press(found, request.user, request.POST)
    except ValidationError as refusal:
        told = refusal.messages[0]
        typed = request.POST.get("experience", "")
        found = public_one(number)
        return show_page(request, found, told=told, typed=typed, status=409)
    return redirect(found.get_absolute_url() + "#support")


def _press(found: Proposal, user: User, data: QueryDict) -> None:
    experience = LineField(required=False, max_length=LONGEST_OFFER)
    if "leave" in data:
        supporting.leave(found, user)
    elif "withdraw" in data:
        supporting.withdraw_offer(found, user)
    elif "offer" in data:
        supporting.offer(found, user, experience.clean(data.get("experience", "")))
    else:
        supporting.support(found, user, shares="shares" in data)


def sign_in_first(found: Proposal) -> HttpResponse:
    """To where one signs in, and back to the page of what was `found`."""
    login = QueryDict(mutable=True)
    login["next"] = found.get_absolute_url()
    return redirect(f"{reverse('account_login')}?{login.urlencode()}")


def public_one(number: str) -> Proposal:
    """What anybody may read of that `number`. Raises Http404; NoMore if it was once."""
    rows = Proposal.objects.filter(case__number__iexact=number).select_related(
        "case", "series", "topic", "session__series", "merged_into__case"
    )
    rows = rows.prefetch_related("session__materials__document")
    found = rows.public().first()
    if found is None:
        if over := rows.filter(published__isnull=False).first():
            raise NoMore(over)
        raise Http404
    return found


def show_page(
    request: HttpRequest,
    found: Proposal,
    *,
    told: str = "",
    typed: str = "",
    status: int = 200,
    form: CommentForm | None = None,
) -> HttpResponse:
    """The page of what was `found`; `told` is why what was pressed was not done,
    `typed` what was offered with it, and `form` a comment that was not taken."""
    user = request.user if request.user.is_authenticated else None
    context: dict[str, Any] = {
        "proposal": found,
        "session": _session(found),
        "merged": found.merged.public().select_related("case"),
        "mine": found.supports.filter(user=user).first() if user else None,
        "told": told,
        "typed": typed,
        "additions": found.comments.additions().shown(),
        "comments": Chosen(request.GET, [], comments_for(found, user), PER_PAGE),
        "form": form or CommentForm(initial=kept_comment(request, found)),
        "longest_offer": LONGEST_OFFER,
    }
    return render(request, "pages/proposal.html", context, status=status)


def comments_for(found: Proposal, user: User | None) -> QuerySet[Comment]:
    """What is shown to everybody, and to `user` all that is hers; the newest first."""
    read = Q(state=Comment.State.SHOWN)
    if user:
        read |= Q(user=user)
    return found.comments.by_members().filter(read).select_related("body")


def kept_comment(request: HttpRequest, found: Proposal) -> dict[str, str]:
    """What was written before signing in, once."""
    kept = request.session.get(KEPT_COMMENT)
    is_back = request.user.is_authenticated and request.method == "GET"
    if not is_back or not kept or kept["number"] != found.case.number:
        return {}
    del request.session[KEPT_COMMENT]
    return {"text": kept["text"]}


def _session(found: Proposal):
    """The session that treats it, once everybody may know of it."""
    session = found.session
    is_draft = session is None or session.state == session.State.DRAFT
    return None if is_draft else session


def _receipt(case: Case) -> dict[str, str]:
    return {
        "number": case.number,
        "title": case.title,
        "email": case.email,
        "due": case.due.isoformat() if case.due else "",
    }
