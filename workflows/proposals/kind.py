"""What the engine and the screens have to know of proposals."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.wording import long_date
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.kinds import Kind, Outlook, Words
from workflows.engine.models import Case

from . import early_mails, mails
from .flows import ProposalFlow
from .models import Proposal
from .panel import ProposalPanel
from .proposals import ANSWERED, DECLINED, LAPSED, MERGED

# Stored with every case.
NAME, PREFIX = mails.PROPOSAL, "PRO"
State = Proposal.State


def outlook(case: Case) -> Outlook:
    """What who proposed it reads first."""
    if case.state == Case.State.WAITING:
        return _to_amend(case)
    if case.state == Case.State.CANCELLED:
        return _cancelled(case)
    if case.outcome == LAPSED:
        words = _(
            "We asked you something and have not heard from you in time. You can "
            "propose it again at any time."
        )
        return Outlook(_("Closed without an answer from you"), words, tone="no")
    return _by_state(case)


def _by_state(case: Case) -> Outlook:
    match case.proposal.state:
        case State.RECEIVED:
            return Outlook(_("We are looking at it"), _until(case))
        case State.OPEN:
            words = _("Everybody reads it, without your name, and can support it.")
            return Outlook(_("It is published"), words, tone="yes")
        case State.SHORTLISTED:
            words = _("It is among those that we choose the next sessions from.")
            return Outlook(_("It may become a session"), words)
        case State.PLANNED:
            return Outlook(_("A session will treat it"), _when(case), tone="yes")
        case State.HELD:
            words = _("On the page of the session you find what was left of it.")
            return Outlook(_("The session has been held"), words, tone="yes")
        case State.MERGED:
            words = _("Another proposal says the same: you have which one below.")
            return Outlook(_("It goes on as another"), words)
        case State.DECLINED:
            words = _("You have the reason below.")
            return Outlook(_("No session will treat it"), words, tone="no")
    words = _("You have the answer below.")
    return Outlook(_("We have answered you"), words, tone="yes")


def _until(case: Case) -> str:
    if case.due is None:
        return _("We write to you as soon as there is news.")
    words = _("You hear from us by %(day)s at the latest. You will get a mail.")
    return words % {"day": long_date(case.due)}


def _when(case: Case) -> str:
    day = mails.day_of(case.proposal)
    if not day:
        return _("We write to you as soon as there is news.")
    return _("It is on %(day)s.") % {"day": day}


def _to_amend(case: Case) -> Outlook:
    words = _(
        "To publish it we need it in other words. You have until %(day)s; meanwhile "
        "our own term does not run."
    )
    text = words % {"day": long_date(case.answer_by)} if case.answer_by else ""
    return Outlook(_("We have asked you something"), text)


def _cancelled(case: Case) -> Outlook:
    if case.outcome == BY_APPLICANT:
        words = _("Nobody goes on with it.")
        return Outlook(_("You have withdrawn it"), words, tone="no")
    return Outlook(_("We have closed it"), case.reason, tone="no")


def is_everybodys(case: Case) -> bool:
    """Whether it is published: then it goes on without who proposed it."""
    return Proposal.objects.public().filter(case=case).exists()


def also(case: Case) -> list[tuple[Words, str]]:
    """Its public page, and where something is added to what it says."""
    found = Proposal.objects.public().select_related("case").filter(case=case).first()
    if found is None:
        return []
    pages: list[tuple[Words, str]] = [
        (_("See it as everybody sees it"), found.get_absolute_url())
    ]
    if found.can_be_discussed:
        add = reverse("add_to_proposal", args=[case.token])
        pages.append((_("Add something to it"), add))
    return pages


KIND = Kind(
    name=NAME,
    prefix=PREFIX,
    label=gettext_lazy("Topic proposal"),
    flows=(ProposalFlow,),
    outlook=outlook,
    outcomes={
        ANSWERED: gettext_lazy("answered"),
        MERGED: gettext_lazy("merged into another"),
        DECLINED: gettext_lazy("declined"),
        LAPSED: gettext_lazy("closed without an answer to what we asked"),
        BY_APPLICANT: gettext_lazy("withdrawn by the applicant"),
    },
    panel=ProposalPanel,
    mails_to_many={
        mails.SUPPORTED: mails.PROPOSALS,
        mails.COMMENTED: mails.COMMENTS,
        early_mails.ANNOUNCED: mails.PROPOSALS,
    },
    queued=mails.queued,
    is_everybodys=is_everybodys,
    ended=mails.tell_of_end,
    also=also,
)
