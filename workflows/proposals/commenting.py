"""What people write under a proposal, what who proposed it adds to it, and what the
team makes of both."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from community.acting import memberships
from community.models import User
from workflows.engine import cases
from workflows.engine.access import may_work
from workflows.engine.models import Case, Entry

from . import mails, spam, supporting
from .models import Comment, Proposal

State = Comment.State

# In the history of the case.
SHOWN = "proposals.comment_shown"
HIDDEN = "proposals.comment_hidden"

# Who has more to add proposes something else.
MOST_ADDITIONS = 3


@transaction.atomic
def write(
    proposal: Proposal,
    user: User,
    text: str,
    *,
    language: str,
    form_key: uuid.UUID | None = None,
) -> Comment:
    """Write a comment of `user`: shown at once, or to be looked at first if nothing of
    hers has been yet. The same `form_key` once more gives the comment that is there.
    Raises ValidationError."""
    found = _to_write_under(proposal)
    if form_key:
        sent = Comment.objects.filter(user=user, form_key=form_key).first()
        if sent:
            return sent
    spam.check_links(text)
    spam.check_pace(user)
    spam.check_repeated(user, text)
    mine = memberships.of(user).order_by("pk").first()
    return Comment.objects.create(
        proposal=found,
        user=user,
        body=mine.body if mine else None,
        text=text,
        language=language,
        state=State.SHOWN if is_known(user) else State.WAITING,
        form_key=form_key,
    )


def is_known(user: User) -> bool:
    """Whether what `user` writes is shown at once: she is of the staff, or the team has
    let something of hers be read and has hidden nothing."""
    if user.is_staff:
        return True
    hers = Comment.objects.filter(user=user)
    if hers.hidden().exists():
        return False
    proposed = Proposal.objects.public().filter(case__email__iexact=user.email)
    return hers.shown().exists() or proposed.exists()


@transaction.atomic
def remove(comment: Comment, user: User) -> bool:
    """`user` takes back what she wrote: nothing of it is kept. Returns False if it is
    gone already, is not hers, or was hidden, which the team remembers."""
    hers = Comment.objects.filter(pk=comment.pk, user=user).exclude(state=State.HIDDEN)
    gone, _rows = hers.delete()
    return bool(gone)


@transaction.atomic
def add(case: Case, text: str, *, form_key: uuid.UUID | None = None) -> Comment:
    """Who proposed it adds something to what is published: it is shown at once, with
    its day, and what was supported stays as it was. Returns as `write`. Raises
    ValidationError."""
    proposal = _to_write_under(case.proposal)
    mine = proposal.comments.additions()
    sent = mine.filter(form_key=form_key).first() if form_key else None
    if sent:
        return sent
    spam.check_links(text)
    if mine.count() >= MOST_ADDITIONS:
        raise ValidationError(
            _("You have added %(most)d notes already: there is room for no more."),
            params={"most": MOST_ADDITIONS},
        )
    cases.write(case, Entry.Way.IN, text)
    return Comment.objects.create(
        proposal=proposal,
        text=text,
        language=case.language,
        state=State.SHOWN,
        form_key=form_key,
    )


@transaction.atomic
def show(comment: Comment, by: User) -> bool:
    """Have everybody read it, and tell who wrote it. Returns False if they do. Raises
    PermissionDenied."""
    return _look_at(comment, by, State.SHOWN, "")


@transaction.atomic
def hide(comment: Comment, reason: str, by: User) -> bool:
    """Have nobody read it any more, and tell who wrote it why. Returns False if nobody
    does. Raises PermissionDenied."""
    return _look_at(comment, by, State.HIDDEN, reason)


def _look_at(comment: Comment, by: User, state: State, reason: str) -> bool:
    found = Comment.objects.select_for_update(of=("self",)).select_related(
        "proposal__case", "user"
    )
    row = found.get(pk=comment.pk)
    case = row.proposal.case
    if not may_work(by, case):
        raise PermissionDenied
    if row.state == state:
        return False
    row.state, row.reason, row.looked_at = state, reason, timezone.now()
    row.save(update_fields=["state", "reason", "looked_at"])
    is_hidden = state == State.HIDDEN
    log(case, HIDDEN if is_hidden else SHOWN, user=by, data={"reason": reason})
    mails.tell_author(row)
    return True


def _to_write_under(proposal: Proposal) -> Proposal:
    found = supporting.locked(proposal)
    if not found.can_be_discussed:
        raise ValidationError(_("It is closed: nothing is written under it any more."))
    return found
