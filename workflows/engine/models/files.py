"""The files of a case."""

from typing import Self

from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import User
from events.models import new_token

from .cases import Case, Entry

FOLDER = "cases"


def private_storage() -> Storage:
    """Where files lie that no address leads to but ours."""
    return storages["private"]


def place_of(file: "File", name: str) -> str:
    """Under which name it lies: one that says nothing and cannot be guessed."""
    return f"{FOLDER}/{timezone.now():%Y-%m}/{new_token()}"


class FileQuerySet(models.QuerySet["File"]):
    def drafts(self) -> Self:
        """Those of forms that nobody has sent yet."""
        return self.filter(case=None)

    def for_the_applicant(self) -> Self:
        return self.filter(is_visible=True)


class File(models.Model):
    """A file of a case, from the applicant or from the staff. It is handed out by our
    own addresses only, to who may see it, and always to be saved, never to be shown.

    Until the form that brought it is sent it is a draft: of no case, and of `draft`, a
    secret that the form alone knows. One that `is_held` lives as long as what it was
    put into, which takes it away itself; the others, a day.
    """

    case = models.ForeignKey(
        Case, models.CASCADE, related_name="files", null=True, blank=True
    )
    # What it came with; nothing for what was added by itself.
    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="files", null=True, blank=True
    )
    draft = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    is_held = models.BooleanField(default=False, editable=False)
    file = models.FileField(upload_to=place_of, storage=private_storage)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    is_visible = models.BooleanField(_("the applicant sees it"), default=True)
    # Of the staff, or of the body whose case it is; nobody for what an applicant or the
    # site put there.
    by = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, blank=True
    )
    created = models.DateTimeField(_("added"), auto_now_add=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a case")
        verbose_name_plural = _("files of cases")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(case=None, entry=None, draft__gt="")
                | Q(case__isnull=False, draft=""),
                name="file_is_of_a_case_or_a_draft",
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no name.
        return f"{self.case_id} · {self.pk}"


@receiver(post_delete, sender=File)
def _delete_content(instance: File, **_kwargs: object) -> None:
    """What it held goes with its row, whoever deletes it."""
    name = instance.file.name
    transaction.on_commit(lambda: private_storage().delete(name), robust=True)
