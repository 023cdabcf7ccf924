"""Stops of the caravan: who opens the door, who tells of them, and when."""

import uuid
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from viewflow.workflow.models import Process

from community.models import LocalBody, User
from events.models import Appointment
from workflows.engine.models import Case, File


class Field(models.TextChoices):
    """What a practice is about: the five fields of the caravan."""

    GROUPS = "groups", _("Services for particular groups")
    OPEN_DATA = "open-data", _("Opening of public data")
    TRANSPARENCY = "transparency", _("Effective, practical transparency")
    SERVICES = "services", _("Hyper-automated, easy services")
    BIG_DATA = "big-data", _("Big data and sensors")


class Form(models.TextChoices):
    """How a stop is visited."""

    IN_PERSON = "in-person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")


class Side(models.TextChoices):
    """The two who make a stop."""

    HOST = "host", _("host")
    RAPPORTEUR = "rapporteur", _("rapporteur")


class StopProcess(Process):
    """The flow of one stop."""

    class Meta:
        proxy = True
        verbose_name = _("stop process")
        verbose_name_plural = _("stop processes")


class OfferQuerySet(models.QuerySet["Offer"]):
    def standing(self) -> Self:
        return self.filter(withdrawn=None)


class Offer(models.Model):
    """Somebody of a body offers to be rapporteur: to visit others and tell of them.

    `fields` are values of `Field`, `forms` of `Form`; `away` are the days on which she
    cannot, as ISO dates.
    """

    body = models.ForeignKey(LocalBody, models.PROTECT, related_name="offers_to_tell")
    user = models.ForeignKey(User, models.CASCADE, related_name="offers_to_tell")
    fields = models.JSONField(_("fields of interest"), default=list)
    forms = models.JSONField(_("forms of visit"), default=list)
    distance = models.PositiveSmallIntegerField(
        _("how far, in kilometres"), null=True, blank=True
    )
    dates = models.TextField(_("dates that suit"), max_length=2000, blank=True)
    away = models.JSONField(_("days when it cannot be"), default=list, blank=True)
    experience = models.TextField(_("experience"), max_length=5000, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    saved = models.DateTimeField(auto_now=True)
    withdrawn = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer to be rapporteur")
        verbose_name_plural = _("offers to be rapporteur")
        ordering = ("-created", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "user"),
                condition=Q(withdrawn=None),
                name="one_offer_to_tell_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body} · {self.pk}"


class StopQuerySet(models.QuerySet["Stop"]):
    def drafts(self) -> Self:
        """Those that nobody has submitted yet."""
        return self.filter(case=None)

    def submitted(self) -> Self:
        return self.exclude(case=None)

    def public(self) -> Self:
        """Those that visitors see: the date is fixed, or the practice is published."""
        return self.submitted().filter(
            ~Q(case__state=Case.State.CANCELLED),
            Q(appointment__state=Appointment.State.PLANNED)
            | Q(practice__published__isnull=False),
        )


class Stop(models.Model):
    """A visit of the caravan (*parada*): a draft that the people of the host share
    until it is submitted, then a case (*cases.md*).

    `written` is the form as it is being written, and `version` counts its savings; the
    columns are what was sent last.
    """

    class Decision(models.TextChoices):
        ACCEPT = "accept", _("Accept it")
        AMEND = "amend", _("Have it amended")
        DECLINE = "decline", _("Decline it")
        ASK = "ask", _("Ask the rapporteur")
        YES = "yes", _("The rapporteur comes")
        NO = "no", _("The rapporteur does not come")
        LEFT = "left", _("The rapporteur has left")
        FIXED = "fixed", _("The date is fixed")
        REDATE = "redate", _("Find another date")
        HELD = "held", _("It was held")
        VALID = "valid", _("It is right")
        CHANGES = "changes", _("Something has to change")
        PUBLISH = "publish", _("Publish it")

    class Status(models.TextChoices):
        PILOT = "pilot", _("being tried")
        RUNNING = "running", _("running")
        EXTENDED = "extended", _("running, and extended to more services")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(LocalBody, models.PROTECT, related_name="stops")
    case = models.OneToOneField(
        Case, models.CASCADE, related_name="stop", null=True, blank=True
    )
    written = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    begun_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    saved = models.DateTimeField(auto_now_add=True)

    # What was sent.
    title = models.CharField(_("title of the practice"), max_length=150, blank=True)
    field = models.CharField(_("field"), max_length=20, choices=Field, blank=True)
    summary = models.TextField(_("summary"), max_length=2000, blank=True)
    social_value = models.TextField(_("social value"), max_length=3000, blank=True)
    difficulties = models.TextField(_("difficulties"), max_length=3000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, blank=True)
    evidence = models.TextField(_("evidence and figures"), max_length=3000, blank=True)
    links = models.TextField(_("links"), max_length=2000, blank=True)
    form = models.CharField(_("form of visit"), max_length=10, choices=Form, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    accessibility = models.TextField(_("accessibility"), max_length=1000, blank=True)
    dates = models.TextField(_("dates that suit"), max_length=2000, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    may_publish = models.BooleanField(_("it may be published"), default=False)
    may_show = models.BooleanField(_("pictures may be taken and shown"), default=False)

    # What was decided last: the flow goes on by it.
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision, blank=True
    )
    # Who tells of it, once that is settled; the meeting, once its date is.
    rapporteur = models.ForeignKey(
        Offer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stops",
        verbose_name=_("rapporteur"),
    )
    appointment = models.OneToOneField(
        Appointment, models.SET_NULL, null=True, blank=True, related_name="of_stop"
    )
    # The start of the visit of which both sides were reminded.
    reminded_of = models.DateTimeField(null=True, blank=True, editable=False)
    held = models.DateTimeField(_("held"), null=True, blank=True)

    # What the map reads of an address.
    asks = ("field", "comarca", "year", "kind", "page")

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ("-created", "-pk")

    def __str__(self) -> str:
        return f"{self.title} · {self.body}"

    @property
    def is_draft(self) -> bool:
        return self.case_id is None


class StopFileQuerySet(models.QuerySet["StopFile"]):
    def written(self) -> Self:
        """Those of the form as it is being written."""
        return self.filter(is_out=False)

    def sent(self) -> Self:
        """Those in the case."""
        return self.exclude(file__case=None)

    def shown(self) -> Self:
        """Those of what was sent last."""
        return self.sent().filter(taken_out=None)


class StopFile(models.Model):
    """A file that the host shows with its stop. Until it is sent its file is a draft.

    One that was sent stays in the case: where the form has it no more it `is_out`, and
    `taken_out` since that was sent.
    """

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="files")
    file = models.OneToOneField(File, models.CASCADE, related_name="of_stop")
    is_out = models.BooleanField(default=False)
    taken_out = models.DateTimeField(_("taken out"), null=True, blank=True)

    objects = StopFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a stop")
        verbose_name_plural = _("files of stops")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(taken_out=None) | Q(is_out=True),
                name="only_what_is_out_was_taken_out",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stop_id} · {self.pk}"

    def get_absolute_url(self) -> str:
        """Where who writes the stop saves it, in the active language."""
        row = self.stop
        return reverse("caravan_draft_file", args=[row.body.code, row.key, self.pk])


class StopAppointment(models.Model):
    """A meeting of a stop: the one that is planned, or was held, and those that were
    cancelled. `by` whom it was arranged counts where nobody has the step."""

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="appointments")
    appointment = models.OneToOneField(
        Appointment, models.CASCADE, related_name="of_visit"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("appointment of a stop")
        verbose_name_plural = _("appointments of stops")
        ordering = ("appointment__starts",)

    def __str__(self) -> str:
        return f"{self.stop_id} · {self.appointment_id}"


class PairingQuerySet(models.QuerySet["Pairing"]):
    def standing(self) -> Self:
        """Of who is asked, or has said yes."""
        return self.filter(state__in=Pairing.STANDING)

    def under_way(self) -> Self:
        """Of who has still to do something as a rapporteur: nothing is published."""
        going = self.standing().filter(stop__case__state__in=Case.ACTIVE)
        return going.exclude(stop__decision=Stop.Decision.PUBLISH)


class Pairing(models.Model):
    """A rapporteur was asked to tell of a stop: what she said, and whether she left."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("rapporteur", "asked")
        ACCEPTED = "accepted", _("comes")
        DECLINED = "declined", pgettext_lazy("rapporteur", "declined")
        LEFT = "left", _("left")

    STANDING = (State.ASKED, State.ACCEPTED)

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="pairings")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="pairings")
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.ASKED
    )
    # Why she declined, or left.
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    asked = models.DateTimeField(_("asked on"), auto_now_add=True)
    answered = models.DateTimeField(_("answered on"), null=True, blank=True)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("stop",),
                condition=Q(state__in=("asked", "accepted")),
                name="one_rapporteur_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.stop_id} · {self.state}"


class PossibleDate(models.Model):
    """A moment on which one side can have the visit."""

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="possible_dates")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    starts = models.DateTimeField(_("starts"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("possible date")
        verbose_name_plural = _("possible dates")
        ordering = ("starts", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("stop", "side", "starts"), name="a_side_marks_a_moment_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stop_id} · {self.side}"


class StopEvaluation(models.Model):
    """What one side thought of a stop, once its practice was published."""

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="evaluations")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    score = models.PositiveSmallIntegerField(
        _("from 0 to 10"), validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    text = models.TextField(
        _("what to keep, what to change"), max_length=5000, blank=True
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evaluation of a stop")
        verbose_name_plural = _("evaluations of stops")
        constraints = (
            models.UniqueConstraint(
                fields=("stop", "side"), name="a_side_evaluates_a_stop_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stop} · {self.get_side_display()}"
