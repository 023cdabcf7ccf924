"""Settings to develop with and to try Plaça: everything on this machine."""

from .base import *  # noqa: F403
from .base import EMAIL_PROVIDER, LOGGING, VAR_DIR, env

VAR_DIR.mkdir(exist_ok=True)

DEBUG = True
SECRET_KEY = "development only, worth nothing anywhere else"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
PORT = env.int("PORT", default=8000)
SITE_URL = WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{PORT}"

# Mail goes nowhere but to /mailbox/, unless a server or a provider is named.
MAILBOX = True
OUTBOX_KEEPS_SECRETS = True
MEETINGS_HERE = True
if "EMAIL_URL" in env:
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_BACKEND = "community.messages.backend.OutboxBackend"
elif not EMAIL_PROVIDER:
    OUTBOX_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"

# The development server writes a line for each request itself.
LOGGING["loggers"]["community.running.traffic"] = {"level": "WARNING"}

# A changed template shows at once.
REMEMBERED_SECONDS = 0

INTERNAL_IPS = ["127.0.0.1"]
