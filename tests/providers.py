"""Providers of mail on loopback: they answer as the real ones, and what they were sent
is read back by where each of them looks for it."""

import base64
import email
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs

HOST = "127.0.0.1"


class Asked(NamedTuple):
    """A request that came in."""

    path: str
    headers: EmailMessage
    body: bytes


class Answer(NamedTuple):
    status: int = 200
    body: Any = ""
    headers: dict[str, str] = {}


class FarSide:
    """A server that says what `answer` makes of each request."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.answer: Callable[[Asked], Answer] = lambda asked: Answer()
        # Takes a request, and says nothing about it: "hangs", or "hangs up".
        self.after_taking: str = ""
        self._released = Event()

    @contextmanager
    def running(self) -> Iterator["FarSide"]:
        far_side = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                far_side.connections += 1

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                asked = Asked(self.path, self.headers, self.rfile.read(length))
                far_side.asked.append(asked)
                if far_side.after_taking == "hangs":
                    far_side._released.wait(10)
                if far_side.after_taking:
                    self.close_connection = True
                    return
                self._say(far_side.answer(asked))

            def _say(self, answer: Answer) -> None:
                said = answer.body
                text = said if isinstance(said, str) else json.dumps(said)
                self.send_response(answer.status)
                kind = "text/html" if isinstance(said, str) else "application/json"
                for name, value in ({"Content-Type": kind} | answer.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer((HOST, 0), Handler)
        server.daemon_threads = True
        self.url = f"http://{HOST}:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self._released.set()
            server.shutdown()
            server.server_close()
            thread.join()


# What is in a request ---------------------------------------------------------------


class File(NamedTuple):
    kind: str
    name: str
    octets: bytes


class Sent(NamedTuple):
    """A mail as a provider was told of it."""

    recipients: list[str]
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    # What is beside the text, and what is attached.
    parts: list[File]


def found(data: Any, path: str) -> list[Any]:
    """All that lies in `data` at `path`, where `*` is each of a list."""
    values = [data]
    for step in path.split("."):
        if step == "*":
            values = [each for value in values for each in value]
        else:
            values = [value[step] for value in values if step in value]
    return values


class Shape(NamedTuple):
    """Where a provider looks in the JSON it is sent."""

    to: str
    subject: str
    text: str
    html: str
    headers: str
    # The list of files, and what is in each: its type, its name and its octets.
    files: tuple[str, str, str, str] | None = None
    # Headers as a list: how name and value are called.
    pair: tuple[str, str] | None = None

    def read(self, asked: Asked) -> Sent:
        data = json.loads(asked.body)
        return Sent(
            found(data, self.to),
            *(
                (found(data, path) or [""])[0]
                for path in (self.subject, self.text, self.html)
            ),
            self._headers(data),
            self._files(data),
        )

    def _headers(self, data: Any) -> dict[str, str]:
        [headers] = found(data, self.headers) or [{}]
        if self.pair:
            name, value = self.pair
            headers = {each[name]: each[value] for each in headers}
        return {name.lower(): value for name, value in headers.items()}

    def _files(self, data: Any) -> list[File]:
        if self.files is None:
            return []
        where, kind, name, octets = self.files
        return [
            File(each[kind], each[name], base64.b64decode(each[octets]))
            for each in found(data, f"{where}.*")
        ]


def read_sendgrid(asked: Asked) -> Sent:
    data = json.loads(asked.body)
    text, html, *others = [(part["type"], part["value"]) for part in data["content"]]
    assert (text[0], html[0]) == ("text/plain", "text/html")
    beside = [File(kind, "", value.encode()) for kind, value in others]
    to, files = "personalizations.*.to.*.email", "attachments"
    shape = Shape(
        to, *["subject"] * 3, "headers", (files, "type", "filename", "content")
    )
    sent = shape.read(asked)
    parts = beside + sent.parts
    return sent._replace(text=text[1], html=html[1], parts=parts)


def read_form(asked: Asked) -> Sent:
    """Mailgun's: a form, perhaps with files."""
    if asked.headers.get_content_type() == "application/x-www-form-urlencoded":
        fields, parts = parse_qs(asked.body.decode()), []
    else:
        fields, parts = _multipart(asked)
    return Sent(
        fields["to"],
        *(fields[name][0] for name in ("subject", "text", "html")),
        {name[2:].lower(): fields[name][0] for name in fields if name[:2] == "h:"},
        parts,
    )


def _multipart(asked: Asked) -> tuple[dict[str, list[str]], list[File]]:
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    form = email.message_from_bytes(head + asked.body, policy=policy.HTTP)
    fields: dict[str, list[str]] = {}
    files = []
    for part in form.iter_parts():
        name = part.get_param("name", header="content-disposition")
        octets = part.get_payload(decode=True)
        if part.get_filename():
            files.append(File(part["Content-Type"], part.get_filename(), octets))
        else:
            fields.setdefault(str(name), []).append(octets.decode())
    return fields, files


def read_raw(asked: Asked) -> Sent:
    """Amazon's: a whole mail."""
    data = json.loads(asked.body)
    octets = base64.b64decode(data["Content"]["Raw"]["Data"])
    mail = email.message_from_bytes(octets, policy=policy.default)
    [to] = data["Destination"].values()
    assert mail["To"] == ", ".join(to)
    text, html, *others = [part for part in mail.walk() if not part.is_multipart()]
    return Sent(
        to,
        mail["Subject"].strip(),
        text.get_content(),
        html.get_content(),
        {name.lower(): value.strip() for name, value in mail.items()},
        [
            File(
                part["Content-Type"],
                part.get_filename() or "",
                part.get_payload(decode=True),
            )
            for part in others
        ],
    )


# Each of them -----------------------------------------------------------------------

KNOWN_AS = "7c1e8a0b"


class Double(NamedTuple):
    """How a provider is told of on loopback, reads what it is sent, and says that it
    took a mail to an address, which it calls `KNOWN_AS`."""

    settings: dict[str, Any]
    read: Callable[[Asked], Sent]
    says: Callable[[str], Answer]


def _mailjet(to: str) -> Answer:
    sent = {"Status": "success", "To": [{"Email": to, "MessageID": KNOWN_AS}]}
    return Answer(200, {"Messages": [sent]})


def _sparkpost(to: str) -> Answer:
    counts = {"total_accepted_recipients": 1, "total_rejected_recipients": 0}
    return Answer(200, {"results": {"id": KNOWN_AS, **counts}})


def _scaleway(to: str) -> Answer:
    sent = {"id": KNOWN_AS, "mail_rcpt": to, "status": "sending"}
    return Answer(200, {"emails": [sent]})


def _postmark(to: str) -> Answer:
    said = {"ErrorCode": 0, "Message": "OK", "MessageID": KNOWN_AS, "To": to}
    return Answer(200, said)


def _unisender(to: str) -> Answer:
    return Answer(200, {"status": "success", "job_id": KNOWN_AS, "emails": [to]})


def _postal(to: str) -> Answer:
    messages = {to: {"id": KNOWN_AS, "token": "x"}}
    return Answer(200, {"status": "success", "data": {"messages": messages}})


DOUBLES = {
    "amazon_ses": Double(
        {
            "AMAZON_SES_SESSION_PARAMS": {
                "aws_access_key_id": "A-KEY",
                "aws_secret_access_key": "A-SECRET",
                "region_name": "eu-west-1",
            },
            "AMAZON_SES_CLIENT_PARAMS": {
                "endpoint_url": "{url}",
                "config": {
                    "connect_timeout": 1,
                    "read_timeout": 1,
                    "retries": {"total_max_attempts": 1},
                },
            },
        },
        read_raw,
        lambda to: Answer(200, {"MessageId": KNOWN_AS}),
    ),
    "brevo": Double(
        {"BREVO_API_KEY": "A-SECRET", "BREVO_API_URL": "{url}/v3/"},
        Shape("to.*.email", "subject", "textContent", "htmlContent", "headers").read,
        lambda to: Answer(201, {"messageId": KNOWN_AS}),
    ),
    "mailersend": Double(
        {"MAILERSEND_API_TOKEN": "A-SECRET", "MAILERSEND_API_URL": "{url}/v1/"},
        Shape(
            "to.*.email", "subject", "text", "html", "headers", pair=("name", "value")
        ).read,
        lambda to: Answer(202, "", {"X-Message-Id": KNOWN_AS}),
    ),
    "mailgun": Double(
        {"MAILGUN_API_KEY": "A-SECRET", "MAILGUN_API_URL": "{url}/v3"},
        read_form,
        lambda to: Answer(200, {"id": KNOWN_AS, "message": "Queued. Thank you."}),
    ),
    "mailjet": Double(
        {
            "MAILJET_API_KEY": "A-KEY",
            "MAILJET_SECRET_KEY": "A-SECRET",
            "MAILJET_API_URL": "{url}/v3.1/",
        },
        Shape(
            "Messages.*.To.*.Email",
            "Globals.Subject",
            "Globals.TextPart",
            "Globals.HTMLPart",
            "Globals.Headers",
            ("Globals.Attachments", "ContentType", "Filename", "Base64Content"),
        ).read,
        _mailjet,
    ),
    "mailtrap": Double(
        {"MAILTRAP_API_TOKEN": "A-SECRET", "MAILTRAP_API_URL": "{url}/api/"},
        Shape(
            "to.*.email",
            "subject",
            "text",
            "html",
            "headers",
            ("attachments", "type", "filename", "content"),
        ).read,
        lambda to: Answer(200, {"success": True, "message_ids": [KNOWN_AS]}),
    ),
    "mandrill": Double(
        {"MANDRILL_API_KEY": "A-SECRET", "MANDRILL_API_URL": "{url}/api/1.0"},
        Shape(
            "message.to.*.email",
            "message.subject",
            "message.text",
            "message.html",
            "message.headers",
            ("message.attachments", "type", "name", "content"),
        ).read,
        lambda to: Answer(200, [{"email": to, "status": "sent", "_id": KNOWN_AS}]),
    ),
    "postal": Double(
        {"POSTAL_API_KEY": "A-SECRET", "POSTAL_API_URL": "{url}"},
        Shape(
            "to.*",
            "subject",
            "plain_body",
            "html_body",
            "headers",
            ("attachments", "content_type", "name", "data"),
        ).read,
        _postal,
    ),
    "postmark": Double(
        {"POSTMARK_SERVER_TOKEN": "A-SECRET", "POSTMARK_API_URL": "{url}"},
        Shape(
            "To",
            "Subject",
            "TextBody",
            "HtmlBody",
            "Headers",
            ("Attachments", "ContentType", "Name", "Content"),
            ("Name", "Value"),
        ).read,
        _postmark,
    ),
    "resend": Double(
        {"RESEND_API_KEY": "A-SECRET", "RESEND_API_URL": "{url}"},
        Shape(
            "to.*",
            "subject",
            "text",
            "html",
            "headers",
            ("attachments", "content_type", "filename", "content"),
        ).read,
        lambda to: Answer(200, {"id": KNOWN_AS}),
    ),
    "scaleway": Double(
        {
            "SCALEWAY_SECRET_KEY": "A-SECRET",
            "SCALEWAY_PROJECT_ID": "one",
            "SCALEWAY_API_URL": "{url}/regions/fr-par/",
        },
        Shape(
            "to.*.email",
            "subject",
            "text",
            "html",
            "additional_headers",
            ("attachments", "type", "name", "content"),
            ("key", "value"),
        ).read,
        _scaleway,
    ),
    "sendgrid": Double(
        {"SENDGRID_API_KEY": "A-SECRET", "SENDGRID_API_URL": "{url}/v3/"},
        read_sendgrid,
        lambda to: Answer(202),
    ),
    "sparkpost": Double(
        {"SPARKPOST_API_KEY": "A-SECRET", "SPARKPOST_API_URL": "{url}/api/v1/"},
        Shape(
            "recipients.*.address.email",
            "content.subject",
            "content.text",
            "content.html",
            "content.headers",
            ("content.attachments", "type", "name", "data"),
        ).read,
        _sparkpost,
    ),
    "unisender_go": Double(
        {"UNISENDER_GO_API_KEY": "A-SECRET", "UNISENDER_GO_API_URL": "{url}/api/v1/"},
        Shape(
            "message.recipients.*.email",
            "message.subject",
            "message.body.plaintext",
            "message.body.html",
            "message.headers",
            ("message.attachments", "type", "name", "content"),
        ).read,
        _unisender,
    ),
}


class ProviderServer(FarSide):
    """One of the providers, on loopback: it takes every mail unless told otherwise."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.double = DOUBLES[name]
        self.answer = self.takes

    def takes(self, asked: Asked) -> Answer:
        """Say that the mail was taken."""
        return self.double.says(self.double.read(asked).recipients[0])

    @property
    def settings(self) -> dict[str, Any]:
        """What Anymail has to know, with where this server is."""
        return pointing(self.double.settings, "{url}", self.url)

    @property
    def mails(self) -> list[Sent]:
        return [self.double.read(asked) for asked in self.asked]


def pointing(said: Any, old: str, new: str) -> Any:
    """The settings `said` with the address `new` in place of `old`."""
    if isinstance(said, dict):
        return {name: pointing(value, old, new) for name, value in said.items()}
    return said.replace(old, new) if isinstance(said, str) else said
