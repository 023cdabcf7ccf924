"""Whom moderation tells of its steps.

In the place of Wagtail's own mails, which are written in the language of whoever took
the step, and before it is known when they leave.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
)

from community.messages import kinds, outbox
from community.messages.compose import compose
from community.messages.kinds import Kind
from community.messages.models import Message
from community.models import User

from . import scheduled


def publish(state: WorkflowState, user: User | None = None) -> None:
    """All have approved it. What cannot be published all the same waits for its editor,
    who is told why, as at the hour of a page."""
    revision = state.content_object.get_latest_revision()
    try:
        with transaction.atomic():
            revision.publish(user=user)
    except ValidationError:
        scheduled.refuse(revision)


def connect() -> None:
    """Listen; called once, when the site starts. By the names of Wagtail's own
    listeners, which start later and find their places taken."""
    # A setting could name it only before there are models.
    WorkflowState.on_finish = publish
    for kind in KINDS:
        kinds.register(kind)
    for signal, sender, tell, name in (
        (task_submitted, TaskState, _tell_approvers, "group_approval_task_submitted"),
        (workflow_rejected, WorkflowState, _tell_rejected, "workflow_state_rejected"),
        (workflow_approved, WorkflowState, _tell_approved, "workflow_state_approved"),
    ):
        uid = f"{name}_email_notification"
        signal.connect(tell, sender=sender, dispatch_uid=uid)


def _tell_approvers(instance: TaskState, user: User | None, **kwargs: Any) -> None:
    task = instance.task.specific
    if isinstance(task, AbstractGroupApprovalTask):
        people = User.objects.filter(groups__in=task.groups.all())
        people = people.exclude(wagtail_userprofile__submitted_notifications=False)
        _tell(SUBMITTED, instance.pk, people, besides=user)


def _tell_rejected(instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    people = _concerned(instance)
    people = people.exclude(wagtail_userprofile__rejected_notifications=False)
    _tell(REJECTED, instance.current_task_state_id, people, besides=user)


def _tell_approved(instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    people = _concerned(instance)
    people = people.exclude(wagtail_userprofile__approved_notifications=False)
    _tell(APPROVED, instance.pk, people, besides=user)


def _concerned(state: WorkflowState) -> QuerySet[User]:
    """Who handed the page in, and whose page it is."""
    owner = getattr(state.content_object, "owner_id", None)
    return User.objects.filter(pk__in=(state.requested_by_id, owner))


def _tell(
    kind: Kind, about: int, people: QuerySet[User], *, besides: User | None
) -> None:
    """Queue a mail to each of `people` but who took the step."""
    told = people.filter(is_active=True).distinct()
    outbox.queue(
        Message(
            kind=kind.name,
            about=about,
            recipient=person.email,
            language=person.language,
        )
        for person in told.exclude(pk=besides.pk if besides else None)
    )


def _step(row: Message) -> TaskState | None:
    return TaskState.objects.filter(pk=row.about).first()


def _state(row: Message) -> WorkflowState | None:
    return WorkflowState.objects.filter(pk=row.about).first()


def _settled(row: Message) -> str:
    step = _step(row)
    if step is None or step.status != TaskState.STATUS_IN_PROGRESS:
        return "It waits for approval no more."
    return _gone(step.workflow_state)


def _rejected_gone(row: Message) -> str:
    step = _step(row)
    return _gone(step.workflow_state if step else None)


def _approved_gone(row: Message) -> str:
    return _gone(_state(row))


def _gone(state: WorkflowState | None) -> str:
    return "" if state and state.content_object else "The page was deleted."


def _write_step(row: Message) -> EmailMultiAlternatives:
    """The mail about a page that was handed in, or sent back."""
    step = TaskState.objects.get(pk=row.about)
    said = [step] if step.comment else []
    return _write(row, step.workflow_state, said, step.finished_by)


def _write_approval(row: Message) -> EmailMultiAlternatives:
    state = WorkflowState.objects.get(pk=row.about)
    approved = state.task_states.filter(status=TaskState.STATUS_APPROVED)
    last = approved.order_by("finished_at").last()
    said = approved.exclude(comment="").order_by("finished_at")
    return _write(row, state, said, last and last.finished_by)


def _write(
    row: Message, state: WorkflowState, said: Iterable[TaskState], by: User | None
) -> EmailMultiAlternatives:
    page: Page = state.content_object
    context = {
        "page": page,
        "title": page.get_admin_display_title(),
        "who": state.requested_by,
        "by": by,
        "said": [(step.finished_by, step.comment) for step in said],
        "links": {
            "edit": _link("wagtailadmin_pages:edit", page.pk),
            "account": f"{_link('wagtailadmin_account')}#tab-notifications",
            "page": page.full_url if page.live else "",
        },
    }
    return compose(
        row.kind, recipient=row.recipient, language=row.language, context=context
    )


def _link(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


SUBMITTED = Kind("page_submitted", _("Page to approve"), _write_step, _settled)
REJECTED = Kind("page_rejected", _("Changes to a page"), _write_step, _rejected_gone)
APPROVED = Kind("page_approved", _("Page approved"), _write_approval, _approved_gone)
KINDS = (SUBMITTED, REJECTED, APPROVED)
