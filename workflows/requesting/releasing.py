"""Several prepared decisions released together: a coordinator says which, and the
worker does it, each by itself. So a worker may die anywhere: none is told twice, and
none is forgotten."""

from collections.abc import Iterable
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from community.models import Message, User
from community.work import rows, tasks
from community.work.rows import Permanent, Pointless
from workflows.engine import desk, inbox, letters
from workflows.engine.access import cases_of
from workflows.engine.models import Case

from . import mails, reading, requests
from .flows import RequestFlow
from .models import CatalogueRequest, Release, RequestQuerySet

State = Release.State


def ready(by: User) -> RequestQuerySet:
    """The requests of the units of `by` whose decision is prepared and not told."""
    steps = _steps().order_by().values("process__case")
    found = CatalogueRequest.objects.filter(case__in=cases_of(by))
    return found.filter(case__in=steps).order_by("resource__code", "body__name", "pk")


def waiting(by: User) -> RequestQuerySet:
    """Those that are ready and not being released already."""
    under_way = Release.objects.unsettled().values("request")
    return ready(by).exclude(pk__in=under_way)


def _steps() -> QuerySet[Task]:
    return inbox.office_steps().filter(flow_task=RequestFlow.release)


def mark(request: CatalogueRequest) -> str:
    """Another one where something else is decided, or told."""
    said = f"{request.pk} {request.decision} {request.grounds}"
    return sha256(said.encode()).hexdigest()[:32]


def letters_of(request: CatalogueRequest) -> list[tuple[str, EmailMultiAlternatives]]:
    """The mails that would leave, each with its language."""
    case: Case = request.case
    grants = request.decision == requests.Decision.GRANT
    kind = mails.GRANTED if grants else mails.DENIED
    found = (
        Message(
            kind=kind,
            about=case.pk,
            recipient=user.email,
            language=user.language,
            created=timezone.now(),
        )
        for user in reading.readers(case)
    )
    return [(row.language, letters.preview(row)) for row in found]


def wish(found: Iterable[CatalogueRequest], by: User) -> int:
    """Have those released as they are now; returns how many. One that is being released
    already is not wished twice. Raises PermissionDenied."""
    if not by.has_perm(requests.RELEASE):
        raise PermissionDenied
    with transaction.atomic():
        done = sum(_wish(request, by) for request in found)
    if done:
        tasks.wake()
    return done


def _wish(request: CatalogueRequest, by: User) -> bool:
    wanted = {"by": by, "seen": mark(request)}
    row, is_new = Release.objects.get_or_create(request=request, defaults=wanted)
    if is_new:
        return True
    again = Release.objects.filter(pk=row.pk, settled__isnull=False)
    return bool(again.begin_again(**wanted))


def run_due(limit: int) -> int:
    """Release at most `limit` of those that are wished; returns how many."""
    return rows.run_due(Release, _do, limit)


def _do(row: Release) -> None:
    case = row.request.case
    task = _steps().filter(process=case.process_id).first()
    if row.request.released:
        # The worker that did it died before it could say so.
        return
    if task is None:
        raise Pointless("There is nothing to release any more.")

    def release(case: Case, by: User) -> None:
        if mark(case.request) != row.seen:
            raise Permanent(_("It was decided otherwise meanwhile."))
        requests.release(case, by)

    try:
        desk.complete(task, release, row.by)
    except desk.Gone:
        raise Pointless("There is nothing to release any more.") from None
    except desk.Taken:
        raise Permanent(_("Somebody else has claimed this step.")) from None
    except (PermissionDenied, ValidationError):
        raise Permanent(_("Who wished it may not release it any more.")) from None
