"""What every answer says to browsers, what finds us, and what hostile input comes to.

The yardstick is OWASP ASVS 5.0, level 2: chapters 1 (encoding), 3 (frontend), 4 (web
service), 13 (configuration) and 14 (data protection).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from events import followers
from tests.factories import a_registration, a_series, a_session, a_user
from tests.factories.acting import an_invitation
from tests.factories.cases import a_consultation
from tests.factories.pages import a_home, a_series_page, a_session_page, an_agenda

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.django_db

# Said with every answer, whatever it is.
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Of the public site; DESIGN says the first two, the others follow from them.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
LEAKS = ("Server", "X-Powered-By", "X-AspNet-Version", "Via")


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


class World:
    """A site with something at each of its addresses."""

    def __init__(self) -> None:
        self.home = a_home()
        self.series = a_series()
        self.session = a_session(series=self.series)
        page = a_series_page(self.home, self.series)
        a_session_page(page, self.session)
        self.agenda = an_agenda(self.home)
        self.registration = a_registration(self.session, name="Ada Puig")
        followers.follow(self.series, "ada@council.example", "ca")
        self.follower = self.series.followers.get()
        self.case = a_consultation(self.series.unit)
        self.asked = an_invitation()

    def fill(self, route: str, spoilt: str = "") -> str:
        """The address of `route`, with what there is in the place of each name, or
        with `spoilt` in the place of all."""
        token = self.registration.token
        if "j/" in route[:2]:
            token = self.registration.invitations.get().join_token
        if "f/" in route[:2]:
            token = self.follower.token
        if "c/" in route[:2]:
            token = self.case.token
        if "b/" in route[:2]:
            token = self.asked.token
        names = {
            "code": self.series.code if "series/" in route else self.session.code,
            "series": self.series.code,
            "language": "ca",
            "token": token,
        }

        def value(match: re.Match[str]) -> str:
            return spoilt or names.get(match["name"], "1")

        address = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, route)
        groups = r"\(\?P<\w+>[^)]*\)|\((?!\?)[^)]*\)"
        address = re.sub(groups, lambda match: spoilt or "1", address)
        return "/" + re.sub(r"\\Z|[$^]|\\(?=[/.])", "", address)


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Every pattern of an address that is not the staff's."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if route.startswith(("admin/", "mailbox/")):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


# The language of a route is that of whoever asks for the list: here Catalan.
ROUTES = sorted({re.sub(r"^[a-z]{2}/", "ca/", route) for route in routes()})

# Addresses with something of one person's: nobody keeps it, and nobody finds it.
PERSONAL = re.compile(
    r"/([rjfcb]|admin)/"
    r"|/ca/(account|ask/sent|b|my-data|my-bodies|resources/[^/]+/request"
    r"|caravan/stops|s/[^/]+/register(ed)?)(/|$)"
)


def check_headers(answer: HttpResponse, address: str) -> None:
    for name, value in ALWAYS.items():
        assert answer.get(name) == value, (address, name)
    for name in LEAKS:
        assert name not in answer, (address, name)
    assert "geolocation=()" in answer["Permissions-Policy"], address
    assert answer["Referrer-Policy"] in ("same-origin", "strict-origin"), address
    if "sandbox" not in answer["Content-Security-Policy"]:
        check_policy(answer["Content-Security-Policy"], address)
    if PERSONAL.match(address):
        assert "no-store" in answer["Cache-Control"], address
        assert "noindex" in answer["X-Robots-Tag"], address


def check_policy(policy: str, address: str) -> None:
    said = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    for directive, value in POLICY.items():
        assert said[directive] == value, (address, directive)
    assert "unsafe" not in policy
    assert "*" not in policy


# Headers -----------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES)
def test_every_address_says_what_browsers_may_do_with_it(route):
    address = World().fill(route)
    client = Client(raise_request_exception=False)

    for method in ("get", "head", "post", "options", "delete"):
        answer = getattr(client, method)(address)
        assert answer.status_code != 500, method
        check_headers(answer, address)


ERRORS = {
    400: lambda client: client.get("/ca/%00/"),
    403: lambda client: client.post("/ca/account/logout/"),
    404: lambda client: client.get("/ca/no-such-page/"),
    405: lambda client: Client().post("/cal/ca.ics"),
    413: lambda client: client.post("/scheme/", {"x": "y" * 3_000_000}),
}


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_says_it_too_and_tells_nothing_of_the_inside(status):
    World()
    client = Client(enforce_csrf_checks=True)

    answer = ERRORS[status](client)

    assert answer.status_code == status
    check_headers(answer, "")
    page = answer.content.decode()
    for inside in ("Traceback", "Django", "wagtail", "sqlite", "/work", "Exception"):
        assert inside not in page
    if status != 405:
        assert "<main" in page


def test_a_fault_of_ours_says_it_too_and_tells_nothing(monkeypatch):
    World()
    monkeypatch.setattr("cms.views.session_to_show", lambda **_: 1 / 0)
    client = Client(raise_request_exception=False)

    answer = client.get("/s/any/")

    assert answer.status_code == 500
    check_headers(answer, "")
    assert "division" not in answer.content.decode()


def test_what_has_not_changed_and_what_leads_elsewhere_say_it_too():
    world = World()
    client = Client()
    feed = client.get("/cal/ca.ics")

    again = client.get("/cal/ca.ics", headers={"if-none-match": feed["ETag"]})
    led = client.get(f"/s/{world.session.code}/")
    language = client.get("/")

    assert (again.status_code, led.status_code, language.status_code) == (304, 302, 302)
    for answer in (feed, again, led, language):
        check_headers(answer, "")


def test_the_staffs_pages_have_their_own_policy_and_are_kept_by_nobody():
    a_home()
    client = Client()
    client.force_login(a_user(is_superuser=True))
    strict = Client(enforce_csrf_checks=True)

    for answer in (
        client.get("/admin/"),
        client.get("/admin/no-such-page/"),
        Client().get("/admin/sessions/"),
        strict.post("/admin/sessions/new/"),
    ):
        policy = answer["Content-Security-Policy"]
        assert "object-src 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        for name, value in ALWAYS.items():
            assert answer[name] == value


def test_a_page_is_previewed_under_its_own_policy_in_a_frame_of_the_admin():
    home = a_home()
    home.save_revision()
    staff = Client()
    staff.force_login(a_user(is_superuser=True))

    preview = staff.get(f"/admin/pages/{home.pk}/view_draft/")

    policy = preview["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    check_policy(policy.replace("frame-ancestors 'self'", "frame-ancestors 'none'"), "")


def test_files_of_the_theme_say_it_too(settings, tmp_path):
    """As WhiteNoise hands them out in production."""
    (tmp_path / "tiles.svg").write_text("<svg/>")
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_AUTOREFRESH = False
    settings.WHITENOISE_USE_FINDERS = False

    answer = Client().get("/static/tiles.svg")

    assert b"".join(answer.streaming_content) == b"<svg/>"
    check_headers(answer, "")


def test_what_is_added_to_a_feed_or_a_page_later_is_public_by_name_alone():
    """Nothing but the public site may be kept by a cache that many share."""
    world = World()

    for route in ROUTES:
        answer = Client(raise_request_exception=False).get(world.fill(route))
        if "public" in answer.get("Cache-Control", ""):
            assert not PERSONAL.match(world.fill(route))
            assert not answer.cookies


# Production --------------------------------------------------------------------

REAL = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "t3k-Zq7_xY2mWb9LrVn0PdCfHs8JgUeAo5iKtMjQy6RzXwGvBh1",
    "ALLOWED_HOSTS": "agenda.example.cat",
    "DATABASE_URL": "postgres://placa:secret@127.0.0.1:1/placa",
    "SITE_URL": "https://agenda.example.cat",
    "ORGANISER_EMAIL": "agenda@example.cat",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.cat:587",
}


def in_production(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, **REAL, **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_production_has_nothing_to_warn_of():
    checked = in_production(
        "-W", "error::DeprecationWarning:cms", "manage.py", "check", "--deploy",
        "--fail-level", "WARNING",
    )  # fmt: skip

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "no issues" in checked.stdout


IN_PRODUCTION = """
import django
from django.conf import settings
# Nothing is collected here.
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STORAGES["staticfiles"]["BACKEND"] = plain
django.setup()
from django.conf import settings
from django.test import RequestFactory
from django.core.handlers.wsgi import WSGIHandler

def ask(host, path="/robots.txt", **headers):
    request = RequestFactory().get(path, HTTP_HOST=host, **headers)
    answer = WSGIHandler().get_response(request)
    print(answer.status_code, answer.get("Location", "-"),
          answer.get("Strict-Transport-Security", "-"), "evil" in str(answer.content))

safe = {"HTTP_X_FORWARDED_PROTO": "https"}
ask("agenda.example.cat", **safe)
ask("agenda.example.cat")
ask("evil.example", **safe)
ask("agenda.example.cat", HTTP_X_FORWARDED_HOST="evil.example", **safe)
ask("agenda.example.cat@evil.example", **safe)
ask("agenda.example.cat:evil", **safe)
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME,
      settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
      settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SECURE,
      settings.USE_X_FORWARDED_HOST, settings.ALLAUTH_TRUSTED_PROXY_COUNT)
"""


@pytest.mark.slow
def test_production_speaks_only_over_tls_under_its_own_name_with_cookies_of_its_own():
    hsts = "max-age=31536000;includeSubDomains;preload"

    asked = in_production("-c", IN_PRODUCTION)

    lines = [line.replace("; ", ";") for line in asked.stdout.splitlines()]
    assert lines == [
        f"200 - {hsts} False",
        "301 https://agenda.example.cat/robots.txt - False",
        f"400 - {hsts} False",
        f"200 - {hsts} False",
        f"400 - {hsts} False",
        f"400 - {hsts} False",
        "__Host-session __Host-csrf True True Lax True False 1",
    ], asked.stderr


# What finds us -----------------------------------------------------------------


def fields(answer: HttpResponse) -> dict[str, str]:
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("seguretat@example.cat", "mailto:seguretat@example.cat"),
        ("mailto:seguretat@example.cat", "mailto:seguretat@example.cat"),
        ("https://example.cat/seguretat", "https://example.cat/seguretat"),
    ],
)
def test_whoever_finds_a_hole_knows_whom_to_tell(settings, client, contact, said):
    settings.SECURITY_CONTACT = contact
    settings.SITE_URL = "https://agenda.example.cat/"

    answer = client.get("/.well-known/security.txt")

    told = fields(answer)
    assert told["Contact"] == said
    expires = datetime.fromisoformat(told["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert told["Preferred-Languages"] == "ca, es, en"
    assert told["Canonical"] == "https://agenda.example.cat/.well-known/security.txt"


def test_the_organiser_is_told_if_nobody_else_is_named():
    assert site.SECURITY_CONTACT


def test_programs_that_read_everything_are_asked_to_leave_forms_and_the_admin(client):
    text = client.get("/robots.txt").content.decode()

    assert text.startswith("User-agent: *\n")
    for path in ("/admin/", "/ca/account/", "/es/s/"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /\n" not in text
    for secret in ("/r/", "/j/", "/f/"):
        assert f"Disallow: {secret}" not in text, "or nobody sees that it is not to be"


# Hostile input -----------------------------------------------------------------

HOSTILE = {
    "NUL": "%00",
    "ten thousand letters": "a" * 10_000,
    "half a letter": "%ED%A0%80",
    "broken octets": "%ff%fe%fd",
    "a lonely percent": "%",
    "another alphabet's digit": "%D9%A3",
    "a number too big": "9" * 30,
    "a number far too big": "9" * 5_000,
    "less than nothing": "-1",
    "quotation marks": "%22%27",
    "a page": "%3Cscript%3Ealert(1)%3C/script%3E",
    "two lines": "a%0d%0aSet-Cookie:%20a=b",
    "a way up": "..%2f..%2f..%2fetc%2fpasswd",
    "a template": "%7B%7B7*7%7D%7D%7B%25%20debug%20%25%7D",
    "another direction": "%E2%80%AE",
}
# What addresses ask for anywhere on the public site, and some that nothing asks for.
ASKED = (
    *("page", "when", "series", "topic", "format", "q", "next", "cancelled"),
    *("corrected", "month", "date", "year", "code", "language", "utm_source"),
)


@pytest.mark.parametrize("what", HOSTILE)
def test_no_address_breaks_whatever_is_asked_of_it(what):
    world = World()
    client = Client(raise_request_exception=False)
    query = "&".join(f"{name}={HOSTILE[what]}" for name in ASKED)

    for route in ROUTES:
        address = world.fill(route)
        answer = client.get(address, QUERY_STRING=query)
        assert answer.status_code < 500, address
        assert b"<script>alert(1)" not in b"".join(answer), address
        assert "a" not in answer.cookies, address


@pytest.mark.parametrize("what", HOSTILE)
def test_no_address_breaks_whatever_it_is_made_of(what):
    world = World()
    client = Client(raise_request_exception=False)
    value = HOSTILE[what]
    made = {world.fill(route, spoilt=value) for route in ROUTES if "<" in route}

    for address in (*made, f"/{value}/", f"/{value}", f"/ca/{value}/", f"/ca/x{value}"):
        answer = client.get(address)
        assert answer.status_code < 500, address[:80]
        assert b"<script>alert(1)" not in b"".join(answer), address[:80]


def forms(world: World) -> dict[str, list[str]]:
    """Each public form, with the names of its fields."""
    code, series = world.session.code, world.series.code
    mine = [world.registration.token]
    return {
        reverse("register", args=[code]): [
            *("name", "email", "body", "other_body", "position", "mode", "question"),
            *("language", "follow", "form_key", "shown", "website", "chosen"),
            *("sign_language", "other_needs", "needs_consent"),
        ],
        reverse("register_group", args=[code]): [
            *("body", "language", "form_key", "shown", "chosen", "people-0-name"),
            *("people-0-email", "people-0-position", "people-TOTAL_FORMS"),
            *("people-INITIAL_FORMS", "people-MIN_NUM_FORMS"),
        ],
        reverse("follow", args=[series]): ["email", "shown", "website"],
        reverse("correct_registration", args=mine): ["name", "body", "language"],
        reverse("following", args=[world.follower.token]): ["leave", "x"],
        reverse("my_data"): ["email", "shown", "website"],
        reverse("scheme"): ["scheme", "next"],
        reverse("account_login"): ["login", "next", "remember"],
        reverse("account_request_login_code"): ["email", "next"],
        reverse("account_confirm_login_code"): ["code", "action", "next"],
        reverse("account_signup"): ["email", "next"],
        reverse("account_reset_password"): ["email"],
        reverse("account_reauthenticate"): ["password", "next"],
        reverse("account_logout"): ["next"],
    }


BODIES = {
    "NUL": b"\0",
    "ten thousand letters": b"a" * 10_000,
    "half a letter": b"\xed\xa0\x80",
    "broken octets": b"\xff\xfe\xfd",
    "two lines": b"a\r\nBcc: eve@evil.example\r\n\r\nb",
    "an address with a line": b"ada@council.example\r\nBcc: eve@evil.example",
    "a long address": b"a" * 300 + b"@" + b"b" * 300 + b".example",
    "a number too big": b"9" * 5_000,
    "a page": b"<script>alert(1)</script>",
    "another direction": "\u202e\u2066a".encode(),
    "many accents": ("a" + "\u0301" * 3_000).encode(),
    "a big letter": "\U0001f3db".encode() * 500,
}


@pytest.mark.parametrize("what", BODIES)
def test_no_form_breaks_whatever_is_written_into_it(what):
    world = World()
    client = Client(raise_request_exception=False)

    for address, names in forms(world).items():
        for one in (*names, None):
            # Each field by itself, and all of them at once.
            written = dict.fromkeys(names if one is None else [one], BODIES[what])
            cache.clear()
            answer = client.post(
                address, urlencode(written), "application/x-www-form-urlencoded"
            )
            assert answer.status_code < 500, (address, one)
            assert b"<script>alert(1)" not in b"".join(answer), (address, one)
            assert not re.search(r"[\r\n]", answer.get("Location", ""))


ODD_REQUESTS: dict[str, dict[str, Any]] = {
    "another kind of body": {"data": b"{}", "content_type": "application/json"},
    "no kind of body": {"data": b"a=b", "content_type": ""},
    "a kind that is none": {"data": b"a=b", "content_type": "\x7f/\x7f;;;=;"},
    "parts without a boundary": {"data": b"x", "content_type": "multipart/form-data"},
    "parts that never end": {
        "data": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
        "content_type": "multipart/form-data; boundary=x",
    },
    "a boundary too long": {
        "data": b"x",
        "content_type": f"multipart/form-data; boundary={'x' * 300}",
    },
    "too many fields": {
        "data": "&".join(f"f{n}=1" for n in range(10_001)).encode(),
        "content_type": "application/x-www-form-urlencoded",
    },
    "too much": {
        "data": b"name=" + b"a" * 3_000_000,
        "content_type": "application/x-www-form-urlencoded",
    },
    "a length that is none": {
        "data": b"a=b",
        "content_type": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": "many",
    },
    "in pieces": {
        "data": b"5\r\na=b&c\r\n0\r\n\r\n",
        "content_type": "application/x-www-form-urlencoded",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_LENGTH": "",
    },
}


@pytest.mark.parametrize("what", ODD_REQUESTS)
def test_no_form_breaks_however_it_is_sent(what):
    world = World()
    client = Client(raise_request_exception=False)

    for address in forms(world):
        cache.clear()
        answer = client.generic("POST", f"{address}?x=%e9", **ODD_REQUESTS[what])
        assert answer.status_code < 500, address


@pytest.mark.parametrize("charset", ["rot13", "base64", "zlib", "utf-16", "none"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_breaks_by_an_encoding_that_is_claimed(charset, method):
    """As the web server calls the site: Django's own test client is too late."""
    from cms.wsgi import application

    kind = f"application/x-www-form-urlencoded; Charset={charset}"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/scheme/",
        "QUERY_STRING": "q=%e9%ff",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": "13",
        "wsgi.input": BytesIO(b"next=%2fca%2f"),
    }
    setup_testing_defaults(environ)
    said = []

    application(environ, lambda status, headers: said.append(status))

    assert said == [{"GET": "405 Method Not Allowed", "POST": "302 Found"}[method]]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X"])
def test_a_method_that_nobody_expects_changes_nothing(method):
    world = World()
    client = Client(raise_request_exception=False)

    for address in forms(world):
        assert client.generic(method, address, b"x").status_code < 500, address

    world.registration.refresh_from_db()
    assert world.registration.is_active
    assert world.series.followers.exists()


def test_a_file_too_big_is_turned_away_before_it_is_written_down():
    world = World()
    answer = Client().generic(
        "POST",
        reverse("register", args=[world.session.code]),
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**12),
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "placa.example, evil.example"},
        {"HTTP_HOST": "placa.example@evil.example"},
        {"HTTP_HOST": "placa.example:80@evil.example"},
        {"HTTP_HOST": "\0"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "placa.example"},
    ],
    ids=str,
)
def test_another_hosts_name_is_turned_away(settings, header):
    settings.ALLOWED_HOSTS = ["placa.example"]
    a_home()

    answer = Client(raise_request_exception=False).get("/ca/", **header)

    assert answer.status_code == 400
    assert b"evil" not in answer.content
    check_headers(answer, "")


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"],
)
def test_what_other_headers_claim_is_nowhere_to_be_seen(settings, header):
    settings.ALLOWED_HOSTS = ["placa.example"]
    a_home()
    client = Client(HTTP_HOST="placa.example", headers={header: "evil.example"})

    for address in ("/", "/ca/", "/ca/account/login/", "/.well-known/security.txt"):
        answer = client.get(address)
        assert answer.status_code < 400
        assert "evil" not in answer.content.decode() + answer.get("Location", "")


# The admin ---------------------------------------------------------------------

# Where Wagtail asks the database for words, numbers and dates of the address.
ADMIN = (
    *("/admin/", "/admin/pages/", "/admin/pages/1/", "/admin/pages/search/"),
    *("/admin/images/", "/admin/images/chooser/", "/admin/images/chooser/results/"),
    *("/admin/documents/", "/admin/documents/chooser/", "/admin/users/"),
    *("/admin/redirects/", "/admin/reports/site-history/", "/admin/reports/locked/"),
    *("/admin/workflows/list/", "/admin/sessions/", "/admin/messages/"),
    *("/admin/localbody/", "/admin/series/", "/admin/choose-page/"),
    *("/admin/choose-page/search/", "/admin/choose-external-link/", "/admin/forms/"),
    *("/admin/groups/", "/admin/sites/", "/admin/collections/", "/admin/locales/"),
    *("/admin/sessions/{session}/people/", "/admin/sessions/calendar/"),
    *("/admin/reports/page-types-usage/", "/admin/reports/aging-pages/"),
)
ADMIN_ASKED = (
    *("q", "p", "page", "ordering", "collection_id", "tag", "state", "kind", "mode"),
    *("body", "language", "user", "owner", "locale", "content_type", "group", "site"),
    *("parent_page_id", "page_type", "action", "label", "date", "month", "series"),
    *("timestamp_from", "created_at_from", "latest_revision_created_at_from"),
)


ODD = {
    **{what: HOSTILE[what] for what in ("NUL", "broken octets", "less than nothing")},
    "a number too big": HOSTILE["a number too big"],
    "a number far too big": HOSTILE["a number far too big"],
    "one quotation mark": "a%22",
    "a word": "zz",
}


@pytest.mark.slow
@pytest.mark.parametrize("what", ODD)
def test_no_list_of_the_staff_breaks_whatever_is_asked_of_it(what):
    world = World()
    client = Client(raise_request_exception=False)
    client.force_login(a_user(is_superuser=True))
    everything = "&".join(f"{name}={ODD[what]}" for name in ADMIN_ASKED)

    for address in ADMIN:
        address = address.format(session=world.session.pk)
        for query in (f"q={ODD[what]}", f"p={ODD[what]}", everything):
            answer = client.get(address, QUERY_STRING=query)
            assert answer.status_code < 500, (address, query[:40])


def test_a_search_with_quotation_marks_still_finds():
    a_home()
    client = Client()
    client.force_login(a_user(is_superuser=True))

    answer = client.get("/admin/pages/search/", {"q": '"Plaça"'})

    assert answer.status_code == 200
