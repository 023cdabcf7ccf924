"""What the page of a good practice, and its sheet, say of the record."""

from collections.abc import Iterable
from functools import cached_property

from community.models import LocalBody
from workflows.caravan.models import Adaptation, GoodPractice
from workflows.caravan.sides import chronicle
from workflows.caravan.sides.chronicle import Told
from workflows.catalogue.sheet import GOALS

# They stand beside each other, or in the box with what one looks for first.
COMPARED = ("before", "after")
BOXED = ("cost", "effort")
APART = ("summary", *COMPARED, *BOXED)


class Shown:
    """The good practice of that key, to everybody."""

    def __init__(self, key: int) -> None:
        rows = GoodPractice.objects.select_related(
            "body", "sheet", "stop__rapporteur__body", "stop__appointment"
        )
        self.practice: GoodPractice = rows.get(pk=key)

    @property
    def language(self) -> str:
        return self.practice.language

    @property
    def summary(self) -> str:
        return self.practice.content.get("summary", "")

    @property
    def sections(self) -> list[Told]:
        """What is told in words, one after the other."""
        return [t for t in self._told if t.section.name not in APART]

    @property
    def compared(self) -> list[Told]:
        """The figures of before and after, if there are any."""
        return self._of(COMPARED)

    @property
    def boxed(self) -> list[Told]:
        return self._of(BOXED)

    @property
    def goals(self) -> list[tuple[int, str]]:
        known = (n for n in self.practice.sdgs if n in GOALS)
        return [(number, str(GOALS[number])) for number in known]

    @property
    def told_by(self) -> LocalBody | None:
        """The body whose technician tells of it."""
        stop = self.practice.stop
        return stop.rapporteur.body if stop and stop.rapporteur else None

    @property
    def contact(self) -> dict[str, str]:
        """Whom to ask, if she has said that she may be shown."""
        stop = self.practice.stop
        if stop is None or not self.practice.shows_contact or not stop.contact_name:
            return {}
        return {"name": stop.contact_name, "email": stop.contact_email}

    @property
    def has_sheet(self) -> bool:
        sheet = getattr(self.practice, "sheet", None)
        return bool(sheet and sheet.file)

    @cached_property
    def adaptations(self) -> list[Adaptation]:
        """The bodies that adapt it, or want to."""
        rows = self.practice.adaptations.exclude(state=Adaptation.State.LEFT)
        return list(rows.select_related("body").order_by("created", "pk"))

    @cached_property
    def _told(self) -> list[Told]:
        return chronicle.told(self.practice.content)

    def _of(self, names: Iterable[str]) -> list[Told]:
        return [told for told in self._told if told.section.name in names]
