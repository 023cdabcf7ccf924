"""What the engine and the screens have to know of consultations."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.wording import long_date
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.kinds import Kind, Outlook
from workflows.engine.models import Case

from .consultations import ANSWERED, LAPSED
from .flows import ConsultationFlow

# Stored with every case.
NAME, PREFIX = "consultation", "CON"


def outlook(case: Case) -> Outlook:
    """What the applicant reads first."""
    if case.state == Case.State.WAITING:
        return _asked_back(case)
    if case.state == Case.State.CANCELLED:
        return _cancelled(case)
    if case.outcome == LAPSED:
        return Outlook(
            _("Closed without an answer from you"),
            _(
                "We asked you something and have not heard from you in time. If you "
                "still need it, ask us again."
            ),
            tone="no",
        )
    if case.outcome == ANSWERED:
        return Outlook(
            _("We have answered you"), _("You have the answer below."), tone="yes"
        )
    return Outlook(_("We are looking at it"), _until(case))


def _until(case: Case) -> str:
    if case.due is None:
        return _("We write to you as soon as there is news.")
    words = _("We answer you by %(day)s at the latest. You will get a mail.")
    return words % {"day": long_date(case.due)}


def _asked_back(case: Case) -> Outlook:
    words = _(
        "To answer you we need to know something more. You have until %(day)s; "
        "meanwhile our own term does not run."
    )
    text = words % {"day": long_date(case.answer_by)} if case.answer_by else ""
    return Outlook(_("We have asked you something"), text)


def _cancelled(case: Case) -> Outlook:
    if case.outcome == BY_APPLICANT:
        return Outlook(
            _("You have withdrawn it"), _("Nobody goes on with it."), tone="no"
        )
    return Outlook(_("We have closed it"), case.reason, tone="no")


KIND = Kind(
    name=NAME,
    prefix=PREFIX,
    label=gettext_lazy("Consultation"),
    flows=(ConsultationFlow,),
    outlook=outlook,
    outcomes={
        ANSWERED: gettext_lazy("answered"),
        LAPSED: gettext_lazy("closed without an answer to what we asked"),
        BY_APPLICANT: gettext_lazy("withdrawn by the applicant"),
    },
    form="ask",
)
