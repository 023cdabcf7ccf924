from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from cms.models import BasePage

from .settings import ConsultationSettings


class ConsultationPage(BasePage):
    """How the team is asked: what one may ask and what not, who answers and by when,
    and the way to the form. The terms are those of the settings, never typed."""

    template = "pages/consultation.html"
    page_description = _("How to ask the team something, with the way to the form.")
    parent_page_types = ("cms.HomePage",)
    subpage_types = ()
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of consultations")
        verbose_name_plural = _("pages of consultations")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        promised = SimpleLazyObject(lambda: ConsultationSettings.load(request))
        return {**context, "promised": promised}
