"""What somebody of the unit has to decide about a registration."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from events.models import Registration
from workflows.engine.models import Case


class DecisionProcess(Process):
    """The flow of one decision."""

    class Meta:
        proxy = True
        verbose_name = _("decision process")
        verbose_name_plural = _("decision processes")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def open(self) -> Self:
        """Those that somebody still has to take."""
        return self.filter(case__state__in=Case.ACTIVE)

    def for_list(self) -> Self:
        """Those that somebody still has to take, the one most in a hurry first, with
        whose they are."""
        rows = self.open().select_related("case", "registration")
        return rows.order_by("case__due", "pk")

    def outdated(self) -> Self:
        """Those whose case says something else of who asks than the registration, or
        hangs on another unit or moment than that of the session."""
        here = {
            "name": F("registration__name"),
            "unit": F("registration__session__series__unit"),
            "starts": F("registration__session__starts"),
            "body": Coalesce("registration__body", 0),
        }
        other_name = ~Q(case__name=here["name"])
        other_body = ~Q(body_now=here["body"])
        moved = ~Q(case__unit=here["unit"]) | ~Q(starts=here["starts"])
        is_open = Q(case__state__in=Case.ACTIVE)
        rows = self.filter(case__erased=None, registration__erased=None)
        return rows.alias(body_now=Coalesce("case__body", 0)).filter(
            other_name | other_body | (is_open & moved)
        )


class Decision(models.Model):
    """That a person has to act on a registration, in a case of its own.

    It decides nothing about the place: the registration does, and the case ends as
    soon as the registration needs nobody any more. `mark` is the key of what marked
    the address, for a decision that is about one, else 0. `gone` is true if the case
    ended because its cause did: should that come back, there is another case.
    `starts` is when the session started as the deadline was set.
    """

    class Cause(models.TextChoices):
        APPROVAL = "approval", _("to be approved")
        LIMIT = "limit", _("over the places of its body")
        ADDRESS = "address", _("mail does not arrive")

    case = models.OneToOneField(Case, models.CASCADE, related_name="decision")
    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="decisions"
    )
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    mark = models.PositiveBigIntegerField(default=0)
    gone = models.BooleanField(default=False)
    starts = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.UniqueConstraint(
                fields=("registration", "cause", "mark"),
                condition=Q(gone=False),
                name="one_decision_for_each_cause",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} · {self.cause}"
