"""Why a meeting could not be made, in words for the staff.

English is what is stored; a screen says it in the reader's language (`in_words`).
After a line break there may be what the other side said, for whoever looks for help.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NOT_SET_UP = _(
    "This way of meeting is not set up here. Choose another one under “Edit texts”, "
    "or ask the administrators."
)
OVER = _("It is over.")
TAKEN_OVER = _("Another worker has taken it over.")

NO_ANSWER = _("Microsoft does not answer.")
BUSY = _("Microsoft asks us to wait.")
ODD_ANSWER = _("Microsoft gave an answer that cannot be read.")
NOT_YET = _("Teams does not know the meeting yet that it has just made.")
REFUSED = _("Microsoft refuses it.")

NO_CERTIFICATE = _(
    "The certificate of TEAMS_CERTIFICATE cannot be read: it must be a PEM file with "
    "the key and the certificate."
)
CERTIFICATE = _(
    "Microsoft does not know the certificate, or it has expired: upload it to the "
    "registered application."
)
SECRET = _("The secret is wrong or has expired: make a new one, and set TEAMS_SECRET.")
TENANT = _("Microsoft does not know the tenant: check TEAMS_TENANT.")
CLIENT = _(
    "There is no such application in the tenant: check TEAMS_CLIENT_ID and "
    "TEAMS_TENANT."
)
SIGN_IN = _("Microsoft does not let the application sign in.")
PERMISSION = _(
    "The application lacks the permission OnlineMeetings.ReadWrite.All, or nobody has "
    "consented to it for the organisation."
)
POLICY = _(
    "No application access policy lets the application act for the organiser’s "
    "account. A new one takes up to 30 minutes to work."
)
ORGANISER = _(
    "There is no such organiser in the tenant: TEAMS_ORGANISER must be the object id "
    "of the account, and the account must have a licence for Teams."
)


def with_detail(words: str, detail: str) -> str:
    """`words`, and what the other side said."""
    return f"{words}\n{detail}"


def in_words(error: str) -> tuple[str, str]:
    """What is stored of a failure, in the language that is active; and what the other
    side said, or ""."""
    words, _break, detail = error.partition("\n")
    return gettext(words) if words else "", detail
