"""The providers of mail that Anymail speaks to, and what is peculiar to each.

The settings read it before anything else is there, so it imports nothing of Django's.
What is said of calendar parts was seen in the requests that leave, and is held by
`tests/community/test_providers.py`.
"""

from dataclasses import dataclass
from enum import Enum, auto


class Calendar(Enum):
    """How a provider carries a calendar part without losing its METHOD, which Outlook
    and Gmail look for before they see an invitation in it (RFC 6047, 2.4)."""

    # Beside the text, as any mail server does.
    ALTERNATIVE = auto()
    # Only as a file, whose type it keeps as we write it.
    FILE = auto()
    # Only as a file that is a MIME part: a type with parameters does not fit the name.
    MIME_FILE = auto()
    # Not at all: it gives a file the type that its name suggests.
    LOST = auto()


@dataclass(frozen=True)
class Provider:
    """`label` is how it writes its own name; `needs` are the variables without which
    it can do nothing; `package` speaks to it, and is not among what the site needs
    otherwise. It refuses mails that have `leaves_out` among their headers, and with
    `*` any of ours. `adds` are headers it must be given to leave ours alone."""

    label: str
    calendar: Calendar
    needs: tuple[str, ...]
    package: str = ""
    leaves_out: tuple[str, ...] = ()
    adds: tuple[tuple[str, str], ...] = ()
    # It sends once what it is asked twice with one key, which is a header of HTTP.
    knows_repeats: bool = False

    def takes(self, header: str) -> bool:
        """Whether a mail may have a `header` of that name."""
        left_out = [name.lower() for name in self.leaves_out]
        return header.lower() not in left_out and "*" not in left_out


PROVIDERS = {
    "amazon_ses": Provider(
        "Amazon SES",
        Calendar.ALTERNATIVE,
        # Its keys are found as all of Amazon's programs find them.
        ("AWS_DEFAULT_REGION",),
        package="boto3",
    ),
    "brevo": Provider("Brevo", Calendar.LOST, ("ANYMAIL_BREVO_API_KEY",)),
    "mailersend": Provider(
        "MailerSend",
        Calendar.LOST,
        ("ANYMAIL_MAILERSEND_API_TOKEN",),
        # Headers of ours are for the dearest contract alone.
        leaves_out=("*",),
    ),
    "mailgun": Provider("Mailgun", Calendar.FILE, ("ANYMAIL_MAILGUN_API_KEY",)),
    "mailjet": Provider(
        "Mailjet",
        Calendar.FILE,
        ("ANYMAIL_MAILJET_API_KEY", "ANYMAIL_MAILJET_SECRET_KEY"),
        leaves_out=("Message-ID", "List-ID"),
    ),
    "mailtrap": Provider("Mailtrap", Calendar.FILE, ("ANYMAIL_MAILTRAP_API_TOKEN",)),
    "mandrill": Provider("Mandrill", Calendar.FILE, ("ANYMAIL_MANDRILL_API_KEY",)),
    "postal": Provider(
        "Postal", Calendar.FILE, ("ANYMAIL_POSTAL_API_KEY", "ANYMAIL_POSTAL_API_URL")
    ),
    "postmark": Provider(
        "Postmark",
        Calendar.FILE,
        ("ANYMAIL_POSTMARK_SERVER_TOKEN",),
        # Otherwise it writes a Message-ID of its own over ours.
        adds=(("X-PM-KeepID", "true"),),
    ),
    "resend": Provider(
        "Resend", Calendar.MIME_FILE, ("ANYMAIL_RESEND_API_KEY",), knows_repeats=True
    ),
    "scaleway": Provider(
        "Scaleway",
        Calendar.FILE,
        ("ANYMAIL_SCALEWAY_SECRET_KEY", "ANYMAIL_SCALEWAY_PROJECT_ID"),
    ),
    "sendgrid": Provider(
        "SendGrid", Calendar.ALTERNATIVE, ("ANYMAIL_SENDGRID_API_KEY",)
    ),
    "sparkpost": Provider("SparkPost", Calendar.FILE, ("ANYMAIL_SPARKPOST_API_KEY",)),
    "unisender_go": Provider(
        "Unisender Go",
        Calendar.FILE,
        ("ANYMAIL_UNISENDER_GO_API_KEY", "ANYMAIL_UNISENDER_GO_API_URL"),
    ),
}
