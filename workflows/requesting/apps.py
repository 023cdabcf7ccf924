from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestingConfig(AppConfig):
    name = "workflows.requesting"
    verbose_name = _("Catalogue requests")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.acting import merging
        from community.privacy import holders, register
        from community.work import registry
        from workflows.catalogue import requested
        from workflows.engine import kinds
        from workflows.membership import sections
        from workflows.staff import home as first_screen

        from . import (
            appointing,
            appointment_mails,
            counting,
            home,
            kind,
            mails,
            merged,
            releasing,
            retention,
            signing,
            silence,
            views,
        )

        merging.merging.connect(merged.go_on, dispatch_uid="requesting")
        kinds.register(kind.KIND)
        requested.taken_by(counting.TAKER)
        mails.register_all()
        appointment_mails.MAILS.register()
        registry.register("requests", silence.end_due)
        registry.register("releases", releasing.run_due)
        registry.register("appointments", appointing.follow_due)
        register.holds_nobody(
            "Which decisions are to be released. Who wants it is the number of an "
            "account.",
            "requesting.Release",
        )
        register.holds_nobody(
            "Which appointments are for which request. Who arranged one is the number "
            "of an account.",
            "requesting.RequestAppointment",
        )
        signing.register_all()
        sections.register(views.SECTION)
        first_screen.register("decisions", home.decisions)
        register.register(retention.DRAFTS)
        register.register(retention.SENT)
        holders.register(retention.HOLDER)
