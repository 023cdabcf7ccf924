from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicantConfig(AppConfig):
    name = "workflows.applicant"
    verbose_name = _("Applicants")
    default_auto_field = "django.db.models.BigAutoField"
