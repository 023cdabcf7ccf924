"""An ordinary session and the two people of its invitation."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from events.calendar import Event, Person

MADRID = ZoneInfo("Europe/Madrid")


# For the whole session, because hypothesis refuses fixtures made anew for each test.
@pytest.fixture(scope="session")
def session_event() -> Callable[..., Event]:
    """A session in June, from 10 to 11 on the clock, changed as the test says."""

    def build(**changes: object) -> Event:
        values = {
            "uid": "4f6c1c1e-6f6e-4a53-9d0c-0b8f3a5f7e21@placa.example",
            "starts": datetime(2026, 6, 25, 10, tzinfo=MADRID),
            "ends": datetime(2026, 6, 25, 11, tzinfo=MADRID),
            "summary": "Dijous GOmunicipal: dades obertes, i més; l’accés",
            "description": "Dijous, de 10 a 11 h.\nEn línia; amb «preguntes».",
            "location": "En línia (Teams)",
            "url": "https://placa.example/s/dg-2026-06/",
            "stamp": datetime(2026, 5, 4, 8, 30, tzinfo=UTC),
        }
        return Event(**{**values, **changes})

    return build


@pytest.fixture(scope="session")
def organizer() -> Person:
    return Person("Comunitat de Govern Obert", "cites@placa.example")


@pytest.fixture(scope="session")
def attendee() -> Person:
    return Person("Núria Prat i Ferrer", "nuria.prat@ajuntament.example")
