"""What the worker does for a case."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task

from community.work.rows import DueRow


class Job(DueRow):
    """A step that the worker does. The step waits; retry, lease and giving up are this
    row's."""

    # About an hour: nothing far away is asked, and somebody should know soon.
    MAX_ATTEMPTS: ClassVar = 8

    task = models.OneToOneField(
        Task, models.CASCADE, related_name="job", editable=False
    )

    class Meta(DueRow.Meta):
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return f"{self.task_id} · {self.state}"
