from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True)
class CalendarPart:
    """An iTIP message to carry: its METHOD and the iCalendar text in octets."""

    method: str
    ics: bytes


def compose(
    template: str,
    *,
    recipient: str,
    language: str,
    context: dict[str, Any],
    calendar: CalendarPart | None = None,
) -> EmailMultiAlternatives:
    """Write the mail `mail/<template>` in `language`.

    Three templates make it: `_subject.txt`, `.txt` and `.html`. The calendar part
    goes last in the alternative, where Outlook, Gmail and Thunderbird look for it,
    and once more as a file for the programs that only open attachments.
    """
    with translation.override(language):
        context = {
            **context,
            "language": language,
            "site": {
                "name": settings.SITE_NAME,
                "url": settings.SITE_URL,
                "email": settings.ORGANISER_EMAIL,
            },
        }
        subject = render_to_string(f"mail/{template}_subject.txt", context)
        mail = EmailMultiAlternatives(
            # A header is one line, whatever a title holds.
            subject=" ".join(subject.split()),
            body=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
            to=[recipient],
        )
        mail.attach_alternative(
            render_to_string(f"mail/{template}.html", context), "text/html"
        )
    if calendar:
        text = calendar.ics.decode()
        # Django adds the charset; the method here and the one inside must agree or
        # Outlook refuses the invitation.
        mail.attach_alternative(text, f"text/calendar; method={calendar.method}")
        mail.attach("invite.ics", calendar.ics, "application/ics")
    return mail


def html_of(mail: EmailMultiAlternatives) -> str:
    """The mail as most programs show it."""
    return next(str(text) for text, mime in mail.alternatives if mime == "text/html")
