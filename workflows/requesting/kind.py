"""What the engine and the screens have to know of requests of the catalogue."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.wording import long_date
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.kinds import Kind, Outlook
from workflows.engine.models import Case

from . import appointing
from .appointment_mails import MAILS
from .flows import RequestFlow
from .panel import RequestPanel
from .reading import OF_BODY
from .requests import DENIED, FINISHED, LAPSED, RENOUNCED, WITH_INCIDENTS

# Stored with every case.
NAME, PREFIX = "request", "SOL"


def outlook(case: Case) -> Outlook:
    """What the people of the body read first. Of a decision that is not released it
    says nothing."""
    if case.state == Case.State.WAITING:
        return _to_amend(case)
    if case.is_active:
        return _granted(case) if case.request.is_granted else _under_way(case)
    if case.outcome in (FINISHED, WITH_INCIDENTS):
        return Outlook(
            _("It is finished"), _("What was done, you have below."), tone="yes"
        )
    heading, text = {
        DENIED: (_("It is not granted"), _("You have the grounds below.")),
        LAPSED: (
            _("It counts as withdrawn"),
            _(
                "What was to be amended has not come in time. It can be requested "
                "again while the resource is open."
            ),
        ),
        RENOUNCED: (
            _("The body has renounced it"),
            _("Nobody goes on with it."),
        ),
        BY_APPLICANT: (_("The body has withdrawn it"), _("Nobody goes on with it.")),
    }.get(case.outcome, (_("We have closed it"), case.reason))
    return Outlook(heading, text, tone="no")


def _under_way(case: Case) -> Outlook:
    if case.due is None:
        text = _("We write to you as soon as there is news.")
    else:
        text = _(
            "We decide by %(day)s at the latest. You will get a mail, and need not do "
            "anything until then."
        ) % {"day": long_date(case.due)}
    return Outlook(_("We are looking at it"), text)


def _to_amend(case: Case) -> Outlook:
    words = _(
        "Something has to be amended. You have until %(day)s; if nothing comes by "
        "then, the request counts as withdrawn. Meanwhile our own term does not run."
    )
    text = words % {"day": long_date(case.answer_by)} if case.answer_by else ""
    return Outlook(_("It has to be amended"), text)


def _granted(case: Case) -> Outlook:
    return Outlook(
        _("It is granted"),
        _("%(unit)s carries it out with you, and writes to you with each step.")
        % {"unit": case.unit},
        tone="yes",
    )


KIND = Kind(
    name=NAME,
    prefix=PREFIX,
    label=gettext_lazy("Catalogue request"),
    flows=(RequestFlow,),
    outlook=outlook,
    of_body=OF_BODY,
    panel=RequestPanel,
    other_mails={MAILS.name: MAILS.guests_of},
    queued=MAILS.queued,
    ended=appointing.cancel_ahead,
    outcomes={
        DENIED: gettext_lazy("denied"),
        LAPSED: gettext_lazy("not amended in time"),
        RENOUNCED: gettext_lazy("renounced"),
        FINISHED: gettext_lazy("carried out"),
        WITH_INCIDENTS: gettext_lazy("carried out, with incidents"),
        BY_APPLICANT: gettext_lazy("withdrawn by the body"),
    },
)
