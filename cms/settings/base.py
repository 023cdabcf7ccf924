"""Settings common to development, tests and production.

Each environment variable is named in docs/operations.md.
"""

import os
from datetime import timedelta
from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

# The house -------------------------------------------------------------------

INSTALLED_APPS = [
    "community",
    "events",
    "cms",
    "workflows.engine",
    "workflows.staff",
    "workflows.applicant",
    "workflows.registration",
    "workflows.organising",
    "workflows.consultation",
    "workflows.membership",
    "workflows.proposals",
    "workflows.catalogue",
    "workflows.requesting",
    "workflows.caravan",
    "viewflow",
    "viewflow.workflow",
    "allauth",
    "allauth.account",
    "anymail",
    "csp",
    "django_tasks_db",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "community.people_app.PeopleConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail_localize",
    "wagtail_localize.locales",  # in place of wagtail.locales
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    # First what is said with every answer: errors and redirects pass here too.
    "cms.security.HeadersMiddleware",
    "cms.security.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # For probes and operators: before all that could refuse or redirect them.
    "community.running.health.HealthMiddleware",
    "community.running.metrics.MetricsMiddleware",
    "community.running.traffic.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.security.HostileMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    # Before all that looks at who asks.
    "cms.caching.pages.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.middleware.AdminMiddleware",
    "cms.middleware.KnownPagesMiddleware",
    "cms.middleware.GoneMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

# The theme: its templates and files are found before everyone else's ----------

THEMES_DIR = BASE_DIR / "themes"
THEME = env("THEME", default="base")
# A brand says only what differs from `base`.
_themes = [THEMES_DIR / name for name in dict.fromkeys((THEME, "base"))]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [theme / "templates" for theme in _themes],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

STATICFILES_DIRS = [
    *(theme / "static" for theme in _themes),
    # The pictures of the editors' guide.
    ("editors", BASE_DIR / "docs" / "editors"),
]
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What no address of the web server leads to: the files of cases.
    "private": {"BACKEND": "cms.private.PrivateStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Data ------------------------------------------------------------------------


def database(url: str) -> dict:
    """A DATABASES entry for `url`, with what each engine needs to keep our
    promises: SQLite takes its write lock at the start of a transaction, and no
    statement on PostgreSQL waits for ever."""
    config = environ.Env.db_url_config(url)
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        config["OPTIONS"] = {
            **config.get("OPTIONS", {}),
            # A machine that does not answer at all is given up after so many seconds.
            "connect_timeout": 5,
            "options": "-c lock_timeout=10s -c statement_timeout=30s"
            " -c idle_in_transaction_session_timeout=60s",
        }
    return config


DATABASES = {
    "default": database(
        env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'placa.sqlite3'}")
    )
}

# What is remembered ------------------------------------------------------------


def caches(url: str) -> dict:
    """CACHES on the server at `url`, or in the memory of each process if it is "".

    Pages apart from the rest: however many they are, they never push out the counters
    that keep robots away."""
    where = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if url:
        where = {"BACKEND": "cms.caching.shared.SharedCache", "LOCATION": url}
    return {
        "default": {**where, "OPTIONS": {} if url else {"MAX_ENTRIES": 10_000}},
        "pages": {
            **where,
            "KEY_PREFIX": "pages",
            # About 10 MB of them in each process.
            **({} if url else {"LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 300}}),
        },
    }


# redis://…, or rediss:// with TLS: one that all processes share.
CACHES = caches(env("CACHE_URL", default=""))
# For how long at most, where a change is not heard of; 0 is never.
REMEMBERED_SECONDS = 60

# People ----------------------------------------------------------------------

AUTH_USER_MODEL = "community.User"
AUTHENTICATION_BACKENDS = ["community.accounts.AccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "community.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=15).total_seconds())
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# The key is the address asked for, known or not, so that no refusal tells who is.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "request_login_code": "30/m/ip,3/m/key,10/h/key",
}
# How many proxies of ours add to X-Forwarded-For; of those beyond, anybody's word.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# A choice that nobody needs: the session lasts as long as Django lets it.
ACCOUNT_SESSION_REMEMBER = True

# Languages and time ----------------------------------------------------------

LANGUAGE_CODE = env("LANGUAGE_CODE", default="ca")
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("ca", _("Catalan")),
    ("es", _("Spanish")),
    ("en", _("English")),
]
LOCALE_PATHS = [
    *(theme / "locale" for theme in _themes),
    *(BASE_DIR / room / "locale" for room in ("workflows", "cms", "events")),
    BASE_DIR / "community" / "locale",
]
USE_I18N = True
USE_TZ = True
# One for the whole installation; the calendar carries its rules.
TIME_ZONE = "Europe/Madrid"
# The town whose clock it is, as people say it: "hora de Barcelona".
TIME_ZONE_PLACE = env("TIME_ZONE_PLACE", default="Barcelona")
# The code of the municipality where the office is: its holidays are days off for all.
SEAT = env("SEAT", default="08019")

# Mail ------------------------------------------------------------------------

SITE_NAME = env("SITE_NAME", default="Plaça")
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
MAIL_DOMAIN = env("MAIL_DOMAIN", default=urlsplit(SITE_URL).hostname)
# Whoever writes here is read: the calendar programs answer to it.
ORGANISER_EMAIL = env("ORGANISER_EMAIL", default=f"agenda@{MAIL_DOMAIN}")
# Who finds a hole tells it here: an address, or a page (RFC 9116).
SECURITY_CONTACT = env("SECURITY_CONTACT", default=ORGANISER_EMAIL)
# One address for both: an invitation whose ORGANIZER is not its From is distrusted.
DEFAULT_FROM_EMAIL = formataddr((SITE_NAME, ORGANISER_EMAIL))
SERVER_EMAIL = ORGANISER_EMAIL
EMAIL_BACKEND = "community.messages.backend.OutboxBackend"
EMAIL_TIMEOUT = 20
# What carries the outbox's mail away: any of Django's backends …
OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
# … unless a provider does, by its own interface (community/messages/providers.py).
EMAIL_PROVIDER = env("EMAIL_PROVIDER", default="")


def smtp_server(url: str) -> dict:
    """The SMTP server at `url`, as Django's backend takes it; {} if it is ""."""
    if not url:
        return {}
    config = environ.Env.email_url_config(url)
    tls, ssl = (config.get(f"EMAIL_USE_{name}", False) for name in ("TLS", "SSL"))
    # Never None, in place of which Django takes what is said of the other server.
    return {
        "host": config["EMAIL_HOST"],
        "port": config["EMAIL_PORT"] or (465 if ssl else 587 if tls else 25),
        "username": config["EMAIL_HOST_USER"] or "",
        "password": config["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": tls,
        "use_ssl": ssl,
    }


# Takes what goes into calendars, if that is to leave by a server of its own.
INVITATIONS_SERVER = smtp_server(env("INVITATIONS_EMAIL_URL", default=""))
# Codes and personal links stay readable in the outbox: development only.
OUTBOX_KEEPS_SECRETS = False
# /mailbox/ shows every mail without sign-in: development only.
MAILBOX = False
# What a provider of mail wants to know, as Anymail names it: ANYMAIL_MAILGUN_API_KEY …
ANYMAIL = {
    **{
        name.removeprefix("ANYMAIL_"): value
        for name, value in os.environ.items()
        if name.startswith("ANYMAIL_") and value
    },
    # user:password, which providers bring along. Without it their door is closed.
    "WEBHOOK_SECRET": env("ANYMAIL_WEBHOOK_SECRET", default=""),
    # Nobody waits for ever, and who tries again is the outbox.
    "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
    "AMAZON_SES_CLIENT_PARAMS": {
        "config": {
            "connect_timeout": EMAIL_TIMEOUT,
            "read_timeout": EMAIL_TIMEOUT,
            "retries": {"total_max_attempts": 1},
        }
    },
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Online meetings ---------------------------------------------------------------

# An application registered in the tenant makes them, in the name of one account of
# its own (docs/teams.md).
TEAMS_TENANT = env("TEAMS_TENANT", default="")
TEAMS_CLIENT_ID = env("TEAMS_CLIENT_ID", default="")
# The path of a PEM file with the key and its certificate; or a secret.
TEAMS_CERTIFICATE = env("TEAMS_CERTIFICATE", default="")
TEAMS_SECRET = env("TEAMS_SECRET", default="")
TEAMS_ORGANISER = env("TEAMS_ORGANISER", default="")
# National clouds have others.
TEAMS_GRAPH_URL = env("TEAMS_GRAPH_URL", default="https://graph.microsoft.com/v1.0")
TEAMS_LOGIN_URL = env("TEAMS_LOGIN_URL", default="https://login.microsoftonline.com")
# A page of this site stands for a meeting: development only.
MEETINGS_HERE = False

# Wagtail ---------------------------------------------------------------------

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
# A translation begins as a draft: half of it would be in the other language.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# An address with accents is unreadable wherever it is copied to.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILIMAGES_IMAGE_MODEL = "cms.CustomImage"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.CustomDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Who may do everything has asked for no mail about each page.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Comments on pages, in our look: Wagtail writes those mails itself.
WAGTAILADMIN_NOTIFICATION_USE_HTML = True
# Both would call a third party.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "cms.search.backend", "AUTO_UPDATE": True}
}
# What is handed in is judged by `cms.uploads`.
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.uploads.DocumentForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.uploads.ImageForm"
WAGTAILIMAGES_EXTENSIONS = [
    *("avif", "gif", "heic", "heif", "jpeg", "jpg", "png", "webp"),
]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
# What came as a drawing and is a photograph would weigh ten times as much on pages.
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"png": "webp"}
# A password that many share is kept readable, and never changed.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "m4a",
    "mp3",
    "mp4",
    "odp",
    "ods",
    "odt",
    "ogg",
    "pdf",
    "pptx",
    "vtt",
    "webm",
    "xlsx",
    "zip",
]

# The names of types that not every machine knows.
WAGTAILDOCS_CONTENT_TYPES = {
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "vtt": "text/vtt",
    "webm": "video/webm",
}
# Whose videos a page may show, by the addresses that people copy. Their players are
# those that leave no cookies; nothing is asked of them before the reader's click.
VIDEO_PROVIDERS = (
    {
        "name": "YouTube",
        "pattern": r"https?://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/"
        r"(?:watch\?(?:[^#]*&)?v=|embed/|live/|shorts/)|youtu\.be/)"
        r"(?P<key>[\w-]{11})(?![\w-])",
        "player": "https://www.youtube-nocookie.com/embed/{key}",
        "query": {"autoplay": "1", "rel": "0"},
    },
    {
        "name": "Vimeo",
        "pattern": r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?"
        r"(?P<key>\d{6,12})(?:/(?P<h>[0-9a-f]{6,20}))?(?![\w-])",
        "player": "https://player.vimeo.com/video/{key}",
        "query": {"autoplay": "1", "dnt": "1"},
    },
)
VIDEO_PLAYERS = [
    "{0.scheme}://{0.netloc}".format(urlsplit(provider["player"]))
    for provider in VIDEO_PROVIDERS
]

# Viewflow: the engine only, none of its screens --------------------------------

VIEWFLOW = {"AUTOREGISTER": False}

# Security ----------------------------------------------------------------------

# No nonce, so that the public pages can be cached.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "frame-src": [SELF, *VIDEO_PLAYERS],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
# Wagtail's admin writes styles and scripts into its pages.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    # A page is previewed here with its videos.
    "frame-src": [SELF, *VIDEO_PLAYERS],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
}
# A page of ours needs none of the machine's senses.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
# Wagtail's previews, in the admin, say otherwise for themselves.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
# A public form sent back within so many seconds is a robot's.
FORM_SECONDS = 2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Files of cases: octets of each, and how many one form takes; a form above so much is
# not read at all. All files of forms that nobody has sent yet take no more than that;
# those of drafts that are kept for months have a room of their own.
CASE_FILE_MOST = 20 * 1024 * 1024
CASE_FILES_AT_ONCE = 10
CASE_FORM_MOST = 300 * 1024 * 1024
CASE_DRAFTS_MOST = 2 * 1024 * 1024 * 1024
CASE_HELD_MOST = 20 * 1024 * 1024 * 1024
REQUEST_FILES_MOST = 30
STOP_FILES_MOST = 20

# Running -----------------------------------------------------------------------

# Whoever brings it as `Authorization: Bearer …` sees the figures of /health/ready and
# /metrics; without one, only who asks from this machine.
HEALTH_TOKEN = env("HEALTH_TOKEN", default="")


def logging_as(style: str) -> dict:
    """LOGGING with its lines as `json` or as `text`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "community.running.logs.JsonFormatter"},
            "text": {"()": "community.running.logs.TextFormatter"},
        },
        "filters": {
            # The start and the end of each task would drown all the rest.
            "no_routine": {
                "()": "django.utils.log.CallbackFilter",
                "callback": lambda record: (
                    record.name != "django_tasks" or record.levelname != "INFO"
                ),
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": style,
                "filters": ["no_routine"],
            }
        },
        "loggers": {
            # Its own handlers would write each line once more, in another form.
            "django": {"handlers": [], "level": "INFO"},
            # Each answer has a line already; of what broke this one has the place.
            "django.request": {"level": "ERROR"},
        },
        "root": {"handlers": ["console"], "level": "INFO"},
    }


LOG_FORMAT = env("LOG_FORMAT", default="text")
LOGGING = logging_as(LOG_FORMAT)
