"""Rows to test with, as the house would have them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from community.models import LocalBody, Unit, User
from events import registrations
from events.models import Mode, Registration, Series, Session
from events.registrations import Applicant

_numbers = count(1)


def a_series(**values: Any) -> Series:
    number = next(_numbers)
    unit = Unit.objects.create(code=f"unit-{number}", name="Govern obert")
    defaults = {"code": f"series-{number}", "unit": unit, "title": "Dijous"}
    return Series.objects.create(**{**defaults, **values})


def a_session(places: int | None = None, **values: Any) -> Session:
    """An announced session in two weeks, online, with so many places."""
    starts = values.pop("starts", in_two_weeks())
    defaults = {
        "code": f"session-{next(_numbers)}",
        "title": {"ca": "Dades obertes", "es": "Datos abiertos", "en": "Open data"},
        "starts": starts,
        "ends": starts + timedelta(hours=1),
        "state": Session.State.ANNOUNCED,
        "capacity_online": places,
        "join_url": "https://meetings.example/one",
    }
    if "series" not in values:
        values["series"] = a_series()
    return Session.objects.create(**{**defaults, **values})


def in_two_weeks() -> datetime:
    day = timezone.now().astimezone(UTC) + timedelta(days=14)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def an_applicant(email: str = "", **values: Any) -> Applicant:
    number = next(_numbers)
    defaults = {
        "name": f"Persona {number}",
        "email": email or f"person-{number}@council.example",
        "language": "ca",
        "body_text": "Vila-real",
        "mode": Mode.ONLINE,
    }
    return Applicant(**{**defaults, **values})


def a_registration(session: Session, email: str = "", **values: Any) -> Registration:
    """A registration as its verb makes it, with its mail queued."""
    return registrations.place(session, an_applicant(email, **values)).registration


def a_user(**values: Any) -> User:
    """Somebody of the staff."""
    defaults = {"email": f"staff-{next(_numbers)}@placa.example", "is_staff": True}
    return User.objects.create_user(**{**defaults, **values})


def a_body(name: str, **values: Any) -> LocalBody:
    """A municipality of that name."""
    defaults = {"code": f"body-{next(_numbers)}", "kind": LocalBody.Kind.MUNICIPALITY}
    return LocalBody.objects.create(name=name, **{**defaults, **values})
