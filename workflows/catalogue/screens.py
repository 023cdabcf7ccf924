"""The staff's screens around the lists of the catalogue."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.permission_policies import ModelPermissionPolicy

from cms.templatetags.navigation import own_name

from . import editions
from .question_form import form_for
from .records import Area, Edition, Resource


class Screen(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Under the list of resources or of editions, for who keeps the catalogue."""

    model = Resource
    permission_policy = ModelPermissionPolicy(Resource)
    permission_required = "change"
    header_icon = "list-ul"
    list_name = "resource:index"
    list_label = _("Resources")

    def get_breadcrumbs_items(self) -> list[dict]:
        home = {"url": reverse(self.list_name), "label": self.list_label}
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, home, here]

    def answer(self, status: int = 200, **context: Any) -> HttpResponse:
        found = self.get_context_data(**context)
        return self.render_to_response(found, status=status)


# Editions of a whole year -----------------------------------------------------------


class YearsForm(forms.Form):
    source = forms.IntegerField(
        label=_("Copy the editions of"), min_value=2000, max_value=2100
    )
    target = forms.IntegerField(label=_("to the year"), min_value=2000, max_value=2100)


class CopyView(Screen):
    """The editions of a year once more in another: what that makes is shown first."""

    page_title = _("Copy a year")
    header_icon = "copy"
    list_name, list_label = "edition:index", _("Editions")
    template_name = "catalogue/copy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": _years(), **kwargs})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = YearsForm(request.POST)
        if not form.is_valid():
            return self.answer(422, form=form)
        source, target = form.cleaned_data["source"], form.cleaned_data["target"]
        seen = f"{source}-{target}"
        is_seen = request.POST.get("seen") == seen
        try:
            would = editions.copy_year(
                source, target, by=request.user, dry_run=not is_seen
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.answer(422, form=form)
        if not is_seen:
            sent = [("source", source), ("target", target)]
            return self.answer(form=form, would=would, sent=sent, seen=seen)
        words = ngettext(
            "%(number)d edition made, not published yet.",
            "%(number)d editions made, not published yet.",
            len(would.new),
        )
        messages.success(request, words % {"number": len(would.new)})
        return redirect(f"{reverse('edition:index')}?year={target}")


def _years() -> YearsForm:
    latest = Edition.objects.order_by("-year").values_list("year", flat=True).first()
    year = latest or timezone.localdate().year
    return YearsForm(initial={"source": year, "target": year + 1})


class WindowsForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    area = forms.ModelChoiceField(
        Area.objects.all(), label=_("Area"), required=False, empty_label=_("All")
    )
    opens = forms.DateTimeField(
        label=_("Open on"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Left empty, each keeps its date."),
    )
    closes = forms.DateTimeField(
        label=_("Close on"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Left empty, each keeps its date."),
    )
    publish = forms.ChoiceField(
        label=_("Publication"),
        choices=(
            ("", _("as it is")),
            ("yes", _("publish them")),
            ("no", _("take them back")),
        ),
        required=False,
        widget=forms.RadioSelect,
    )

    def wish(self) -> dict[str, Any]:
        """As the verb takes it."""
        data = self.cleaned_data
        publish = {"yes": True, "no": False}.get(data["publish"])
        return {"opens": data["opens"], "closes": data["closes"], "publish": publish}

    def chosen(self) -> Any:
        """The editions that it is about."""
        rows = Edition.objects.filter(year=self.cleaned_data["year"])
        area = self.cleaned_data["area"]
        return rows.filter(resource__area=area) if area else rows


class WindowsView(Screen):
    """Open and close the editions of a year in one go: what changes is shown first."""

    page_title = _("Open and close")
    header_icon = "calendar"
    list_name, list_label = "edition:index", _("Editions")
    template_name = "catalogue/windows.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initial = {"year": timezone.localdate().year}
        return super().get_context_data(
            **{"form": WindowsForm(initial=initial), **kwargs}
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = WindowsForm(request.POST)
        if not form.is_valid():
            return self.answer(422, form=form)
        wish = form.wish()
        try:
            would = editions.set_windows(
                form.chosen(), **wish, by=request.user, dry_run=True
            )
            # What was shown, and nothing that came since.
            seen = ",".join(str(change.edition.pk) for change in would)
            if would and request.POST.get("seen") == seen:
                done = editions.set_windows(form.chosen(), **wish, by=request.user)
                return self._done(len(done), form.cleaned_data["year"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.answer(422, form=form)
        sent = [(name, request.POST.get(name, "")) for name in form.fields]
        return self.answer(form=form, would=would, sent=sent, seen=seen)

    def _done(self, number: int, year: int) -> HttpResponse:
        words = ngettext(
            "%(number)d edition changed.", "%(number)d editions changed.", number
        )
        messages.success(self.request, words % {"number": number})
        return redirect(f"{reverse('edition:index')}?year={year}")


# The form of a resource -------------------------------------------------------------


class PreviewView(PermissionCheckedMixin, TemplateView):
    """What the form of a resource asks besides, as its applicants will see it: in the
    dress of the public site and in any of its languages."""

    permission_policy = ModelPermissionPolicy(Resource)
    any_permission_required = ("view", "change")
    template_name = "pages/resource_questions.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        codes = [code for code, _name in settings.LANGUAGES]
        asked = request.GET.get("language")
        with override(asked if asked in codes else get_language()):
            resource = get_object_or_404(Resource, pk=kwargs["pk"])
            form = form_for(resource.questions.select_related("template"))
            context = {
                "resource": resource,
                "form": form,
                "languages": [(code, own_name(code)) for code in codes],
                "back": reverse("resource:edit", args=[resource.pk]),
            }
            return render(request, self.template_name, context)
