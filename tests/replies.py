"""What calendar programs send when somebody answers an invitation."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from events.models import Invitation
from events.registrations import place
from tests.factories import a_session, an_applicant

# One that Thunderbird sent; it lies beside the checkout.
GENUINE = Path(__file__).parents[2] / "shared/calendar/thunderbird153-reply.eml"

ADA = "ada@council.example"
HOUSE = "agenda@placa.example"
STAMP = datetime(2026, 11, 21, 16, 19, 46, tzinfo=UTC)

# How the ATTENDEE of a program looks, and what else it writes.
OUTLOOK = (
    "ATTENDEE;PARTSTAT={status};CN={address}:mailto:{address}",
    ("CLASS:PUBLIC",),
)
GOOGLE = (
    "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};"
    "CN={address};X-NUM-GUESTS=0:mailto:{address}",
    (f"ORGANIZER;CN=Plaça:mailto:{HOUSE}", "STATUS:CONFIRMED"),
)
APPLE = (
    'ATTENDEE;CN="Ada, Puig";CUTYPE=INDIVIDUAL;EMAIL="{address}";'
    "PARTSTAT={status}:MAILTO:{address}",
    (f'ORGANIZER;EMAIL="{HOUSE}":mailto:{HOUSE}',),
)


def an_invitation(email: str = ADA, sequence: int = 0, **values) -> Invitation:
    """One that was sent, to somebody who has a place."""
    session = values.pop("session", None) or a_session()
    registration = place(session, an_applicant(email, **values)).registration
    invitation = registration.invitations.get()
    invitation.sequence, invitation.starts = sequence, session.starts
    invitation.save()
    return invitation


def a_file(uid: str, status: str = "DECLINED", address: str = ADA, **values) -> str:
    """The calendar file of a reply. `lines` take the place of what a program adds."""
    program, added = values.get("program", GOOGLE)
    stamp: datetime = values.get("stamp", STAMP)
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//NONSGML Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{values.get('method', 'REPLY')}",
        "BEGIN:VEVENT",
        program.format(status=status, address=address),
        "COMMENT;LANGUAGE=ca-ES:No podré venir\\, ho sento: «à é ï ŀ»",
        f"UID:{uid}",
        "DTSTART;TZID=Europe/Madrid:20261201T100000",
        "DTEND;TZID=Europe/Madrid:20261201T113000",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{values.get('sequence', 0)}",
        *values.get("lines", added),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def a_mail(file: str | None, sender: str = ADA, **headers: str) -> EmailMessage:
    """A mail from `sender` with `file` where calendar programs look for it."""
    mail = EmailMessage()
    mail["From"] = f"Ada Puig <{sender}>"
    mail["To"] = HOUSE
    mail["Subject"] = "Declined: Dades obertes"
    mail["Message-ID"] = "<one@council.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Ada Puig ha declinat la invitació.")
    if file:
        mail.add_alternative(file, subtype="calendar", params={"method": "REPLY"})
    return mail


def a_reply(invitation: Invitation, status: str = "DECLINED", **values) -> bytes:
    """The mail in octets by which the person answers `invitation`."""
    sender = values.pop("sender", ADA)
    headers = values.pop("headers", {})
    file = a_file(invitation.uid, status, **values)
    return a_mail(file, sender, **headers).as_bytes()
