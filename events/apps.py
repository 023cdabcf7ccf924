from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.messages import kinds
        from community.work import registry

        from . import mails, retention

        for kind in mails.KINDS:
            kinds.register(kind)
        registry.register("accessibility needs", retention.erase_needs)
