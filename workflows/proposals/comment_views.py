"""Writing under a proposal, taking it back, adding to what one has proposed, and being
told no more."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cms import forgery
from workflows.applicant.views import by_link, to_mine
from workflows.engine.models import Case

from . import commenting, supporting
from .comment_form import COMMENT, AdditionForm, CommentForm
from .models import Comment, Support
from .views import KEPT_COMMENT, public_one, show_page, sign_in_first, told_if_gone


# It asks for the token itself, and loses nothing that was typed.
@csrf_exempt
@require_POST
@never_cache
@told_if_gone
def comment(request: HttpRequest, number: str) -> HttpResponse:
    """Write under it. Who is not signed in, or no more, does so first and finds what
    was written."""
    found = public_one(number)
    form = CommentForm(request.POST)
    if not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    elif not request.user.is_authenticated:
        text = request.POST.get("text", "")[: 2 * COMMENT]
        request.session[KEPT_COMMENT] = {"number": found.case.number, "text": text}
        return sign_in_first(found)
    if form.is_valid():
        try:
            commenting.write(
                found,
                request.user,
                form.cleaned_data["text"],
                language=get_language(),
                form_key=form.cleaned_data["form_key"],
            )
        except ValidationError as refusal:
            form.add_error("text", refusal)
        else:
            return redirect(found.get_absolute_url() + "#comments")
    return show_page(request, public_one(number), form=form, status=422)


@require_POST
@never_cache
@told_if_gone
def remove_comment(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take back what one wrote, also under what is public no more. What is gone
    already, or somebody else's, stays as it is."""
    if not request.user.is_authenticated:
        return sign_in_first(public_one(number))
    under_it = Comment.objects.filter(proposal__case__number__iexact=number)
    if written := under_it.filter(pk=pk).first():
        commenting.remove(written, request.user)
    return redirect(public_one(number).get_absolute_url() + "#comments")


# As above; it is opened by the link of who proposed it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@told_if_gone
def add_to_proposal(request: HttpRequest, case: Case) -> HttpResponse:
    """Add something to what one has proposed, once it is published."""
    proposal = public_one(case.number)
    form = AdditionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        try:
            commenting.add(case, sent["text"], form_key=sent["form_key"])
        except ValidationError as refusal:
            form.add_error("text", refusal)
        else:
            return to_mine(case, "sent")
    context = {
        "case": case,
        "proposal": proposal,
        "form": form,
        "additions": proposal.comments.additions().shown(),
        "most": commenting.MOST_ADDITIONS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "pages/proposal_add.html", context, status=status)


# A mail program presses it too (RFC 8058), and knows no cookie: the token of the
# address is what it needs.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mute(request: HttpRequest, token: str) -> HttpResponse:
    """Whether mails tell who supports a proposal what becomes of it: a button says
    so. It answers without leading on, as the RFC asks (3.1)."""
    rows = Support.objects.select_related("proposal__case", "user")
    row = get_object_or_404(rows, token=token)
    with override(row.user.language):
        if request.method == "POST":
            row.told = "tell" in request.POST
            supporting.tell(row, told=row.told)
        return render(request, "pages/proposal_mute.html", {"support": row})
