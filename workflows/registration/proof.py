"""That an address is its reader’s: by the link in our mail, or by signing in with a
code sent to it.

Opening the link does nothing by itself, since mail filters open every link: a button
does. A link opens everything that is the address's own, and leads first to what it was
asked for: the kind of its mail has the name of that page.
"""

from datetime import datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.messages import outbox, suppressions
from community.models import Message
from community.privacy import accounts, links, mails

from . import guard
from .fields import AddressField
from .forms import GuardedForm

REGISTRATIONS_LINK = mails.link_kind(
    "my_registrations", _("Link to one’s registrations")
)

# In the browser's session: the mail whose link was opened, and when that runs out.
PROOF = "my_data"


class AskForm(GuardedForm):
    """Asking for the link."""

    email = AddressField(
        help_text=_("The one you registered with. We send a link to it.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # A form with mistakes sends no mail.
        if not self.errors:
            guard.check_number(data["email"])
        return data


def ask(
    request: HttpRequest,
    kind: str,
    template: str,
    form_class: type[AskForm] = AskForm,
) -> HttpResponse:
    """The form that has a link of `kind` mailed. The answer is the same whether or not
    anything is known of the address: only the page behind the link tells."""
    form = form_class(request.POST if request.method == "POST" else None)
    asked = form.is_bound and form.is_valid()
    if asked:
        address = form.cleaned_data["email"]
        link = Message(kind=kind, recipient=address, language=get_language())
        outbox.queue([link])
    status = 422 if form.is_bound and not asked else 200
    return render(request, template, {"form": form, "asked": asked}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: its button opens what is the reader's in this browser."""
    mail = links.mail_of(token)
    if mail is None:
        return render(request, "pages/my_data_late.html", status=410)
    if request.method == "POST":
        suppressions.reached(mail.recipient)
        accounts.seen(mail.recipient)
        # Whoever gave this browser its session must not share what comes now.
        request.session.cycle_key()
        until = timezone.now() + links.GOOD_FOR
        request.session[PROOF] = {"mail": mail.pk, "until": until.isoformat()}
        return redirect(mail.kind)
    return render(request, "pages/my_data_open.html", {"what": mail.kind})


@require_POST
@never_cache
def close(request: HttpRequest) -> HttpResponse:
    """Done: the next one at this computer sees nothing."""
    request.session.pop(PROOF, None)
    if request.user.is_authenticated:
        logout(request)
    return redirect("my_data")


def proven_address(request: HttpRequest) -> str:
    """The address that this browser has shown to be its reader's; "" if none."""
    return _by_mail(request) or _by_sign_in(request)


def _by_mail(request: HttpRequest) -> str:
    proof = request.session.get(PROOF)
    if not proof or datetime.fromisoformat(proof["until"]) < timezone.now():
        return ""
    # Empty once the address has been forgotten.
    mail = Message.objects.filter(pk=proof["mail"])
    return mail.values_list("recipient", flat=True).first() or ""


def _by_sign_in(request: HttpRequest) -> str:
    # The address that the code went to, not the one the account has now: whoever
    # writes people down can give an account anybody's.
    if not request.user.is_authenticated:
        return ""
    records = get_authentication_records(request, request.user)
    proven = {str(record.get("email")).lower() for record in records}
    address = request.user.email
    return address if address.lower() in proven else ""
