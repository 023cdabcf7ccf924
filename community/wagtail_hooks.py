from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.log_actions import LogActionRegistry

from . import cover, history
from .accounts import sign_out_everywhere
from .acting import domains, invitations, listing, memberships, merging, publicity
from .home import CoversPanel, RunningPanel
from .messages import suppressions
from .viewsets import CommunityGroup


@hooks.register("register_admin_viewset")
def register_community() -> CommunityGroup:
    return CommunityGroup()


@hooks.register("register_log_actions")
def register_mail_actions(actions: LogActionRegistry) -> None:
    """What the staff do with a mail, in its history."""
    for name, label, message in (
        ("send_again", _("Send again"), _("Sent again")),
        ("put_aside", _("Put aside"), _("Put aside: nothing to be done")),
    ):
        actions.register_action(f"messages.{name}", label, message)


@hooks.register("register_log_actions")
def register_suppressions(actions: LogActionRegistry) -> None:
    """What happens to an address that mail does not reach, in its history."""
    for name, label, message in (
        (
            suppressions.SUPPRESSED,
            _("Write no more"),
            _("Mail comes back, or is unwanted: nothing more is sent"),
        ),
        (suppressions.LIFTED, _("Write again"), _("Written to again")),
        (
            suppressions.REACHED,
            _("Mail arrives"),
            _("Mail arrives there again: written to again"),
        ),
    ):
        actions.register_action(name, label, message)


@hooks.register("register_log_actions")
def register_cover_actions(actions: LogActionRegistry) -> None:
    """What happens to a cover, in its history."""
    for name, label, message in (
        (cover.LENT, _("Lend a unit"), _("Lent")),
        (cover.CHANGED, _("Change a cover"), _("Last day or note changed")),
        (cover.ENDED, _("End a cover"), _("Ended early")),
    ):
        actions.register_action(name, label, message)


@hooks.register("register_log_actions")
def register_membership_actions(actions: LogActionRegistry) -> None:
    """What happens to who acts for a body, in the history of each."""
    for name, label, message in (
        (memberships.GIVEN, _("Let act for the body"), _("Acts for the body")),
        (memberships.ROLE_CHANGED, _("Change the role"), _("Has another role")),
        (memberships.ENDED, _("End"), _("Acts for the body no more")),
        (invitations.INVITED, _("Invite"), _("Invited")),
        (
            invitations.WITHDRAWN,
            _("Take an invitation back"),
            _("Invitation taken back"),
        ),
        (domains.ADDED, _("Add a domain"), _("Domain added")),
        (domains.REMOVED, _("Remove a domain"), _("Domain removed")),
        (merging.MERGED, _("Merge into another"), _("Merged into another body")),
        (publicity.SHOWN, _("Show its page"), _("Everybody can read its page")),
        (publicity.HIDDEN, _("Hide its page"), _("Nobody can read its page any more")),
        (
            listing.TAKEN_OUT,
            _("Export who acts for the bodies"),
            _("List of who acts for the bodies taken out"),
        ),
    ):
        actions.register_action(name, label, message)


@hooks.register("register_permissions")
def register_membership_permissions() -> QuerySet[Permission]:
    """What a group can be given on who acts for the bodies. None is deleted: it is
    ended."""
    return Permission.objects.filter(
        content_type__app_label="community",
        codename__in=("view_membership", "change_membership", "export_membership"),
    )


@hooks.register("register_permissions")
def register_cover_permissions() -> QuerySet[Permission]:
    """What a group can be given on covers. None is deleted: it is ended."""
    return Permission.objects.filter(
        content_type__app_label="community",
        codename__in=("view_cover", "add_cover", "change_cover"),
    )


@hooks.register("construct_homepage_panels")
def add_covers(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(CoversPanel(request.user))


@hooks.register("construct_homepage_panels")
def add_running(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(RunningPanel(request.user))


@hooks.register("after_bulk_action")
def sign_out(
    request: HttpRequest, action_type: str, people: list, action: BulkAction
) -> None:
    """Whoever is let in again signs in again, also if many are at once."""
    if action_type == "set_active_state" and action.model is get_user_model():
        for person in people:
            sign_out_everywhere(person)


@hooks.register("construct_reports_menu")
def keep_history(request: HttpRequest, items: list[MenuItem]) -> None:
    """Of the whole site only for those who see all of it."""
    items[:] = [item for item in items if item.name != "site-history"]
    if request.user.has_perm(cover.ALL_UNITS):
        items.append(history.menu_item())


@hooks.register("before_bulk_action")
def keep_off_who_may_do_everything(
    request: HttpRequest, action_type: str, people: list, action: BulkAction
) -> None:
    """As the form of one person: only who may do everything touches who may."""
    if action.model is not get_user_model() or request.user.is_superuser:
        return
    if any(person.is_superuser for person in people):
        raise PermissionDenied
