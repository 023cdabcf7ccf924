"""Puts a planted page into the other languages, as a translator would do it by hand."""

from functools import cache
from pathlib import Path

import polib
from i18nfield.strings import LazyI18nString
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    StringTranslation,
    Translation,
    TranslationSource,
)


def translate(page: Page) -> None:
    """Publish `page` in the other languages, under the translation of its parent.
    What has no entry in the catalogue (a figure, a name) stays as it is."""
    source, _ = TranslationSource.update_or_create_from_instance(page)
    segments = list(source.stringsegment_set.select_related("string"))
    for locale in Locale.objects.exclude(pk=page.locale_id):
        texts = _catalogue(locale.language_code) | _own(page, locale.language_code)
        translation, _ = Translation.objects.get_or_create(
            source=source, target_locale=locale
        )
        StringTranslation.objects.bulk_create(
            (
                StringTranslation(
                    translation_of=segment.string,
                    locale=locale,
                    context_id=segment.context_id,
                    data=texts.get(segment.string.data, segment.string.data),
                    translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                )
                for segment in segments
            ),
            # A text may say the same twice.
            ignore_conflicts=True,
        )
        # Published by us: it would wait for the end of the transaction, with what
        # the page was before it had children.
        translation.save_target(publish=False)
        page.get_translation(locale).latest_revision.publish()


@cache
def _catalogue(language: str) -> dict[str, str]:
    sheet = polib.pofile(Path(__file__).with_name(f"{language}.po"))
    return {entry.msgid: entry.msgstr for entry in sheet}


def _own(page: Page, language: str) -> dict[str, str]:
    """The title of a page of a record is the record's own, in every language."""
    named: LazyI18nString | None = getattr(page, "title_of_record", None)
    return {page.title: named.localize(language)} if named else {}
