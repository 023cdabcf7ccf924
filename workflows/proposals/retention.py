"""What proposals, supports and comments say of people, how it comes to its end, and
what somebody is shown of it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.privacy.accounts import account_of
from community.privacy.holders import Fact, Holder, Part, Record
from community.privacy.register import YEAR, Entry
from community.privacy.retention import PUBLIC_TASK
from workflows.engine.retention import CASE_KEPT

from . import supporting
from .models import Comment, CommentQuerySet, Proposal, ProposalQuerySet, Support

WORDS = {"title": "", "wanted": "", "why": "", "answer": "", "link": ""}


def _of_somebody() -> ProposalQuerySet:
    """Those that are not public and still have their words."""
    return Proposal.objects.hidden().exclude(title="")


def _old(now: datetime) -> ProposalQuerySet:
    over = Q(case__erased__isnull=False) | Q(case__finished__lt=now - CASE_KEPT)
    return _of_somebody().filter(over)


def forget_old(now: datetime, limit: int) -> int:
    """The words of at most `limit` proposals that nobody but the staff has read go with
    those of their case; returns of how many."""
    return _forget(_old(now).order_by("pk")[:limit])


def _forget(rows: ProposalQuerySet) -> int:
    found = list(rows)
    for row in found:
        for name, nothing in WORDS.items():
            setattr(row, name, nothing)
        # It takes them out of the index too.
        row.save()
        # Nobody could read nor take back any more what was written under it.
        row.comments.all().delete()
    return len(found)


PROPOSALS = Entry(
    name="proposals",
    models=("proposals.Proposal",),
    what=_("Topics that were proposed and not published"),
    purpose=_("To choose what the sessions treat"),
    basis=PUBLIC_TASK,
    term=CASE_KEPT,
    since=_("after the case is settled"),
    kept=_("Figures: series, topic, outcome and dates"),
    rows=_of_somebody,
    due=_old,
    end=forget_old,
)

SUPPORTS = Entry(
    name="proposal_supports",
    models=("proposals.Support",),
    what=_("Which proposals somebody supports, and for which body"),
    purpose=_("To choose what the sessions treat"),
    basis=PUBLIC_TASK,
    since=_("until the person supports it no more, or has it erased"),
    kept=_("Nothing"),
    rows=Support.objects.all,
)


COMMENTS = Entry(
    name="proposal_comments",
    models=("proposals.Comment",),
    what=_("What somebody has written under a proposal, and for which body"),
    purpose=_("To know what the sessions should treat, and what others have done"),
    basis=PUBLIC_TASK,
    since=_("until the person takes it back, or has it erased"),
    kept=_("Nothing"),
    rows=lambda: Comment.objects.by_members().exclude(state=Comment.State.HIDDEN),
)


def _hidden() -> CommentQuerySet:
    return Comment.objects.hidden()


HIDDEN_COMMENTS = Entry(
    name="proposal_hidden_comments",
    models=("proposals.Comment",),
    what=_("What the team has hidden under a proposal, and why"),
    purpose=_("To be able to say why, and to look first at what the person writes"),
    basis=PUBLIC_TASK,
    term=YEAR,
    since=_("after it was hidden"),
    kept=_("Nothing"),
    rows=_hidden,
    due=lambda now: _hidden().filter(looked_at__lt=now - YEAR),
)


def _mine(address: str) -> QuerySet[Support]:
    account = account_of(address)
    rows = Support.objects.filter(user=account) if account else Support.objects.none()
    return rows.select_related("proposal__case", "body").order_by("pk")


def _written(address: str) -> QuerySet[Comment]:
    account = account_of(address)
    rows = Comment.objects.filter(user=account) if account else Comment.objects.none()
    return rows.select_related("proposal__case", "body").order_by("pk")


def show(address: str) -> list[Part]:
    supported = [_record(row) for row in _mine(address)]
    written = [_comment(row) for row in _written(address)]
    return [
        Part("proposal_supports", _("Proposals that you support"), supported),
        Part("proposal_comments", _("What you wrote under proposals"), written),
    ]


def _comment(row: Comment) -> Record:
    facts = [
        Fact("number", _("Number"), row.proposal.case.number),
        Fact("text", _("Comment"), row.text),
        Fact("body", _("Local body"), row.body.name if row.body else ""),
        Fact("state", _("State"), row.state, row.get_state_display()),
        Fact("reason", _("Why it is hidden"), row.reason),
        Fact("written", _("Written"), row.created),
    ]
    link = (_("Look at it"), f"{row.proposal.get_absolute_url()}#comments")
    return Record(facts, title=row.proposal.title, links=[link])


def _record(row: Support) -> Record:
    shown = row.proposal
    facts = [
        Fact("number", _("Number"), shown.case.number),
        Fact("body", _("Local body"), row.body.name if row.body else ""),
        Fact("shares", _("Can share experience"), _yes(row.shares), _yes(row.shares)),
        Fact("experience", _("What was done"), row.experience),
        Fact("told", _("Is told of it"), row.told, _yes(row.told)),
        Fact("since", _("Since"), row.created),
    ]
    link = (_("Look at it"), shown.get_absolute_url())
    return Record(facts, title=shown.title, links=[link])


def _yes(value: bool) -> str:
    return str(_("yes")) if value else str(_("no"))


def foresee(address: str) -> list[str]:
    words = []
    if supported := _mine(address).count():
        one = ngettext(
            "You support a proposal no more.",
            "You support %(count)d proposals no more.",
            supported,
        )
        words.append(one % {"count": supported})
    if written := _written(address).count():
        one = ngettext(
            "What you wrote under a proposal is erased.",
            "The %(count)d comments that you wrote under proposals are erased.",
            written,
        )
        words.append(one % {"count": written})
    return words


def give_up(address: str) -> None:
    _leave(_mine(address))
    _written(address).delete()


def _leave(rows: QuerySet[Support]) -> None:
    for row in rows.select_related("proposal", "user"):
        supporting.leave(row.proposal, row.user)


def erase(address: str, until: datetime) -> None:
    """Nobody is left among those who support something, and what was proposed and not
    published goes with its case, which was made anonymous just before."""
    give_up(address)
    # The account may have been emptied before this was asked.
    gone = {"user__erased__isnull": False, "created__lte": until}
    _leave(Support.objects.filter(**gone))
    Comment.objects.filter(**gone).delete()
    _forget(_of_somebody().filter(case__erased__isnull=False))


HOLDER = Holder(
    name="proposals", show=show, foresee=foresee, give_up=give_up, erase=erase
)
