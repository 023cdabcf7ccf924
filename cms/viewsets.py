"""The editors' lists of what is no page's own: articles, authors, alerts."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from community.multilingual import (
    LanguagesField,
    LanguagesInput,
    LanguagesTextarea,
)

from .models import Alert, ArticlePage, Author

WIDGETS = {I18nCharField: LanguagesInput, I18nTextField: LanguagesTextarea}
for field, widget in WIDGETS.items():
    register_form_field_override(
        field, override={"form_class": LanguagesField, "widget": widget}
    )


class PagesMenuItem(MenuItem):
    """Shown to who may do something with pages; Wagtail would show it to everybody."""

    def is_shown(self, request: HttpRequest) -> bool:
        return user_has_any_page_permission(request.user)


class ArticleListing(PageListingViewSet):
    """All the articles, whatever page they stand under."""

    model = ArticlePage
    icon = "doc-full-inverse"
    menu_label = _("Articles")
    add_to_admin_menu = True
    menu_order = 150
    menu_item_class = PagesMenuItem
    list_filter = ("topics", "published", "locale")


class AuthorViewSet(SnippetViewSet):
    model = Author
    icon = "user"
    list_display = ("name", "role", "place")
    search_fields = ("name",)


class AlertViewSet(SnippetViewSet):
    model = Alert
    icon = "warning"
    list_display = (
        "__str__",
        "tone",
        "starts",
        "until",
        BooleanColumn("live", label=_("Turned on")),
    )
    ordering = ("-starts",)


class SiteGroup(SnippetViewSetGroup):
    menu_label = _("The site")
    menu_icon = "site"
    menu_order = 240
    items = (AlertViewSet, AuthorViewSet)
