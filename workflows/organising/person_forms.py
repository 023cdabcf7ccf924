"""What an organiser writes down about one person. The rules are the verbs'."""

import difflib
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models import LocalBody
from community.models.bodies import search_key
from events.models import Registration, Session
from events.registrations import Applicant

from .widgets import BodyInput

# Two names of addresses so alike may be one person's.
ALIKE = 0.85
LIKELY = 20


class PersonForm(forms.Form):
    """What is known of somebody who comes to a session."""

    name = forms.CharField(label=_("Name"), max_length=150)
    body = forms.CharField(
        label=_("Local body"),
        max_length=200,
        required=False,
        widget=BodyInput,
        help_text=_(
            "With accents or without. What is not in the list is kept as you write it."
        ),
    )
    position = forms.CharField(label=_("Position"), max_length=150, required=False)
    question = forms.CharField(
        label=_("Question for the session"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the mails that the person gets."),
    )

    def __init__(self, *args, session: Session, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_body(self) -> LocalBody | str:
        text = self.cleaned_data["body"]
        found = LocalBody.objects.named(text)
        several = None if found else LocalBody.objects.matching(text)[:6]
        if several:
            raise ValidationError(
                _("Several have these words: %(names)s. Write the name of one."),
                params={"names": ", ".join(body.name for body in several)},
            )
        return found or text

    def columns(self, *names: str) -> dict[str, Any]:
        """What was written in the fields `names`, as a registration keeps it."""
        values = {name: self.cleaned_data[name] for name in names if name != "body"}
        if "body" in names:
            body = self.cleaned_data["body"]
            known = isinstance(body, LocalBody)
            values["body"] = body if known else None
            values["body_text"] = "" if known else body
        return values


class NewPersonForm(PersonForm):
    """Somebody whom an organiser registers."""

    field_order = (
        "name",
        "email",
        "body",
        "position",
        "mode",
        "how",
        "question",
        "language",
    )

    IN_TURN = "in_turn"
    OVER = "over"
    WALK_IN = "walk_in"
    HOW = (
        (IN_TURN, _("In turn: a place if one is free, or else the waiting list")),
        (OVER, _("A place in any case, over the number of places if need be")),
        (WALK_IN, _("Has come without being registered: a place in any case")),
    )

    email = forms.EmailField(label=_("E-mail address"))
    mode = forms.ChoiceField(label=_("Attends"), widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=_("Which place"), choices=HOW, widget=forms.RadioSelect
    )
    # The same form sent twice registers once.
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, session: Session, **kwargs) -> None:
        today = timezone.localdate() >= timezone.localdate(session.starts)
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "language": get_language(),
            "mode": session.modes[-1],
            "how": self.WALK_IN if today else self.IN_TURN,
        }
        super().__init__(*args, session=session, **kwargs)
        if len(session.modes) == 1:
            del self.fields["mode"]
        else:
            self.fields["mode"].choices = [(m, m.label) for m in session.modes]
        if not today:
            self.fields["how"].choices = self.HOW[:2]

    @property
    def over_capacity(self) -> bool:
        return self.cleaned_data["how"] != self.IN_TURN

    def applicant(self) -> Applicant:
        """Who is to be registered, once the form is valid."""
        return Applicant(
            email=self.cleaned_data["email"],
            mode=self.cleaned_data.get("mode") or self.session.modes[0],
            **self.columns("name", "body", "position", "question", "language"),
        )


class CorrectForm(PersonForm):
    """What was written down wrong, or is another now."""

    def __init__(self, *args, registration: Registration, **kwargs) -> None:
        names = ("name", "position", "question", "language")
        kwargs["initial"] = {name: getattr(registration, name) for name in names}
        kwargs["initial"]["body"] = registration.body_name
        super().__init__(*args, session=registration.session, **kwargs)

    @property
    def corrections(self) -> dict[str, Any]:
        """What `events.registrations.correct` takes: only what was changed, since the
        person may be correcting something else."""
        return self.columns(*self.changed_data)


class TellForm(forms.Form):
    """Whether the person hears of it."""

    tell = forms.BooleanField(required=False)

    def __init__(self, *args, registration: Registration, **kwargs) -> None:
        super().__init__(*args, **kwargs)


class WhyForm(forms.Form):
    """Why somebody is treated otherwise than the others."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Kept in the history. The person does not read it."),
    )

    def __init__(self, *args, registration: Registration, **kwargs) -> None:
        super().__init__(*args, **kwargs)


class MoveInLineForm(WhyForm):
    """Where in the waiting list somebody is to be."""

    field_order = ("position", "reason")

    position = forms.IntegerField(label=_("Number in the waiting list"), min_value=1)

    def __init__(self, *args, registration: Registration, **kwargs) -> None:
        now = registration.queue_position
        super().__init__(
            *args, registration=registration, initial={"position": now}, **kwargs
        )
        waiting = registration.session.registrations.waiting()
        self.fields["position"].help_text = _(
            "It is number %(now)s of %(waiting)d now. The first is the next to get a "
            "place. Those between move by one."
        ) % {
            "now": now or "–",
            "waiting": waiting.filter(mode=registration.mode).count(),
        }


class SubstituteForm(forms.Form):
    """Who goes instead of somebody."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))
    position = forms.CharField(label=_("Position"), max_length=150, required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the mails that the person gets."),
    )

    def __init__(self, *args, registration: Registration, **kwargs) -> None:
        kwargs["initial"] = {"language": registration.language}
        super().__init__(*args, **kwargs)


class MergeForm(forms.Form):
    """Which other registration is of the same person."""

    other = forms.ModelChoiceField(
        label=_("The other registration, which goes"),
        queryset=Registration.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "invalid_choice": _(
                "It has been cancelled or merged meanwhile: choose another."
            )
        },
        help_text=_("Those of the same name, or with an address much like this one."),
    )

    def __init__(self, *args, registration: Registration, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        others = registration.session.registrations.active().select_related("body")
        field = self.fields["other"]
        field.queryset = others.filter(pk__in=likely_same(registration))
        field.label_from_instance = _who


def _who(registration: Registration) -> str:
    parts = (
        registration.name,
        registration.email,
        registration.body_name,
        registration.get_state_display(),
    )
    return " · ".join(filter(None, parts))


def likely_same(registration: Registration) -> list[int]:
    """The keys of the other registrations of the session that may be of the same
    person."""
    others = registration.session.registrations.active().exclude(pk=registration.pk)
    name = set(search_key(registration.name).split())
    likely = []
    for key, other_name, email in others.values_list("pk", "name", "email"):
        same_name = set(search_key(other_name).split()) == name
        if same_name or _alike(registration.email, email):
            likely.append(key)
    return likely[:LIKELY]


def _alike(one: str, other: str) -> bool:
    """Whether two addresses may be one person's: the same name at two houses, or
    nearly the same at one."""
    one_name, _at, one_house = one.lower().rpartition("@")
    other_name, _at, other_house = other.lower().rpartition("@")
    if one_name == other_name:
        return True
    if one_house != other_house:
        return False
    matcher = difflib.SequenceMatcher(None, one_name, other_name)
    # The quick one is an upper bound.
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
