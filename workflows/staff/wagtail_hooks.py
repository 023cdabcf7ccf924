from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from workflows.engine import (
    answers,
    cases,
    desk,
    disclosure,
    jobs,
    letters,
    wordings,
)

from .bulk import AssignMany, ClaimMany
from .home import CasesPanel
from .viewsets import CasesViewSet

hooks.register("register_bulk_action", ClaimMany)
hooks.register("register_bulk_action", AssignMany)


@hooks.register("register_admin_viewset")
def register_cases() -> CasesViewSet:
    return CasesViewSet()


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """What a group can be given on cases. None is added or deleted by hand."""
    return Permission.objects.filter(
        content_type__app_label="engine",
        codename__in=(
            *("view_case", "change_case", "export_case"),
            *("view_wording", "change_wording"),
        ),
    )


@hooks.register("insert_global_admin_css")
def add_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cases/cases.css"))


@hooks.register("construct_homepage_panels")
def add_cases(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(CasesPanel(request))


@hooks.register("register_log_actions")
def register_steps(actions: LogActionRegistry) -> None:
    """What is done with a case besides its steps, in its history; and who has read
    cases."""
    for name, label, message in (
        (desk.CLAIMED, _("Claim"), _("Claimed")),
        (desk.RETURNED, _("Return"), _("Returned to the queue")),
        (desk.HANDED_OVER, _("Hand over"), _("Handed over")),
        (desk.TAKEN_OVER, _("Take over"), _("Taken over")),
        (desk.CANCELLED, _("Close without settling it"), _("Closed without settling")),
        (desk.CLOSED, _("Close it now"), _("Closed by the staff")),
        (desk.UNDONE, _("Undo it"), _("Undone")),
        (desk.CORRECTED, _("Correct"), _("Corrected")),
        (jobs.TRIED_AGAIN, _("Try again"), _("Tried again")),
        (cases.MOVED, _("Change the unit"), _("Passed to another unit")),
        (answers.WITHDRAWN, _("Withdraw"), _("Withdrawn by the applicant")),
        (
            letters.NOT_SENT,
            _("Do not send a mail that is switched off"),
            _("No mail was sent: it is switched off"),
        ),
        (wordings.CHANGED, _("Change the wording"), _("Wording changed")),
        (
            wordings.RESET,
            _("Go back to what comes with the site"),
            _("Back to what comes with the site"),
        ),
        (wordings.SWITCHED_ON, _("Switch the mail on"), _("Switched on")),
        (wordings.SWITCHED_OFF, _("Switch the mail off"), _("Switched off")),
        (disclosure.FILE_OPENED, _("File of a case opened"), _("File opened")),
        (disclosure.OPENED, _("Case of others opened"), _("Case of others opened")),
        (disclosure.LISTED, _("Lists of cases opened"), _("Lists of cases opened")),
        (disclosure.TAKEN_OUT, _("Cases taken out"), _("Cases taken out")),
    ):
        actions.register_action(name, label, message)
