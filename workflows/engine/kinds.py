"""The kinds of case. Each slice registers its own at start-up; nothing here, nor in the
screens, knows one by name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from django.core.mail import EmailMultiAlternatives
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from viewflow.workflow.flow import Flow
from viewflow.workflow.models import Task
from wagtail.admin.ui.components import Component

from community.models import User

if TYPE_CHECKING:
    from .models import Case, CaseQuerySet

Words = str | Promise
# In which language, and the mail.
Queued = list[tuple[str, EmailMultiAlternatives]]


@dataclass(frozen=True)
class About:
    """What the mails of a kind are about: rows of `model`, and `case` is the look-up
    from one to its case."""

    model: type[Model]
    case: str

    def __call__(self, cases: "CaseQuerySet") -> QuerySet:
        """The keys of what belongs to `cases`."""
        return self._keys(**{f"{self.case}__in": cases})

    def of(self, case: object) -> QuerySet:
        """The keys of what belongs to `case`, a key or the column of an outer query."""
        return self._keys(**{self.case: case})

    def cases(self, keys: QuerySet) -> QuerySet:
        """The keys of the cases to which those of `keys` belong."""
        found = self.model._base_manager.filter(pk__in=keys)
        return found.order_by().values(self.case)

    def _keys(self, **belongs: object) -> QuerySet:
        found = self.model._base_manager.filter(**belongs)
        return found.order_by().values_list("pk", flat=True)


@dataclass(frozen=True)
class Outlook:
    """What the applicant reads first: what happened, what comes next and by when.

    `tone` is the look: *yes* for what is settled well, *no* for what ended otherwise,
    *later* for what goes on.
    """

    heading: Words
    text: Words
    tone: str = "later"


@dataclass(frozen=True)
class OfBody:
    """What there is to know of cases that are a local body's, and no one person's.

    `page` is where its people find one, once they have signed in: there is no personal
    page that would open it to whoever has the mail.
    `readers` are those of its people to whom the mails about it go.
    """

    page: Callable[["Case"], str]
    readers: Callable[["Case"], Iterable[User]]


@dataclass(frozen=True)
class Kind:
    """What there is to know of one kind of case.

    `name` is stored in rows and `prefix` in the numbers of cases: neither changes
    without a migration.
    `label` is what the staff read.
    `flows` are those that lead its cases: the first leads new ones, the others those
    that were begun before it.
    `outlook` says to the applicant how a case stands; None if nobody but the staff
    knows that there is a case.
    `outcomes` are the words of how a case can end.
    `form` is the name of the address where one is begun, "" if it begins elsewhere.
    `panel` is what the staff's screens show of a case besides what every case has: on
    its page or, with one, on that of a step.
    `thread` is the order key of the mails that are about a case.
    `of_body` is there if its cases are a local body's; None if they are the applicant's
    own, who has a personal page.
    `also` are other pages of a case for its applicant: what each is, and its address.
    `is_everybodys` says of a case that what was asked is public: it goes on without
    who asked it, once that person is forgotten.
    `other_mails` are the kinds of mail about its cases that are no letters, each with
    what they are about: the keys of the rows of some cases. `mails_to_many` are those
    that tell too many for the time line of a case.
    `queued` are the mails that were queued for a case after the one of a key, as
    they would be read, where they are not the engine's own (`letters`).
    `ended` is called with a case that has just ended, however it did, in the same
    transaction.
    `settled_as` says of a case how it counts as settled where all that is still to come
    are opinions, "" where it does not: closed by the staff then, it is settled so, and
    nobody is told.
    """

    name: str
    prefix: str
    label: Words
    flows: tuple[type[Flow], ...]
    outlook: Callable[["Case"], Outlook] | None
    outcomes: Mapping[str, Words]
    form: str = ""
    panel: Callable[["Case", User, Task | None], Component] | None = None
    thread: Callable[["Case"], str] = attrgetter("thread")
    other_mails: Mapping[str, About] = field(default_factory=dict)
    mails_to_many: Mapping[str, About] = field(default_factory=dict)
    queued: Callable[["Case", int], Queued] | None = None
    of_body: OfBody | None = None
    ended: Callable[["Case"], object] | None = None
    settled_as: Callable[["Case"], str] | None = None
    is_everybodys: Callable[["Case"], bool] | None = None
    also: Callable[["Case"], list[tuple[Words, str]]] | None = None

    def goes_on_without(self, case: "Case") -> bool:
        """Whether `case` is not over when nobody is its applicant any more."""
        return self.is_everybodys is not None and self.is_everybodys(case)

    @property
    def is_internal(self) -> bool:
        """Whether nobody but the staff knows of its cases: no mail is about one, and
        none has a page of the applicant's."""
        return self.outlook is None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make `kind` known. A name is taken once."""
    if kind.name in _kinds and _kinds[kind.name] != kind:
        raise ValueError(f"kind of case {kind.name!r} is registered twice")
    _kinds[kind.name] = kind


def kind_of(case: "Case") -> Kind:
    """The kind of `case`. KeyError if no slice registered it."""
    return _kinds[case.kind]


def known() -> list[Kind]:
    """Every kind there is."""
    return list(_kinds.values())


def of_bodies() -> list[str]:
    """The names of the kinds whose cases are a local body's."""
    return [kind.name for kind in known() if kind.of_body]


def mails_of_one() -> dict[str, About]:
    """Of every kind, its kinds of mail that are no letters and tell few."""
    return {name: about for kind in known() for name, about in kind.other_mails.items()}


def other_mails() -> dict[str, About]:
    """Of every kind, its kinds of mail that are no letters."""
    of_kinds = ({**kind.other_mails, **kind.mails_to_many} for kind in known())
    return {name: about for mails in of_kinds for name, about in mails.items()}


def settled_as(case: "Case") -> str:
    """How `case` counts as settled, though opinions are still to come; "" if not."""
    counts = kind_of(case).settled_as
    return counts(case) if counts else ""


def outcome_words(case: "Case") -> str:
    """How `case` ended, in words; "" while it has not."""
    if not case.outcome:
        return ""
    return str(kind_of(case).outcomes.get(case.outcome, case.outcome))
