"""Writing a request together, signing it and sending it; for the people of its body. To
anybody else there is no such page."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cms import forgery
from community.acting import memberships
from community.models import LocalBody, Membership
from events.wording import hour, moment
from workflows.catalogue.pages import catalogue_address
from workflows.engine import file_views, files
from workflows.membership import sections
from workflows.membership.people import of_body
from workflows.membership.views import acting_account
from workflows.registration.proof import proven_address

from . import drafts, signing, submitting
from .beginning import way_in
from .drafts import Changed, Over
from .kind import KIND
from .models import CatalogueRequest
from .reading import page
from .sending_forms import SendToSignForm, SignForm
from .submitting import CannotRequest
from .writing_form import (
    DocumentField,
    WritingForm,
    checked,
    documents_of,
    written_in,
)

View = Callable[..., HttpResponse]

ROWS = CatalogueRequest.objects.select_related(
    "body", "resource__unit", "edition", "case", "saved_by", "signer"
)


def of_request(view: View) -> View:
    """`view` of a request of a body, for who acts for it; she who is not signed in any
    more does so first, and finds what she wrote. Http404 for anybody else."""

    @wraps(view)
    def opened(request: HttpRequest, code: str, key: Any, **more: Any) -> HttpResponse:
        if not proven_address(request):
            return sign_in_first(request)
        mine = memberships.of(acting_account(request)).filter(body__code=code).first()
        if mine is None:
            raise Http404
        row = ROWS.filter(key=key, body=mine.body).first()
        if row is None and request.method != "POST":
            raise Http404
        try:
            if row is None:
                raise Over
            return view(request, row, mine, **more)
        except Over:
            return _too_late(request, mine.body)

    # They ask for the token themselves, and lose nothing that was typed.
    return csrf_exempt(never_cache(opened))


# Writing ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@of_request
def write_request(
    request: HttpRequest, draft: CatalogueRequest, mine: Membership
) -> HttpResponse:
    """The form, as it was left; and keeping what was typed."""
    if draft.case or not drafts.may_write(mine):
        if request.method == "POST":
            raise Over
        return redirect("request_summary", draft.body.code, draft.key)
    if request.method != "POST":
        form = WritingForm(draft, draft.written, is_checked="check" in request.GET)
        return _show_form(request, draft, form)
    written = written_in(draft, request.POST)
    if not forgery.is_ours(request):
        return _not_ours(request, draft, written)
    theirs = None
    try:
        draft = drafts.save(draft, written, version=_version(request), by=mine.user)
    except Changed as changed:
        theirs = changed.draft
    if _is_script(request):
        return _told_script(draft, theirs)
    refusals = list(_keep_files(request, draft, mine))
    if theirs:
        # What she typed stays in the form, and what he saved stands beside it.
        form = WritingForm(theirs, written)
        form.compare(theirs.written)
        conflict = _who_saved(theirs)
        return _show_form(
            request, theirs, form, status=409, conflict=conflict, refusals=refusals
        )
    if refusals:
        form = WritingForm(draft, written)
        return _show_form(request, draft, form, refusals=refusals, status=422)
    if "next" in request.POST:
        return redirect("request_summary", draft.body.code, draft.key)
    here = reverse("write_request", args=[draft.body.code, draft.key])
    return redirect(f"{here}?saved=1")


def _told_script(
    draft: CatalogueRequest, theirs: CatalogueRequest | None
) -> JsonResponse:
    """That it was saved, or that a colleague has saved `theirs` meanwhile."""
    if theirs:
        return JsonResponse({"words": _who_saved(theirs)}, status=409)
    return JsonResponse({"version": draft.version, "words": _saved(draft)})


def _keep_files(
    request: HttpRequest, draft: CatalogueRequest, mine: Membership
) -> Iterable[tuple[str, str]]:
    """Keep what came with the form and take away what is not wanted; for what was not
    taken, the name of its field and why."""
    _take_away(request, draft, mine)
    form = WritingForm(draft, draft.written)
    for name, field in form.fields.items():
        if isinstance(field, DocumentField):
            for words in _kept(request, name, draft, field.question, mine):
                yield name, words


def _take_away(request: HttpRequest, draft: CatalogueRequest, mine: Membership) -> None:
    if away := file_views.taken_away(request):
        drafts.remove_document(draft, away, by=mine.user)


def _kept(
    request: HttpRequest,
    name: str,
    draft: CatalogueRequest,
    question: Any,
    mine: Membership,
) -> list[str]:
    """Keep what came as `name`; gives why some of it was not taken."""

    def keep(upload: UploadedFile) -> None:
        drafts.add_document(draft, upload, question=question, by=mine.user)

    return file_views.kept(request.FILES.getlist(name), keep)


@require_POST
@of_request
def add_document(
    request: HttpRequest, draft: CatalogueRequest, mine: Membership
) -> HttpResponse:
    """One document, sent by the script of the form while one goes on writing: what its
    field has then, or why it was not taken."""
    if not forgery.is_ours(request):
        return _not_ours(request, draft, {})
    name = request.POST.get("field", "")
    form = WritingForm(draft, draft.written)
    try:
        question = form.question_of(name)
    except KeyError:
        raise Http404 from None
    _take_away(request, draft, mine)
    refused = _kept(request, "file", draft, question, mine)
    kept = [d for d in documents_of(draft) if d.question == question]
    shown = render_to_string("components/kept_documents.html", {"kept": kept})
    return file_views.told(shown, refused)


@require_safe
@of_request
def request_document(
    request: HttpRequest, row: CatalogueRequest, mine: Membership, pk: int
) -> HttpResponse:
    """A document of the request, to be saved."""
    documents = row.documents.select_related("file")
    return files.handed_out(get_object_or_404(documents, pk=pk).file)


def _show_form(
    request: HttpRequest,
    draft: CatalogueRequest,
    form: WritingForm,
    *,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    for name, words in more.pop("refusals", ()):
        form.refuse(name, words)
    context = {
        "form": form,
        "draft": draft,
        "body": draft.body,
        "resource": draft.resource,
        "saved": _saved(draft) if draft.version else "",
        "just_saved": "saved" in request.GET,
        "kept_until": drafts.kept_until(draft),
        "is_closed": _is_closed(draft),
        "version": draft.version,
        **more,
    }
    template = "pages/request_write.html"
    return render(request, template, context, status=status or 200)


def _not_ours(
    request: HttpRequest, draft: CatalogueRequest, written: dict[str, Any]
) -> HttpResponse:
    """Somebody has signed in meanwhile in another tab, or the cookie is lost: the form
    once more, with all that was typed and a token of now."""
    if _is_script(request):
        return JsonResponse({"token": get_token(request)}, status=403)
    form = WritingForm(draft, written)
    return _show_form(
        request,
        draft,
        form,
        status=403,
        notice=forgery.SEND_AGAIN,
        version=_version(request),
    )


def _too_late(request: HttpRequest, body: LocalBody) -> HttpResponse:
    """It was sent or thrown away meanwhile, or she does not write it any more: what she
    wrote is shown, to be taken elsewhere."""
    words = _("It cannot be written any more: it was sent or thrown away meanwhile.")
    if _is_script(request):
        return JsonResponse({"words": words}, status=410)
    typed = [
        text
        for name, text in request.POST.items()
        if name.startswith(("subject", "text", "question-")) and text.strip()
    ]
    context = {"body": body, "words": words, "typed": typed}
    return render(request, "pages/request_over.html", context, status=410)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """She is not signed in any more. What she sent is on the page, to be sent again."""
    sign_in = way_in(request)
    if _is_script(request):
        words = _(
            "You are not signed in any more. What you write stays on this page: sign "
            "in, in another tab, and go on."
        )
        return JsonResponse({"words": words}, status=401)
    if request.method != "POST":
        return redirect(sign_in)
    typed = [
        (name, text)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for text in values
    ]
    context = {"typed": typed, "sign_in": sign_in, "had_files": bool(request.FILES)}
    return render(request, "pages/request_signed_out.html", context, status=401)


# Summary ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@of_request
def request_summary(
    request: HttpRequest, row: CatalogueRequest, mine: Membership
) -> HttpResponse:
    """All that would be sent, what is missing, and who signs."""
    if row.case:
        return redirect(page(row.case))
    form = _sending_form(request, row, mine)
    if request.method != "POST":
        return _summary(request, row, mine, form)
    if form is None or not form.is_bound:
        return _summary(request, row, mine, form, refused=_no_signer())
    if not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if form.is_valid():
        done = _sign if isinstance(form, SignForm) else _ask
        if there := done(row, form, mine):
            return redirect(there)
        row = get_object_or_404(ROWS, pk=row.pk)
    return _summary(request, row, mine, form)


def _sending_form(
    request: HttpRequest, row: CatalogueRequest, mine: Membership
) -> SignForm | SendToSignForm | None:
    """What who looks at it may do with it; None for a reader."""
    if mine.signs:
        return SignForm(_posted(request, "sign"), seen=submitting.seen(row))
    if drafts.may_write(mine):
        them = signing.signers(row.body)
        return SendToSignForm(_posted(request, "ask"), signers=them)
    return None


def _ask(row: CatalogueRequest, form: SendToSignForm, mine: Membership) -> str:
    """Have it signed. Where to go on then; "" if the form says why not."""
    try:
        signing.ask(row, form.cleaned_data["signer"].user, by=mine.user)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return ""
    here = reverse("request_summary", args=[row.body.code, row.key])
    return f"{here}?asked=1"


def _sign(row: CatalogueRequest, form: SignForm, mine: Membership) -> str:
    """Sign and send it. Where to go on then; "" if the form says why not."""
    try:
        case = submitting.submit(row, by=mine.user, **form.said)
    except Changed as changed:
        form.read_again(submitting.seen(changed.draft))
        words = _(
            "%(who)s Look at it again before you sign: below is what there is now."
        )
        form.add_error(None, words % {"who": _who_saved(changed.draft)})
    except CannotRequest as no:
        form.add_error(None, no.answered.verdict.word)
    except PermissionDenied:
        form.add_error(None, _no_signer())
    except ValidationError as refusal:
        form.add_error(None, refusal)
    else:
        return f"{page(case)}?new=1"
    return ""


def _summary(
    request: HttpRequest,
    row: CatalogueRequest,
    mine: Membership,
    form: SignForm | SendToSignForm | None,
    refused: str = "",
) -> HttpResponse:
    written = checked(row)
    answered = submitting.can_request(row.body, row.edition)
    context = {
        "draft": row,
        "body": row.body,
        "resource": row.resource,
        "mine": mine,
        "may_write": drafts.may_write(mine),
        "form": form,
        "written": written,
        "parts": written.parts(),
        "is_whole": written.is_valid(),
        "answered": answered,
        "can": answered.answer.tone in submitting.GOES_ON,
        "refused": refused,
        "signers": list(signing.signers(row.body)),
        "asked": "asked" in request.GET,
        "kept_until": drafts.kept_until(row),
    }
    status = 403 if refused else 422 if form and form.errors else 200
    return render(request, "pages/request_summary.html", context, status=status)


def _posted(request: HttpRequest, button: str) -> Any:
    return request.POST if request.method == "POST" and button in request.POST else None


# Of the newest; all of them are among the cases of the body.
SHOWN = 50

# All of a body ------------------------------------------------------------------------


def shown_drafts(mine: Membership) -> Mapping[str, Any]:
    """The drafts of a body, the last saved first; nothing if there is none."""
    rows = ROWS.drafts().filter(body=mine.body).order_by("-saved")
    return {"drafts": rows, "body": mine.body} if rows else {}


SECTION = sections.Section(
    "requests",
    gettext_lazy("Requests"),
    "components/body_drafts.html",
    shown_drafts,
    "body_requests",
)


@require_safe
@of_body
def body_requests(request: HttpRequest, mine: Membership) -> HttpResponse:
    """What the body is writing, and what it has requested, the newest first."""
    rows = ROWS.filter(body=mine.body)
    sent = rows.submitted().order_by("-case__created")[:SHOWN]
    context = {
        **sections.page_of(mine, "body_requests"),
        "may_write": drafts.may_write(mine),
        "shown": shown_drafts(mine),
        "sent": [(row, page(row.case), KIND.outlook(row.case)) for row in sent],
        "is_discarded": "discarded" in request.GET,
        "catalogue_url": catalogue_address(),
    }
    return render(request, "pages/body_requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_request
def discard_request(
    request: HttpRequest, draft: CatalogueRequest, mine: Membership
) -> HttpResponse:
    """Whether to throw a draft away."""
    if not drafts.may_write(mine):
        raise PermissionDenied
    if draft.case:
        raise Over
    if request.method == "POST" and forgery.is_ours(request):
        drafts.discard(draft, by=mine.user)
        every = reverse("body_requests", args=[draft.body.code])
        return redirect(f"{every}?discarded=1")
    context = {"draft": draft, "body": draft.body, "documents": documents_of(draft)}
    return render(request, "pages/request_discard.html", context)


# Words --------------------------------------------------------------------------------


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _is_closed(draft: CatalogueRequest) -> bool:
    closes = draft.edition.closes
    return closes is not None and closes <= timezone.now()


def _saved(draft: CatalogueRequest) -> str:
    if timezone.localdate(draft.saved) == timezone.localdate():
        return _("Saved at %(time)s") % {"time": hour(draft.saved)}
    return _("Saved on %(moment)s") % {"moment": moment(draft.saved)}


def _who_saved(draft: CatalogueRequest) -> str:
    names = {"person": str(draft.saved_by or _("Somebody"))}
    names["moment"] = moment(draft.saved)
    return _("%(person)s has saved it meanwhile (%(moment)s).") % names


def _no_signer() -> str:
    return _("You do not sign for the body any more.")
