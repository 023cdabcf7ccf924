"""Settings of the tests: as production where it matters, fast where it may be."""

from .base import *  # noqa: F403
from .base import BASE_DIR, database, env

SECRET_KEY = "tests only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database(env("DATABASE_URL", default="sqlite://:memory:"))}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, so that the live server's threads and the test see one database.
    DATABASES["default"]["TEST"] = {"NAME": BASE_DIR / "var" / "test.sqlite3"}
(BASE_DIR / "var").mkdir(exist_ok=True)

SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
MAIL_DOMAIN = "placa.example"
ORGANISER_EMAIL = "agenda@placa.example"
DEFAULT_FROM_EMAIL = "Plaça <agenda@placa.example>"
MAILBOX = True
MEETINGS_HERE = True
# Within a test nothing is committed, and nothing that was remembered forgotten.
REMEMBERED_SECONDS = 0
# Tests write faster than people.
FORM_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = {}
