"""What local bodies ask of the catalogue."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from community.models import LocalBody, User
from community.work.rows import DueRow
from events.models import Appointment
from workflows.catalogue.models import Edition, Question, Resource
from workflows.engine.models import Case, File


class RequestProcess(Process):
    """The flow of one catalogue request."""

    class Meta:
        proxy = True
        verbose_name = _("request process")
        verbose_name_plural = _("request processes")


class RequestQuerySet(models.QuerySet["CatalogueRequest"]):
    def drafts(self) -> Self:
        """Those that nobody has submitted yet."""
        return self.filter(case=None)

    def submitted(self) -> Self:
        return self.exclude(case=None)

    def counting(self) -> Self:
        """Those that count for how many a body may make: sent, and not withdrawn."""
        return self.submitted().exclude(case__state=Case.State.CANCELLED)


class CatalogueRequest(models.Model):
    """What a local body asks of the catalogue (*sol·licitud*): a draft that its people
    share until it is submitted, then a case, with what only this kind of case has.

    `written` is the form as it is being written, in a draft or in an amendment; what
    was sent is in `Submission`. `version` counts its savings: who saves says which one
    she read, so that nobody writes over a colleague.
    """

    class Decision(models.TextChoices):
        ADMIT = "admit", _("Admit it")
        AMEND = "amend", _("Have it amended")
        PASS = "pass", _("Pass it to another unit")
        CHECK = "check", _("Look at it again")
        GRANT = "grant", _("Grant it")
        DENY = "deny", _("Deny it")

    class SignsAs(models.TextChoices):
        MAYOR = "mayor", _("mayor")
        PRESIDENCY = "presidency", _("presidency")
        SECRETARY = "secretary", _("secretary")
        DELEGATE = "delegate", _("by delegation")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(LocalBody, models.PROTECT, related_name="requests")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="requests")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="requests")
    case = models.OneToOneField(
        Case, models.CASCADE, related_name="request", null=True, blank=True
    )
    written = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    begun_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    saved = models.DateTimeField(auto_now_add=True)
    # Who was asked to sign it last, and when.
    signer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signing_since = models.DateTimeField(null=True)

    # What was decided last: the flow goes on by it.
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, blank=True
    )
    # What the body is to amend, by the names of `amending.parts`.
    reopened = models.JSONField(default=list, blank=True)
    # Nothing came in time to what had to be amended.
    lapsed = models.BooleanField(_("lapsed"), default=False)
    # What each criterion got, by its key.
    points = models.JSONField(_("points"), default=dict, blank=True)
    # Prepared, and told to nobody before it is released.
    grounds = models.TextField(_("grounds"), max_length=10_000, blank=True)
    released = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue request")
        verbose_name_plural = _("catalogue requests")
        ordering = ("-created", "-pk")
        permissions = (
            ("release_cataloguerequest", "Can release decisions on requests"),
        )
        indexes = (models.Index(fields=("body", "edition"), name="request_of_a_body"),)

    def __str__(self) -> str:
        return f"{self.resource} · {self.body}"

    @property
    def is_draft(self) -> bool:
        return self.case_id is None

    @property
    def is_granted(self) -> bool:
        """Whether it was granted, and the body told."""
        return self.released is not None and self.decision == self.Decision.GRANT

    @property
    def total(self) -> int:
        """The points that it got."""
        return sum(self.points.values())

    @property
    def is_below_minimum(self) -> bool:
        least = self.edition.minimum
        return bool(self.points) and least is not None and self.total < least


class Release(DueRow):
    """A coordinator wants a prepared decision to be released, with others at once: the
    worker does it."""

    # About an hour: nothing far away is asked, and somebody should know soon.
    MAX_ATTEMPTS: ClassVar = 8

    request = models.OneToOneField(
        CatalogueRequest, models.CASCADE, related_name="release"
    )
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    # What is released is what was seen: `releasing.mark`.
    seen = models.CharField(max_length=32)

    class Meta(DueRow.Meta):
        verbose_name = _("release of a decision")
        verbose_name_plural = _("releases of decisions")

    def __str__(self) -> str:
        return f"{self.request_id} · {self.state}"


class Submission(models.Model):
    """What was sent: the request first, then each amendment of it. Never changed
    afterwards.

    `content` is `{"subject": …, "text": …, "answers": [{"question": its key, "label":
    in each language, "kind": …, "value": …}]}`: the words of a question stay as they
    were read.
    """

    request = models.ForeignKey(
        CatalogueRequest, models.CASCADE, related_name="submissions"
    )
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    signer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signer_name = models.CharField(_("signed by"), max_length=150, blank=True)
    signs_as = models.CharField(
        _("signs as"), max_length=20, choices=CatalogueRequest.SignsAs.choices
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("submission of a request")
        verbose_name_plural = _("submissions of requests")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("request", "number"), name="submissions_are_counted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} · {self.number}"


class Document(models.Model):
    """A file of a request: the answer to a question, or one that was added to it. In a
    draft its file is a draft too; `submission` is the one with which it was sent."""

    request = models.ForeignKey(
        CatalogueRequest, models.CASCADE, related_name="documents"
    )
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    file = models.OneToOneField(File, models.CASCADE, related_name="document")
    submission = models.ForeignKey(
        Submission,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="documents",
    )
    # Another was sent in its place: kept, and no longer part of the request.
    replaced = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("document of a request")
        verbose_name_plural = _("documents of requests")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(replaced=None) | Q(submission__isnull=False),
                name="only_what_was_sent_is_replaced",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} · {self.pk}"

    def get_absolute_url(self) -> str:
        """Where the people of the body save it, in the active language."""
        row = self.request
        return reverse("request_document", args=[row.body.code, row.key, self.pk])


class RequestAppointment(models.Model):
    """An appointment of the office with the body, while it carries out what it has
    granted. `by` whom it was arranged counts where nobody has the step."""

    request = models.ForeignKey(
        CatalogueRequest, models.CASCADE, related_name="appointments"
    )
    appointment = models.OneToOneField(
        Appointment, models.CASCADE, related_name="of_request"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("appointment of a request")
        verbose_name_plural = _("appointments of requests")
        ordering = ("appointment__starts",)

    def __str__(self) -> str:
        return f"{self.request_id} · {self.appointment_id}"
