from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.contrib.settings.models import register_setting
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet

from cms.editing import reviews, scheduled
from cms.editing.review_screens import ReviewsPanel, ReviewsViewSet
from cms.rich_links import OutsideLink, PageLink
from community.brand import colour, hue_saturation_lightness

from .guide import guide
from .models import SiteSettings
from .patterns.views import patterns
from .viewsets import ArticleListing, SiteGroup

register_snippet(SiteGroup)
register_setting(SiteSettings, icon="site")


@hooks.register("register_admin_viewset")
def register_articles() -> ArticleListing:
    return ArticleListing("articles")


@hooks.register("insert_global_admin_css")
def add_brand() -> SafeString:
    """The colours and the mark of the theme."""
    primary = hue_saturation_lightness(colour("color-deep").light)
    return format_html(
        '<link rel="stylesheet" href="{}"><style>:root {{'
        " --w-color-primary-hue: {}; --w-color-primary-saturation: {}%;"
        " --w-color-primary-lightness: {}%; --w-color-secondary-hue: {};"
        " --brand-accent: {}; }}</style>",
        static("css/admin.css"),
        *primary,
        hue_saturation_lightness(colour("color-action").light)[0],
        colour("color-accent").light,
    )


@hooks.register("insert_global_admin_css")
def add_what_screens_share() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/staff.css"))


@hooks.register("construct_help_menu")
def keep_what_is_here(request: HttpRequest, items: list[MenuItem]) -> None:
    """Of Wagtail's help only what does not lead to other sites."""
    kept = ("editors-guide", "keyboard-shortcuts-trigger", "patterns")
    items[:] = [item for item in items if item.name in kept]


@hooks.register("register_admin_urls")
def add_guide() -> list[URLPattern]:
    return [path("guide/", guide, name="editors_guide")]


@hooks.register("register_help_menu_item")
def lead_to_guide() -> MenuItem:
    address = reverse("editors_guide")
    words = _("Editors’ guide")
    return MenuItem(words, address, name="editors-guide", icon_name="help", order=10)


@hooks.register("register_admin_urls")
def add_patterns() -> list[URLPattern]:
    return [path("patterns/", patterns, name="patterns")]


@hooks.register("register_help_menu_item")
def lead_to_patterns() -> MenuItem:
    words = _("Patterns of the site")
    return MenuItem(words, reverse("patterns"), name="patterns", icon_name="view")


# After Wagtail's own, whose place they take.
@hooks.register("register_rich_text_features", order=10)
def lead_readers(features: FeatureRegistry) -> None:
    """How links within rich text are written on pages."""
    features.register_link_type(PageLink)
    features.register_link_type(OutsideLink)


@hooks.register("insert_editor_js")
def tidy_what_is_pasted() -> SafeString:
    """Text of other programs comes into the editor without their leftovers."""
    address = static("js/paste.js")
    return format_html('<script type="module" src="{}"></script>', address)


@hooks.register("insert_global_admin_js")
def stay_signed_in() -> SafeString:
    """Who signs in again, in another tab or in this one, goes on writing."""
    return format_html(
        '<script src="{}" data-cookie="{}" defer></script>'
        '<script src="{}" defer></script>',
        static("cms/signed-in.js"),
        settings.CSRF_COOKIE_NAME,
        static("cms/kept.js"),
    )


@hooks.register("register_admin_viewset")
def register_reviews() -> ReviewsViewSet:
    return ReviewsViewSet()


@hooks.register("construct_homepage_panels")
def add_reviews(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(ReviewsPanel(request.user))


@hooks.register("after_create_page")
def plan_review(request: HttpRequest, page: Page) -> None:
    """The day that was said of a page before it was there."""
    if hasattr(page, "review_by"):
        reviews.plan(page, page.review_by)


@hooks.register("register_log_actions")
def register_care(actions: LogActionRegistry) -> None:
    """Who cares for a page, in its history."""
    for name, label, message in (
        (reviews.REVIEWED, _("Review"), _("Reviewed: nothing to change")),
        (reviews.HANDED_OVER, _("Hand over"), _("Somebody else looks after it now")),
        (scheduled.REFUSED, _("Publication"), _("Not published at its hour")),
    ):
        actions.register_action(name, label, message)
