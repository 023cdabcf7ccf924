from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.acting import merging
        from community.backup import settling
        from community.messages import incoming, kinds
        from community.privacy import holders
        from community.running import metrics
        from community.work import registry

        from . import (
            answers,
            figures,
            mails,
            merged,
            offers,
            privacy,
            reminders,
            restored,
            retention,
            substitutions,
        )
        from .meetings import sync

        for kind in mails.KINDS:
            kinds.register(kind)
        retention.register_all()
        merging.merging.connect(merged.go_on, dispatch_uid="events")
        holders.register(privacy.HOLDER)
        settling.register("calendars", restored.move_on)
        settling.register("reminders", restored.remember)
        incoming.register("answers", answers.read)
        registry.register("meetings", sync.make_due)
        registry.register("offers", offers.expire_due)
        registry.register("reminders", reminders.remind_due)
        registry.register("substitutions", substitutions.settle_due)
        metrics.register(
            "registrations", "Registrations.", figures.registrations_by_state
        )
        metrics.register("meetings", "Online meetings.", figures.meetings_by_state)
