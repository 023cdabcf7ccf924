"""Days in words, as the staff read them."""

import re
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext


def day_in_words(day: date) -> str:
    """`day` with its weekday and year, in the active language."""
    words = date_format(day, pgettext("format of a day", "l, j F Y"))
    language = get_language() or settings.LANGUAGE_CODE
    if language.startswith("en"):
        return words
    # Only English writes weekdays and months with a capital; Catalan elides.
    words = words.lower()
    return re.sub(" de (?=[ao])", " d’", words) if language == "ca" else words
