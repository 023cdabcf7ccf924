"""How editors write a tool of the kit, in each language, and look at it on paper."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext, override
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString
from wagtail.admin.forms import WagtailAdminModelForm

from community.models import User
from community.multilingual import LanguagesField, LanguagesInput, LanguagesTextarea
from workflows.caravan.models import Stop, Tool, ToolVersion
from workflows.engine.access import cases_of

from . import fields as kit_fields
from . import making, tools
from .documents import Words

# A paper that people read before a visit.
LONGEST = 20_000
# So many of the latest stops are offered to look at it with.
OFFERED = 20


def _languages() -> list[tuple[str, str]]:
    return [
        (c, get_language_info(c)["name_translated"]) for c, _n in settings.LANGUAGES
    ]


class ToolForm(WagtailAdminModelForm):
    """What the tool is, and its words. `seen` says which words were read."""

    title = LanguagesField(
        label=_("Title"), widget=LanguagesInput, widget_kwargs={}, max_length=150
    )
    text = LanguagesField(
        label=_("Text"),
        widget=LanguagesTextarea,
        widget_kwargs={"attrs": {"rows": 16}},
        max_length=LONGEST,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    shown_in = forms.ChoiceField(
        label=_("Look at it in"), choices=_languages, required=False
    )
    shown_with = forms.ChoiceField(
        label=_("With the data of"),
        required=False,
        help_text=_("Of stops whose day is fixed, the latest first."),
    )

    class Meta:
        model = Tool
        fields = ("code", "what", "side", "required", "order", "active")

    field_order = (
        *("title", "text", "code", "what", "side", "required", "order", "active"),
        *("shown_in", "shown_with"),
    )

    def __init__(self, *args: Any, for_user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, for_user=for_user, **kwargs)
        version = self.instance.latest if self.instance.pk else None
        self.initial |= {
            "title": _in_languages(version, "title"),
            "text": _in_languages(version, "text"),
            "seen": tools.mark(version),
        }
        self.fields["text"].help_text = _how_to_write()
        self.stops = _stops_for(for_user)
        shown = [("", _("an invented example"))]
        shown += [(str(stop.pk), str(stop)) for stop in self.stops]
        self.fields["shown_with"].choices = shown

    def clean_code(self) -> str:
        return self.cleaned_data["code"].lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for part in ("title", "text"):
            for language, words in _data(data.get(part)).items():
                found = kit_fields.faults(words) if part == "text" else _plain(words)
                for fault in found:
                    self._object_to(part, language, fault)
        titles, texts = _data(data.get("title")), _data(data.get("text"))
        for language in titles.keys() ^ texts.keys():
            part = "text" if language in titles else "title"
            if part not in self.errors:
                self._object_to(part, language, gettext("It is missing."))
        return data

    def _object_to(self, part: str, language: str, fault: str) -> None:
        name = get_language_info(language)["name_translated"].capitalize()
        self.add_error(part, f"{name}: {fault}")

    @property
    def words(self) -> tools.InLanguages:
        """What it would say, once the form is valid."""
        titles, texts = (_data(self.cleaned_data[part]) for part in ("title", "text"))
        return {
            language: {
                "title": " ".join(title.split()),
                "text": _lines(texts[language]),
            }
            for language, title in titles.items()
        }

    def paper(self) -> Words:
        """It with the data of the stop that was chosen, as it is typed and not saved,
        once the form is valid."""
        language = self.cleaned_data["shown_in"] or settings.LANGUAGE_CODE
        chosen = self.cleaned_data["shown_with"]
        stop = next((one for one in self.stops if str(one.pk) == chosen), None)
        tool = Tool(what=self.cleaned_data["what"])
        version = ToolVersion(tool=tool, words=self.words)
        return shown(version, language, stop)


def shown(version: ToolVersion, language: str, stop: Stop | None = None) -> Words:
    """`version` on paper, with the data of `stop` or of an invented one."""
    with override(language):
        values = kit_fields.values_of(stop) if stop else kit_fields.example()
    return tools.words(version, language, values)


def _stops_for(user: User | None) -> list[Stop]:
    """The latest ones of `user` with all that a kit says."""
    if user is None:
        return []
    rows = making.STOPS.filter(case__in=cases_of(user), case__erased=None)
    rows = rows.filter(appointment__isnull=False, rapporteur__isnull=False)
    return list(rows.order_by("-pk")[:OFFERED])


def _in_languages(version: ToolVersion | None, part: str) -> LazyI18nString:
    words = version.words if version else {}
    return LazyI18nString({language: said[part] for language, said in words.items()})


def _data(text: LazyI18nString | None) -> dict[str, str]:
    return dict(text.data or {}) if text else {}


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _plain(title: str) -> list[str]:
    """A title names the tool in lists too, where there is no stop."""
    if set("{}") & set(title):
        return [gettext("A title cannot have fields: put them into the text.")]
    return []


def _how_to_write() -> SafeString:
    fields = format_html_join(", ", "<code>{{{}}}</code> {}", kit_fields.FIELDS.items())
    return format_html(
        "{}<br>{} {}",
        _(
            "An empty line begins a paragraph. At the beginning of a line, # makes a "
            "heading, - one of a list, 1. one that is counted, [ ] a box to tick. "
            "“Name: ____” is a line to fill in, ____ alone room to write."
        ),
        _("Fields:"),
        fields,
    )
