from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipConfig(AppConfig):
    name = "workflows.membership"
    verbose_name = _("Acting for a body")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms import sitemaps
        from community.acting import memberships
        from community.privacy import register
        from workflows.engine import kinds

        from . import body_page, kind, mails, public_page

        body_page.register_sections()
        sitemaps.register("bodies", public_page.BodiesSitemap)
        kinds.register(kind.KIND)
        mails.register_all()
        memberships.left_alone.connect(
            mails.tell_office, dispatch_uid="membership.left_alone"
        )
        register.holds_nobody(
            "As what somebody asks to act for a body; who asks is in the case.",
            "membership.MembershipRequest",
            "membership.MembershipSettings",
        )
