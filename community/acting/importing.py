"""Bringing in the domains and the contacts of bodies from a spreadsheet.

A contact acts for its body from then on: the office answers for it.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from zipfile import BadZipFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from community.models import BodyDomain, LocalBody, Membership, Role, User
from community.privacy.addresses import of_address

from . import domains, mails, memberships

COLUMNS = ("code", "domain", "name", "email", "role")
LARGEST = 2_000_000
MOST_ROWS = 1_000
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, which has its number in the file."""

    row: int
    reason: str | Promise


class Refused(Exception):
    """The file has `faults`; nothing of it was taken."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True)
class Line:
    """A row that says something sound: a domain or a contact of `body`, or both."""

    row: int
    body: LocalBody
    domain: str
    name: str
    email: str
    role: Role


@dataclass
class Outcome:
    """What an import did, or would do. `shared` are the domains that several bodies
    have after it, which give nobody anything; `languages` those of its mails."""

    domains: list[Line] = field(default_factory=list)
    contacts: list[Line] = field(default_factory=list)
    roles: list[Line] = field(default_factory=list)
    shared: dict[str, list[str]] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    same: int = 0

    @property
    def changes(self) -> bool:
        return bool(self.domains or self.contacts or self.roles)


def read(octets: bytes) -> list[list[str]]:
    """The cells of a CSV file (UTF-8; commas or semicolons) or of the first sheet of an
    XLSX file, as text: a formula is kept as it is written and never reckoned. Raises
    Refused."""
    try:
        rows = _xlsx(octets) if octets.startswith(ZIP) else _csv(octets)
        table = [[" ".join(cell.split()) for cell in row] for row in rows]
    except UnicodeDecodeError:
        raise _refused(_("It is not UTF-8: save the file as “CSV UTF-8”.")) from None
    except (csv.Error, BadZipFile, KeyError, ValueError):
        raise _refused(_("It is no spreadsheet that we can read.")) from None
    if len(table) > MOST_ROWS + 1:
        words = _("It has more than %(rows)s rows: divide it.")
        raise _refused(words % {"rows": MOST_ROWS})
    return table


def as_csv(table: list[list[str]]) -> str:
    """`table` to be sent once more, when it has been looked at."""
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue()


def import_contacts(
    table: list[list[str]], *, by: User, dry_run: bool = False
) -> Outcome:
    """Have every body as `table` says, whose first row names the columns: `code` of the
    body, and `domain`, or `name`, `email` and `role` of a contact (a technician unless
    it says so). Nothing is taken away. New contacts get a mail.

    All is done or, if a row is wrong, nothing: raises Refused with every fault. With
    `dry_run` nothing is written.
    """
    with transaction.atomic():
        lines = _lines(table)
        outcome = _compare(lines)
        if not dry_run:
            _take(outcome, by)
    return outcome


def _refused(reason: str, row: int = 1) -> Refused:
    return Refused([Fault(row, reason)])


def _csv(octets: bytes) -> Iterator[list[str]]:
    text = octets.decode("utf-8-sig")
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)


def _xlsx(octets: bytes) -> Iterator[list[str]]:
    # Here, since each process of the web server would keep 17 MB of it for the day on
    # which somebody imports.
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(octets), read_only=True)
    rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=len(COLUMNS) + 1)
    for row in rows:
        cells = ["" if cell.value is None else str(cell.value) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


# Reading the rows -------------------------------------------------------------------


def _lines(table: list[list[str]]) -> list[Line]:
    columns = _columns(table)
    bodies = LocalBody.objects.filter(merged_into=None).in_bulk(field_name="code")
    lines, faults = [], []
    seen: dict[tuple, int] = {}
    for number, cells in enumerate(table[1:], start=2):
        if not any(cells):
            continue
        said = dict(zip(columns, cells, strict=False))
        # A spreadsheet takes the code of a town for a number, and drops its zero.
        if (whole := said.get("code", "").zfill(5)) in bodies:
            said["code"] = whole
        wrong = list(_faults(said, bodies))
        faults += [Fault(number, reason) for reason in wrong]
        if wrong:
            continue
        line = _line(number, said, bodies)
        key = (line.body.pk, line.domain, line.email.lower())
        if key in seen:
            words = _("It says the same as row %(row)s.")
            faults.append(Fault(number, words % {"row": seen[key]}))
        seen.setdefault(key, number)
        lines.append(line)
    if not lines and not faults:
        faults.append(Fault(1, _("There are no rows under the names of the columns.")))
    if faults:
        raise Refused(faults)
    return lines


def _columns(table: list[list[str]]) -> list[str]:
    columns = [name.lower() for name in table[0]] if table else []
    while columns and not columns[-1]:
        columns.pop()
    known = set(columns) <= set(COLUMNS) and len(set(columns)) == len(columns)
    if not known or "code" not in columns:
        words = _("The first row names the columns: %(columns)s.")
        raise _refused(words % {"columns": ", ".join(COLUMNS)})
    return columns


def _faults(said: dict[str, str], bodies: dict[str, LocalBody]) -> Iterator[str]:
    code = said.get("code", "")
    if code not in bodies:
        yield _("No local body has the code “%(code)s”.") % {"code": code[:30]}
    domain, email = said.get("domain", ""), said.get("email", "")
    if not domain and not email:
        yield _("It has neither a domain nor an e-mail address.")
    if domain:
        yield from _faults_of(lambda: domains.as_domain(domain))
    if email:
        yield from _faults_of(lambda: validate_email(email))
        closed = of_address(User.objects.filter(erased=None, is_active=False), email)
        if closed.exists():
            yield _("The account of %(email)s was closed.") % {"email": email}
    elif said.get("name") or said.get("role"):
        yield _("A contact needs an e-mail address.")
    if len(said.get("name", "")) > 150:
        yield _("The name is longer than 150 characters.")
    if _role(said) is None:
        words = _("“%(role)s” is no role: %(roles)s.")
        roles = ", ".join(str(role.label) for role in Role)
        yield words % {"role": said["role"][:30], "roles": roles}


def _faults_of(check) -> Iterator[str]:
    try:
        check()
    except ValidationError as refusal:
        yield from refusal.messages


def _role(said: dict[str, str]) -> Role | None:
    """The role that a row says, in any of our languages."""
    word = said.get("role", "").lower()
    if not word:
        return Role.TECHNICIAN
    for language, _name in settings.LANGUAGES:
        with override(language):
            for role in Role:
                if word in (role.value, str(role.label).lower()):
                    return role
    return None


def _line(number: int, said: dict[str, str], bodies: dict[str, LocalBody]) -> Line:
    domain = said.get("domain", "")
    return Line(
        row=number,
        body=bodies[said["code"]],
        domain=domains.as_domain(domain) if domain else "",
        name=said.get("name", ""),
        email=said.get("email", ""),
        role=_role(said) or Role.TECHNICIAN,
    )


# What it changes --------------------------------------------------------------------


def _compare(lines: list[Line]) -> Outcome:
    outcome = Outcome()
    owners = defaultdict(set)
    for row in BodyDomain.objects.select_related("body"):
        owners[row.domain].add(row.body)
    roles = {
        (row.body_id, row.user.email.lower()): row.role
        for row in Membership.objects.standing().select_related("user")
    }
    for line in lines:
        before = len(outcome.domains) + len(outcome.contacts) + len(outcome.roles)
        if line.domain and line.body not in owners[line.domain]:
            owners[line.domain].add(line.body)
            outcome.domains.append(line)
        key = (line.body.pk, line.email.lower())
        if line.email and roles.get(key) != line.role:
            (outcome.roles if key in roles else outcome.contacts).append(line)
            roles[key] = line.role
        after = len(outcome.domains) + len(outcome.contacts) + len(outcome.roles)
        outcome.same += before == after
    told = [line.email.lower() for line in (*outcome.contacts, *outcome.roles)]
    known = User.objects.filter(erased=None).values_list("email", "language")
    languages = {email.lower(): language for email, language in known}
    outcome.languages = dict(
        Counter(languages.get(email, settings.LANGUAGE_CODE) for email in told)
    )
    for line in outcome.domains:
        if len(owners[line.domain]) > 1:
            names = sorted(body.name for body in owners[line.domain])
            outcome.shared[line.domain] = names
    return outcome


def example(outcome: Outcome) -> EmailMultiAlternatives | None:
    """The first of the mails that it sends, as its reader would see it; None if it
    sends none."""
    for line in outcome.contacts:
        user = User(email=line.email, name=line.name)
        membership = Membership(user=user, body=line.body, role=line.role)
        return mails.preview(mails.BEGUN, membership)
    return None


def _take(outcome: Outcome, by: User) -> None:
    for line in outcome.domains:
        domains.add(line.body, line.domain, by=by)
    told = [(line, mails.BEGUN) for line in outcome.contacts]
    told += [(line, mails.ROLE) for line in outcome.roles]
    # In one order: two imports at once wait for each other.
    for line, kind in sorted(told, key=lambda one: (one[0].body.pk, one[0].row)):
        membership = memberships.give(
            line.email,
            line.body,
            line.role,
            Membership.How.IMPORTED,
            name=line.name,
            language=settings.LANGUAGE_CODE,
            by=by,
        )
        mails.tell(kind, membership)
