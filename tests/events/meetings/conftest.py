"""Microsoft on loopback, and a site that makes its meetings there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.events.meetings.graph_double import Graph


@pytest.fixture
def graph(
    tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Graph]:
    """The far side. Whatever it was asked and answered was as Microsoft describes."""
    double = Graph(tmp_path)
    # As an office does whose proxy has a certificate of its own.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(double.own))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with double.running():
        for name, value in double.settings().items():
            setattr(settings, name, value)
        yield double
    assert double.complaints == []
