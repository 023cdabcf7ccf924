"""A case, and what is written in it."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from community.models import LocalBody, Unit, User
from community.models.bodies import search_key
from events.models import new_token


class CaseQuerySet(models.QuerySet["Case"]):
    def active(self) -> Self:
        """Those that somebody still has to do something about."""
        return self.filter(state__in=Case.ACTIVE)

    def settled(self) -> Self:
        return self.filter(finished__isnull=False)

    def overdue(self, on: date) -> Self:
        """Those whose term of ours is past. While we wait for the applicant it does
        not run."""
        return self.filter(state=Case.State.OPEN, due__lt=on)

    def matching(self, text: str) -> Self:
        """Those with every word of `text`, with accents or without."""
        wanted = Q()
        for word in search_key(text).split()[:8]:
            wanted &= Q(search_key__contains=word)
        return self.filter(wanted)

    def of_somebody(self) -> Self:
        """Those that still say who asked."""
        return self.filter(erased=None)


class Case(models.Model):
    """Something that somebody asked of the institution, until it is settled
    (*expedient*). A flow leads it from hand to hand.

    `kind` and `number` are stored for ever: the first names what the engine knows the
    kind by (`engine.kinds`), the second is said on the telephone.
    `due` is the last day of our own term, None while none runs; `answer_by` the last
    day on which the applicant can answer what was asked.
    `outcome` is in the words of the kind: how it ended.
    """

    class State(models.TextChoices):
        OPEN = "open", _("in progress")
        WAITING = "waiting", _("waiting for the applicant")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    ACTIVE: ClassVar = (State.OPEN, State.WAITING)
    # The mails of one case leave in the order in which they were queued.
    THREAD: ClassVar = "case-%d"

    process = models.OneToOneField(
        Process, models.PROTECT, related_name="case", editable=False
    )
    kind = models.CharField(_("kind"), max_length=30)
    number = models.CharField(_("number"), max_length=30, unique=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), related_name="cases"
    )
    title = models.CharField(_("subject"), max_length=200, blank=True)

    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    body = models.ForeignKey(
        LocalBody,
        models.PROTECT,
        verbose_name=_("local body"),
        null=True,
        blank=True,
        related_name="cases",
    )
    # Somebody who acts for the body asked it in its name: its people may follow it.
    on_behalf = models.BooleanField(_("in the name of the body"), default=False)
    token = models.CharField(
        max_length=40, unique=True, default=new_token, editable=False
    )
    # One form is one case, however often it is sent.
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    # What the staff look for it by, without accents.
    search_key = models.TextField(editable=False)

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN
    )
    outcome = models.CharField(_("outcome"), max_length=30, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    due = models.DateField(_("deadline"), null=True, blank=True)
    answer_by = models.DateField(_("to be answered by"), null=True, blank=True)
    created = models.DateTimeField(_("received"), auto_now_add=True)
    last_action = models.DateTimeField(_("last action"), auto_now_add=True)
    finished = models.DateTimeField(_("finished on"), null=True, blank=True)
    erased = models.DateTimeField(_("made anonymous"), null=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-created", "-pk")
        permissions = (("export_case", "Can take cases out as a file"),)
        indexes = (
            models.Index(fields=("unit", "state"), name="case_of_a_unit"),
            models.Index(fields=("state", "due"), name="case_due"),
            models.Index(fields=("state", "last_action"), name="case_last_action"),
            models.Index(Lower("email"), name="case_of_somebody"),
            # The archive, the latest first: it alone grows for ever.
            models.Index(
                fields=("-finished", "id"),
                condition=Q(finished__isnull=False),
                name="case_settled",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("open", "waiting"), finished=None)
                | Q(state__in=("finished", "cancelled"), finished__isnull=False),
                name="case_has_an_end_when_settled",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf=False) | Q(body__isnull=False),
                name="case_on_behalf_says_of_which_body",
            ),
        )

    def __str__(self) -> str:
        # It goes to logs: no name.
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") is None:
            self.search_key = self.found_by
        super().save(*args, **kwargs)

    @property
    def found_by(self) -> str:
        body = self.body.name if self.body else ""
        return search_key(f"{self.number} {self.title} {self.name} {self.email} {body}")

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def thread(self) -> str:
        return self.THREAD % self.pk


class LastNumber(models.Model):
    """The last number given in a series such as CON-2026: counted, never guessed, so
    that none is given twice."""

    series = models.CharField(max_length=20, primary_key=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("last case number")
        verbose_name_plural = _("last case numbers")

    def __str__(self) -> str:
        return f"{self.series}-{self.number}"


class Entry(models.Model):
    """Something written in a case: by the applicant, to the applicant, or a note that
    only the staff ever see. Nothing of it is changed afterwards."""

    class Way(models.TextChoices):
        IN = "in", _("from the applicant")
        OUT = "out", _("to the applicant")
        NOTE = "note", _("internal note")

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    way = models.CharField(_("way"), max_length=4, choices=Way.choices)
    text = models.TextField(_("text"), max_length=20_000)
    # Of the staff, or of the body whose case it is; nobody for what an applicant wrote.
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("entry of a case")
        verbose_name_plural = _("entries of cases")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case_id} · {self.way}"

    @property
    def is_visible(self) -> bool:
        """Whether the applicant sees it."""
        return self.way != self.Way.NOTE
