"""The flow follows the registration, never the other way round."""

import logging

from django.db import transaction
from django.db.models import F, Q
from viewflow.workflow.flow import Handle
from viewflow.workflow.status import STATUS

from events.models import Registration, Session

from .flows import RegistrationFlow
from .models import Followed

logger = logging.getLogger(__name__)

OVER = (Session.State.CANCELLED, Session.State.CLOSED)


def follow_due(limit: int) -> int:
    """Bring forward at most `limit` flows that are behind; returns how many now
    agree. One that cannot be brought forward does not hold up the others."""
    behind = Registration.objects.filter(
        Q(followed=None)
        | ~Q(followed__state=F("state"))
        | Q(followed__ended=False, session__state__in=OVER)
    )
    keys = list(behind.values_list("pk", flat=True).order_by("pk")[:limit])
    return sum(_followed(key) for key in keys)


def _followed(key: int) -> bool:
    try:
        follow(key)
    except Exception as fault:  # noqa: BLE001 — one bad row must not stop the rest
        # Only the kind of fault: its words may hold personal data.
        logger.error("Flow of registration %s: %s", key, type(fault).__name__)
        return False
    return True


def follow(key: int) -> None:
    """Start or move the flow of the registration `key` until it agrees with it.

    Doing it again changes nothing, and being killed in it changes no place.
    """
    with transaction.atomic():
        registration = (
            Registration.objects.select_for_update(of=("self",))
            .select_related("session")
            .get(pk=key)
        )
        followed = Followed.objects.filter(registration=registration).first()
        if followed is None:
            process = RegistrationFlow.registered.run(registration=registration)
            followed = Followed(registration=registration, process=process)
        over = not registration.is_active or registration.session.state in OVER
        if over or registration.state != Registration.State.PENDING:
            _complete(followed, RegistrationFlow.approval)
        if over:
            _complete(followed, RegistrationFlow.holding)
        followed.ended = over
        followed.state = registration.state
        followed.save()


def _complete(followed: Followed, node: Handle) -> None:
    """Let the flow go on from `node`, if it stands there."""
    task = followed.process.task_set.filter(flow_task=node, status=STATUS.NEW).first()
    if task:
        node.run(task)
