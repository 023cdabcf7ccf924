"""Asking for a place: the form of one person, that of several, and the receipt."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.showing import session_to_show
from community.models import LocalBody
from events import followers, registrations
from events.models import Session
from events.registrations import Applicant, NotForYou, Placed, RegistrationRefused
from events.standing import Standing

from .fields import OwnBodyField
from .forms import (
    BodyForm,
    Colleagues,
    GroupForm,
    RegistrationForm,
    own_bodies,
    written_before,
)
from .proof import proven_address
from .receipts import receipt_of, remember, remember_group

COLLEAGUES = "people"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The form, and what comes of sending it."""
    session = announced(code)
    if not session.standing.can_register:
        return _shut(request, session, session.standing)
    address = proven_address(request)
    own = session.registrations.active().of_address(address).first()
    known = {} if own else written_before(address)
    form = RegistrationForm(
        posted(request), session=session, initial=known, own=own_bodies(address)
    )
    if form.is_bound and form.is_valid():
        applicant = form.applicant()
        try:
            placed = registrations.place(
                session, applicant, form_key=form.cleaned_data["form_key"]
            )
            remember(request, session, placed, applicant)
        except RegistrationRefused as refused:
            return _shut(request, session, refused.standing)
        except NotForYou:
            form.add_error("body", _("This session is for other bodies."))
        else:
            _follow(session, applicant, placed, form.cleaned_data["follow"])
            return redirect("registered", code=code)
    template = "pages/registration_form.html"
    return _ask(request, template, session, form, is_known=bool(known), own=own)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register_group(request: HttpRequest, code: str) -> HttpResponse:
    """Registering several colleagues of one body in one go: all or none."""
    session = announced(code)
    if not session.standing.can_register:
        return _shut(request, session, session.standing)
    data = posted(request)
    form = GroupForm(data, session=session, own=own_bodies(proven_address(request)))
    people = Colleagues(data, prefix=COLLEAGUES)
    valid = form.is_bound and form.is_valid()
    if form.is_bound and people.is_valid() and valid:
        applicants = form.applicants(people.people())
        try:
            foreseen = registrations.rehearse_all(session, applicants)
            placed = registrations.place_all(
                session, applicants, form_key=form.cleaned_data["form_key"]
            )
            remember_group(request, session, placed, applicants, foreseen)
        except RegistrationRefused as refused:
            return _shut(request, session, refused.standing)
        except NotForYou:
            form.add_error("body", _("This session is for other bodies."))
        else:
            return redirect("registered", code=code)
    return _ask(request, "pages/registration_group.html", session, form, people=people)


@require_safe
@never_cache
def registered(request: HttpRequest, code: str) -> HttpResponse:
    """What happened, what comes next and by when: after sending the form."""
    session = announced(code)
    receipt = receipt_of(request, session)
    if not receipt:
        return redirect("register", code=code)
    context = {"session": session, "receipt": receipt}
    return render(request, "pages/registration_done.html", context)


def announced(code: str) -> Session:
    """The session of `code` with all that a page says of it. Http404 for a draft."""
    try:
        session = session_to_show(code=code)
    except Session.DoesNotExist:
        raise Http404 from None
    if session.state == Session.State.DRAFT:
        raise Http404
    return session


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; a suggestion that was pressed stands for what was typed."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    code = data.get("chosen", "").replace("\0", "")[:20]
    if chosen := LocalBody.objects.filter(code=code).first():
        data["body"] = chosen.name
        data.pop("other_body", None)
        if data.get("own_body"):
            data["own_body"] = OwnBodyField.ANOTHER
    return data


def body_choices(session: Session) -> Any:
    """Name and comarca of each body that `session` is for."""
    if session.audience == Session.Audience.CHOSEN:
        return session.bodies.values_list("name", "comarca")
    return LocalBody.objects.standing().values_list("name", "comarca")


def _ask(
    request: HttpRequest, template: str, session: Session, form: BodyForm, **more: Any
) -> HttpResponse:
    context = {
        "session": session,
        "form": form,
        "suggestions": form.suggestions,
        "bodies": body_choices(session),
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def _follow(
    session: Session, applicant: Applicant, placed: Placed, wanted: bool
) -> None:
    # A repeat from elsewhere is perhaps not the owner of the address: it is asked.
    if wanted:
        followers.follow(
            session.series,
            applicant.email,
            applicant.language,
            confirmed=not placed.already,
        )


def _shut(request: HttpRequest, session: Session, standing: Standing) -> HttpResponse:
    context = {"session": session, "standing": standing}
    return render(request, "pages/registration_shut.html", context, status=409)
