from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from wagtail.models import Locale

from events.models import Session

from .caching.offering import offer
from .caching.pages import SCHEMES
from .models import SessionPage
from .showing import session_to_show


def session(request: HttpRequest, code: str) -> HttpResponse:
    """The address of a session that never changes: it leads to the page in the
    reader's language, or else in that of the house, or shows the session if no page
    is live."""
    found = _announced(code)
    pages = SessionPage.objects.filter(session=found).live()
    in_language = pages.filter(locale__language_code=get_language())
    page = in_language.first() or pages.filter(locale=Locale.get_default()).first()
    return _show(request, found, page)


def session_here(request: HttpRequest, code: str) -> HttpResponse:
    """A session in the language of the address, whether it has a page there or not."""
    found = _announced(code)
    pages = SessionPage.objects.filter(session=found).live()
    in_language = pages.filter(locale__language_code=get_language())
    return _show(request, found, in_language.first())


def _announced(code: str) -> Session:
    try:
        found = session_to_show(code=code)
    except Session.DoesNotExist:
        raise Http404 from None
    if found.state == Session.State.DRAFT:
        raise Http404
    return found


def _show(
    request: HttpRequest, found: Session, page: SessionPage | None
) -> HttpResponse:
    offer(request, {})
    # A page outside every site has no address.
    if page and (address := page.get_url(request)):
        return redirect(address)
    context = {"session": found, "standing": found.standing, "page": None}
    return render(request, "pages/session.html", context)


# Forging it changes a colour; a token would make every page one person's own.
@csrf_exempt
@require_POST
def set_scheme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie of our own; any other word forgets it."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    # An address, and never the name of a view.
    response = HttpResponseRedirect(back)
    scheme = request.POST.get("scheme")
    if scheme in SCHEMES:
        response.set_cookie(
            "scheme",
            scheme,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    else:
        response.delete_cookie("scheme")
    return response
