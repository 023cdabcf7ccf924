from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import editions
from .spreadsheet.lists import IMPORTED
from .viewsets import CatalogueGroup


@hooks.register("register_admin_viewset")
def register_catalogue() -> CatalogueGroup:
    return CatalogueGroup()


@hooks.register("register_log_actions")
def register_keeping(actions: LogActionRegistry) -> None:
    """What is done with the whole catalogue, in the history of each of its parts."""
    for name, label, message in (
        (editions.COPIED, _("Copy a year"), _("Copied from another year")),
        (editions.WINDOW, _("Open and close"), _("Opened or closed with its year")),
        (IMPORTED, _("Import"), _("Imported from a spreadsheet")),
    ):
        actions.register_action(name, label, message)
