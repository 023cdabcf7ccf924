from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngineConfig(AppConfig):
    name = "workflows.engine"
    verbose_name = _("Engine")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.privacy import register

        register.holds_nobody(
            "The steps of a case. Who took one is the number of an account.",
            "viewflow.Process",
            "viewflow.Task",
        )
