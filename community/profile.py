"""Everybody's own account, in the admin: a name and the language of the mails."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import (
    AccountView,
    AvatarSettingsPanel,
    BaseSettingsPanel,
    NameEmailSettingsPanel,
)

from .models import User

REPLACED = (NameEmailSettingsPanel, AvatarSettingsPanel)


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"language": _("Language of the mails you get")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


class ProfilePanel(BaseSettingsPanel):
    name = "profile"
    title = _("Your details")
    order = 100
    form_class = ProfileForm


class ProfileView(AccountView):
    """Wagtail's account screen, with our panel in the place of its first and last
    name, which our people do not have, and of the picture, which nobody needs."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        panels = super().get_panels()
        kept = [panel for panel in panels if not isinstance(panel, REPLACED)]
        profile = panels[0].profile
        return [ProfilePanel(self.request, self.request.user, profile), *kept]


account = never_cache(require_admin_access(ProfileView.as_view()))
