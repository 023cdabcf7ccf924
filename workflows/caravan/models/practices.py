"""Good practices, and the bodies that adapt them."""

import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import LocalBody, User
from community.work.rows import DueRow
from events.models import new_token

from .stops import Field, Stop


class PracticeQuerySet(models.QuerySet["GoodPractice"]):
    def public(self) -> Self:
        """Those whose page is there for everybody."""
        return self.filter(page__live=True)


class GoodPractice(models.Model):
    """What a stop brings to light: a record that other bodies copy (*bona pràctica*);
    its page shows it.

    `content` is by the names of `chronicle.SECTIONS`, in the one `language` in which it
    was written; `sdgs` are numbers of the Sustainable Development Goals. `page` is the
    one in that language: others show the same record.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    stop = models.OneToOneField(
        Stop, models.SET_NULL, null=True, blank=True, related_name="practice"
    )
    body = models.ForeignKey(LocalBody, models.PROTECT, related_name="practices")
    field = models.CharField(_("field"), max_length=20, choices=Field)
    title = models.CharField(_("title"), max_length=150)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    content = models.JSONField(_("content"), default=dict, blank=True)
    sdgs = models.JSONField(
        _("Sustainable Development Goals"), default=list, blank=True
    )
    shows_contact = models.BooleanField(
        _("show the contact person"),
        default=False,
        help_text=_("Name and address, only if she has said that they may be shown."),
    )
    page = models.OneToOneField(
        "wagtailcore.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created = models.DateTimeField(auto_now_add=True)
    # First published: unpublishing the page leaves it.
    published = models.DateTimeField(_("published"), null=True, blank=True)
    # Both sides and the case have been told so.
    told = models.BooleanField(default=False, editable=False)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        ordering = ("-published", "-pk")

    def __str__(self) -> str:
        return self.title


def private_storage() -> Storage:
    """Where files lie that no address leads to but ours."""
    return storages["private"]


def place_of(_row: "PracticeSheet", _name: str) -> str:
    """Under which name a file lies: one that says nothing and cannot be guessed."""
    return f"practices/{new_token()}"


class PracticeSheet(DueRow):
    """A good practice on paper (PDF), which the worker makes as it is now."""

    LEASE: ClassVar = timedelta(minutes=2)
    MAX_ATTEMPTS: ClassVar = 5

    practice = models.OneToOneField(GoodPractice, models.CASCADE, related_name="sheet")
    file = models.FileField(upload_to=place_of, storage=private_storage, blank=True)

    class Meta(DueRow.Meta):
        verbose_name = _("sheet of a good practice")
        verbose_name_plural = _("sheets of good practices")

    def __str__(self) -> str:
        return str(self.practice_id)


class Adaptation(models.Model):
    """A body adapts a good practice, or wants to: its own words, and whether it asks
    for help, which small ones may."""

    class State(models.TextChoices):
        INTERESTED = "interested", _("interested")
        UNDER_WAY = "under-way", _("under way")
        DONE = "done", _("done")
        LEFT = "left", _("left")

    practice = models.ForeignKey(
        GoodPractice, models.CASCADE, related_name="adaptations"
    )
    body = models.ForeignKey(LocalBody, models.PROTECT, related_name="adaptations")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("what for"), max_length=2000, blank=True)
    wants_help = models.BooleanField(_("asks for help"), default=False)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.INTERESTED
    )
    created = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("adaptation")
        verbose_name_plural = _("adaptations")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("practice", "body"), name="a_body_adapts_a_practice_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.practice} · {self.body}"
