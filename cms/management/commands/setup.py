"""The first start of an installation: questions, and a test mail."""

import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email, validate_slug
from wagtail.models import Site

from cms.first_start import ADMINISTRATORS, Answers, begin, send_test
from community.messages import outbox
from community.models import Message, Unit, User

from .seed import quiet

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*", re.I)
# For a worker that has taken the test mail up before us.
PATIENCE = 60
# Mails sent in one go while waiting for the test's turn.
BATCH = 20


class Question(NamedTuple):
    """One answer: the name of its option, what is asked, what makes it right, and
    what it is if nobody says anything ("" if it must be said)."""

    name: str
    words: str
    clean: Callable[[str], Any]
    default: Callable[[], Any] = str
    optional: bool = False

    @property
    def option(self) -> str:
        return "--" + self.name.replace("_", "-")


def _text(limit: int) -> Callable[[str], str]:
    def clean(text: str) -> str:
        if not text or len(text) > limit:
            raise ValidationError(f"Write 1 to {limit} letters.")
        return text

    return clean


def _host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValidationError(
            "Write a host name alone, such as placa.example: no https://, no slash."
        )
    return text.lower()


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ValidationError("Write a number from 1 to 65535; 443 with HTTPS.")
    return int(text)


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValidationError(
            "Write a whole address, such as name@council.example."
        ) from None
    return text


def _code(text: str) -> str:
    try:
        validate_slug(text)
    except ValidationError:
        raise ValidationError("Write letters, numbers and hyphens only.") from None
    return _text(50)(text)


def _language(text: str) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    if text not in codes:
        raise ValidationError(f"Write one of: {', '.join(codes)}.")
    return text


def _site() -> Site | None:
    # Wagtail makes one named nothing, at localhost: nobody's answer.
    return Site.objects.filter(is_default_site=True).exclude(site_name="").first()


def _administrator() -> User | None:
    found = User.objects.filter(groups__name=ADMINISTRATORS, is_active=True)
    return found.order_by("pk").first()


def _unit() -> Unit | None:
    return Unit.objects.order_by("pk").first()


def _of(find: Callable[[], Any], field: str, otherwise: Any = "") -> Callable[[], Any]:
    """What `field` is of what there is already, or else what it would be."""
    return lambda: getattr(find(), field, None) or otherwise


def _default_port() -> int:
    address = urlsplit(settings.SITE_URL)
    return address.port or (443 if address.scheme == "https" else 80)


QUESTIONS = (
    Question(
        "site_name",
        "Name of the site",
        _text(255),
        _of(_site, "site_name", settings.SITE_NAME),
    ),
    Question(
        "host",
        "Host name that people write",
        _host,
        _of(_site, "hostname", urlsplit(settings.SITE_URL).hostname),
    ),
    Question("port", "Port", _port, lambda: _of(_site, "port", _default_port())()),
    Question(
        "admin_email",
        "E-mail address of the first administrator",
        _email,
        _of(_administrator, "email"),
    ),
    Question(
        "admin_name",
        "Name of the administrator",
        _text(150),
        _of(_administrator, "name"),
    ),
    Question(
        "language",
        "Language of the administrator's mails",
        _language,
        _of(_administrator, "language", settings.LANGUAGE_CODE),
    ),
    Question("unit_code", "Code of the first unit", _code, _of(_unit, "code")),
    Question("unit_name", "Name of the unit", _text(200), lambda: str(_unit() or "")),
    Question(
        "unit_email",
        "E-mail address of the unit, if it has one",
        _email,
        _of(_unit, "email"),
        True,
    ),
)


class Command(BaseCommand):
    help = (
        "First start: the site with its front page, the first administrator, the first "
        "unit, and a test mail. Asks for what no option says. Run it again as often as "
        "you like: it changes what is answered differently, and no content."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for question in QUESTIONS:
            parser.add_argument(question.option, help=question.words)
        parser.add_argument(
            "--no-input",
            "--noinput",
            action="store_false",
            dest="interactive",
            help="ask nothing: what no option says stays or is the default",
        )

    def handle(self, *, interactive: bool, **options: Any) -> None:
        answers = Answers(**self._answers(options, interactive))
        try:
            with quiet():
                done = begin(answers)
        except ValidationError as refusal:
            raise CommandError(refusal.messages[0]) from refusal
        for line in done or ["everything is as you say already"]:
            self.stdout.write(f"  {line}")
        self._compare(answers)
        self._tell_mail_settings()
        self._try_mail(answers)
        self.stdout.write(
            f"\nOnce the site runs, sign in at {settings.SITE_URL}/admin/ as "
            f"{answers.admin_email}: the code comes by mail."
        )

    # Questions ---------------------------------------------------------------------

    def _answers(self, options: dict[str, Any], interactive: bool) -> dict[str, Any]:
        answers, faults = {}, []
        for question in QUESTIONS:
            said = options[question.name]
            if said is None and interactive:
                answers[question.name] = self._ask(question)
                continue
            try:
                answers[question.name] = _cleaned(question, said)
            except ValidationError as fault:
                faults.append(f"{question.option}: {fault.messages[0]}")
        if faults:
            raise CommandError("\n".join(faults))
        return answers

    def _ask(self, question: Question) -> Any:
        default = question.default()
        prompt = f"{question.words} [{default}]: " if default else f"{question.words}: "
        while True:
            try:
                said = input(prompt).strip()
            except EOFError:
                raise CommandError(
                    "Nobody answers here: say it with options, and add --no-input."
                ) from None
            try:
                return _cleaned(question, said or None)
            except ValidationError as fault:
                self.stderr.write(fault.messages[0])

    # What the settings say -----------------------------------------------------------

    def _compare(self, answers: Answers) -> None:
        """Say where the settings know the site by another name."""
        if answers.site_name != settings.SITE_NAME:
            self.stderr.write(
                f"SITE_NAME says {settings.SITE_NAME}: pages and mails carry that name."
            )
        known = urlsplit(settings.SITE_URL).hostname
        if answers.host != known:
            self.stderr.write(
                f"SITE_URL says {settings.SITE_URL}: links in mails and calendars lead "
                f"to {known}, not to {answers.host}."
            )
        allowed = settings.ALLOWED_HOSTS
        if "*" not in allowed and answers.host not in allowed:
            self.stderr.write(
                f"ALLOWED_HOSTS does not name {answers.host}: the site will not answer "
                "there."
            )

    def _tell_mail_settings(self) -> None:
        self.stdout.write("\nMail:")
        sender = f"{settings.SITE_NAME} <{settings.ORGANISER_EMAIL}>"
        self.stdout.write(f"  from    {sender}")
        self.stdout.write(f"  server  {_server()}")
        if aside := settings.INVITATIONS_SERVER:
            self.stdout.write(f"  invites {aside['host']}:{aside['port']}")

    # The test mail -------------------------------------------------------------------

    def _try_mail(self, answers: Answers) -> None:
        row = send_test(answers.admin_email, answers.language)
        states = Message.State
        until = time.monotonic() + PATIENCE
        while row.state in (states.QUEUED, states.RUNNING) and time.monotonic() < until:
            if not outbox.send_due(BATCH):
                time.sleep(0.2)
            row.refresh_from_db()
        if row.state == states.DONE:
            where = "is in /mailbox/" if settings.MAILBOX else "was delivered"
            self.stdout.write(f"  test    a mail to {row.recipient} {where}")
        else:
            raise CommandError(
                f"All is set up, but the test mail to {row.recipient} was not delivered"
                f": {row.error or 'it still waits for its turn'}. Correct the mail "
                "settings, and run this again."
            )


def _cleaned(question: Question, said: str | None) -> Any:
    text = str(question.default() if said is None else said).strip()
    if not text:
        if question.optional:
            return ""
        raise ValidationError("This has to be said.")
    return question.clean(text)


def _server() -> str:
    """The mail server in words, without its password."""
    if settings.EMAIL_PROVIDER:
        return f"{settings.EMAIL_PROVIDER}, by its own interface"
    backend = settings.OUTBOX_TRANSPORT
    if backend.endswith("dummy.EmailBackend"):
        return "none: mail stays in /mailbox/ (EMAIL_URL names one)"
    if not backend.endswith("smtp.EmailBackend"):
        return backend
    how = "in the clear"
    if settings.EMAIL_USE_SSL:
        how = "with TLS"
    elif settings.EMAIL_USE_TLS:
        how = "with STARTTLS"
    user = f", as {settings.EMAIL_HOST_USER}" if settings.EMAIL_HOST_USER else ""
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}, {how}{user}"
