"""What we hold of a person: to see, take away, correct and have forgotten.

Whoever opens the link in our mail, or has signed in with a code sent to the address,
has shown that it is theirs. Opening the link does nothing by itself, since mail filters
open every link: a button does.
"""

from datetime import datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cms.form_renderer import PlacaRenderer
from community.messages import outbox
from community.models import Message
from community.privacy import departures, holders, links
from community.privacy.accounts import account_of
from community.privacy.mails import LINK
from events.models import Registration

from . import guard
from .fields import AddressField, LanguageField, NameField, PositionField
from .forms import GuardedForm

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


class CorrectForm(forms.Form):
    """What one may correct in one go."""

    default_renderer = PlacaRenderer()

    name = NameField()
    position = PositionField()
    language = LanguageField()

    def changes(self) -> dict[str, str]:
        """What is no longer as it was."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything we hold, or the form that asks for the link to it. The answer is the
    same whether or not we hold anything: only the page behind the link tells."""
    address = proven_address(request)
    if address and request.method != "POST":
        return _show(request, address)
    form = AskForm(request.POST if request.method == "POST" else None)
    asked = form.is_bound and form.is_valid()
    if asked:
        _send_link(form.cleaned_data["email"])
    status = 422 if form.is_bound and not asked else 200
    context = {"form": form, "asked": asked}
    return render(request, "pages/my_data_ask.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_data_open(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: its button opens the data in this browser."""
    mail = links.mail_of(token)
    if mail is None:
        return render(request, "pages/my_data_late.html", status=410)
    if request.method == "POST":
        # Whoever gave this browser its session must not share what comes now.
        request.session.cycle_key()
        until = timezone.now() + links.GOOD_FOR
        request.session[PROOF] = {"mail": mail.pk, "until": until.isoformat()}
        return redirect("my_data")
    return render(request, "pages/my_data_open.html")


@require_POST
@never_cache
def my_data_close(request: HttpRequest) -> HttpResponse:
    """Done: the next one at this computer sees nothing."""
    request.session.pop(PROOF, None)
    if request.user.is_authenticated:
        logout(request)
    return redirect("my_data")


@require_safe
@never_cache
def my_data_download(request: HttpRequest) -> HttpResponse:
    """Everything we hold in a file that a program can read (GDPR, art. 20)."""
    address = proven_address(request)
    if not address:
        return redirect("my_data")
    held = {
        part.name: [
            {fact.name: fact.value for fact in record.facts} for record in part.records
        ]
        for part in holders.all_of(address)
    }
    whole = {
        "site": settings.SITE_NAME,
        "address": address,
        "made": timezone.now(),
        "held": held,
    }
    response = JsonResponse(whole, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_data_correct(request: HttpRequest) -> HttpResponse:
    """Correcting name, position and language wherever they are."""
    address = proven_address(request)
    if not address:
        return redirect("my_data")
    form = CorrectForm(
        request.POST if request.method == "POST" else None, initial=_written(address)
    )
    if form.is_bound and form.is_valid():
        if changes := form.changes():
            holders.correct(address, changes)
        return redirect("my_data")
    context = {"form": form, "address": address}
    status = 422 if form.is_bound else 200
    return render(request, "pages/my_data_correct.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_data_leave(request: HttpRequest) -> HttpResponse:
    """The question whether to have everything forgotten, and what comes of it."""
    address = proven_address(request)
    if not address:
        return redirect("my_data")
    refused = ""
    if request.method == "POST":
        try:
            departures.leave(address, language=get_language())
        except ValidationError as reason:
            refused = reason.messages[0]
        else:
            # With the receipts of its forms.
            logout(request)
            return redirect("my_data_left")
    context = {
        "address": address,
        "losses": departures.foresee(address),
        "refused": refused,
    }
    status = 409 if refused else 200
    return render(request, "pages/my_data_leave.html", context, status=status)


@require_safe
@never_cache
def my_data_left(request: HttpRequest) -> HttpResponse:
    """What happens now. It knows nobody."""
    return render(request, "pages/my_data_left.html")


def proven_address(request: HttpRequest) -> str:
    """The address that this browser has shown to be its reader's; "" if none."""
    return _by_mail(request) or _by_sign_in(request)


def _by_mail(request: HttpRequest) -> str:
    proof = request.session.get(PROOF)
    if not proof or datetime.fromisoformat(proof["until"]) < timezone.now():
        return ""
    # Empty once the address has been forgotten.
    mails = Message.objects.filter(pk=proof["mail"]).values_list("recipient", flat=True)
    return mails.first() or ""


def _by_sign_in(request: HttpRequest) -> str:
    # The address that the code went to, not the one the account has now: whoever
    # writes people down can give an account anybody's.
    if not request.user.is_authenticated:
        return ""
    records = get_authentication_records(request)
    proven = {str(record.get("email")).lower() for record in records}
    address = request.user.email
    return address if address.lower() in proven else ""


def _show(request: HttpRequest, address: str) -> HttpResponse:
    context = {
        "address": address,
        "parts": holders.all_of(address),
        "can_correct": bool(_written(address)),
    }
    return render(request, "pages/my_data.html", context)


def _send_link(address: str) -> None:
    outbox.queue([Message(kind=LINK.name, recipient=address, language=get_language())])


def _written(address: str) -> dict[str, str]:
    """What `address` last wrote of itself; empty if nothing of it can be corrected."""
    last = Registration.objects.active().of_address(address).order_by("-pk").first()
    if last:
        return {
            "name": last.name,
            "position": last.position,
            "language": last.language,
        }
    if account := account_of(address):
        return {"name": account.name, "position": "", "language": account.language}
    return {}
