"""A stop as its two sides see it, with browsers that know nothing of each other."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tests.factories import caravan
from tests.factories.cases import do
from tests.workflows.requesting.pages import browser
from workflows.caravan.models import Stop


def url(name: str, *args: Any) -> str:
    with override("en"):
        return reverse(name, args=args)


def of(stop: Stop, name: str = "caravan_stop", *more: Any) -> str:
    return url(name, stop.key, *more)


def of_draft(stop: Stop, name: str = "caravan_draft") -> str:
    return url(name, stop.body.code, stop.key)


class Sides:
    """A stop that waits at `step`, and the browsers of its people."""

    def __init__(self, step: str, **written: Any) -> None:
        self.house = caravan.a_house()
        self.host, self.teller = self.house.technician, self.house.teller
        self.stop = caravan.at(step, self.house, **written)

    def again(self) -> Stop:
        """The stop as it is now."""
        self.stop = caravan.now(self.stop)
        return self.stop

    def office(self, **answers: Any) -> None:
        """The coordinator does the open step."""
        do(self.again().case, self.house.coordinator, **answers)
        self.again()

    def of(self, name: str = "caravan_stop", *more: Any) -> str:
        return of(self.stop, name, *more)

    def as_host(self, **more: Any) -> Client:
        return browser(self.host, **more)

    def as_teller(self, **more: Any) -> Client:
        return browser(self.teller, **more)


def moment_rows(*moments: datetime | str, rows: int = 10) -> dict[str, str]:
    """What the form of possible dates sends; a text is what was typed as a day."""
    sent = {
        "form-TOTAL_FORMS": str(rows),
        "form-INITIAL_FORMS": "0",
        "form-MIN_NUM_FORMS": "0",
        "form-MAX_NUM_FORMS": "10",
    }
    for number, moment in enumerate(moments):
        if isinstance(moment, str):
            sent |= {f"form-{number}-day": moment, f"form-{number}-time": "10:00"}
            continue
        local = timezone.localtime(moment)
        sent[f"form-{number}-day"] = f"{local:%Y-%m-%d}"
        sent[f"form-{number}-time"] = f"{local:%H:%M}"
    return sent
