"""How much a request costs: ten big documents are held in no memory, a cut connection
loses nothing that had come, and the receipt is there at once."""

from io import RawIOBase
from pathlib import Path
from resource import getpagesize
from time import perf_counter

import pytest
from django.http import UnreadablePostError

from tests.factories.acting import a_town, representing
from tests.factories.files import PDF
from tests.factories.requests import a_draft, a_file, submitted
from tests.workflows.requesting.pages import browser, of
from workflows.engine import jobs
from workflows.engine.models import File, Job

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
SCRIPT = {"headers": {"accept": "application/json"}}


class Form(RawIOBase):
    """A form with so many files of `size` octets, of which nobody holds more than a
    bit. It looks how much memory its reader holds by then; and is cut after `whole`
    octets."""

    def __init__(self, files: int, size: int, whole: int | None = None) -> None:
        head = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
        self.parts: list[tuple[bytes, int]] = []
        for name, text in (("version", "1"), ("subject", "Mesurar"), ("text", "Ho")):
            self.parts.append((head.format(name, "").encode() + text.encode(), 0))
            self.parts.append((b"\r\n", 0))
        for number in range(files):
            file = f'; filename="{number}.pdf"'
            self.parts.append((head.format("documents", file).encode() + PDF, size))
            self.parts.append((b"\r\n", 0))
        self.parts.append((b"--b--\r\n", 0))
        self.length = sum(len(text) + more for text, more in self.parts)
        self.left = whole
        self.before, self.most = in_memory(), 0

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, in_memory() - self.before)
        if self.left is not None:
            size = min(size, self.left)
            if size == 0:
                raise OSError("The connection was cut.")
        while self.parts:
            text, more = self.parts[0]
            if text:
                taken = text[:size]
                self.parts[0] = text[len(taken) :], more
            elif more:
                taken = b" " * min(size, more)
                self.parts[0] = b"", more - len(taken)
            else:
                self.parts.pop(0)
                continue
            if self.left is not None:
                self.left -= len(taken)
            return taken
        return b""

    @property
    def sent(self) -> dict:
        return {
            "wsgi.input": self,
            "CONTENT_LENGTH": str(self.length),
            "CONTENT_TYPE": "multipart/form-data; boundary=b",
        }


def in_memory() -> int:
    """In octets."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * getpagesize()


def test_ten_documents_of_many_megabytes_are_held_on_the_disk_and_not_in_memory():
    mine = representing(a_town())
    draft, client = a_draft(mine), browser(mine)
    client.get(of(draft))
    form = Form(files=10, size=15 * MEGABYTE)

    answer = client.generic("POST", of(draft), **form.sent)

    assert answer.status_code == 302
    kept = [each.file for each in draft.documents.all()]
    assert [one.size for one in kept] == [15 * MEGABYTE + len(PDF)] * 10
    assert form.most < 40 * MEGABYTE
    draft.refresh_from_db()
    before = in_memory()
    case = submitted(draft, mine.user)
    assert case.files.count() == 10
    assert in_memory() - before < 20 * MEGABYTE


def test_what_had_come_when_the_connection_was_cut_stays_and_the_rest_comes_again():
    mine = representing(a_town())
    draft, client = a_draft(mine), browser(mine)
    first = {"field": "documents", "file": a_file("primer.pdf")}
    assert client.post(of(draft, "add_document"), first, **SCRIPT).status_code == 200
    cut = Form(files=1, size=MEGABYTE, whole=MEGABYTE // 2)

    with pytest.raises(UnreadablePostError):
        client.generic("POST", of(draft, "add_document"), **cut.sent)

    assert [each.file.name for each in draft.documents.all()] == ["primer.pdf"]
    assert File.objects.count() == 1
    for _twice in range(2):
        again = {"field": "documents", "file": a_file("segon.pdf")}
        client.post(of(draft, "add_document"), again, **SCRIPT)
    names = [each.file.name for each in draft.documents.all()]
    assert names == ["primer.pdf", "segon.pdf"]


def test_what_comes_after_it_was_sent_changes_nothing_that_was_sent():
    mine = representing(a_town())
    draft, client = a_draft(mine), browser(mine)
    first = {"field": "documents", "file": a_file("acord.pdf")}
    client.post(of(draft, "add_document"), first, **SCRIPT)
    draft.refresh_from_db()
    case = submitted(draft, mine.user)

    other = {"field": "documents", "file": a_file("acord.pdf", PDF + b" ")}
    late = client.post(of(draft, "add_document"), other, **SCRIPT)
    [kept] = draft.documents.all()
    away = {"field": "documents", "away": str(kept.pk)}
    taken = client.post(of(draft, "add_document"), away, **SCRIPT)

    assert late.status_code == taken.status_code == 410
    assert [file.size for file in case.files.all()] == [len(PDF)]


def test_the_receipt_is_made_by_the_worker_within_five_seconds():
    mine = representing(a_town())
    draft = a_draft(mine, text="Volem saber com estem. " * 400)
    for number in range(10):
        file = {"field": "documents", "file": a_file(f"document-{number}.pdf")}
        browser(mine).post(of(draft, "add_document"), file, **SCRIPT)
    draft.refresh_from_db()
    case = submitted(draft, mine.user)
    assert Job.objects.get(task__process=case.process_id).state == "queued"
    begun = perf_counter()

    jobs.run_due(10)

    assert perf_counter() - begun <= 5
    assert case.files.filter(entry=None).count() == 1
