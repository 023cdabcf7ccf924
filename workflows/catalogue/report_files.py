"""The report as a file: somebody of the staff asks for it, the worker makes it, and who
asked fetches it within a day.

A row says which file somebody wants; the worker makes it true. Who dies while at it
leaves at most a file that no row names, which goes when its day is over.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from community.models import User
from community.spreadsheets import CONTENT_TYPES, as_csv, as_xlsx
from community.work import rows, tasks
from community.work.rows import DueRow
from events.models import new_token

from . import report

FOLDER = "reports"
KEPT = timedelta(days=1)
# Who fetches one in the last minute gets it whole.
GRACE = timedelta(hours=1)


def private_storage() -> Storage:
    """Where files lie that no address leads to but ours."""
    return storages["private"]


def place_of(_row: "Report", _name: str) -> str:
    """Under which name a file lies: one that says nothing and cannot be guessed."""
    return f"{FOLDER}/{new_token()}"


class Report(DueRow):
    """What every body can request, in one kind of file, for who asked for it last."""

    # It takes seconds, and asks nobody far away.
    LEASE: ClassVar = timedelta(minutes=2)
    MAX_ATTEMPTS: ClassVar = 5

    class Kind(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(_("file"), max_length=4, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=10)
    asked = models.DateTimeField(_("asked for"), default=timezone.now)
    file = models.FileField(upload_to=place_of, storage=private_storage, blank=True)

    class Meta(DueRow.Meta):
        verbose_name = _("report of the catalogue")
        verbose_name_plural = _("reports of the catalogue")
        constraints = (
            models.UniqueConstraint(
                fields=("by", "kind"), name="one_report_of_a_kind_for_each"
            ),
        )

    def __str__(self) -> str:
        return f"{self.by_id} · {self.kind}"

    @property
    def stage(self) -> str:
        """As the screen says it: *making*, *late*, *failed* or *ready*."""
        stages = {self.State.DONE: "ready", self.State.RETRYING: "late"}
        over = (self.State.FAILED, self.State.DROPPED, self.State.HELD)
        return "failed" if self.state in over else stages.get(self.state, "making")

    @property
    def until(self) -> datetime | None:
        """How long it can be fetched."""
        return self.settled + KEPT if self.settled else None


def ask(by: User, kind: str) -> None:
    """Have the worker make the report as it is now, in the active language. Asked again
    while it waits or is being made, it is made once."""
    waits = (Report.State.QUEUED, Report.State.RUNNING)
    anew = {
        "state": Report.State.QUEUED,
        "attempts": 0,
        "crashes": 0,
        "next_try": timezone.now(),
        "settled": None,
        "error": "",
        "asked": timezone.now(),
        "language": get_language(),
    }
    with transaction.atomic():
        row, is_new = Report.objects.get_or_create(by=by, kind=kind, defaults=anew)
        if not is_new:
            asleep = Report.objects.filter(pk=row.pk).exclude(state__in=waits)
            asleep.update(**anew)
        tasks.wake()


def of(user: User) -> list[Report]:
    """Those that `user` asked for, the last first."""
    return list(Report.objects.filter(by=user).order_by("-asked", "-pk"))


def make_due(limit: int) -> int:
    """Make at most `limit` reports that are due, and take away those whose day is over;
    returns how many were made."""
    done = rows.run_due(Report, _make, limit)
    _sweep(timezone.now())
    return done


def _make(row: Report) -> None:
    with override(row.language):
        table = report.table()
    if row.kind == Report.Kind.XLSX:
        octets = as_xlsx({"report": table})
    else:
        octets = as_csv(table)
    row.file.save("", ContentFile(octets), save=False)
    # If another worker has taken it over, nobody fetches this one.
    row.note(file=row.file.name)


def _sweep(now: datetime) -> None:
    Report.objects.filter(settled__lt=now - KEPT).delete()
    storage = private_storage()
    if not storage.exists(FOLDER):
        return
    for name in storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if storage.get_modified_time(path) < now - KEPT - GRACE:
            storage.delete(path)


def handed_out(user: User, kind: str) -> FileResponse:
    """The file that `user` asked for, to be saved. Http404 if there is none yet or any
    more."""
    row = Report.objects.filter(by=user, kind=kind, state=Report.State.DONE).first()
    try:
        content = row.file.open("rb") if row else None
    except FileNotFoundError:
        content = None
    if row is None or content is None:
        raise Http404
    day = timezone.localdate(row.settled)
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"que-pot-demanar-cada-ens-{day:%Y-%m-%d}.{kind}",
        content_type=CONTENT_TYPES[kind],
    )
    add_never_cache_headers(response)
    return response
