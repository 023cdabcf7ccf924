"""Who asked for what a session treats hears that it is announced: the day and, where
the series says so, the link by which to register before the others."""

from collections.abc import Iterable
from functools import partial
from typing import cast

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from community.acting import mails
from community.messages import kinds, outbox
from community.messages.kinds import Kind
from community.models import Message
from events import links
from events.announcing import Told
from events.models import Session
from events.wording import long_date, moment

from . import early
from .early import Asker
from .models import Proposal

# Stored with every mail.
ANNOUNCED = "proposal_announced"
# Of the mails about one session.
KEY = f"{ANNOUNCED}:%d-"


def tell(session: Session) -> list[Told]:
    """`session` is announced: each who asked for anything that it treats is told, once.
    Call it in the transaction that announces it."""
    treated = Proposal.objects.filter(session=session, state=Proposal.State.PLANNED)
    return _tell(session, treated)


def tell_late(proposal: Proposal) -> None:
    """`proposal` is to be treated by a session that is announced already: who asked
    for it gets the link too, if there is one."""
    session = proposal.session
    modes = (early.registrations.takes_early(session, mode) for mode in session.modes)
    if session.state == Session.State.ANNOUNCED and any(modes):
        _tell(session, [proposal])


def _tell(session: Session, treated: Iterable[Proposal]) -> list[Told]:
    of_session = KEY % session.pk
    sent = Message.objects.filter(kind=ANNOUNCED, dedupe_key__startswith=of_session)
    known = {address.lower() for address in sent.values_list("recipient", flat=True)}
    askers = [a for a in early.askers_of(treated) if a.email.lower() not in known]
    outbox.queue(_message(asker) for asker in askers)
    return [Told(asker.language, partial(_write, asker, "/e/…/")) for asker in askers]


def _message(asker: Asker) -> Message:
    return Message(
        kind=ANNOUNCED,
        about=asker.proposal.pk,
        recipient=asker.email,
        language=asker.language,
        dedupe_key=f"{ANNOUNCED}:{asker.key}",
    )


def preview(row: Message) -> EmailMultiAlternatives:
    """The mail `row` as it would leave now, for the staff to see: its link is cut
    short, since it is its reader's alone."""
    return _write(_asker(row), "/e/…/")


def _render(row: Message) -> EmailMultiAlternatives:
    return _write(_asker(row))


def _asker(row: Message) -> Asker:
    # Whether there is anybody was asked before, by `_pointless`.
    return cast(Asker, early.asker_of(row.about, row.recipient))


def _write(asker: Asker, instead: str = "") -> EmailMultiAlternatives:
    """The mail to `asker`, which leads to her own link, or to the path `instead`."""
    row = Message(recipient=asker.email, language=asker.language)
    session = asker.proposal.session
    with override(asker.language):
        names = {
            "title": asker.proposal.title,
            "session": session.title,
            "day": long_date(timezone.localdate(session.starts)),
            "opens": moment(session.opens) if session.opens else "",
        }
        said = _("“%(session)s” treats “%(title)s”, which you asked for: %(day)s.")
        button, link = _("See the session"), links.session_link(session)
        more = ""
        if early.modes_for(asker):
            more = _(
                "That is why you can register before the others, until registration "
                "opens (%(opens)s), as long as there are places. The link is for you "
                "alone."
            )
            button = _("Register before the others")
            link = links.absolute(instead) if instead else asker.link
        elif session.opens and session.opens > timezone.now():
            more = _("Registration opens on %(opens)s.")
        letter = mails.Letter(
            subject=_("What you asked for has a day: %(session)s") % names,
            heading=_("What you asked for has a day"),
            text=" ".join(filter(None, [said % names, more % names])),
            button=button,
            link=link,
        )
        return mails.write(row, letter)


def _pointless(row: Message) -> str:
    asker = early.asker_of(row.about, row.recipient)
    if asker is None:
        return "The person did not ask for it any more, or no session treats it."
    session = asker.proposal.session
    if session.state != Session.State.ANNOUNCED or session.starts <= timezone.now():
        return "The session is not going to be held."
    return ""


def register_kind() -> None:
    """At start-up."""
    label = gettext_lazy("Session about a proposal announced")
    kinds.register(Kind(ANNOUNCED, label, _render, _pointless))
