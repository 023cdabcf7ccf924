from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings
        from PIL import Image

        from community.acting import merging

        from . import merged, retention, unserved
        from .caching import changes
        from .editing import moderation, reviews, scheduled
        from .search import keeping, site

        # Our rooms start before Wagtail's.
        unserved.leave_out()
        # Pillow warns of more, by the header, and refuses twice as many.
        Image.MAX_IMAGE_PIXELS = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
        changes.connect()
        merging.merging.connect(merged.go_on, dispatch_uid="cms")
        moderation.connect()
        reviews.start()
        scheduled.start()
        keeping.connect()
        site.register_all()
        retention.register_all()
