"""Settings of a real installation. It does not start until all is said."""

import os
import warnings

from django.core.exceptions import ImproperlyConfigured

from .demands import cautions, faults

# Before anything else is read: one odd value would hide all the others.
if found := faults(os.environ):
    raise ImproperlyConfigured(
        "\n  ".join(["Plaça does not start until this is mended:", *found])
    )
for caution in cautions(os.environ):
    warnings.warn(caution, stacklevel=2)

from .base import *  # noqa: E402, F403
from .base import STORAGES, database, env, logging_as  # noqa: E402

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
# Of before: what they signed stays good until they are taken away.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASES = {"default": database(env("DATABASE_URL"))}
if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_BACKEND = "community.messages.backend.OutboxBackend"

STORAGES = {
    **STORAGES,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
# A name that browsers take from this very host alone, over TLS (RFC 6265bis, 4.1.3).
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
# The site stands behind a proxy; without it, everybody would have its address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)

LOG_FORMAT = env("LOG_FORMAT", default="json")
LOGGING = logging_as(LOG_FORMAT)
