from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "workflows.proposals"
    verbose_name = _("Topic proposals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms import sitemaps
        from community.acting import merging
        from community.privacy import holders, register
        from community.work import registry
        from events import announcing
        from workflows.engine import kinds
        from workflows.organising import panels
        from workflows.staff import home as first_screen

        from . import (
            early_mails,
            finding,
            holding,
            home,
            kind,
            list_views,
            mails,
            merged,
            moderating,
            panel,
            retention,
            trigrams,
        )

        merging.merging.connect(merged.go_on, dispatch_uid="proposals")
        kinds.register(kind.KIND)
        mails.register_all()
        early_mails.register_kind()
        announcing.register("proposals", early_mails.tell)
        panels.register("proposals", panel.OfSessionPanel)
        finding.connect()
        moderating.connect()
        first_screen.register("comments", home.comments)
        sitemaps.register("proposals", list_views.ProposalsSitemap)
        trigrams.connect()
        registry.register("proposals held", holding.hold_due)
        registry.register("proposals to plan again", holding.replan_due)
        registry.register("proposals to amend", holding.end_due)
        register.register(retention.PROPOSALS)
        register.register(retention.SUPPORTS)
        register.register(retention.COMMENTS)
        register.register(retention.HIDDEN_COMMENTS)
        holders.register(retention.HOLDER)
        register.holds_nobody(
            "What editors write above the list of proposals.", "proposals.ProposalsPage"
        )
