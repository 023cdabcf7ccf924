"""Names that nobody can guess."""

import secrets
import uuid

from django.conf import settings


def new_token() -> str:
    """An unguessable name for an address that is sent to one person."""
    return secrets.token_urlsafe(24)


def new_uid() -> str:
    """A calendar UID that says nothing of the person (RFC 7986, 5.3)."""
    return f"{uuid.uuid4()}@{settings.MAIL_DOMAIN}"
