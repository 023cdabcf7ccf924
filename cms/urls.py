"""Every address of the site. Other rooms are named, not imported."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve as files
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from community.messages import webhooks

from . import feeds, media, sitemaps, views, wellknown
from .search import views as searching

handler500 = "community.running.outages.broken"

urlpatterns = [
    path("admin/", include("community.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    # In the place of Wagtail's, and by its name.
    path("documents/<int:key>/<path:name>", media.document, name="wagtaildocs_serve"),
    path("media/original_images/<path:path>", media.original),
    path(".well-known/security.txt", wellknown.security, name="security_txt"),
    path("robots.txt", wellknown.robots, name="robots_txt"),
    path("sitemap.xml", sitemaps.pages, name="sitemap"),
    # Addresses that leave the house, in mails and calendars: they never change.
    path("s/<slug:code>/", views.session, name="session"),
    path("", include("events.urls")),
    path("", include("workflows.registration.urls")),
    path("", include("workflows.applicant.urls")),
    path("", include("workflows.membership.urls")),
    path("", include("workflows.proposals.link_urls")),
    path("anymail/<path:address>", webhooks.knock, name="webhook"),
    path("scheme/", views.set_scheme, name="scheme"),
    path("", RedirectView.as_view(url=f"/{settings.LANGUAGE_CODE}/"), name="root"),
]

if settings.MAILBOX:
    urlpatterns.append(path("mailbox/", include("community.messages.urls")))
if settings.DEBUG:
    # Of what was uploaded, the proxy too hands out only this.
    images = {"document_root": settings.MEDIA_ROOT / "images"}
    urlpatterns.append(path("media/images/<path:path>", files, images))

urlpatterns += i18n_patterns(
    path("account/", include("allauth.urls")),
    path("", include("workflows.registration.form_urls")),
    path("", include("workflows.consultation.urls")),
    path("", include("workflows.membership.page_urls")),
    path("", include("workflows.proposals.urls")),
    path("", include("workflows.requesting.case_urls")),
    path("", include("workflows.requesting.urls")),
    path("", include("workflows.caravan.urls")),
    path("", include("workflows.catalogue.urls")),
    path("s/<slug:code>/", views.session_here, name="session_here"),
    path("search/", searching.search, name="search"),
    path("search/suggestions/", searching.suggest, name="search_suggestions"),
    re_path(r"^(?P<path>(?:[\w-]+/)+)feed\.xml$", feeds.feed, name="articles_feed"),
    path("", include(wagtail_urls)),
)
