"""What the engine and the screens have to know of requests to act for a body."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.wording import long_date
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.kinds import Kind, Outlook
from workflows.engine.models import Case

from .flows import MembershipFlow
from .panel import RequestPanel
from .requests import GRANTED, REFUSED

# Stored with every case.
NAME, PREFIX = "membership", "ACT"


def outlook(case: Case) -> Outlook:
    """What who asked reads first."""
    if case.outcome == GRANTED:
        return Outlook(
            _("You can act for %(body)s") % {"body": case.body},
            _(
                "Sign in with the address that you asked with: we send you a code, and "
                "you find it among your bodies."
            ),
            tone="yes",
        )
    if case.outcome == REFUSED:
        return Outlook(
            _("You cannot act for %(body)s") % {"body": case.body},
            _("You have the reason below."),
            tone="no",
        )
    if case.outcome == BY_APPLICANT:
        return Outlook(
            _("You have withdrawn it"), _("Nobody goes on with it."), tone="no"
        )
    if case.state == Case.State.CANCELLED:
        return Outlook(_("We have closed it"), case.reason, tone="no")
    return Outlook(_("Somebody looks at whether you act for it"), _until(case))


def _until(case: Case) -> str:
    who = _("A representative of %(body)s or our team looks at it.") % {
        "body": case.body
    }
    if case.due is None:
        return who
    by = _("You have a mail with the answer by %(day)s at the latest.")
    return who + " " + by % {"day": long_date(case.due)}


KIND = Kind(
    name=NAME,
    prefix=PREFIX,
    label=gettext_lazy("Acting for a body"),
    flows=(MembershipFlow,),
    outlook=outlook,
    form="act_for_body",
    panel=RequestPanel,
    outcomes={
        GRANTED: gettext_lazy("granted"),
        REFUSED: gettext_lazy("refused"),
        BY_APPLICANT: gettext_lazy("withdrawn by who asked"),
    },
)
