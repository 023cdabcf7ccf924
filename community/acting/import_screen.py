"""The screen on which a spreadsheet of domains and contacts is brought in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from community.messages.compose import html_of

from . import importing
from .screens import Screen


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet of domains and contacts (CSV or XLSX)"),
        help_text=_(
            "The first row names the columns. Each row has the code of a local body, "
            "and a domain, or the name, e-mail address and role of a contact; without "
            "a role it is a technician."
        ),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > importing.LARGEST:
            raise ValidationError(_("It is too large for such a list."))
        return file.read()


class ImportView(Screen):
    """A spreadsheet: what it would change is shown first, and then done."""

    page_title = _("Import domains and contacts")
    header_icon = "upload"
    template_name = "community/acting/import.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if "text" in request.POST:
            octets = request.POST["text"].encode()
        elif form.is_valid():
            octets = form.cleaned_data["file"]
        else:
            return self.answer(422, form=form)
        try:
            table = importing.read(octets)
            would = importing.import_contacts(table, by=request.user, dry_run=True)
            if request.POST.get("seen") == _told(would):
                importing.import_contacts(table, by=request.user)
                messages.success(request, _told(would))
                return redirect("memberships:index")
        except importing.Refused as refused:
            return self.answer(422, faults=refused.faults)
        mail = importing.example(would)
        return self.answer(
            would=would,
            seen=_told(would),
            sent=[("text", importing.as_csv(table))],
            mail=mail,
            mail_html=mail and html_of(mail),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"form": FileForm(), "columns": importing.COLUMNS, **kwargs}
        )


def _told(outcome: importing.Outcome) -> str:
    """In figures what a file would change."""
    words = gettext(
        "Domains: %(domains)d. People who begin to act for a body: %(contacts)d. Roles "
        "that change: %(roles)d. As it was: %(same)d."
    )
    return words % {
        "domains": len(outcome.domains),
        "contacts": len(outcome.contacts),
        "roles": len(outcome.roles),
        "same": outcome.same,
    }
