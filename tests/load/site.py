"""Settings of the site that is measured: production's, without a machine's secrets."""

import os

os.environ.update(
    ALLOWED_HOSTS="127.0.0.1",
    EMAIL_URL="smtp://127.0.0.1:9",
    ORGANISER_EMAIL="agenda@placa.example",
    SITE_URL="https://127.0.0.1",
)

from cms.settings.production import *  # noqa: F403
from cms.settings.production import STORAGES

STATIC_ROOT = os.environ["BENCH_STATIC"]
# Named by their content as in production; compressing them takes a minute.
STORAGES = {
    **STORAGES,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
# 0 shows what all pages cost when nothing at all is remembered.
REMEMBERED_SECONDS = int(os.environ.get("BENCH_REMEMBERED", "60"))
