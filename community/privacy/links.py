"""The link by which an address shows that it is one's own."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.translation import override

from community.messages.models import Message

GOOD_FOR = timedelta(hours=1)

# Bound to its purpose; it names a mail, so the address is in no link and no log.
_signer = TimestampSigner(salt="my-data")


def link_in(row: Message) -> str:
    """The link for the mail `row` to carry, good for an hour from now."""
    with override(row.language):
        path = reverse("my_data_open", args=[_signer.sign(str(row.pk))])
    return settings.SITE_URL.rstrip("/") + path


def page_link(language: str) -> str:
    """Where anybody asks for such a link."""
    with override(language):
        return settings.SITE_URL.rstrip("/") + reverse("my_data")


def mail_of(token: str) -> Message | None:
    """The mail that carried the link `token`; None if it is not one of ours, has run
    out, or its reader has been forgotten."""
    try:
        key = _signer.unsign(token, max_age=GOOD_FOR)
    except BadSignature:
        return None
    return Message.objects.filter(pk=key).exclude(recipient="").first()
