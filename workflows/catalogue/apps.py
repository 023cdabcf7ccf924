from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "workflows.catalogue"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.acting import merging
        from community.privacy import register
        from community.work import registry

        from . import finding, merged, of_body, report_files

        finding.connect()
        of_body.register_sections()
        registry.register("catalogue reports", report_files.make_due)
        merging.merging.connect(merged.go_on, dispatch_uid="catalogue")
        register.holds_nobody(
            "What bodies may request, written by the staff for everybody.",
            "catalogue.Area",
            "catalogue.CatalogueIndexPage",
            "catalogue.Criterion",
            "catalogue.Edition",
            "catalogue.Question",
            "catalogue.Resource",
            "catalogue.ResourcePage",
        )
        register.holds_nobody(
            "What each body can request, for a day. Who asked is the number of an "
            "account.",
            "catalogue.Report",
        )
        register.holds_nobody(
            "What bodies have signed: no person is named.",
            "catalogue.InForce",
            "catalogue.Instrument",
        )
