from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

LONGEST = 10_000


class TextField(forms.CharField):
    """A text of several lines, of at most `longest` characters. What is too long is
    said: a browser that knew the limit would cut what is pasted, without a word."""

    def __init__(self, longest: int = LONGEST, rows: int = 8, **kwargs: Any) -> None:
        too_long = _(
            "It has %(show_value)d characters, and there is room for %(limit_value)d."
        )
        super().__init__(
            widget=forms.Textarea(
                attrs={
                    "rows": rows,
                    "data-most": longest,
                    "data-count": _("{now} characters of {most}"),
                }
            ),
            validators=[MaxLengthValidator(longest, message=too_long)],
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        # A browser sends two characters for the end of a line, and counts one.
        text: str = super().to_python(value)
        return text.replace("\r\n", "\n")
