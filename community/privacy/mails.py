"""What we write to who asks for their data, or to be forgotten."""

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.messages.compose import compose
from community.messages.kinds import Kind
from community.messages.models import Message

from . import links


def _write_link(row: Message) -> EmailMultiAlternatives:
    context = {"links": {"open": links.link_in(row)}}
    return compose(
        "my_data", recipient=row.recipient, language=row.language, context=context
    )


def _too_late(row: Message) -> str:
    late = timezone.now() - row.created > links.GOOD_FOR
    return "The link has run out." if late else ""


def _write_farewell(row: Message) -> EmailMultiAlternatives:
    return compose(
        "my_data_left", recipient=row.recipient, language=row.language, context={}
    )


LINK = Kind(
    "my_data",
    _("Link to one’s data"),
    _write_link,
    _too_late,
    secret=True,
    urgent=True,
)
FAREWELL = Kind(
    "my_data_left", _("Forgotten on request"), _write_farewell, parting=True
)
KINDS = (LINK, FAREWELL)
