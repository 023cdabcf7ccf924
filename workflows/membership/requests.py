"""What is decided about a request to act for a body. The flow calls these: the case is
locked, and moves on when they return.
"""

from community.acting import memberships
from community.models import Membership, Role, User
from workflows.engine import cases, letters
from workflows.engine.models import Case, Entry

from . import mails

# Stored with every case: how it ended.
GRANTED, REFUSED = "granted", "refused"


def grant(case: Case, role: Role, by: User) -> Membership:
    """Let who asks act for the body, perhaps in another role than was asked for. Raises
    ValidationError if the account of the address was closed."""
    membership = memberships.give(
        case.email,
        case.body,
        role,
        Membership.How.APPROVED,
        name=case.name,
        language=case.language,
        by=by,
    )
    _note_role(case, role)
    cases.finish(case, GRANTED)
    letters.tell(mails.GRANTED, case)
    return membership


def refuse(case: Case, reason: str, by: User) -> None:
    """Do not let her, for a `reason` that she reads."""
    cases.write(case, Entry.Way.OUT, reason, by)
    cases.finish(case, REFUSED)
    letters.tell(mails.REFUSED, case)


def _note_role(case: Case, role: Role) -> None:
    request = case.membership_request
    request.role = role
    request.save(update_fields=["role"])
