"""How the staff write down people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.users.forms import UserCreationForm, UserEditForm

from .cover import people_to_cover, units_to_lend
from .models import Cover, Unit, UnitMembership, User

# As dates are written here, whichever the language of the screen is; and as
# machines write them.
DATES = ["%d/%m/%Y", "%Y-%m-%d"]

FIELDS = ("email", "name", "language", "is_superuser", "groups")


class _PersonForm(forms.Form):
    """What both forms of a person have instead of Wagtail's first and last name."""

    first_name = None
    last_name = None
    units = forms.ModelMultipleChoiceField(
        label=_("Units"),
        queryset=Unit.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What these units own, this person looks after."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if self.instance.pk:
            self.initial["units"] = Unit.objects.filter(memberships__user=self.instance)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(email__iexact=email).exists():
            raise ValidationError(_("Somebody else has this address."))
        return email

    def _save_m2m(self) -> None:
        super()._save_m2m()
        units = self.cleaned_data["units"]
        UnitMembership.objects.filter(user=self.instance).exclude(
            unit__in=units
        ).delete()
        UnitMembership.objects.bulk_create(
            (UnitMembership(user=self.instance, unit=unit) for unit in units),
            ignore_conflicts=True,
        )


class PersonCreationForm(_PersonForm, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = FIELDS

    def save(self, commit: bool = True) -> Any:
        # People sign in with a code, never with a password.
        self.instance.set_unusable_password()
        return super().save(commit)


class PersonEditForm(_PersonForm, UserEditForm):
    class Meta(UserEditForm.Meta):
        fields = (*FIELDS, "is_active")

    def save(self, commit: bool = True) -> Any:
        # Who is let in again signs in again: a session of before stays shut.
        if "is_active" in self.changed_data:
            self.instance.set_unusable_password()
        return super().save(commit)


class _DayField(forms.DateField):
    def __init__(self, **kwargs) -> None:
        widget = AdminDateInput(format=DATES[0])
        super().__init__(input_formats=DATES, widget=widget, **kwargs)


class _CoverForm(forms.ModelForm):
    until = _DayField(
        label=_("Last day"), help_text=_("It ends by itself when this day is over.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        starts = data.get("starts") or self.instance.starts
        # Beside its field: the constraint can only say it above them all.
        if starts and data.get("until") and data["until"] < starts:
            self.add_error("until", _("The last day is before the first."))
        return data


class NewCoverForm(_CoverForm):
    """Who covers for which unit, and when."""

    starts = _DayField(
        label=_("First day"), help_text=_("From its first minute. Such as 26/11/2026.")
    )

    class Meta:
        model = Cover
        fields = ("unit", "user", "starts", "until", "note")

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units = units_to_lend(by)
        self.fields["user"].queryset = people_to_cover()
        if len(units) == 1:
            self.initial.setdefault("unit", units[0])


class CoverForm(_CoverForm):
    """What can be changed of a cover once it is lent."""

    class Meta:
        model = Cover
        fields = ("until", "note")
