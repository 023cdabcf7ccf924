"""Texts in several languages, as the staff write them and search in them."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nFieldMixin
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput, I18nWidget
from i18nfield.strings import LazyI18nString
from wagtail.search import index


def every_language(text: LazyI18nString | str | None) -> str:
    """`text` in all its languages, one after the other: what a search looks in."""
    data = getattr(text, "data", text) or ""
    return " ".join(filter(None, data.values())) if isinstance(data, dict) else data


class _EveryLanguage:
    """A field of Wagtail's index that keeps a text in all its languages: the library's
    would keep that of who saved it last."""

    def get_value(self, obj: Any) -> str:
        return every_language(getattr(obj, self.field_name))


class I18nSearchField(_EveryLanguage, index.SearchField):
    pass


class I18nAutocompleteField(_EveryLanguage, index.AutocompleteField):
    pass


class _Labelled(I18nWidget):
    """One field under the other, each with the name of its language."""

    def render(self, name: str, value: Any, attrs: Any = None, **kwargs: Any) -> str:
        # The name of the language stands above the field, not in it.
        return super().render(
            name, value, {"placeholder": "", **(attrs or {})}, **kwargs
        )

    def use_required_attribute(self, initial: Any) -> bool:
        # One language is; the others are not.
        return False

    def decompress(self, value: Any) -> list[str | None]:
        data = getattr(value, "data", value)
        if not isinstance(data, dict):
            # Written when there was one language: the library would show it as
            # the second one's.
            value = LazyI18nString({settings.LANGUAGE_CODE: data or ""})
        return super().decompress(value)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_

    def format_output(self, rendered_widgets: list[str], id_: str) -> SafeString:
        rows = format_html_join(
            "",
            '<div><label for="{}_{}" lang="{}">{}</label>{}</div>',
            (
                (id_, index, code, get_language_info(code)["name_local"], widget)
                for index, (code, widget) in enumerate(
                    zip(self.enabled_locales, rendered_widgets, strict=True)
                )
            ),
        )
        return format_html(
            '<div class="languages" role="group" aria-label="{}" id="{}">{}</div>',
            self.field.label or "",
            id_,
            rows,
        )


class LanguagesInput(_Labelled, I18nTextInput):
    pass


class LanguagesTextarea(_Labelled, I18nTextarea):
    def __init__(self, *args, **kwargs) -> None:
        kwargs["attrs"] = {"rows": 3, **(kwargs.get("attrs") or {})}
        super().__init__(*args, **kwargs)


class LanguagesField(I18nFormField):
    """A text in each language. A required one must be written in the language of
    the house; in the others readers get that one until it is translated."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("widget", LanguagesInput)
        super().__init__(*args, **kwargs)
        self.required = self.one_required

    def clean(self, value: Any) -> LazyI18nString:
        text = super().clean(value)
        written = {code: words for code, words in text.data.items() if words}
        if self.one_required and settings.LANGUAGE_CODE not in written:
            language = get_language_info(settings.LANGUAGE_CODE)["name_translated"]
            raise ValidationError(
                _("Write it in %(language)s too."), params={"language": language}
            )
        return LazyI18nString(written)


def languages_formfield(db_field: Any, **kwargs: Any) -> forms.Field | None:
    """The form field of any model field: for `modelform_factory` and viewsets."""
    if isinstance(db_field, I18nFieldMixin):
        long = db_field.widget is I18nTextarea
        kwargs["form_class"] = LanguagesField
        kwargs["widget"] = LanguagesTextarea if long else LanguagesInput
    return db_field.formfield(**kwargs)
