"""What the rapporteur brings back from a stop."""

from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from community.models import User
from events.models import new_token
from workflows.engine.models.files import private_storage

from .stops import Stop


def place_of(photograph: "Photograph", name: str) -> str:
    """Under which name it lies: one that says nothing and cannot be guessed."""
    return f"caravan/{new_token()}.{name.rpartition('.')[2]}"


class Chronicle(models.Model):
    """What the rapporteur writes of a stop, section by section, saved as one goes.

    `written` is it as it is being written, by the names of `chronicle.SECTIONS`; `sent`
    what the host read last, and `before` what it had read the time before.
    """

    stop = models.OneToOneField(Stop, models.CASCADE, related_name="chronicle")
    written = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sent = models.JSONField(default=dict, blank=True)
    before = models.JSONField(default=dict, blank=True)
    # What the host wants changed.
    wanted = models.TextField(max_length=5000, blank=True)

    class Meta:
        verbose_name = _("chronicle")
        verbose_name_plural = _("chronicles")

    def __str__(self) -> str:
        return str(self.stop_id)


class Photograph(models.Model):
    """A picture of a stop, with what it shows in words and the consent of who is in it.
    Its file has no position and no more than 2,400 pixels."""

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="photographs")
    file = models.ImageField(
        _("picture"),
        upload_to=place_of,
        storage=private_storage,
        width_field="width",
        height_field="height",
        max_length=200,
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(_("what it shows"), max_length=300, blank=True)
    consent = models.BooleanField(_("who is in it agrees"), default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.stop_id} · {self.pk}"

    @property
    def is_ready(self) -> bool:
        """Whether it can be shown: with words, and with consent."""
        return bool(self.alt.strip()) and self.consent


@receiver(post_delete, sender=Photograph)
def _delete_content(instance: Photograph, **_kwargs: object) -> None:
    """What it held goes with its row, whoever deletes it."""
    name = instance.file.name
    transaction.on_commit(lambda: private_storage().delete(name), robust=True)
