"""Who asked for what a session treats may register before the others, where its series
says so: by a link of one's own, which opens a page with a button.

The link is signed: it names the session, the proposal and the support, and holds as
long as the three belong together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import uuid5

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Prefetch
from django.urls import reverse

from community.models import LocalBody, User
from events import registrations
from events.models import Mode, Session
from events.registrations import Applicant, Placed, welcomes
from workflows.registration.forms import NOTICE_VERSION

from .models import Proposal, Support

# Bound to its purpose.
_signer = Signer(salt="early-registration")


@dataclass(frozen=True)
class Asker:
    """Somebody who proposed what a session treats or, with a `support`, supports it."""

    proposal: Proposal
    name: str
    email: str
    language: str
    body: LocalBody | None
    support: Support | None = None

    @property
    def key(self) -> str:
        """Which session treats what she asked for, and how she did."""
        support = self.support.pk if self.support else 0
        return f"{self.proposal.session_id}-{self.proposal.pk}-{support}"

    @property
    def token(self) -> str:
        return _signer.sign(self.key)

    @property
    def link(self) -> str:
        """It belongs in the mail to her, and nowhere else."""
        path = reverse("early_place", args=[self.token])
        return settings.SITE_URL.rstrip("/") + path

    @property
    def user(self) -> User | None:
        return self.support.user if self.support else None


def askers_of(proposals: Iterable[Proposal]) -> list[Asker]:
    """Who asked for any of `proposals`, of whom each is written to once: who proposed
    it, and those who support it and want to hear of it."""
    rows = Proposal.objects.public().filter(pk__in=[p.pk for p in proposals])
    supports = Support.objects.filter(told=True, user__is_active=True)
    rows = rows.select_related("case__body", "session__series").prefetch_related(
        Prefetch("supports", supports.select_related("user", "body"), "who_support")
    )
    found = list(rows.order_by("pk"))
    each = [asker for row in found for asker in _of_one(row)]
    # Who proposed one and supports another comes once, as who proposed it.
    each.sort(key=lambda asker: asker.support is not None)
    return list({asker.email.lower(): asker for asker in reversed(each)}.values())


def _of_one(proposal: Proposal) -> Iterator[Asker]:
    if proposal.case.email:
        yield _who_proposed(proposal)
    for support in proposal.who_support:
        yield _who_supports(proposal, support)


def _who_proposed(proposal: Proposal) -> Asker:
    case = proposal.case
    return Asker(proposal, case.name, case.email, case.language, case.body)


def _who_supports(proposal: Proposal, support: Support) -> Asker:
    user = support.user
    name = user.get_full_name()
    return Asker(proposal, name, user.email, user.language, support.body, support)


def asker_of(proposal: int | None, address: str) -> Asker | None:
    """Who asked by `address` for what a session treats, the `proposal` of that key."""
    rows = Proposal.objects.public().filter(pk=proposal or 0, session__isnull=False)
    found = rows.select_related("case__body", "session__series").first()
    if found is None or not address:
        return None
    if found.case.email.lower() == address.lower():
        return _who_proposed(found)
    told = found.supports.filter(told=True, user__is_active=True)
    row = told.filter(user__email__iexact=address).select_related("user", "body")
    return _who_supports(found, row[0]) if row else None


def whose(token: str) -> Asker | None:
    """Of whom the link is that says `token`; None if it is not one of ours, or she
    did not ask for what that session treats any more."""
    try:
        keys = _signer.unsign(token).split("-")
    except BadSignature:
        return None
    session, proposal, support = map(int, keys)
    rows = Proposal.objects.public().filter(pk=proposal, session=session)
    found = rows.select_related("case__body", "session__series").first()
    if found is None:
        return None
    if not support:
        return _who_proposed(found) if found.case.email else None
    supports = found.supports.filter(pk=support, user__is_active=True)
    row = supports.select_related("user", "body").first()
    return _who_supports(found, row) if row else None


def modes_for(asker: Asker) -> list[Mode]:
    """The modes in which `asker` may register before the others now; none if it is not
    the time, nothing is free, or the session is not for her body."""
    session = asker.proposal.session
    if not welcomes(session, asker.body):
        return []
    return [mode for mode in session.modes if registrations.takes_early(session, mode)]


def register(asker: Asker, mode: Mode) -> tuple[Applicant, Placed]:
    """Give `asker` a place before the others, once however often she presses. Raises
    as `registrations.place`."""
    session: Session = asker.proposal.session
    applicant = Applicant(
        name=asker.name or asker.email,
        email=asker.email,
        language=asker.language,
        mode=mode,
        body=asker.body,
        notice_version=NOTICE_VERSION,
        user=asker.user,
    )
    key = uuid5(session.uuid, asker.email.lower())
    placed = registrations.place(session, applicant, form_key=key, early=True)
    return applicant, placed
