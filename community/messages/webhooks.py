"""The door at which providers of mail knock: Anymail's webhooks, under /anymail/.

They bring what came to our address (`…/inbound/`) and what became of what we sent
(`…/tracking/`). It is closed until `ANYMAIL_WEBHOOK_SECRET` is set: without one,
anybody could knock.
"""

import logging

from anymail.exceptions import AnymailConfigurationError
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger(__name__)

# What Anymail trips over when a body is not what the provider sends. Faults of the
# database are none of these: the provider then knocks again.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


@csrf_exempt
def knock(request: HttpRequest, address: str) -> HttpResponse:
    """Anymail's view at `address`, such as "mailgun/inbound/". 404 if the door is
    closed, 400 for whoever has not the secret or sends what cannot be read."""
    if not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404("Closed.")
    # Anymail's addresses load the cryptography of all providers, so not before.
    view, args, kwargs = resolve(f"/{address}", urlconf="anymail.urls")
    try:
        return view(request, *args, **kwargs)
    except AnymailConfigurationError as missing:
        # The provider's own key, without which nobody can tell who signed; or one kind
        # of event sent to the address of the other.
        logger.warning("anymail/%s: %s", address, missing)
        raise Http404("Closed.") from missing
    except UNREADABLE as fault:
        logger.warning("anymail/%s: unreadable: %s", address, type(fault).__name__)
        raise BadRequest("Unreadable.") from fault
