from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anymail.signals import inbound, tracking

        from community.acting import mails as acting_mails
        from community.acting import retention as acting_retention
        from community.messages import incoming, kinds, outbox, reports
        from community.messages import tracking as tracked
        from community.privacy import (
            departures,
            holders,
            mails,
            mine,
            register,
            retention,
            runs,
        )
        from community.work import registry

        inbound.connect(incoming.from_provider)
        tracking.connect(tracked.take)
        incoming.register("reports", reports.read)
        for kind in mails.KINDS:
            kinds.register(kind)
        acting_mails.register_all()
        retention.register_all()
        for entry in acting_retention.ENTRIES:
            register.register(entry)
        holders.register(mine.HOLDER)
        registry.register("outbox", outbox.send_due)
        # After the outbox: with the last mail of an address, the address goes.
        registry.register("departures", departures.complete_due)
        registry.register("retention", runs.run_due)
