"""How the staff write down people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

from .models import Unit, UnitMembership, User

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
