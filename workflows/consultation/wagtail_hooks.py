from wagtail.contrib.settings.models import register_setting

from .models import ConsultationSettings

register_setting(ConsultationSettings, icon="help")
