"""How what is in our lists is written in a spreadsheet."""

from datetime import datetime

from django.utils import timezone

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def no_formula(text: str) -> str:
    """`text` as a spreadsheet shows it and does not reckon it."""
    return f"'{text}" if text.startswith(FORMULA) else text


# For `custom_value_preprocess` of Wagtail's lists. An XLSX knows no time zones.
WRITTEN = {
    str: {"csv": no_formula, "xlsx": no_formula},
    datetime: {
        "csv": lambda moment: f"{timezone.localtime(moment):%Y-%m-%d %H:%M}",
        "xlsx": timezone.make_naive,
    },
}
