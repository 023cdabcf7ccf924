from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaravanConfig(AppConfig):
    name = "workflows.caravan"
    verbose_name = _("Caravan")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # What names somebody in a kit is found by what the stop says of them.
        self._make_kits()
        self._lead_stops()
        self._show_practices()
        self._show_bodies()

    def _lead_stops(self) -> None:
        """Its kind of case, with all that comes of it."""
        from community.acting import merging
        from community.privacy import holders, register
        from community.work import registry
        from workflows.engine import kinds

        from . import (
            appointment_mails,
            holding,
            kind,
            mails,
            merged,
            reminding,
            retention,
            visiting,
        )

        merging.merging.connect(merged.go_on, dispatch_uid="caravan")
        kinds.register(kind.KIND)
        mails.register_all()
        appointment_mails.MAILS.register()
        registry.register("stops to amend", holding.lapse_due)
        registry.register("stops held", holding.hold_due)
        registry.register("stops to close", holding.close_due)
        registry.register("rapporteurs gone", holding.release_due)
        registry.register("visits", visiting.follow_due)
        registry.register("visits coming", reminding.remind_due)
        registry.register("stops that wait", reminding.nudge_due)
        for entry in retention.ENTRIES:
            register.register(entry)
        holders.register(retention.HOLDER)
        register.holds_nobody(
            "Which appointments are for which stop, and who arranged one is the number "
            "of an account.",
            "caravan.StopAppointment",
        )

    def _show_practices(self) -> None:
        from cms import showing, sitemaps
        from cms.caching import changes
        from community.privacy import register
        from community.work import registry
        from events.models import Appointment

        from . import landing
        from .map.sitemap import MapSitemap
        from .practices import adapting, pictures, publishing, sheet

        # What the worker and the site hear of good practices.
        publishing.connect()
        pictures.connect()
        adapting.register_kind()
        showing.turns(landing.next_turn)
        sitemaps.register("caravan", MapSitemap)
        registry.register("good practices", publishing.follow_due)
        registry.register("sheets of good practices", sheet.make_due)
        changes.show(
            Appointment,
            *(self.get_model(name) for name in ("Adaptation", "GoodPractice", "Tool")),
        )
        register.holds_nobody(
            "What bodies have done, written to be published: posts, no names. The "
            "contact person is the stop's, the pictures are the site's.",
            "caravan.CaravanPage",
            "caravan.GoodPractice",
            "caravan.GoodPracticePage",
            "caravan.PracticeSheet",
        )
        register.holds_nobody(
            "What a body adapts, in its name. Who said so is the number of an account.",
            "caravan.Adaptation",
        )
        register.holds_nobody(
            "What a side of a stop thinks of it, in the name of its body.",
            "caravan.StopEvaluation",
        )

    def _make_kits(self) -> None:
        from community.privacy import holders, register
        from community.work import registry

        from .kits import blanks, making
        from .kits import retention as kit_retention

        blanks.connect()
        registry.register("kits", making.run_due)
        registry.register("blank tools", blanks.make_due)
        register.register(kit_retention.KITS)
        holders.register(kit_retention.HOLDER)
        register.holds_nobody(
            "Which kits are to be made, and who has done or changed what of them is "
            "the number of an account.",
            "caravan.KitOrder",
            "caravan.KitPart",
            "caravan.Tool",
            "caravan.ToolVersion",
        )
        register.holds_nobody(
            "Blank papers: where a stop has its data they have lines to write on.",
            "caravan.BlankFile",
            "caravan.BlankKit",
        )

    def _show_bodies(self) -> None:
        """To the people of each body, what they show and tell."""
        from workflows.membership import sections

        from .sides import host_views

        sections.register(host_views.SECTION)
