"""Somebody wants to act for a body: at once, where the address says so, or once it is
approved."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from community.acting import domains, memberships
from community.acting import mails as acting_mails
from community.acting.memberships import RANK
from community.models import LocalBody, Membership, Role
from community.privacy.accounts import account_of
from community.privacy.addresses import of_address
from workflows.engine import cases, deadlines, letters
from workflows.engine.models import Case, CaseQuerySet, Entry
from workflows.engine.terms import Measure

from . import mails
from .flows import MembershipFlow
from .kind import NAME, PREFIX
from .models import MembershipRequest, MembershipSettings


class NobodyDecides(Exception):
    """No unit looks after who acts for the bodies: see the settings."""


@dataclass(frozen=True)
class Wish:
    """Who wants to act for which body, as what. Whose `email` it is, is proven."""

    body: LocalBody
    role: Role
    name: str
    email: str
    language: str
    text: str = ""


@dataclass(frozen=True)
class Asked:
    """What came of it: what she may do now (None if nothing yet), and the case of what
    somebody still has to approve (None if nothing)."""

    membership: Membership | None
    case: Case | None = None


def ask(wish: Wish) -> Asked:
    """Let her act for the body at once as far as the domain of her address says so, and
    open a case for the rest. The same again gives what is there.

    Raises NobodyDecides, and ValidationError if the account was closed.
    """
    with memberships.locked(wish.body):
        membership = _by_domain(wish)
        if membership and RANK[Role(membership.role)] >= RANK[wish.role]:
            return Asked(membership)
        waiting = open_requests(wish.email).filter(body=wish.body).first()
        return Asked(membership, waiting or _open(wish))


def open_requests(address: str) -> CaseQuerySet:
    """What the reader of `address` has asked and nobody has decided."""
    waiting = Case.objects.active().filter(kind=NAME)
    return of_address(waiting, address).select_related("body", "membership_request")


def _by_domain(wish: Wish) -> Membership | None:
    """As what she acts for the body now, which the domain of her address may change: it
    makes a technician of her, no more."""
    account = account_of(wish.email)
    if account and not account.is_active:
        raise ValidationError(_("The account of this address was closed."))
    current = memberships.for_body(account, wish.body)
    role = min(wish.role, Role.TECHNICIAN, key=RANK.__getitem__)
    has_it = current and RANK[Role(current.role)] >= RANK[role]
    if has_it or domains.body_of(wish.email) != wish.body:
        return current
    given = memberships.give(
        wish.email,
        wish.body,
        role,
        Membership.How.DOMAIN,
        name=wish.name,
        language=wish.language,
    )
    acting_mails.tell(acting_mails.BEGUN, given)
    acting_mails.tell_representatives(given)
    return given


def _open(wish: Wish) -> Case:
    settings = MembershipSettings.load()
    if settings.unit is None:
        raise NobodyDecides
    case = Case(
        kind=NAME,
        number=cases.new_number(PREFIX),
        unit=settings.unit,
        title=_title(wish),
        name=wish.name,
        email=wish.email,
        language=wish.language,
        body=wish.body,
    )
    MembershipFlow.asked.run(case=case, request=MembershipRequest(role=wish.role))
    deadlines.start(case, Measure.WORKING_DAYS, settings.answer_days)
    if wish.text:
        cases.write(case, Entry.Way.IN, wish.text)
    letters.tell(mails.ASKED, case)
    mails.ask_representatives(case)
    return case


def _title(wish: Wish) -> str:
    # On her own page too: in her language.
    with override(wish.language):
        words = _("To act for %(body)s as %(role)s")
        return words % {"body": wish.body.name, "role": wish.role.label}
