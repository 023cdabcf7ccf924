from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisingConfig(AppConfig):
    name = "workflows.organising"
    verbose_name = _("Organising")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.messages import kinds, suppressions
        from community.privacy import register
        from community.work import registry
        from workflows.engine import kinds as kinds_of_case

        from . import disclosure, unreached
        from .deciding import following, kind

        register.register(disclosure.RETENTION)
        kinds.register(unreached.KIND)
        suppressions.suppressed.connect(unreached.tell_units)
        kinds_of_case.register(kind.KIND)
        registry.register("decisions", following.follow_due)
        register.holds_nobody(
            "Why somebody has to act on a registration; whose it is, is in the case.",
            "organising.Decision",
        )
