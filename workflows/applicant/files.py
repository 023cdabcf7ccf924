"""The files of a case, for the applicant: opening one, and sending more."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms import forgery
from cms.form_renderer import PlacaRenderer
from workflows.engine import answers, files
from workflows.engine.file_fields import FilesField
from workflows.engine.models import Case, Entry

from .views import by_link, to_mine

# Of one applicant in one case.
MOST = 10 * settings.CASE_FILES_AT_ONCE


class SendForm(forms.Form):
    """Something more for a case."""

    default_renderer = PlacaRenderer()

    text = forms.CharField(
        label=_("What do you send us?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A sentence is enough."),
        error_messages={"required": _("Write what you send.")},
    )
    files = FilesField()

    def __init__(self, *args: object, case: Case, **kwargs: object) -> None:
        self.case = case
        super().__init__(*args, **kwargs)

    def clean_files(self) -> list:
        found = self.cleaned_data["files"]
        sent = self.case.files.filter(entry__way=Entry.Way.IN).count()
        if sent + len(found) > MOST:
            raise ValidationError(
                _("A case takes at most %(most)d of your files."),
                params={"most": MOST},
            )
        return found


@require_safe
@by_link
def case_file(request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    """A file that the applicant may see, to be saved."""
    rows = case.files.for_the_applicant()
    return files.handed_out(get_object_or_404(rows, pk=pk))


# It asks for the token itself, and loses nothing that was typed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def send_to_case(request: HttpRequest, case: Case) -> HttpResponse:
    """What the applicant wants to send besides what was asked."""
    if not case.is_active:
        return redirect("my_case", case.token)
    is_sent = request.method == "POST"
    form = SendForm(*((request.POST, request.FILES) if is_sent else ()), case=case)
    if is_sent and not forgery.is_ours(request):
        form.add_error(None, forgery.SEND_AGAIN)
    if is_sent and form.is_valid():
        done = answers.send(case, **form.cleaned_data)
        return to_mine(case, "sent" if done else "already")
    back = reverse("my_case", args=[case.token])
    context = {"case": case, "form": form, "back": back}
    status = 422 if is_sent else 200
    return render(request, "pages/case_send.html", context, status=status)
