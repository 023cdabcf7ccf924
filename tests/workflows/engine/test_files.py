"""Files of cases: whoever may see one gets it, and nobody else; whatever is sent,
nothing bad comes out, and nothing that was sent is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO, RawIOBase
from pathlib import Path
from resource import getpagesize
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import ModelLogEntry

from cms import uploads
from community.models import Message, Unit, User
from community.privacy import holders, links
from community.privacy.mails import LINK
from community.privacy.runs import run_all
from tests.factories.cases import (
    a_consultation,
    a_unit,
    a_worker,
    do,
    open_task,
    sorted_to,
    waiting_for_reply,
)
from tests.factories.files import HTML, PDF, SVG, archive, odf, office, packed, picture
from tests.factories.pages import a_home
from workflows.consultation.models import ConsultationSettings
from workflows.engine import cases, files, letters, retention
from workflows.engine.models import Case, Entry, File
from workflows.engine.models.files import private_storage

pytestmark = pytest.mark.django_db

ADA = "ada@council.example"
NAMES = "Acta de la sessió «òptima».pdf"


@pytest.fixture(autouse=True)
def here(settings: Any, tmp_path: Path) -> Path:
    cache.clear()
    settings.PRIVATE_ROOT = tmp_path / "private"
    return settings.PRIVATE_ROOT


@pytest.fixture
def unit() -> Unit:
    a_home()
    unit = a_unit("Govern obert")
    ConsultationSettings.objects.create(unit=unit)
    return unit


def a_file(name: str = "acta.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def send(*handed_in: SimpleUploadedFile, **values: Any) -> HttpResponse:
    question = {
        "title": "Publicar les actes",
        "text": "Hem de publicar les actes del ple?",
        "name": "Ada Puig",
        "email": ADA,
        "language": "ca",
        "form_key": str(uuid4()),
        "files": list(handed_in),
        **values,
    }
    return Client().post(reverse("ask"), question)


def field(answer: HttpResponse, name: str) -> str:
    """What the page that was answered would send as `name`."""
    html = answer.content.decode()
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def octets(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content)


def status(address: str, client: Client | None = None) -> int:
    answer = (client or Client()).get(address)
    if answer.streaming:
        octets(answer)
    return answer.status_code


def lying() -> list[str]:
    """What lies on the disk."""
    folder = Path(private_storage().location)
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


def a_case_with_a_file(unit: Unit, **values: Any) -> Case:
    case = a_consultation(unit, email=ADA)
    entry = case.entries.get()
    files.add(
        case,
        **{
            "name": NAMES,
            "content": PDF,
            "content_type": "application/pdf",
            "entry": entry,
            **values,
        },
    )
    return case


# What is taken -------------------------------------------------------------------

GOOD = {
    "acta.pdf": PDF,
    "carta.docx": office(),
    "full.xlsx": office("xl/workbook.xml"),
    "carta.odt": odf(),
    "dades.csv": b"Ens;2026\nVic;1\n",
    "notes.txt": "L’acta del ple".encode(),
    "tot.zip": archive(acta_pdf=PDF),
    "foto.jpg": picture(),
    "foto.PNG": picture("PNG"),
    "foto.webp": picture("WEBP"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_work_with_comes_into_the_case_as_it_was_sent(unit, name):
    answer = send(a_file(name, GOOD[name]))

    assert answer.status_code == 302, words(answer)
    file = Case.objects.get().entries.get().files.get()
    with file.file.open() as content:
        assert content.read() == GOOD[name]
    assert file.size == len(GOOD[name])
    assert (file.draft, file.is_visible, file.by) == ("", True, None)
    assert "html" not in file.content_type, "what a browser says of it is not believed"


def locked_letter() -> bytes:
    said = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    return odf(**{"META-INF__manifest.xml": said})


def huge_picture() -> bytes:
    out = BytesIO()
    Image.new("1", (9000, 6000)).save(out, "PNG")
    return out.getvalue()


BAD = {
    "a page": ("pagina.html", HTML),
    "a drawing": ("dibuix.svg", SVG),
    "a program": ("programa.exe", b"MZ"),
    "two extensions": ("acta.pdf.exe", b"MZ"),
    "no extension": ("acta", PDF),
    "nothing at all": ("acta.pdf", b""),
    "a page as a PDF": ("acta.pdf", HTML),
    "a page as text": ("notes.txt", HTML),
    "a drawing as a picture": ("foto.png", SVG),
    "a page as a picture": ("foto.jpg", HTML),
    "a PDF as a picture": ("foto.jpg", PDF),
    "an archive hidden in a picture": ("foto.jpg", picture() + archive(a_csv=b"a")),
    "an archive hidden in a PDF": ("acta.pdf", PDF + archive(a_csv=b"a")),
    "a picture of too many points": ("foto.png", huge_picture()),
    "a letter with macros": ("carta.docm", office()),
    "macros under another name": (
        "carta.docx",
        office(**{"word__vbaProject.bin": b"x"}),
    ),
    "an open letter with macros": ("carta.odt", odf(Basic__Standard__a=b"x")),
    "an open letter that is locked": ("carta.odt", locked_letter()),
    "a locked letter": ("carta.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64),
    "a program in an archive": ("tot.zip", archive(setup_exe=b"MZ")),
    "an archive in an archive": ("tot.zip", archive(a_zip=archive(b_csv=b"a"))),
    "an archive that climbs out": ("tot.zip", packed({"../../etc/cron": b"x"})),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_what_it_says_or_does_harm_is_refused_by_its_name(unit, what):
    name, content = BAD[what]

    answer = send(a_file(name, content), text="Hem de publicar-les totes?")

    assert answer.status_code == 422
    assert f"«{name}» no s’ha admès" in words(answer)
    assert "Hem de publicar-les totes?" in words(answer), "what was typed stays"
    assert not File.objects.exists()
    assert lying() == []


@pytest.mark.slow
def test_an_archive_that_grows_without_end_is_refused(unit):
    bomb = packed({"a.csv": b"\0" * (uploads.MOST_UNPACKED + 1)})

    answer = send(a_file("tot.zip", bomb))

    assert "massa gros" in words(answer)
    assert lying() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ò" * 400 + ".pdf", "ò" * 60 + ".pdf"),
        ("acta\u202efdp.exe.pdf", "actafdp.exe.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a<img src=x>.pdf", "a<img src=x>.pdf"),
    ],
)
def test_a_name_neither_deceives_nor_breaks(unit, given, kept):
    answer = send(a_file(given), title="")

    assert File.objects.get().name == kept
    assert "<img src=x>" not in answer.content.decode()


def test_a_file_lies_under_a_name_that_says_nothing_and_for_nobody_else_to_read(unit):
    case = a_case_with_a_file(unit)

    [path] = lying()

    assert re.fullmatch(r".*/cases/\d{4}-\d\d/[\w-]{20,}", path)
    assert case.number not in path
    assert Path(path).stat().st_mode & 0o077 == 0


# What is too much ----------------------------------------------------------------


def test_one_that_is_too_big_is_named_and_the_others_stay(unit, settings):
    settings.CASE_FILE_MOST = 1000

    answer = send(a_file("gran.pdf", PDF + b" " * 2000), a_file("petita.pdf"))

    assert "«gran.pdf» no s’ha admès. És massa gros" in words(answer)
    assert [file.name for file in File.objects.all()] == ["petita.pdf"]


def test_only_so_many_are_taken_with_one_form_however_often_it_is_sent(unit, settings):
    settings.CASE_FILES_AT_ONCE = 2

    first = send(a_file("a.pdf"), a_file("b.pdf"), a_file("c.pdf"))
    draft = field(first, "files-draft")
    second = send(a_file("d.pdf"), **{"files-draft": draft})

    for answer in (first, second):
        assert answer.status_code == 422
        assert "com a màxim 2 fitxers" in words(answer)
    assert [file.name for file in File.objects.all()] == ["a.pdf", "b.pdf"]


def test_drafts_leave_room_on_the_disk(unit, settings):
    settings.CASE_DRAFTS_MOST = 3 * len(PDF)
    for _each in range(3):
        send(a_file(), title="")

    answer = send(a_file())

    assert "no hi ha lloc" in words(answer)
    assert len(lying()) == 3


class Endless(RawIOBase):
    """A form with a file of `size` octets, of which nobody holds more than a bit.
    Each time that it is read it looks how much its reader holds by then: on the disk,
    under `folder`, and in memory."""

    def __init__(self, size: int, folder: Path) -> None:
        self.head = (
            b'--b\r\nContent-Disposition: form-data; name="files"; '
            b'filename="video.pdf"\r\n\r\n'
        )
        self.left = size
        self.tail = (
            b'\r\n--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
            b"Hem de publicar-les?\r\n--b--\r\n"
        )
        self.length = len(self.head) + size + len(self.tail)
        self.folder = folder
        self.before = self.in_memory()
        self.most_memory = self.most_disk = 0

    def read(self, size: int = -1) -> bytes:
        on_disk = sum(path.stat().st_size for path in self.folder.iterdir())
        self.most_disk = max(self.most_disk, on_disk)
        self.most_memory = max(self.most_memory, self.in_memory() - self.before)
        if self.head:
            taken, self.head = self.head[:size], self.head[size:]
        elif self.left:
            taken = b"\0" * min(size, self.left)
            self.left -= len(taken)
        else:
            taken, self.tail = self.tail[:size], self.tail[size:]
        return taken

    @staticmethod
    def in_memory() -> int:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * getpagesize()


def test_two_hundred_megabytes_are_refused_in_words_and_held_nowhere(
    unit, settings, tmp_path
):
    megabyte = 1024 * 1024
    (tmp_path / "coming").mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "coming"
    settings.CASE_FILE_MOST = 5 * megabyte
    send()
    body = Endless(200 * megabyte, tmp_path / "coming")
    answer = Client().generic(
        "POST",
        reverse("ask"),
        **{
            "wsgi.input": body,
            "CONTENT_LENGTH": str(body.length),
            "CONTENT_TYPE": "multipart/form-data; boundary=b",
        },
    )

    assert answer.status_code == 422
    assert "«video.pdf» no s’ha admès. És massa gros, 200" in words(answer)
    assert "Hem de publicar-les?" in words(answer)
    assert 0 < body.most_disk <= 5 * megabyte
    assert body.most_memory < 30 * megabyte
    assert lying() == []


def test_a_form_that_is_bigger_than_all_its_files_is_not_read(unit, settings):
    settings.CASE_FORM_MOST = 3_000_000

    assert send(a_file(content=PDF + b" " * 4_000_000)).status_code == 413


# What is not lost ----------------------------------------------------------------


def test_a_mistake_elsewhere_keeps_the_files_and_they_go_with_the_form(unit):
    first = send(a_file("a.pdf"), a_file("b.pdf"), a_file("c.html", HTML), email="x")

    assert first.status_code == 422
    assert "Ja els tenim" in words(first)
    draft = field(first, "files-draft")
    away = File.objects.get(name="b.pdf")
    second = send(**{"files-draft": draft, "files-away": [away.pk]})

    assert second.status_code == 302
    assert [f.name for f in Case.objects.get().files.all()] == ["a.pdf"]
    assert not File.objects.drafts().exists()


def test_a_form_that_is_sent_twice_has_its_files_once(unit):
    key = str(uuid4())
    first = send(a_file(), title="", form_key=key)
    draft = field(first, "files-draft")
    for _click in range(2):
        send(a_file(), form_key=key, **{"files-draft": draft})

    assert [f.name for f in Case.objects.get().files.all()] == ["acta.pdf"]


@pytest.mark.parametrize(
    "guess", ["", "a", "x" * 41, "../../../../../../etc", "\0" * 30]
)
def test_the_files_of_a_form_are_found_by_its_own_secret_alone(unit, guess):
    send(a_file("secret.pdf"), title="")

    answer = send(**{"files-draft": guess})

    assert answer.status_code == 302
    assert not Case.objects.get().files.exists()
    assert File.objects.drafts().count() == 1


def test_nobody_takes_files_out_of_a_case_with_a_form(unit):
    case = a_case_with_a_file(unit)

    send(title="", **{"files-away": [case.files.get().pk]})

    assert case.files.exists()


@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 30, "9" * 5000, "٣"])
def test_what_is_no_file_is_not_taken_away_and_breaks_nothing(unit, key):
    first = send(a_file(), title="")
    draft = field(first, "files-draft")

    answer = send(**{"files-draft": draft, "files-away": [key]})

    assert answer.status_code == 302
    assert Case.objects.get().files.exists()


def test_the_staff_see_the_mail_first_and_the_files_wait_with_the_form(unit):
    case, worker = sorted_to(unit, email=ADA), a_worker(unit, language="ca")
    browser = signed_in(worker)
    step = reverse("cases:step", args=[case.number, open_task(case).pk])
    told = {
        "decision": "answer",
        "text": "Sí: aquí teniu la guia.",
        "files-draft": field(browser.get(step), "files-draft"),
    }

    shown = browser.post(step, {**told, "files": [a_file("guia.pdf")]})

    assert "guia.pdf" in unescape(shown.content.decode()), "in the mail"
    assert File.objects.get().case is None
    assert field(shown, "files-draft") == told["files-draft"]
    back = browser.post(step, {**told, "back": "1"})
    assert "guia.pdf" in words(back)
    browser.post(step, {**told, "confirm": "1"})
    file = case.entries.get(way=Entry.Way.OUT).files.get()
    assert (file.case, file.by, file.is_visible) == (case, worker, True)


def test_files_do_not_go_to_the_applicant_with_a_step_that_tells_nothing(unit):
    case, worker = sorted_to(unit, email=ADA), a_worker(unit, language="ca")
    other = a_unit("Arxiu")
    step = reverse("cases:step", args=[case.number, open_task(case).pk])
    told = {"decision": "pass", "unit": other.pk, "files": [a_file()]}

    answer = signed_in(worker).post(step, told)

    assert answer.status_code == 422
    assert "Traieu-los d’aquí" in words(answer)
    assert not case.files.exists()


def test_who_answers_what_was_asked_back_sends_files_with_it(unit):
    case = waiting_for_reply(unit, a_worker(unit), email=ADA)
    own = reverse("my_case", args=[case.token])
    step = case.process.task_set.get(flow_task_type="APPLICANT").pk

    Client().post(own, {"step": step, "text": "Del 2025", "files": [a_file()]})

    assert case.entries.get(text="Del 2025").files.get().name == "acta.pdf"


def test_the_applicant_sends_something_more_while_somebody_looks_after_it(unit):
    case = sorted_to(unit, email=ADA)
    address = reverse("send_to_case", args=[case.token])
    more = {"text": "L’acta que faltava", "files": [a_file()]}

    wrong = Client().post(address, {**more, "text": ""})
    draft = field(wrong, "files-draft")
    done = Client().post(address, {"text": "L’acta", "files-draft": draft})
    do(case, a_worker(unit), decision="answer", text="Sí")
    late = Client().post(address, {**more, "files": [a_file("tard.pdf")]})

    assert (wrong.status_code, done.status_code, late.status_code) == (422, 302, 302)
    assert case.entries.get(text="L’acta").files.get().name == "acta.pdf"
    assert case.files.count() == 1


def test_one_applicant_does_not_fill_a_case_without_end(unit, monkeypatch):
    monkeypatch.setattr("workflows.applicant.files.MOST", 1)
    case = a_case_with_a_file(unit)
    address = reverse("send_to_case", args=[case.token])

    answer = Client().post(address, {"text": "Més", "files": [a_file()]})

    assert answer.status_code == 422
    assert case.files.count() == 1


# Who gets one --------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def for_staff(case: Case) -> str:
    return reverse("cases:file", args=[case.number, case.files.get().pk])


def for_applicant(case: Case) -> str:
    return reverse("case_file", args=[case.token, case.files.get().pk])


@pytest.mark.parametrize("address", [for_staff, for_applicant])
def test_a_file_is_saved_under_its_name_and_can_do_nothing(unit, address):
    case = a_case_with_a_file(unit)

    answer = signed_in(a_worker(unit)).get(address(case))

    assert octets(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''Acta%20de%20la%20sessi%C3%B3%20%C2%AB"
        "%C3%B2ptima%C2%BB.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_the_applicant_gets_what_is_for_her_and_not_what_is_internal(unit):
    case, worker = sorted_to(unit, email=ADA), a_worker(unit)
    browser = signed_in(worker)
    note = {"text": "Compte amb les dades", "files": [a_file("intern.pdf")]}
    browser.post(reverse("cases:note", args=[case.number]), note)
    address = reverse("case_file", args=[case.token, case.files.get().pk])

    page = Client().get(reverse("my_case", args=[case.token]))

    assert status(address) == 404
    assert "intern.pdf" not in words(page)
    shown = words(browser.get(reverse("cases:case", args=[case.number])))
    assert "intern.pdf" in shown
    assert "intern: qui ho sol·licita no el veu" in shown
    assert status(for_staff(case), browser) == 200


def test_a_link_opens_the_files_of_its_own_case_until_it_has_run_out(unit):
    case, other = a_case_with_a_file(unit), a_consultation(unit)
    foreign = reverse("case_file", args=[other.token, case.files.get().pk])
    assert status(foreign) == 404
    do(case, a_worker(unit), unit=unit.pk)
    do(case, a_worker(unit), decision="answer", text="Sí")
    assert status(for_applicant(case)) == 200

    long_ago = timezone.now() - timedelta(days=91)
    Case.objects.filter(pk=case.pk).update(finished=long_ago)

    assert status(for_applicant(case)) == 410


def test_staff_of_other_units_and_strangers_do_not_find_it(unit):
    case = a_case_with_a_file(unit)
    drafted = send(a_file("esborrany.pdf"), title="")
    other = signed_in(a_worker(a_unit("Arxiu")))
    mine = signed_in(a_worker(unit))
    draft = File.objects.drafts().get()

    assert drafted.status_code == 422
    assert status(for_staff(case), other) == 404
    assert status(for_staff(case)) == 302
    for address in (
        reverse("cases:file", args=[case.number, draft.pk]),
        reverse("case_file", args=[case.token, draft.pk]),
    ):
        assert status(address, mine) == 404


def test_it_is_written_down_who_of_the_staff_opened_what_the_applicant_sent(unit):
    case, worker = a_case_with_a_file(unit), a_worker(unit)
    for _each in range(2):
        assert status(for_staff(case), signed_in(worker)) == 200
    assert status(for_applicant(case)) == 200

    [entry] = ModelLogEntry.objects.filter(action="engine.open_file")

    assert entry.user == worker
    assert entry.data == {"case": case.number, "file": case.files.get().pk}


def test_one_that_the_disk_has_lost_is_not_found_and_breaks_nothing(unit):
    case = a_case_with_a_file(unit)
    Path(lying()[0]).unlink()

    assert status(for_applicant(case)) == 404


# What the applicant is told ------------------------------------------------------


def test_a_mail_names_the_files_and_brings_none(unit, smtp_server, work):
    case, worker = sorted_to(unit, email=ADA), a_worker(unit)
    address = reverse("cases:send", args=[case.number])
    draft = field(signed_in(worker).get(address), "files-draft")
    told = {"text": "Us hem fet un model.", "files-draft": draft}

    signed_in(worker).post(address, {**told, "files": [a_file("model.pdf")]})
    signed_in(worker).post(address, {**told, "confirm": "1"})
    work()

    mail = smtp_server.mails_to(ADA)[-1]
    text = mail.get_body(("plain",)).get_content()
    assert "Us hem fet un model." in text
    assert "- model.pdf" in text
    assert f"/c/{case.token}/" in text
    assert list(mail.iter_attachments()) == []
    page = words(Client().get(reverse("my_case", args=[case.token])))
    assert "model.pdf" in page


def test_a_mail_quotes_what_was_written_when_it_was_queued(unit):
    case, worker = sorted_to(unit, email=ADA), a_worker(unit)
    do(case, worker, decision="answer", text="La resposta")
    answer = Message.objects.get(kind="consultation_answer")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        signed_in(worker).post(
            reverse("cases:send", args=[case.number]),
            {"text": "Una altra cosa", "files": [], "confirm": "1"},
        )

    assert "La resposta" in letters.preview(answer).body
    assert "Una altra cosa" not in letters.preview(answer).body


# What stays, and what goes -------------------------------------------------------


def test_who_asks_what_we_have_of_her_gets_her_files_too(unit):
    case = a_case_with_a_file(unit)
    files.add(
        case,
        name="intern.pdf",
        content=PDF,
        content_type="application/pdf",
        is_visible=False,
    )
    Case.objects.update(state="finished", finished=timezone.now() - timedelta(days=99))
    seen, hidden = case.files.all()
    [part] = [p for p in holders.all_of(ADA) if p.name == "cases"]
    [fact] = [f for f in part.records[0].facts if f.name == "files"]
    mine = [address for _label, address in part.records[0].links]
    own, other = (reverse("my_data_file", args=[f.pk]) for f in (seen, hidden))

    assert fact.value == [NAMES, "intern.pdf"]
    assert own in mine
    assert other not in mine
    assert status(own) == 302
    assert octets(proven(ADA).get(own)) == PDF
    assert status(other, proven(ADA)) == 404
    assert status(own, proven("mar@council.example")) == 404


def proven(address: str) -> Client:
    """A browser that has shown, by a mail, that the address is its reader's."""
    client = Client()
    mail = Message.objects.create(kind=LINK.name, recipient=address, language="ca")
    client.post(urlsplit(links.link_in(mail)).path)
    return client


def committed(act: Callable[[], object], capture: Any) -> None:
    with capture(execute=True):
        act()


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda case: retention.erase([case]), id="made anonymous"),
        pytest.param(lambda case: case.entries.all().delete(), id="deleted"),
    ],
)
def test_what_a_file_held_goes_with_it(unit, end, django_capture_on_commit_callbacks):
    case = a_case_with_a_file(unit)
    assert lying()

    committed(lambda: end(case), django_capture_on_commit_callbacks)

    assert not File.objects.exists()
    assert lying() == []


def test_files_of_a_form_that_nobody_sent_are_gone_after_a_day(
    unit, django_capture_on_commit_callbacks
):
    send(a_file("vell.pdf"), title="")
    File.objects.update(created=timezone.now() - timedelta(hours=25))
    send(a_file("nou.pdf"), title="")
    a_case_with_a_file(unit)

    committed(run_all, django_capture_on_commit_callbacks)

    assert [file.name for file in File.objects.all()] == ["nou.pdf", NAMES]
    assert len(lying()) == 2


@pytest.mark.django_db(transaction=True)
def test_what_failed_to_be_put_into_a_case_does_not_stay_on_the_disk(unit):
    kept = a_case_with_a_file(unit)
    with transaction.atomic():
        a_case_with_a_file(unit)
        transaction.set_rollback(True)
    assert len(lying()) == 2

    assert files.sweep(10) == 0, "it may be that of a transaction that goes on"
    cache.clear()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert files.sweep(10) == 1
        assert files.sweep(10) == 0

    assert lying() == [private_storage().path(kept.files.get().file.name)]


def test_what_is_in_a_case_is_not_put_into_another(unit):
    file, other = a_case_with_a_file(unit).files.get(), sorted_to(unit)

    cases.write(other, Entry.Way.IN, "El mateix", files=[file])

    assert not other.files.exists()


def test_a_file_is_of_a_case_or_of_a_form_that_was_not_sent(unit):
    case = a_case_with_a_file(unit)
    for columns in ({"draft": "x" * 30}, {"case": None}, {"entry": None, "case": None}):
        with pytest.raises(Exception, match="file_is_of_a_case"), transaction.atomic():
            case.files.update(**columns)
    assert connection.is_usable()
