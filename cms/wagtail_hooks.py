from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def add_brand() -> SafeString:
    """The colours and the mark of the theme."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("construct_help_menu")
def keep_what_is_here(request: HttpRequest, items: list[MenuItem]) -> None:
    """Of Wagtail's help only what does not lead to other sites."""
    items[:] = [item for item in items if item.name == "keyboard-shortcuts-trigger"]
