from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisingConfig(AppConfig):
    name = "workflows.organising"
    verbose_name = _("Organising")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.messages import kinds, suppressions
        from community.privacy import register

        from . import disclosure, unreached

        register.register(disclosure.RETENTION)
        kinds.register(unreached.KIND)
        suppressions.suppressed.connect(unreached.tell_units)
