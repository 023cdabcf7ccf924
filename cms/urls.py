"""Every address of the site. Other rooms are named, not imported."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from . import views

urlpatterns = [
    path("admin/", include("community.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Addresses that leave the house, in mails and calendars: they never change.
    path("s/<slug:code>/", views.session, name="session"),
    path("", include("events.urls")),
    path("", include("workflows.registration.urls")),
    path("scheme/", views.set_scheme, name="scheme"),
    path("", RedirectView.as_view(url=f"/{settings.LANGUAGE_CODE}/"), name="root"),
]

if settings.MAILBOX:
    urlpatterns.append(path("mailbox/", include("community.messages.urls")))
if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

urlpatterns += i18n_patterns(
    path("account/", include("allauth.urls")),
    path("", include("workflows.registration.form_urls")),
    path("", include(wagtail_urls)),
)
