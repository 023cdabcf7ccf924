"""What we write to who asks for their data, or to be forgotten."""

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.messages.compose import compose
from community.messages.kinds import Kind
from community.messages.models import Message

from . import links
from .holders import Words


def link_kind(name: str, label: Words) -> Kind:
    """The kind of a mail, written by the templates of its `name`, whose link shows that
    its address is the reader's."""
    return Kind(name, label, _write_link, _too_late, secret=True, urgent=True)


def _write_link(row: Message) -> EmailMultiAlternatives:
    context = {"links": {"open": links.link_in(row)}}
    return compose(
        row.kind, recipient=row.recipient, language=row.language, context=context
    )


def _too_late(row: Message) -> str:
    late = timezone.now() - row.created > links.GOOD_FOR
    return "The link has run out." if late else ""


def _write_farewell(row: Message) -> EmailMultiAlternatives:
    return compose(
        "my_data_left", recipient=row.recipient, language=row.language, context={}
    )


LINK = link_kind("my_data", _("Link to one’s data"))
FAREWELL = Kind(
    "my_data_left", _("Forgotten on request"), _write_farewell, parting=True
)
KINDS = (LINK, FAREWELL)
