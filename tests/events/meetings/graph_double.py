"""Microsoft, on loopback: the sign-in and Graph's online meetings, over TLS.

What is asked and what is answered is held against Microsoft's own description of these
calls, where that is at hand (`DESCRIPTION`). It keeps meetings as Graph does, and can
be told to misbehave.
"""

import json
import ssl
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import jwt
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from openapi_schema_validator import OAS30Validator

from tests.together import ROOT

DESCRIPTION = ROOT.parent / "shared" / "graph" / "graph-onlinemeetings.openapi.yaml"

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
ORGANISER = "33333333-3333-4333-8333-333333333333"
SECRET = "a secret of the tests"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


# Certificates ---------------------------------------------------------------------


def a_certificate(folder: Path, name: str, days: int = 30) -> Path:
    """A key and its self-signed certificate for 127.0.0.1, in one PEM file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    ends = datetime.now(UTC) + timedelta(days=days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=60))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


# Microsoft's description ------------------------------------------------------------


@cache
def description() -> dict[str, Any] | None:
    """None where it is not at hand."""
    if not DESCRIPTION.exists():
        return None
    return yaml.safe_load(DESCRIPTION.read_text())


def _fits(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**schema, "components": description()["components"]}
    if "$ref" in schema:
        # Beside a $ref nothing else counts, in OpenAPI 3.0.
        whole = {"allOf": [schema], "components": whole["components"]}
    return [error.message for error in OAS30Validator(whole).iter_errors(value)]


class Call(NamedTuple):
    """A request as Graph got it."""

    method: str
    path: str
    body: dict[str, Any] | None


def _operation(call: Call) -> dict[str, Any] | None:
    for template, item in description()["paths"].items():
        parts, found = template.split("/"), call.path.split("/")
        same = len(parts) == len(found) and all(
            part.startswith("{") or part == said
            for part, said in zip(parts, found, strict=True)
        )
        if same and call.method.lower() in item:
            return item[call.method.lower()]
    return None


def complaints_about_request(call: Call) -> list[str]:
    """What Microsoft's description has against the request."""
    if description() is None:
        return []
    operation = _operation(call)
    if operation is None:
        return [f"{call.method} {call.path} is none of Graph's"]
    wanted = operation.get("requestBody")
    if wanted is None:
        return [] if call.body is None else ["it has no body"]
    return _fits(wanted["content"]["application/json"]["schema"], call.body)


def complaints_about_answer(call: Call, status: int, body: Any) -> list[str]:
    """What Microsoft's description has against the answer."""
    operation = description() and _operation(call)
    if not operation:
        return []
    answers = operation["responses"]
    answer = answers.get(str(status)) or answers.get(f"{status // 100}XX")
    if answer is None:
        return [f"{status} is no answer to {call.method}"]
    if "$ref" in answer:
        answer = description()["components"]["responses"][answer["$ref"].split("/")[-1]]
    if "content" not in answer:
        return [] if body is None else ["it has a body"]
    return _fits(answer["content"]["application/json"]["schema"], body)


# Misbehaving ----------------------------------------------------------------------


@dataclass
class Trouble:
    """What happens to the next request with that method, and so many more.

    `status` and `code` refuse it. `lose` does the work and hangs up before answering;
    `hold` does it and answers when released. `raw` answers in these octets. `add` puts
    something into an answer that is otherwise good.
    """

    method: str
    times: int = 1
    status: int = 0
    code: str = "UnknownError"
    message: str = "Something is wrong."
    retry_after: str = ""
    lose: bool = False
    hold: threading.Event | None = None
    raw: bytes | None = None
    add: dict[str, Any] = field(default_factory=dict)


def busy(method: str, seconds: int = 120, *, as_date: bool = False, **more) -> Trouble:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    after = format_datetime(moment, usegmt=True) if as_date else str(seconds)
    more = {"status": 429, "code": "TooManyRequests", **more}
    return Trouble(method, retry_after=after, **more)


def no_policy(method: str = "POST", **more) -> Trouble:
    words = "No application access policy found for this app"
    return Trouble(method, status=403, code="Forbidden", message=words, **more)


# The server -----------------------------------------------------------------------


class Graph:
    """The far side. `meetings` are those that there are, by their identifier;
    `deleted` those that were."""

    def __init__(self, folder: Path) -> None:
        self.own = a_certificate(folder, "microsoft")
        self.client = a_certificate(folder, "application")
        self.meetings: dict[str, dict[str, Any]] = {}
        self.deleted: dict[str, dict[str, Any]] = {}
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.troubles: list[Trouble] = []
        # A deleted meeting goes on by its name, and createOrGet gives it.
        self.gives_dead_ones = False
        self.sign_in_error: dict[str, Any] | None = None
        self.signed_in = 0
        self.roles = ["OnlineMeetings.ReadWrite.All"]
        self.good_tokens: set[str] = set()
        self.busy = threading.Lock()

    # What a test asks and says.

    def settings(self) -> dict[str, str]:
        """The settings of a site that makes its meetings here."""
        return {
            "TEAMS_TENANT": TENANT,
            "TEAMS_CLIENT_ID": CLIENT,
            "TEAMS_CERTIFICATE": str(self.client),
            "TEAMS_SECRET": "",
            "TEAMS_ORGANISER": ORGANISER,
            "TEAMS_GRAPH_URL": f"{self.url}/v1.0",
            "TEAMS_LOGIN_URL": self.url,
        }

    @property
    def only(self) -> dict[str, Any]:
        """The one meeting that there is."""
        [meeting] = self.meetings.values()
        return meeting

    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    def expect(self, *troubles: Trouble) -> None:
        self.troubles += troubles

    def withdraw_tokens(self) -> None:
        self.good_tokens.clear()

    def delete_by_hand(self) -> None:
        self.deleted |= self.meetings
        self.meetings = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        graph = self

        class Handler(_Handler):
            double = graph

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.own)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = f"https://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            for trouble in self.troubles:
                if trouble.hold:
                    trouble.hold.set()
            server.shutdown()
            server.server_close()
            thread.join()

    # What Microsoft does.

    def discovery(self) -> dict[str, str]:
        return {
            "issuer": f"{self.url}/{TENANT}/v2.0",
            "authorization_endpoint": f"{self.url}/{TENANT}/oauth2/v2.0/authorize",
            "token_endpoint": f"{self.url}/{TENANT}/oauth2/v2.0/token",
        }

    def sign_in(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.sign_in_error:
            return 400, self.sign_in_error
        if fault := self._proof_fault(form):
            return 401, fault
        claims = {"roles": self.roles, "jti": str(uuid4()), "aud": self.url}
        token = jwt.encode(claims, "x" * 32, algorithm="HS256")
        self.good_tokens.add(token)
        self.signed_in += 1
        return 200, {
            "token_type": "Bearer",
            "expires_in": 3599,
            "access_token": token,
        }

    def _proof_fault(self, form: dict[str, str]) -> dict[str, Any] | None:
        if form["client_id"] != CLIENT:
            return _sign_in_fault("unauthorized_client", 700016)
        if form["scope"].split()[0] != f"{self.url}/.default":
            return _sign_in_fault("invalid_scope", 70011)
        if "client_secret" in form:
            right = form["client_secret"] == SECRET
            return None if right else _sign_in_fault("invalid_client", 7000215)
        assert form["client_assertion_type"] == ASSERTION
        certificate = x509.load_pem_x509_certificate(self.client.read_bytes())
        thumbprint = urlsafe_b64encode(certificate.fingerprint(hashes.SHA256()))
        header = jwt.get_unverified_header(form["client_assertion"])
        try:
            assert header["x5t#S256"].rstrip("=") == thumbprint.decode().rstrip("=")
            jwt.decode(
                form["client_assertion"],
                certificate.public_key(),
                # Never RS256 with a thumbprint of SHA-1.
                algorithms=["PS256"],
                audience=self.discovery()["token_endpoint"],
                issuer=CLIENT,
            )
        except (AssertionError, KeyError, jwt.InvalidTokenError):
            return _sign_in_fault("invalid_client", 700027)
        return None

    def graph(self, call: Call, token: str) -> tuple[int, Any]:
        """What it answers to `call`, after doing it."""
        if token not in self.good_tokens:
            return 401, _error("InvalidAuthenticationToken", "Lifetime has expired.")
        _empty, _users, organiser, _meetings, *rest = call.path.split("/")
        if organiser != ORGANISER:
            return 404, _error("NotFound", "User not found")
        if call.method == "POST" and rest == ["createOrGet"]:
            return self._create_or_get(call.body)
        meeting = self.meetings.get(unquote(rest[0]))
        if meeting is None:
            return 404, _error("UnknownError", "Meeting not found")
        if call.method == "DELETE":
            self.deleted[meeting["id"]] = self.meetings.pop(meeting["id"])
            return 204, None
        if call.method == "PATCH":
            meeting |= call.body
        return 200, meeting

    def _create_or_get(self, body: dict[str, Any]) -> tuple[int, Any]:
        known = {**self.meetings, **(self.deleted if self.gives_dead_ones else {})}
        for meeting in known.values():
            if meeting["externalId"] == body["externalId"]:
                return 200, meeting
        number = len(self.meetings) + len(self.deleted) + 1
        key = f"MSp*{number}=={uuid4().hex}"
        meeting = {
            "id": key,
            "creationDateTime": "2026-11-01T08:00:00Z",
            "subject": "",
            "joinWebUrl": f"{self.url}/l/meetup-join/19%3ameeting_{number}/0",
            "allowedPresenters": "everyone",
            "lobbyBypassSettings": {
                "scope": "organization",
                "isDialInBypassEnabled": False,
            },
            "audioConferencing": {
                "tollNumber": "+34 930 00 00 00",
                "conferenceId": "123456789",
            },
            # It takes nothing of these but the times and the subject.
            **{k: v for k, v in body.items() if k != "participants"},
        }
        self.meetings[key] = meeting
        return 201, meeting

    def trouble_with(self, method: str) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.method == method and trouble.times:
                trouble.times -= 1
                return trouble
        return None


def _error(code: str, message: str) -> dict[str, Any]:
    inner = {"request-id": str(uuid4()), "date": "2026-11-01T08:00:00Z"}
    return {"error": {"code": code, "message": message, "innerError": inner}}


def _sign_in_fault(error: str, number: int) -> dict[str, Any]:
    return {
        "error": error,
        "error_description": f"AADSTS{number}: it says so.",
        "error_codes": [number],
    }


class _Handler(BaseHTTPRequestHandler):
    double: Graph
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, *args: Any) -> None:
        pass

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        octets = self.rfile.read(length)
        path = urlsplit(self.path).path
        if path.startswith("/v1.0/"):
            return self._graph(method, path.removeprefix("/v1.0"), octets)
        if path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            return self._send(200, self.double.discovery())
        if path == f"/{TENANT}/oauth2/v2.0/token":
            form = {k: v[0] for k, v in parse_qs(octets.decode()).items()}
            return self._send(*self.double.sign_in(form))
        if path.startswith("/l/meetup-join/"):
            page = b"<!doctype html><title>Teams</title><h1>The meeting</h1>"
            return self._send(200, None, raw=page, kind="text/html")
        return self._send(400, _sign_in_fault("invalid_tenant", 90002))

    def _graph(self, method: str, path: str, octets: bytes) -> None:
        body = json.loads(octets) if octets else None
        call = Call(method, path, body)
        with self.double.busy:
            self.double.calls.append(call)
            self._complain("asked", call, complaints_about_request(call))
            trouble = self.double.trouble_with(method)
            if trouble and trouble.status:
                error = _error(trouble.code, trouble.message)
                after = trouble.retry_after
                headers = {"Retry-After": after} if after else {}
                self._judge(call, trouble.status, error)
                return self._send(trouble.status, error, headers)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, said = self.double.graph(call, token)
        if trouble and trouble.hold:
            trouble.hold.wait(30)
        if trouble and trouble.lose:
            self.close_connection = True
            self.connection.close()
            return None
        if trouble and trouble.raw is not None:
            return self._send(status, None, raw=trouble.raw)
        if trouble and trouble.add:
            return self._send(status, {**said, **trouble.add})
        self._judge(call, status, said)
        return self._send(status, said)

    def _judge(self, call: Call, status: int, said: Any) -> None:
        found = complaints_about_answer(call, status, said)
        self._complain(f"answered {status} to", call, found)

    def _complain(self, what: str, call: Call, found: list[str]) -> None:
        self.double.complaints += [
            f"{what} {call.method} {call.path}: {one}" for one in found
        ]

    def _send(
        self,
        status: int,
        body: Any,
        headers: dict[str, str] | None = None,
        *,
        raw: bytes | None = None,
        kind: str = "application/json",
    ) -> None:
        octets = raw
        if octets is None:
            octets = b"" if body is None else json.dumps(body).encode()
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)
        except OSError:
            # Who asked has gone.
            time.sleep(0)
