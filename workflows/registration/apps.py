from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "workflows.registration"
    verbose_name = _("Registration")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.messages import kinds
        from community.work import registry

        from . import following
        from .proof import REGISTRATIONS_LINK

        kinds.register(REGISTRATIONS_LINK)
        registry.register("registration flows", following.follow_due)
