"""People from a spreadsheet, held to the rules of the public form."""

import csv
import io
from collections.abc import Iterator

from community.models import LocalBody
from events.models import Session
from events.registrations import Applicant

from .forms import ApplicantForm

NEEDED = ("name", "email", "body")
ALLOWED = (*NEEDED, "position", "question", "mode", "language")


class Refused(Exception):
    """Nothing of the file is taken. `faults` says why, a line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_people(octets: bytes, session: Session, language: str) -> list[Applicant]:
    """The people of a CSV file (UTF-8, commas; the first line names the columns).

    `name`, `email` and `body` must be there; `position`, `question`, `mode` and
    `language` may: `language` is the one of who has none. A body that is not in our
    list is kept in words. Raises Refused with every fault, and the line of each.
    """
    people, faults, seen = [], [], set()
    for line, row in _rows(octets):
        form = ApplicantForm({"language": language, **row}, session=session)
        faults += [
            f"line {line}: {name}: {error}"
            for name, errors in form.errors.items()
            for error in errors
        ]
        if form.errors:
            continue
        applicant = form.applicant()
        if applicant.email.lower() in seen:
            faults.append(f"line {line}: email: this address is there twice")
        seen.add(applicant.email.lower())
        people.append(applicant)
    if not people and not faults:
        faults.append("The file has no people.")
    if faults:
        raise Refused(faults)
    return people


def _rows(octets: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(["The file is not UTF-8: save it as “CSV UTF-8”."]) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = set(reader.fieldnames or ())
    missing = [name for name in NEEDED if name not in columns]
    unknown = sorted(str(name) for name in columns - {*ALLOWED})
    if missing or unknown:
        raise Refused(
            [f"The column {name} is missing." for name in missing]
            + [f"There is no column {name!r}." for name in unknown]
        )
    for row in reader:
        values = {name: cell for name, cell in row.items() if name and cell}
        if values:
            yield reader.line_num, values | _in_words(values.get("body", ""))


def _in_words(body: str) -> dict[str, str]:
    """Keep a body that nothing in our list resembles as it is written."""
    known = LocalBody.objects.matching(body).exists()
    return {} if known else {"other_body": "on"}
