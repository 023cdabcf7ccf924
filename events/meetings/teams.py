"""Meetings in Teams, through Microsoft Graph v1.0.

One application signs in alone (OAuth 2.0, client credentials) and makes meetings in the
name of one account, which nobody uses: docs/teams.md says how to set it up.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NoReturn, Self
from urllib.parse import quote, urlsplit

import msal
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from community.running.logs import redact
from community.work.rows import Away, Permanent, Transient
from community.work.waiting import asked_to_wait

from . import troubles
from .making import Made, Wanted
from .troubles import with_detail

logger = logging.getLogger(__name__)

# Seconds to connect, and between two octets of the answer: all calls of one attempt
# end well within the lease of its row.
PATIENCE = (5, 20)

PEM = r"-----BEGIN {0}-----.+?-----END {0}-----"
# Of the sign-in (AADSTS…), the errors that somebody can mend.
MENDED_BY = {
    90002: troubles.TENANT,
    700016: troubles.CLIENT,
    7000215: troubles.SECRET,
    7000222: troubles.SECRET,
    700027: troubles.CERTIFICATE,
}
# People of any town hall come in without waiting for somebody to open (which alone is
# not always enough: the tenant's own policies stand above). Whoever belongs to the
# organisation presents; nobody else takes the screen from five hundred people.
OPTIONS = {
    "lobbyBypassSettings": {"scope": "everyone", "isDialInBypassEnabled": True},
    "allowedPresenters": "organization",
    "isEntryExitAnnounced": False,
    "recordAutomatically": False,
}


@dataclass(frozen=True)
class Access:
    """What the settings say of how to get in."""

    tenant: str
    client_id: str
    certificate: str
    secret: str
    organiser: str
    graph_url: str
    login_url: str

    @classmethod
    def of_settings(cls) -> Self:
        return cls(
            tenant=settings.TEAMS_TENANT,
            client_id=settings.TEAMS_CLIENT_ID,
            certificate=settings.TEAMS_CERTIFICATE,
            secret=settings.TEAMS_SECRET,
            organiser=settings.TEAMS_ORGANISER,
            graph_url=settings.TEAMS_GRAPH_URL.rstrip("/"),
            login_url=settings.TEAMS_LOGIN_URL.rstrip("/"),
        )


def of_settings() -> "Teams":
    """The one of this process, which remembers its token."""
    return _teams(Access.of_settings())


@lru_cache(maxsize=1)
def _teams(access: Access) -> "Teams":
    return Teams(access)


@dataclass(frozen=True)
class Certificate:
    """The key that signs in, and the certificate that Microsoft knows; both PEM."""

    key: str
    public: str

    @property
    def expires(self) -> datetime:
        return x509.load_pem_x509_certificate(self.public.encode()).not_valid_after_utc


def certificate_in(path: str) -> Certificate:
    """What the PEM file at `path` holds. Raises Permanent if it cannot be read, or the
    two do not belong together."""
    try:
        text = Path(path).read_text(encoding="ascii")
        key, public = _part(text, "(?:RSA )?PRIVATE KEY"), _part(text, "CERTIFICATE")
        found = load_pem_private_key(key.encode(), password=None).public_key()
        known = x509.load_pem_x509_certificate(public.encode()).public_key()
    except (OSError, ValueError, TypeError) as fault:
        kind = type(fault).__name__
        raise Permanent(with_detail(troubles.NO_CERTIFICATE, kind)) from fault
    # What is signed with, PS256, is of RSA.
    if found != known or not isinstance(found, RSAPublicKey):
        words = "The key is not the certificate's, or not of RSA."
        raise Permanent(with_detail(troubles.NO_CERTIFICATE, words))
    return Certificate(key, public)


def _part(text: str, kind: str) -> str:
    if found := re.search(PEM.format(kind), text, re.DOTALL):
        return found[0]
    raise ValueError(kind)


class Teams:
    """The maker of meetings in Teams."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._http = requests.Session()

    # What a maker does.

    def make(self, wanted: Wanted) -> Made:
        # It takes no options: they are set by `change`, which always follows.
        body = {"externalId": wanted.key, **_facts(wanted)}
        return _made(self._ask("POST", "/createOrGet", body))

    def change(self, external_id: str, wanted: Wanted) -> Made | None:
        body = {**_facts(wanted), **OPTIONS}
        try:
            return _made(self._ask("PATCH", _path(external_id), body))
        except Missing:
            return None

    def take_away(self, external_id: str) -> None:
        try:
            self._ask("DELETE", _path(external_id))
        except Missing:
            logger.info("The meeting in Teams had been deleted already.")

    # Signing in.

    def token(self) -> str:
        """What the application shows to Graph: a remembered one as long as it is good.
        Raises Away, or Permanent with what to mend."""
        try:
            given = self._application.acquire_token_for_client([self._scope])
        except requests.RequestException as fault:
            raise _no_answer(fault) from fault
        if "access_token" in given:
            return given["access_token"]
        _refused_to_sign_in(given)

    @property
    def _scope(self) -> str:
        graph = urlsplit(self.access.graph_url)
        return f"{graph.scheme}://{graph.netloc}/.default"

    @cached_property
    def _application(self) -> msal.ConfidentialClientApplication:
        access = self.access
        credential: str | dict[str, str] = access.secret
        if access.certificate:
            found = certificate_in(access.certificate)
            # With the certificate itself it is signed by PS256, never over SHA-1.
            credential = {"private_key": found.key, "public_certificate": found.public}
        try:
            return msal.ConfidentialClientApplication(
                access.client_id,
                client_credential=credential,
                authority=f"{access.login_url}/{access.tenant}",
                # The authority is the administrator's word; nobody else is asked.
                instance_discovery=False,
                timeout=PATIENCE,
            )
        except ValueError as fault:
            if isinstance(fault.__context__, json.JSONDecodeError):
                raise Away(troubles.ODD_ANSWER) from fault
            raise Permanent(troubles.TENANT) from fault

    # Asking.

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = self._send(method, path, body)
        if answer.status_code == requests.codes.unauthorized:
            # It was withdrawn before its time: a new one, once.
            self._application.remove_tokens_for_client()
            answer = self._send(method, path, body)
        if answer.ok:
            return _read(answer)
        _refused(answer, is_one=method != "POST")

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None
    ) -> requests.Response:
        access = self.access
        try:
            return self._http.request(
                method,
                f"{access.graph_url}/users/{quote(access.organiser, safe='')}"
                f"/onlineMeetings{path}",
                json=body,
                headers={"Authorization": f"Bearer {self.token()}"},
                timeout=PATIENCE,
                # The token is for nobody else.
                allow_redirects=False,
            )
        except requests.RequestException as fault:
            raise _no_answer(fault) from fault


class Missing(Exception):
    """There is no such meeting."""


def _path(external_id: str) -> str:
    return "/" + quote(external_id, safe="")


def _facts(wanted: Wanted) -> dict[str, str]:
    # Start and end go together, or Graph refuses the one that goes alone.
    return {
        "subject": wanted.subject,
        "startDateTime": _moment(wanted.starts),
        "endDateTime": _moment(wanted.ends),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code == requests.codes.no_content:
        return {}
    try:
        found = answer.json()
    except ValueError as fault:
        raise Away(troubles.ODD_ANSWER) from fault
    if not isinstance(found, dict):
        raise Away(troubles.ODD_ANSWER)
    return found


def _made(found: Mapping[str, Any]) -> Made:
    """Of all that Graph tells, what is needed: what it may add is passed over."""
    external_id, join_url = found.get("id"), found.get("joinWebUrl")
    if not isinstance(external_id, str) or not isinstance(join_url, str):
        raise Away(troubles.ODD_ANSWER)
    # People will be sent there.
    if not join_url.startswith("https://"):
        raise Away(troubles.ODD_ANSWER)
    voice = found.get("audioConferencing") or {}
    return Made(
        external_id,
        join_url,
        phone=(voice.get("tollNumber") or "")[:50],
        phone_code=(voice.get("conferenceId") or "")[:50],
    )


# When it is refused -----------------------------------------------------------------


def _no_answer(fault: requests.RequestException) -> Away:
    logger.warning("Microsoft does not answer: %s", type(fault).__name__)
    return Away(with_detail(troubles.NO_ANSWER, type(fault).__name__))


def _refused_to_sign_in(given: Mapping[str, Any]) -> NoReturn:
    codes = given.get("error_codes") or []
    detail = " ".join([str(given.get("error")), *(f"AADSTS{code}" for code in codes)])
    logger.warning("Microsoft refuses the sign-in: %s", detail)
    if given.get("error") in ("temporarily_unavailable", "server_error"):
        raise Away(with_detail(troubles.BUSY, detail))
    known = (MENDED_BY[code] for code in codes if code in MENDED_BY)
    raise Permanent(with_detail(next(known, troubles.SIGN_IN), detail))


def _refused(answer: requests.Response, *, is_one: bool) -> NoReturn:
    """Raises what the refusal means. `is_one`: it was about one meeting."""
    status, code, words = answer.status_code, *_error(answer)
    detail = redact(f"{status} {code}: {words}")[:200]
    logger.warning("Graph answers %s %s", status, code)
    if status == requests.codes.too_many_requests or status >= 500:
        busy = status in (429, 503)
        reason = troubles.BUSY if busy else troubles.NO_ANSWER
        raise Away(with_detail(reason, detail), asked_to_wait(answer.headers))
    if status == requests.codes.not_found:
        if is_one:
            raise Missing
        raise Permanent(with_detail(troubles.ORGANISER, detail))
    if status in (requests.codes.conflict, requests.codes.locked):
        raise Transient(with_detail(troubles.REFUSED, detail))
    known = {401: troubles.SIGN_IN, 403: troubles.PERMISSION}
    reason = known.get(status, troubles.REFUSED)
    if "application access policy" in words.lower():
        reason = troubles.POLICY
    raise Permanent(with_detail(reason, detail))


def _error(answer: requests.Response) -> tuple[str, str]:
    """The code and the words of Graph's error; empty if it is none of Graph's."""
    try:
        error = answer.json()["error"]
        return str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return "", ""
