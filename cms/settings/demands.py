"""What a real installation has to be told before it may start.

Looked at before any other setting is read, so that all that is missing or dangerous
is said at once, in words, and not one thing at each attempt.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from community.messages.providers import PROVIDERS, Calendar

REQUIRED = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "SITE_URL",
    "ORGANISER_EMAIL",
)
NUMBERS = ("SECURE_HSTS_SECONDS", "TRUSTED_PROXIES")
# As `check --deploy` has it: shorter ones, or of few letters, can be guessed.
SECRET_LENGTH = 50
SECRET_LETTERS = 5
PASSWORD_LENGTH = 20
# Of development and of what tutorials copy.
KNOWN_SECRETS = ("development only", "tests only", "django-insecure-", "changeme")
YES = ("1", "true", "yes", "on", "y", "t", "ok")
DATABASE_SCHEMES = ("postgres", "postgresql", "sqlite")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
CACHE_SCHEMES = ("redis", "rediss")
# Who makes online meetings in Teams says all of these, and one of the two proofs.
TEAMS = ("TEAMS_TENANT", "TEAMS_CLIENT_ID", "TEAMS_ORGANISER")
TEAMS_PROOFS = ("TEAMS_CERTIFICATE", "TEAMS_SECRET")
OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def faults(said: Mapping[str, str]) -> list[str]:
    """All that keeps the variables `said` from being a real installation's; empty if
    nothing does. No value is repeated: some are secrets."""
    missing = [name for name in REQUIRED if not said.get(name)]
    found = [f"{name} is missing." for name in missing]
    found += _ways_out(said)
    found += _half_set_up(said)
    for name, check in CHECKS.items():
        if said.get(name):
            found += [f"{name} {words}" for words in check(said[name], said)]
    return found


def cautions(said: Mapping[str, str]) -> list[str]:
    """What is allowed and seldom meant."""
    if said.get("DATABASE_URL", "").startswith("sqlite"):
        return [
            "DATABASE_URL is SQLite: for demonstrations and small bodies. Under load "
            "only PostgreSQL keeps its promises."
        ]
    return []


def _ways_out(said: Mapping[str, str]) -> Iterator[str]:
    """Mail leaves by one server or one provider, and invitations as such."""
    name = said.get("EMAIL_PROVIDER", "")
    if not name:
        if not said.get("EMAIL_URL"):
            yield "EMAIL_URL is missing, or EMAIL_PROVIDER."
        return
    if said.get("EMAIL_URL"):
        yield "EMAIL_PROVIDER and EMAIL_URL are both set: mail leaves by one of them."
    if name not in PROVIDERS:
        yield f"EMAIL_PROVIDER must be one of: {', '.join(PROVIDERS)}."
        return
    provider = PROVIDERS[name]
    for need in provider.needs:
        if not said.get(need):
            yield f"{need} is missing, as long as EMAIL_PROVIDER is {name}."
    if provider.package and find_spec(provider.package) is None:
        yield f"EMAIL_PROVIDER {name} needs the package {provider.package}."
    if provider.calendar is Calendar.LOST and not said.get("INVITATIONS_EMAIL_URL"):
        yield (
            f"INVITATIONS_EMAIL_URL is missing: {provider.label} takes invitations out "
            "of their mails, so they need a mail server of their own."
        )


def _half_set_up(said: Mapping[str, str]) -> Iterator[str]:
    """Teams is set up whole or not at all."""
    if not any(said.get(name) for name in (*TEAMS, *TEAMS_PROOFS)):
        return
    for name in TEAMS:
        if not said.get(name):
            yield f"{name} is missing, as long as Teams is set up."
    proofs = [name for name in TEAMS_PROOFS if said.get(name)]
    if len(proofs) != 1:
        yield "TEAMS_CERTIFICATE or TEAMS_SECRET is needed, and not both."


def _secret(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if len(value) < SECRET_LENGTH or len(set(value)) < SECRET_LETTERS:
        yield (
            f"can be guessed: it needs {SECRET_LENGTH} characters, of more than "
            f"{SECRET_LETTERS} kinds."
        )
    if value.startswith(KNOWN_SECRETS):
        yield "is one that everybody knows."


def _hosts(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if "*" in _list(value):
        yield "must not be '*': anybody could have links made that lead elsewhere."


def _site(value: str, said: Mapping[str, str]) -> Iterator[str]:
    address = urlsplit(value)
    if address.scheme != "https" or not address.hostname:
        yield "must begin with https:// and name a host."
        return
    if address.path.strip("/") or address.query or address.fragment:
        yield "must be the address of the site and nothing after it."
    if not any(_fits(address.hostname, host) for host in _hosts_of(said)):
        yield f"names {address.hostname}, which ALLOWED_HOSTS does not."


def _hosts_of(said: Mapping[str, str]) -> list[str]:
    # Without any, that is said already; with all, that.
    return [host for host in _list(said.get("ALLOWED_HOSTS", "")) if host] or ["*"]


def _list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",")]


def _fits(name: str, host: str) -> bool:
    if host.startswith("."):
        return name == host[1:] or name.endswith(host)
    return host in ("*", name)


def _address(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if not ADDRESS.fullmatch(value):
        yield "is no e-mail address; calendar programs answer to it."


def _database(value: str, said: Mapping[str, str]) -> Iterator[str]:
    scheme, found, _ = value.partition("://")
    if not found or scheme not in DATABASE_SCHEMES:
        yield "must be postgres://user:password@host:port/name or sqlite:////path."


def _mail(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if not _leads_somewhere(value, MAIL_SCHEMES):
        yield "must be smtp://, smtp+tls:// or smtp+ssl:// and a host."


def _cache(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if not _leads_somewhere(value, CACHE_SCHEMES):
        yield "must be redis:// or rediss:// and a host."


def _identifier(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if not OBJECT_ID.fullmatch(value):
        yield "must be an object id, such as 00000000-0000-0000-0000-000000000000."


def _service(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if not _leads_somewhere(value, ("https",)):
        yield "must begin with https:// and name a host."


def _webhook_secret(value: str, said: Mapping[str, str]) -> Iterator[str]:
    user, colon, password = value.partition(":")
    if not (user and colon) or len(password) < PASSWORD_LENGTH:
        yield f"must be user:password, with {PASSWORD_LENGTH} characters or more."


def _leads_somewhere(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        address = urlsplit(value)
        # Asked for, a port that is no number is found.
        is_named = bool(address.hostname) and address.port != 0
        return address.scheme in schemes and is_named
    except ValueError:
        return False


def _open_mailbox(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if value.lower() in YES:
        yield "shows everybody's mail without sign-in: it is for development."


def _debug(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if value.lower() in YES:
        yield "shows the inside of the site to whoever meets a fault."


def _leaks(value: str, said: Mapping[str, str]) -> Iterator[str]:
    yield "must not be set: it writes every mail, and the key, where all the log goes."


def _blind(value: str, said: Mapping[str, str]) -> Iterator[str]:
    yield "must not be set: an invitation would leave without its calendar part."


def _number(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if not value.isascii() or not value.isdecimal():
        yield "must be a number."


def _log_format(value: str, said: Mapping[str, str]) -> Iterator[str]:
    if value not in ("json", "text"):
        yield "must be json or text."


CHECKS = {
    "SECRET_KEY": _secret,
    "ALLOWED_HOSTS": _hosts,
    "SITE_URL": _site,
    "ORGANISER_EMAIL": _address,
    "DATABASE_URL": _database,
    **dict.fromkeys(("EMAIL_URL", "INVITATIONS_EMAIL_URL"), _mail),
    "ANYMAIL_DEBUG_API_REQUESTS": _leaks,
    "ANYMAIL_IGNORE_UNSUPPORTED_FEATURES": _blind,
    "CACHE_URL": _cache,
    "ANYMAIL_WEBHOOK_SECRET": _webhook_secret,
    "MAILBOX": _open_mailbox,
    "DEBUG": _debug,
    "LOG_FORMAT": _log_format,
    # An address there would be found by nobody: 404.
    "TEAMS_ORGANISER": _identifier,
    "TEAMS_CLIENT_ID": _identifier,
    **dict.fromkeys(("TEAMS_GRAPH_URL", "TEAMS_LOGIN_URL"), _service),
    **dict.fromkeys(NUMBERS, _number),
}
