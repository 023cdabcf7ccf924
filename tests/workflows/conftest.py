"""A kind of case of the tests' own."""

import pytest

from tests.factories.trial import Counting, OldWay, know_it


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The kind is known, on its old way; what its worker's step does can be chosen."""
    return know_it(monkeypatch, OldWay)
