"""What the steps of a proposal ask."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import User
from events.models import Session
from events.wording import short_date
from workflows.consultation.fields import TextField
from workflows.engine.models import Case
from workflows.engine.nodes import StepForm
from workflows.registration.fields import LineField

from . import proposals
from .models import Proposal

Decision, State = Proposal.Decision, Proposal.State


class DecidingForm(StepForm):
    """One decision of a few, with what it needs."""

    decisions: ClassVar[tuple[Decision, ...]]

    decision = forms.ChoiceField(
        label=_("What do you do?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you do.")},
    )
    note = TextField(
        label=_("Internal note"),
        required=False,
        help_text=_("Only the staff see it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [(d, d.label) for d in self.decisions]
        self.order_fields([name for name in self.fields if name != "note"])

    def need(self, field: str, words: Any, *decisions: Decision) -> None:
        """Have `field` filled in for those `decisions`."""
        data = self.cleaned_data
        lacks = not data.get(field) and field not in self.errors
        if lacks and data.get("decision") in decisions:
            self.add_error(field, words)

    def apply(self, case: Case, by: User | None) -> None:
        proposals.add_note(case, self.cleaned_data["note"], by)
        self.decide(case, self.cleaned_data, by)

    def decide(self, case: Case, data: dict[str, Any], by: User | None) -> None:
        raise NotImplementedError


class ModerateForm(DecidingForm):
    decisions = (
        Decision.PUBLISH,
        Decision.ASK,
        Decision.MERGE,
        Decision.ANSWER,
        Decision.DECLINE,
    )

    text = TextField(
        label=_("What the applicant will read"),
        required=False,
        help_text=_(
            "What to amend, the answer, or why it is declined. Once it is published, "
            "everybody reads the answer and the reason."
        ),
    )
    link = forms.URLField(
        label=_("Where the answer is"),
        required=False,
        assume_scheme="https",
        help_text=_("A page that answers it: a session, an article."),
    )
    into = LineField(
        label=_("Number of the one it is merged into"),
        max_length=30,
        required=False,
        help_text=_("Those like it are listed beside, with their numbers."),
    )

    def clean_into(self) -> Proposal | None:
        number = self.cleaned_data["into"]
        if not number:
            return None
        found = Proposal.objects.filter(case__number__iexact=number).first()
        if found is None:
            raise ValidationError(_("No proposal has this number."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        words = _("Write what the applicant will read.")
        self.need("text", words, Decision.ASK, Decision.ANSWER, Decision.DECLINE)
        self.need("into", _("Say into which one."), Decision.MERGE)
        return data

    def decide(self, case: Case, data: dict[str, Any], by: User | None) -> None:
        match data["decision"]:
            case Decision.PUBLISH:
                proposals.publish(case)
            case Decision.SHORTLIST:
                proposals.shortlist(case)
            case Decision.ASK:
                proposals.ask(case, data["text"], by)
            case Decision.MERGE:
                proposals.merge(case, data["into"], by)
            case Decision.ANSWER:
                proposals.answer(case, data["text"], data["link"], by)
            case Decision.DECLINE:
                proposals.decline(case, data["text"], by)


class ChooseForm(ModerateForm):
    decisions = (
        Decision.SHORTLIST,
        Decision.MERGE,
        Decision.ANSWER,
        Decision.DECLINE,
    )


class SessionField(forms.ModelChoiceField):
    def label_from_instance(self, session: Session) -> str:
        day = short_date(timezone.localdate(session.starts))
        return f"{day}: {session.title} ({session.get_state_display()})"


class PlanForm(DecidingForm):
    decisions = (Decision.PLAN, Decision.REOPEN)

    session = SessionField(
        Session.objects.none(),
        label=_("Session"),
        required=False,
        help_text=_("Of the same series, not held yet; drafts too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = Session.objects.upcoming(timezone.now())
        states = Session.State
        self.fields["session"].queryset = coming.filter(
            series=self.case.proposal.series,
            state__in=(states.DRAFT, states.ANNOUNCED),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.need("session", _("Choose the session."), Decision.PLAN)
        return data

    def decide(self, case: Case, data: dict[str, Any], by: User | None) -> None:
        if data["decision"] == Decision.PLAN:
            proposals.plan(case, data["session"])
        else:
            proposals.reopen(case)


class CloseForm(DecidingForm):
    decisions = (Decision.ANSWER, Decision.REPLAN)

    text = TextField(
        label=_("What came of it"),
        required=False,
        help_text=_(
            "Everybody reads it, beside the recording and the materials of the session."
        ),
    )
    link = forms.URLField(
        label=_("Where to read more"), required=False, assume_scheme="https"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.need("text", _("Write what came of it."), Decision.ANSWER)
        is_answer = data.get("decision") == Decision.ANSWER
        if is_answer and self.case.proposal.state != State.HELD:
            self.add_error("decision", _("Its session has not been held yet."))
        return data

    def decide(self, case: Case, data: dict[str, Any], by: User | None) -> None:
        if data["decision"] == Decision.ANSWER:
            proposals.answer(case, data["text"], data["link"], by)
        else:
            proposals.replan(case)


class AmendForm(StepForm):
    title = LineField(
        label=_("In a few words, what is it about?"),
        max_length=200,
        error_messages={"required": _("Write what it is about.")},
    )
    wanted = TextField(
        label=_("What do you want to know?"),
        error_messages={"required": _("Write what you want to know.")},
    )
    why = TextField(label=_("Why does it matter?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposal = self.case.proposal
        self.initial = {name: getattr(proposal, name) for name in self.fields}

    def apply(self, case: Case, by: User | None) -> None:
        proposals.amend(case, **self.cleaned_data)
