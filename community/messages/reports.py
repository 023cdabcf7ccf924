"""What mail servers and mailboxes report by mail: that a mail could not be delivered
(RFC 3464), or that its reader calls it unwanted (RFC 5965).

Anybody can write such a report. It is believed only if it returns the Message-ID of a
mail of ours, which nobody guesses, and is about the reader of that mail.
"""

from email import message_from_bytes, policy
from email.message import EmailMessage

from . import suppressions
from .models import Message, Suppression
from .suppressions import status_in

Reason = Suppression.Reason

# RFC 5965, 7.3: the others, such as "not-spam", are no complaint.
COMPLAINTS = ("abuse", "fraud", "opt-out")


def read(mail: EmailMessage) -> bool:
    """Take over what `mail` reports. False if it is no report."""
    if mail.get_content_type() != "multipart/report":
        return False
    if statuses := _part(mail, "message/delivery-status"):
        _delivery(statuses, _returned(mail))
        return True
    if feedback := _part(mail, "message/feedback-report"):
        _feedback(feedback, _returned(mail))
        return True
    return False


def _delivery(statuses: EmailMessage, row: Message | None) -> None:
    for about in _inside(statuses):
        if _field(about, "Action") != "failed" or row is None:
            continue
        if row.recipient.lower() not in _recipients(about):
            continue
        said = str(about.get("Diagnostic-Code", "")).partition(";")[2].strip()
        words = said if status_in(said) else f"{_field(about, 'Status')} {said}"
        suppressions.came_back(row, words)
        if suppressions.says_nobody_is_there(words):
            suppressions.suppress(row, Reason.BOUNCED, words)


def _feedback(feedback: EmailMessage, row: Message | None) -> None:
    for about in _inside(feedback):
        kind = _field(about, "Feedback-Type")
        if row and row.recipient and kind in COMPLAINTS:
            suppressions.suppress(row, Reason.COMPLAINED, kind)


def _returned(mail: EmailMessage) -> Message | None:
    """The mail of ours that `mail` gives back, whole or only its head."""
    headers = next(iter(_inside(_part(mail, "message/rfc822"))), None)
    if headers is None and (text := _part(mail, "text/rfc822-headers")):
        octets = text.get_payload(decode=True)
        headers = message_from_bytes(
            octets if isinstance(octets, bytes) else b"", policy=policy.default
        )
    name = str(headers.get("Message-ID", "")).strip() if headers else ""
    return Message.objects.filter(message_id=name).first()


def _part(mail: EmailMessage, content_type: str) -> EmailMessage | None:
    # Only its own: what is returned may be a report itself.
    own = (part for part in _inside(mail) if part.get_content_type() == content_type)
    return next(own, None)


def _inside(part: EmailMessage | None) -> list[EmailMessage]:
    """The parts, or groups of fields, that `part` is made of."""
    payload = part.get_payload() if part else ()
    return [each for each in payload if isinstance(each, EmailMessage)]


def _recipients(about: EmailMessage) -> set[str]:
    """To whom the mail went, as we or another server on its way had it."""
    return {
        _field(about, name).partition(";")[2].strip().strip("<>")
        for name in ("Final-Recipient", "Original-Recipient")
    }


def _field(about: EmailMessage, name: str) -> str:
    return str(about.get(name, "")).strip().lower()
