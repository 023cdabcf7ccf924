"""Until when something is to be done in a case."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models import User
from workflows.engine.terms import Measure, Span, Term

from .cases import Case


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> Self:
        """Those of which nobody has said that they have no more say."""
        return self.filter(closed=None)

    def overdue(self, on: date) -> Self:
        """Those whose last day is past. One that stands still has none."""
        return self.open().filter(due__lt=on)


class Deadline(models.Model):
    """A term that runs in a case: how long it is, since when, and `due`, its last day,
    None while it is suspended. `due` is worked out (`engine.terms`) with the holidays
    of `reckoned_with`, and again whenever they change until it is `closed`.

    A case has one of ours and one of the applicant's at a time.
    """

    class Whose(models.TextChoices):
        OURS = "ours", _("ours")
        APPLICANT = "applicant", _("of the applicant")

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines")
    whose = models.CharField(_("whose"), max_length=10, choices=Whose.choices)
    measure = models.CharField(_("counted in"), max_length=15, choices=Measure.choices)
    amount = models.PositiveSmallIntegerField(_("how many"))
    started = models.DateField(_("counted from the day after"))
    extension = models.PositiveSmallIntegerField(_("days more"), default=0)
    extension_reason = models.CharField(
        _("why it was made longer"), max_length=500, blank=True
    )
    extended_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due = models.DateField(_("last day"), null=True, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    reckoned_with = models.CharField(max_length=80, blank=True, editable=False)
    closed = models.DateField(_("closed on"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "whose"),
                condition=Q(closed=None),
                name="one_open_deadline_each",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="deadline_lasts_something"
            ),
            models.CheckConstraint(
                condition=Q(extension=0) | Q(extension_reason__gt=""),
                name="longer_deadline_has_its_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} · {self.whose}"

    @property
    def term(self) -> Term:
        return Term(
            measure=self.measure,
            amount=self.amount,
            start=self.started,
            extension=self.extension,
            extension_reason=self.extension_reason,
            suspensions=tuple(
                Span(one.since, one.until, one.reason) for one in self.suspensions.all()
            ),
        )

    @property
    def is_suspended(self) -> bool:
        return self.closed is None and self.due is None

    def is_overdue(self, on: date) -> bool:
        """Whether its last day is past on that day, and it still matters."""
        return self.closed is None and self.due is not None and self.due < on


class Suspension(models.Model):
    """A time in which a deadline stood still (Law 39/2015, art. 22): from the day
    `since` until the day before `until`; until today if there is none."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="suspensions")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("deadline",),
                condition=Q(until=None),
                name="one_suspension_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="suspension_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.deadline} · {self.since}"
