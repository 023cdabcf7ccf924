from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from wagtail.models import Page
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from . import chrome

        for signal in (page_published, page_unpublished, post_page_move):
            signal.connect(chrome.forget, dispatch_uid="chrome")
        post_delete.connect(chrome.forget, sender=Page, dispatch_uid="chrome")
