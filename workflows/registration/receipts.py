"""What a browser is shown after sending a form: kept in its own session.

Whoever writes somebody else's address gets the receipt of a newcomer, the second
time too, so that nobody learns who is registered: only the mail explains.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from events import registrations
from events.models import Registration, Session
from events.registrations import Applicant, Outlook, Placed

MINE = "registrations"
RECEIPTS = "receipts"
# Of the browser's own registrations, as many are remembered.
MOST = 50


def receipt_of(request: HttpRequest, session: Session) -> dict[str, Any] | None:
    """The receipt of the last form this browser sent for `session`."""
    return request.session.get(RECEIPTS, {}).get(session.code)


def remember(
    request: HttpRequest, session: Session, placed: Placed, applicant: Applicant
) -> None:
    """Keep the receipt of one person."""
    last = receipt_of(request, session) or {}
    receipt = {
        **_outcome(request, session, placed, applicant),
        "again": placed.already and last.get("email") == applicant.email,
    }
    _keep(request, session, receipt, [placed])


def remember_group(
    request: HttpRequest,
    session: Session,
    placed: Sequence[Placed],
    applicants: Sequence[Applicant],
    foreseen: Sequence[Outlook],
) -> None:
    """Keep the receipt of several people.

    Its state is said only if all of them have the same, as was `foreseen` of people
    who are new: who of several got the last place would tell who had one before.
    """
    people = [{"name": who.name, "email": who.email} for who in applicants]
    last = receipt_of(request, session) or {}
    mine = request.session.get(MINE, [])
    is_repeat = all(one.already or one.registration.pk in mine for one in placed)
    if is_repeat and last.get("people") == people:
        return
    own = [one.registration for one in placed if _is_own(request, one)]
    states = {outlook.state for outlook in foreseen} | {row.state for row in own}
    state = str(states.pop()) if len(states) == 1 else ""
    _keep(request, session, {"people": people, "state": state}, placed)


def forget(request: HttpRequest, registration: Registration) -> None:
    """Throw the receipt away: it is no longer true."""
    receipts = request.session.get(RECEIPTS, {})
    if receipts.pop(registration.session.code, None):
        request.session[RECEIPTS] = receipts


def _outcome(
    request: HttpRequest, session: Session, placed: Placed, applicant: Applicant
) -> dict[str, Any]:
    registration = placed.registration
    if _is_own(request, placed):
        state, position = registration.state, registration.queue_position
    else:
        outlook = registrations.rehearse(session, applicant)
        state, position = outlook.state, outlook.position
    return {
        "name": applicant.name,
        "email": applicant.email,
        "state": str(state),
        "position": position,
    }


def _is_own(request: HttpRequest, placed: Placed) -> bool:
    """Whether this browser made the registration, now or before."""
    mine = request.session.get(MINE, [])
    return not placed.already or placed.registration.pk in mine


def _keep(
    request: HttpRequest,
    session: Session,
    receipt: dict[str, Any],
    placed: Sequence[Placed],
) -> None:
    receipts = request.session.get(RECEIPTS, {})
    request.session[RECEIPTS] = {**receipts, session.code: receipt}
    new = [one.registration.pk for one in placed if not one.already]
    request.session[MINE] = [*request.session.get(MINE, []), *new][-MOST:]
