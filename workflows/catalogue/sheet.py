"""All that the sheet of a resource says."""

from functools import cached_property
from typing import NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import requested
from .eligibility import Body, Tone, window_at
from .offers import Answered, Offer, answers, find
from .records import Edition, Question, Resource, lines_of
from .requested import Requests
from .wording import band_in_words, kinds_in_words, window_in_words

# What the United Nations call their goals, in few words.
GOALS = {
    1: _("No poverty"),
    2: _("Zero hunger"),
    3: _("Good health and well-being"),
    4: _("Quality education"),
    5: _("Gender equality"),
    6: _("Clean water and sanitation"),
    7: _("Affordable and clean energy"),
    8: _("Decent work and economic growth"),
    9: _("Industry, innovation and infrastructure"),
    10: _("Reduced inequalities"),
    11: _("Sustainable cities and communities"),
    12: _("Responsible consumption and production"),
    13: _("Climate action"),
    14: _("Life below water"),
    15: _("Life on land"),
    16: _("Peace, justice and strong institutions"),
    17: _("Partnerships for the goals"),
}


class Action(NamedTuple):
    """One of the things that are done, in order."""

    name: str
    text: str


class Sheet:
    """The sheet of `resource` as `asked`, the query of the address, wants it: in one
    edition, and with the answer to one body, which has made those `requests`;
    `with_numbers` to who may see them."""

    def __init__(
        self,
        resource: Resource,
        asked: QueryDict,
        body: Body | None = None,
        requests: Requests | None = None,
        *,
        with_numbers: bool = False,
    ) -> None:
        self.resource = resource
        self._requests = requests
        self._with_numbers = with_numbers
        self.now = timezone.now()
        self.body = body
        self._year = asked.get("year", "")

    @cached_property
    def offer(self) -> Offer:
        return find(Resource.objects.filter(pk=self.resource.pk))[0]

    @cached_property
    def editions(self) -> list[Edition]:
        """Those that are published, the latest first."""
        editions = self.resource.editions.published().order_by("-year")
        return list(editions.prefetch_related("criteria"))

    @cached_property
    def edition(self) -> Edition | None:
        """The one that was asked for, or else the one that counts today."""
        asked = (e for e in self.editions if str(e.year) == self._year)
        counts = (e for e in self.editions if e.year == self.current_year)
        return next(asked, None) or next(counts, None)

    @cached_property
    def current_year(self) -> int | None:
        """That of the edition that counts today."""
        window = window_at(self.offer.terms.windows, self.now)
        return window.year if window else None

    @property
    def is_old(self) -> bool:
        """Whether another edition than this one counts today."""
        return self.edition is not None and self.edition.year != self.current_year

    @property
    def asked(self) -> dict[str, str]:
        """What of the query there is."""
        words = {"body": self.body.code} if self.body else {}
        if self.edition and self._year:
            words["year"] = str(self.edition.year)
        return words

    @cached_property
    def answered(self) -> Answered | None:
        """What the chosen body is told today."""
        if self.body is None:
            return None
        [answered] = answers(
            self.body,
            [self.offer],
            self.now,
            self._requests,
            with_numbers=self._with_numbers,
        )
        return answered

    @property
    def requests(self) -> list[tuple[str, str]]:
        """The requests that count, each with its page, to who may see them."""
        if not (self.answered and self._with_numbers):
            return []
        body = self.answered.body.code
        numbers = self.answered.answer.requests
        return [(number, requested.page(body, number)) for number in numbers]

    @property
    def begin_at(self) -> str:
        """Where it is requested; "" where it cannot be, or nowhere here."""
        if self.is_old or not self._can_begin:
            return ""
        where = requested.address(self.resource.code)
        return f"{where}?body={self.body.code}" if where and self.body else where

    @property
    def _can_begin(self) -> bool:
        if self.answered is None:
            return self.offer.is_open(self.now)
        # Whoever looks at the request sees what we do not know of the body.
        return self.answered.answer.tone in (Tone.YES, Tone.UNSURE)

    @property
    def actions(self) -> list[Action]:
        found = []
        for line in lines_of(self.resource.actions):
            name, colon, text = line.partition(":")
            found.append(Action(name.strip(), text.strip() if colon else ""))
        return found

    @property
    def conditions(self) -> list[str]:
        return lines_of(self.resource.conditions)

    @property
    def commitments(self) -> list[str]:
        return lines_of(self.resource.commitments)

    @cached_property
    def documents(self) -> list[Question]:
        """What has to come, or may come, with a request."""
        files = self.resource.questions.filter(kind=Question.Kind.FILE)
        return list(files.select_related("template"))

    @property
    def goals(self) -> list[str]:
        numbers = [int(n) for n in self.resource.goals.split(", ") if n.isdigit()]
        return [f"{number}. {GOALS[number]}" for number in numbers if number in GOALS]

    @property
    def kinds(self) -> str:
        return kinds_in_words(self.resource.kinds).capitalize()

    @property
    def band(self) -> str:
        return band_in_words(self.resource.least, self.resource.most)

    @property
    def when(self) -> str:
        return window_in_words(self.edition.window if self.edition else None)
