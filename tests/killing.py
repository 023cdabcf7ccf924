"""A worker that goes at a line, as when its machine does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model, QuerySet

from community.messages import outbox
from workflows.engine import paper


class Killed(BaseException):
    """As if the process had gone at this line."""


class Deadly:
    """`killed(act, at)` does it as far as that line: before or after each row that is
    written, a mail that is handed over, or a document that is made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        for owner, name in (
            (QuerySet, "update"),
            (QuerySet, "bulk_create"),
            (Model, "save"),
            (outbox, "_written"),
            (paper, "set_pdf"),
        ):
            monkeypatch.setattr(owner, name, self._deadly(getattr(owner, name)))

    def killed(self, act: Callable[[], object], at: int) -> bool:
        """Whether it died there; False if it came to its end before."""
        self.left = at
        try:
            act()
        except Killed:
            return True
        finally:
            self.left = 0
        return False

    def _deadly(self, act: Callable) -> Callable:
        def lived(*args: Any, **kwargs: Any) -> Any:
            self._line()
            result = act(*args, **kwargs)
            self._line()
            return result

        return lived

    def _line(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed
