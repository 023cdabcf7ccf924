from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.contrib.settings.models import register_setting
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet

from cms.rich_links import OutsideLink, PageLink

from .models import SiteSettings
from .viewsets import ArticleListing, SiteGroup

register_snippet(SiteGroup)
register_setting(SiteSettings, icon="site")


@hooks.register("register_admin_viewset")
def register_articles() -> ArticleListing:
    return ArticleListing("articles")


@hooks.register("insert_global_admin_css")
def add_brand() -> SafeString:
    """The colours and the mark of the theme."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("construct_help_menu")
def keep_what_is_here(request: HttpRequest, items: list[MenuItem]) -> None:
    """Of Wagtail's help only what does not lead to other sites."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]


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
