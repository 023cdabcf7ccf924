"""What we hold of a person: to see, take away, correct and have forgotten, for whoever
has shown that the address is theirs."""

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.form_renderer import PlacaRenderer
from community.privacy import departures, holders
from community.privacy.accounts import account_of
from community.privacy.addresses import of_address
from community.privacy.mails import LINK
from events.models import Registration
from workflows.engine.files import handed_out
from workflows.engine.models import File

from .fields import LanguageField, NameField, PositionField
from .proof import ask, proven_address


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
    """Everything we hold, or the form that asks for the link to it."""
    address = proven_address(request)
    if address and request.method != "POST":
        return _show(request, address)
    return ask(request, LINK.name, "pages/my_data_ask.html")


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


@require_safe
@never_cache
def my_data_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of a case of one's own, also when its personal link has run out."""
    address = proven_address(request)
    if not address:
        return redirect("my_data")
    mine = of_address(File.objects.for_the_applicant(), address, "case__email")
    return handed_out(get_object_or_404(mine, pk=pk))


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


def _show(request: HttpRequest, address: str) -> HttpResponse:
    context = {
        "address": address,
        "parts": holders.all_of(address),
        "can_correct": bool(_written(address)),
    }
    return render(request, "pages/my_data.html", context)


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
