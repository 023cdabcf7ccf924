from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationConfig(AppConfig):
    name = "workflows.consultation"
    verbose_name = _("Consultations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.privacy import register
        from community.work import registry
        from workflows.engine import kinds

        from . import kind, mails, silence

        kinds.register(kind.KIND)
        mails.register_all()
        registry.register("consultations", silence.end_due)
        register.holds_nobody(
            "How a consultation went; who asked what is in its case.",
            "consultation.Consultation",
            "consultation.ConsultationSettings",
        )
        register.holds_nobody(
            "A public page, written by the staff for everybody.",
            "consultation.ConsultationPage",
        )
