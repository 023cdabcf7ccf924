"""Good practices to test with, from the stop that brought them to light."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Picture

from cms.models import HomePage
from tests.factories import a_user
from tests.factories.acting import a_town
from tests.factories.cases import a_consultation
from workflows.caravan.models import (
    CaravanPage,
    Chronicle,
    Field,
    GoodPractice,
    KitPart,
    Photograph,
    Stop,
    Tool,
    ToolVersion,
)
from workflows.caravan.practices import publishing

_numbers = count(1)

TOLD = {
    "summary": "Ningú no truca per demanar hora.",
    "problem": "La gent trucava tres vegades.",
    "solution": "La cita es demana al web.",
    "before": "40 trucades cada dia (2024)",
    "after": "6 trucades cada dia (2026)",
    "cost": "low",
    "effort": "weeks",
    "advice": "Comenceu per un sol tràmit.",
}
PUBLISHED = datetime(2026, 10, 1, 9, tzinfo=UTC)


def a_caravan_page(home: HomePage, **values: Any) -> CaravanPage:
    defaults = {"title": "Caravana", "slug": "caravana", "locale": home.locale}
    page = home.add_child(instance=CaravanPage(**{**defaults, **values}))
    page.save_revision().publish()
    return page


def a_told_stop(title: str = "", **values: Any) -> Stop:
    """One whose chronicle the host has read, and wants to be published."""
    number = next(_numbers)
    body = values.pop("body", None) or a_town()
    defaults = {
        "title": title or f"Pràctica {number}",
        "field": Field.SERVICES,
        "may_publish": True,
        "may_show": True,
        "contact_name": "Neus Roca",
        "contact_email": f"neus-{number}@vila.example",
        "case": a_consultation(body=body),
    }
    stop = Stop.objects.create(body=body, **{**defaults, **values})
    Chronicle.objects.create(stop=stop, written=TOLD, sent=TOLD)
    return stop


def a_photograph(stop: Stop, **values: Any) -> Photograph:
    data = BytesIO()
    Picture.new("RGB", (640, 480), "#0e5f4a").save(data, "JPEG")
    defaults = {"alt": "Tres persones davant d’un taulell", "consent": True}
    return Photograph.objects.create(
        stop=stop,
        file=ContentFile(data.getvalue(), "visita.jpg"),
        by=a_user(),
        **{**defaults, **values},
    )


def a_required_tool(stop: Stop, title: str = "Guió de l’entrevista") -> KitPart:
    """A part of the kit that nobody has done yet."""
    number = next(_numbers)
    tool = Tool.objects.create(code=f"tool-{number}", what=Tool.What.SCRIPT)
    words = {"ca": {"title": title, "text": ""}, "en": {"title": title, "text": ""}}
    version = ToolVersion.objects.create(tool=tool, number=1, words=words)
    return KitPart.objects.create(stop=stop, tool=tool, version=version, required=True)


def a_practice(title: str = "", **values: Any) -> GoodPractice:
    """One that everybody reads; a page of the caravan, or of the site, is there."""
    stop = values.pop("stop", None) or a_told_stop(title, body=values.pop("body", None))
    practice = publishing.draft(stop)
    practice.page.get_latest_revision().publish()
    if values:
        GoodPractice.objects.filter(pk=practice.pk).update(**values)
    practice.refresh_from_db()
    return practice
