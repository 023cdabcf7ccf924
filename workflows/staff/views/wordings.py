"""How the mails about cases are worded, which are sent, and how each looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic.base import BaseListingView, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import registry as logs

from community.cover_screens import LabelledColumn
from community.messages.compose import html_of
from community.models.bodies import search_key
from workflows.engine import disclosure, kinds, letters, wordings
from workflows.engine.access import cases_of
from workflows.engine.letters import Letter
from workflows.engine.models import Case, Wording
from workflows.engine.models.wordings import PARTS

from .lists import CellColumn, tabs

# A mail is read on a telephone.
LONGEST = 5000
# So many of the latest cases are offered to look at a mail with, and so many changes.
OFFERED = SHOWN = 20


@dataclass(frozen=True)
class Row:
    """A kind of mail in the list, and what the house has made of it."""

    letter: Letter
    house: Wording | None

    @property
    def label(self) -> str:
        return str(self.letter.label)

    @property
    def url(self) -> str:
        return address(self.letter, settings.LANGUAGE_CODE)

    @property
    def kind(self) -> str:
        return kind_words(self.letter)

    @property
    def is_off(self) -> bool:
        return bool(self.house and not self.house.is_sent and not self.letter.must_go)

    @property
    def languages(self) -> list[str]:
        """Those in which the house has words of its own."""
        codes = dict(settings.LANGUAGES)
        own = [code for code in codes if wordings.own(self.house, code)]
        return [get_language_info(code)["name_translated"] for code in own]

    @property
    def found_by(self) -> str:
        texts = [self.label, self.letter.when, self.kind, self.letter.name]
        for code, _name in settings.LANGUAGES:
            own = wordings.own(self.house, code)
            texts += {**self.letter.texts(code), **own}.values()
        return search_key(" ".join(map(str, texts)))


def kind_words(letter: Letter) -> str:
    """Which cases `letter` is about, in words."""
    found = {kind.name: kind.label for kind in kinds.known()}
    return str(found.get(letter.case_kind, _("every kind")))


def address(letter: Letter, language: str) -> str:
    return reverse("cases:wording", args=[letter.name, language])


# The list -----------------------------------------------------------------------------


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in kinds.known() if not kind.is_internal]


class WordingFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=_kinds,
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    state = django_filters.ChoiceFilter(
        label=_("Wording"),
        choices=(
            ("house", _("worded by the house")),
            ("site", _("as it comes with the site")),
            ("off", _("switched off")),
        ),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )

    class Meta:
        model = Wording
        fields = ("kind", "state")


class WordingsView(PermissionCheckedMixin, BaseListingView):
    """Every kind of mail about cases."""

    model = Wording
    any_permission_required = ("view", "change")
    page_title = _("Wording of messages")
    header_icon = "mail"
    template_name = "cases/list.html"
    index_url_name = "cases:wordings"
    index_results_url_name = "cases:wordings_results"
    filterset_class = WordingFilterSet
    is_searchable = True
    table_classname = "listing staff-table"
    columns = (
        CellColumn("letter", label=_("Mail")),
        LabelledColumn("kind", label=_("Kind")),
        CellColumn("letter_sent", label=_("Sent")),
        CellColumn("letter_wording", label=_("Wording")),
        CellColumn("letter_changed", label=_("Last change")),
    )

    def get_breadcrumbs_items(self) -> list[dict]:
        home = {"url": reverse("cases:index"), "label": _("Cases")}
        return [*self.breadcrumbs_items, home, {"url": "", "label": self.page_title}]

    # What there is comes with the site, not from the database.

    def get_base_queryset(self) -> list[Row]:
        houses = {
            row.letter: row for row in Wording.objects.select_related("changed_by")
        }
        rows = [Row(one, houses.get(one.name)) for one in letters.known()]
        return sorted(rows, key=lambda row: (row.letter.case_kind, row.label))

    def order_queryset(self, rows: list[Row]) -> list[Row]:
        return rows

    def filter_queryset(self, rows: list[Row]) -> list[Row]:
        chosen = self.filters.form.cleaned_data if self.filters.is_valid() else {}
        if kind := chosen.get("kind"):
            rows = [row for row in rows if row.letter.case_kind in ("", kind)]
        if state := chosen.get("state"):
            fits = {
                "house": lambda row: row.languages,
                "site": lambda row: not row.languages,
                "off": lambda row: row.is_off,
            }
            rows = [row for row in rows if fits[state](row)]
        return rows

    def search_queryset(self, rows: list[Row]) -> list[Row]:
        words = search_key(self.search_query).split()
        return [row for row in rows if all(word in row.found_by for word in words)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "tabs": tabs(self.request, "wordings"),
            "no_results_message": _("No mail matches."),
        }


# One mail -----------------------------------------------------------------------------


class WordingForm(forms.Form):
    """What a mail says in one language. What is left empty comes with the site."""

    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    heading = forms.CharField(label=_("Heading"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("An empty line begins a paragraph. Links can be clicked."),
    )
    button = forms.CharField(
        label=_("Button"),
        max_length=80,
        required=False,
        help_text=_("It leads to the personal page."),
    )
    # What the house said when the form was made.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, letter: Letter, language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.letter, self.language = letter, language
        self.comes = letter.texts(language)
        for part in PARTS:
            self.fields[part].widget.attrs["lang"] = language
        if letter.quoted or letter.tells:
            self.fields["text"].help_text += " " + gettext(
                "What was written in the case follows it."
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for part in PARTS:
            lines = data.get(part, "").splitlines()
            # A header and a button are one line.
            data[part] = ("\n" if part == "text" else " ").join(lines)
            if data[part] not in ("", self.comes[part]):
                for fault in self.letter.faults(data[part]):
                    self.add_error(part, fault)
        return data

    @property
    def texts(self) -> dict[str, str]:
        """What the mail would say, once the form is valid."""
        return {part: self.cleaned_data[part] or self.comes[part] for part in PARTS}


class OneLetter(PermissionCheckedMixin):
    """A view of one of the kinds of mail that there are."""

    model = Wording

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = letters.letter_of(kwargs["letter"])
        if found is None:
            raise Http404
        self.letter: Letter = found


class WordingView(OneLetter, WagtailAdminTemplateMixin, View):
    """A mail in one language: its words, how it looks with a case, and what was changed
    in it."""

    any_permission_required = ("view", "change")
    header_icon = "mail"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.language: str = kwargs["language"]
        if self.language not in dict(settings.LANGUAGES):
            raise Http404

    def get_page_title(self) -> str:
        return str(self.letter.label)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("cases:index"), "label": _("Cases")},
            {"url": reverse("cases:wordings"), "label": WordingsView.page_title},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def house(self) -> Wording | None:
        return wordings.of(self.letter)

    @property
    def own(self) -> dict[str, str]:
        return wordings.own(self.house, self.language)

    @property
    def now(self) -> dict[str, str]:
        """What the mail says now."""
        return {**self.letter.texts(self.language), **self.own}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._page(self._form(), texts=self.now)

    def _form(self, data: Any = None) -> WordingForm:
        initial = {**self.now, "seen": wordings.mark(self.own)}
        return WordingForm(
            data, initial=initial, letter=self.letter, language=self.language
        )

    # What the page shows.

    @cached_property
    def cases(self) -> list[Case]:
        """The latest ones to look at the mail with."""
        found = cases_of(self.request.user).of_somebody().order_by("-pk")
        found = found.exclude(email="").select_related("unit", "body", "process")
        kind = self.letter.case_kind
        return list((found.filter(kind=kind) if kind else found)[:OFFERED])

    @property
    def case(self) -> Case | None:
        """The one chosen; None for an invented example, as at first: who looks at a
        case leaves a trace."""
        asked = self.request.POST.get("case", self.request.GET.get("case"))
        return next((case for case in self.cases if case.number == asked), None)

    def _page(
        self,
        form: WordingForm,
        status: int = 200,
        texts: dict[str, str] | None = None,
        **context: Any,
    ) -> HttpResponse:
        if texts:
            case = self.case
            if case:
                disclosure.opened(case, by=self.request.user)
            mail = letters.sample(self.letter, self.language, texts, case)
            context |= {
                "chosen": case,
                "mail": mail,
                "html": html_of(mail),
                "unsaid": self.letter.unsaid(texts),
            }
        return TemplateResponse(
            self.request,
            "cases/wording.html",
            {
                **self.get_context_data(),
                "row": Row(self.letter, self.house),
                "letter": self.letter,
                "form": form,
                "now": _labelled(self.now),
                "own": self.own,
                "may_change": self.user_has_permission("change"),
                "languages": self._languages(),
                "cases": self.cases,
                "changes": list(self._changes()),
                **context,
            },
            status=status,
        )

    def _languages(self) -> list[dict[str, Any]]:
        return [
            {
                "code": code,
                "name": get_language_info(code)["name_translated"],
                "url": address(self.letter, code),
                "is_here": code == self.language,
                "is_own": bool(wordings.own(self.house, code)),
            }
            for code, _name in settings.LANGUAGES
        ]

    def _changes(self) -> Iterator[dict[str, Any]]:
        """Who changed what, the latest first, and what it said before."""
        if self.house is None:
            return
        entries = logs.get_logs_for_instance(self.house).select_related("user")
        for entry in entries.order_by("-pk")[:SHOWN]:
            code = entry.data.get("language")
            yield {
                "entry": entry,
                "language": code and get_language_info(code)["name_translated"],
                "before": _labelled(entry.data.get("before", {})),
            }


class ChangeView(WordingView):
    """Words the mail otherwise. Of two people at once one wins; the other is told, sees
    what was written meanwhile, and finds what she typed where she typed it."""

    permission_required = "change"
    any_permission_required = None
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST.copy())
        if not form.is_valid() and "reset" not in request.POST:
            return self._page(form, 422, is_unsaved=True)
        if "preview" in request.POST:
            return self._page(form, texts=form.texts, is_unsaved=True)
        try:
            changed = self._do(form)
        except wordings.Stale:
            return self._lost(form)
        if not changed:
            messages.info(request, _("It was so already: nothing changed."))
        elif "reset" in request.POST:
            messages.success(request, _("It says again what comes with the site."))
        else:
            messages.success(request, _("Saved. Mails that leave from now on say so."))
        return redirect(address(self.letter, self.language))

    def _do(self, form: WordingForm) -> bool:
        with_seen = {"seen": form.data.get("seen", ""), "by": self.request.user}
        if "reset" in self.request.POST:
            return wordings.reset(self.letter, self.language, **with_seen)
        texts = {part: form.cleaned_data[part] for part in PARTS}
        return wordings.change(self.letter, self.language, texts, **with_seen)

    def _lost(self, form: WordingForm) -> HttpResponse:
        """Somebody was first. What she wrote is shown, and who saves again has seen
        it."""
        form.data["seen"] = wordings.mark(self.own)
        words = gettext(
            "%(person)s has changed this mail meanwhile, so nothing was saved. What "
            "you wrote is still here, and what the mail says now stands above it."
        )
        messages.error(self.request, words % {"person": self.house.changed_by})
        return self._page(form, 409, is_unsaved=True, theirs=_labelled(self.now))


def _labelled(texts: dict[str, str]) -> list[tuple[Any, str]]:
    """`texts`, each with the name of its part."""
    names = {part: WordingForm.base_fields[part].label for part in PARTS}
    return [(names[part], texts[part]) for part in PARTS if part in texts]


class SwitchView(OneLetter, View):
    """Whether a mail is sent."""

    permission_required = "change"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        is_sent = "on" in request.POST
        if self.letter.must_go:
            messages.error(request, self.letter.must_go)
        elif not wordings.switch(self.letter, is_sent, by=request.user):
            messages.info(request, _("It was so already: nothing changed."))
        elif is_sent:
            messages.success(request, _("Switched on: it is sent from now on."))
        else:
            words = _("Switched off: it is not sent any more. What is queued leaves.")
            messages.success(request, words)
        return redirect("cases:wording", self.letter.name, settings.LANGUAGE_CODE)
