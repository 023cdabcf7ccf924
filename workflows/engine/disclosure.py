"""Who of the staff has read the cases of others, or taken cases out of here."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.log_actions import registry as logs
from wagtail.models import ModelLogEntry

from community.models import User

from .models import Case, File

OPENED = "engine.open_case"
LISTED = "engine.list_cases"
TAKEN_OUT = "engine.export_cases"
FILE_OPENED = "engine.open_file"
ACTIONS = (OPENED, LISTED, TAKEN_OUT, FILE_OPENED)

# Going back and forth is one visit.
VISIT = timedelta(hours=1)


def opened(
    case: Case, *, by: User, history: Iterable[ModelLogEntry] | None = None
) -> None:
    """Write that `by` looked at a case in which no step is hers, at most once in each
    hour. `history` is that of the case, where it is known."""
    known = logs.get_logs_for_instance(case) if history is None else history
    hers = (one for one in known if one.action == OPENED and one.user_id == by.pk)
    if not any(one.timestamp > timezone.now() - VISIT for one in hers):
        log(case, OPENED, user=by, data={"case": case.number})


def file_opened(case: Case, file: File, *, by: User) -> None:
    """Write that `by` opened a file of the applicant's, at most once in each hour."""
    data = {"case": case.number, "file": file.pk}
    _visited(case, FILE_OPENED, by=by, data=data)


def listed(*, by: User) -> None:
    """Write that `by` went through the cases of everybody, or the settled ones, which
    say who asked, at most once in each hour."""
    _visited(by, LISTED, by=by, data={})


def taken_out(*, by: User, how: str, cases: int) -> None:
    """Write that `by` took so many cases out as a file, of which kind `how` says."""
    log(by, TAKEN_OUT, user=by, data={"how": how, "cases": cases})


def of_cases(keys: list[int]) -> QuerySet[ModelLogEntry]:
    """When somebody looked at one of the cases of those keys."""
    kind = ContentType.objects.get_for_model(Case)
    names = [str(key) for key in keys]
    opened = ModelLogEntry.objects.filter(action__in=(OPENED, FILE_OPENED))
    return opened.filter(content_type=kind, object_id__in=names)


def _visited(record: Model, action: str, *, by: User, data: dict[str, Any]) -> None:
    visits = logs.get_logs_for_instance(record).filter(
        action=action, user=by, data=data
    )
    if not visits.filter(timestamp__gt=timezone.now() - VISIT).exists():
        log(record, action, user=by, data=data)
