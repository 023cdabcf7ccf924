"""What the engine and the screens have to know of stops."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.wording import long_date
from workflows.engine.answers import BY_APPLICANT
from workflows.engine.kinds import Kind, Outlook
from workflows.engine.models import Case

from . import deciding
from .appointment_mails import MAILS
from .deciding import DECLINED, LAPSED, PUBLISHED
from .flows import StopFlow
from .panel import StopPanel
from .reading import OF_BODY
from .stops import NAME, PREFIX


def outlook(case: Case) -> Outlook:
    """What the people of the host read first, where its own page does not say more."""
    if deciding.settled_as(case):
        words = _("Everybody can read what came of it. Say how it went.")
        return Outlook(_("It is published"), words, tone="yes")
    if case.state == Case.State.WAITING:
        return _to_do(case)
    if case.is_active:
        return _under_way(case)
    if case.outcome == PUBLISHED:
        words = _("Everybody can read what came of it.")
        return Outlook(_("It is published"), words, tone="yes")
    heading, text = {
        DECLINED: (
            _("The caravan does not stop there"),
            _("You have the reason below."),
        ),
        LAPSED: (
            _("It counts as withdrawn"),
            _("What was to be amended has not come in time."),
        ),
        BY_APPLICANT: (_("The host has withdrawn it"), _("Nobody goes on with it.")),
    }.get(case.outcome, (_("We have closed it"), case.reason))
    return Outlook(heading, text, tone="no")


def _to_do(case: Case) -> Outlook:
    if case.stop.decision != case.stop.Decision.AMEND:
        words = _("Say whether it is right, or what has to change.")
        return Outlook(_("The chronicle waits for you"), words)
    words = _(
        "Something has to be amended. You have until %(day)s; if nothing comes by "
        "then, it counts as withdrawn. Meanwhile our own term does not run."
    )
    text = words % {"day": long_date(case.answer_by)} if case.answer_by else ""
    return Outlook(_("It has to be amended"), text)


def _under_way(case: Case) -> Outlook:
    if case.due is None:
        text = _("We write to you as soon as there is news.")
        return Outlook(_("It is under way"), text)
    text = _(
        "We decide by %(day)s at the latest. You will get a mail, and need not do "
        "anything until then."
    ) % {"day": long_date(case.due)}
    return Outlook(_("We are looking at it"), text)


KIND = Kind(
    name=NAME,
    prefix=PREFIX,
    label=gettext_lazy("Stop of the caravan"),
    flows=(StopFlow,),
    outlook=outlook,
    of_body=OF_BODY,
    panel=StopPanel,
    other_mails={MAILS.name: MAILS.guests_of},
    queued=MAILS.queued,
    ended=deciding.ended,
    settled_as=deciding.settled_as,
    outcomes={
        DECLINED: gettext_lazy("declined"),
        LAPSED: gettext_lazy("not amended in time"),
        PUBLISHED: gettext_lazy("published"),
        BY_APPLICANT: gettext_lazy("withdrawn by the host"),
    },
)
