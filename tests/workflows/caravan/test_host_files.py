"""The files that a host shows with its stop: what people of a body put with its form
arrives whole, goes with it, and is read by who should."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import uploads
from community.models import Membership, Role
from tests.factories import caravan as make
from tests.factories.acting import a_town, acting
from tests.factories.files import HTML, PDF, SVG, packed
from tests.factories.pages import a_home
from tests.factories.requests import a_file
from tests.together import together
from tests.workflows.caravan.sides import of, of_draft, url
from tests.workflows.requesting.pages import browser, words
from workflows.caravan import retention, stops
from workflows.caravan.models import Stop, StopFile
from workflows.caravan.sides import drafts, host_files
from workflows.caravan.sides.host_form import checked
from workflows.engine.models import File

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def typed(draft: Stop, **more: Any) -> dict[str, Any]:
    return {**make.WRITTEN, "version": draft.version, **more}


def sends(client: Client, stop: Stop, *files: Any, **more: Any) -> HttpResponse:
    """What the script is told that has sent them."""
    to = of_draft(stop, "caravan_add_file")
    return client.post(to, {"field": "files", "file": list(files), **more}, **JSON)


def with_file(mine: Membership, name: str = "acord.pdf") -> Stop:
    draft = make.a_draft_stop(mine)
    host_files.add(draft, a_file(name), by=mine.user)
    return draft


def names(stop: Stop) -> list[str]:
    """Those of its form."""
    return [row.file.name for row in host_files.written(stop)]


def lying(*rows: StopFile) -> list[bool]:
    """Whether what they hold lies on the disk."""
    return [Path(row.file.file.path).exists() for row in rows]


def handed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


# Writing ------------------------------------------------------------------------------


def test_files_come_with_the_form_or_by_the_script_and_colleagues_have_them():
    town = a_town()
    draft = make.a_draft_stop(acting(town))
    client = browser(acting(town))
    ten = [a_file(f"full-{number}.pdf") for number in range(10)]

    with_form = client.post(of_draft(draft), typed(draft, files=ten))
    script = sends(client, draft, a_file("plec.pdf"), a_file("plec.pdf"))

    assert with_form.status_code == 302
    assert "plec.pdf" in script.json()["kept"]
    assert names(draft) == [*(f"full-{number}.pdf" for number in range(10)), "plec.pdf"]
    assert File.objects.count() == 11
    page = browser(acting(town)).get(of_draft(draft)).content.decode()
    address = host_files.written(draft)[0].get_absolute_url()
    assert "full-9.pdf" in page
    assert handed(browser(acting(town)).get(address)) == PDF
    for other in (acting(a_town()), acting(town, Role.READER)):
        assert browser(other).get(address).status_code == 404


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("acord.pdf", HTML),
        ("plànol.svg", SVG),
        ("foto.png", SVG),
        ("buit.pdf", b""),
        ("eina.exe", b"MZ"),
        ("gros.pdf", PDF + b" " * 2000),
        ("tot.zip", packed({"a.csv": b"\0" * 2000})),
    ],
)
def test_what_is_not_taken_is_said_and_all_that_was_typed_is_kept(
    settings, monkeypatch, name, content
):
    settings.CASE_FILE_MOST = 1000
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1000)
    mine = acting(a_town())
    draft, client = make.a_draft_stop(mine), browser(mine)
    make.a_caravan()

    bad = SimpleUploadedFile(name, content)
    page = client.post(
        of_draft(draft), typed(draft, files=[a_file(), bad], title="Sí", send="1")
    )
    bad.seek(0)
    script = sends(client, draft, bad)

    assert page.status_code == script.status_code == 422
    assert name in words(page)
    assert name in script.json()["refused"][0]
    assert names(draft) == ["acord.pdf"]
    assert make.now(draft).written["title"] == "Sí"
    assert make.now(draft).is_draft


def test_a_name_without_end_is_shortened_and_keeps_its_kind():
    mine = acting(a_town())
    draft = make.a_draft_stop(mine)

    answer = sends(browser(mine), draft, a_file("à" * 400 + ".pdf"))

    [name] = names(draft)
    assert answer.status_code == 200
    assert len(name) <= 255
    assert name.endswith(".pdf")


def test_only_so_many_files_and_octets_are_taken(settings):
    settings.STOP_FILES_MOST = 1
    mine = acting(a_town())
    draft, client = with_file(mine), browser(mine)

    second = sends(client, draft, a_file("dos.pdf"))
    settings.STOP_FILES_MOST, settings.CASE_HELD_MOST = 9, 1
    third = sends(client, draft, a_file("tres.pdf"))

    assert (second.status_code, third.status_code) == (422, 422)
    assert names(draft) == ["acord.pdf"]


def test_a_file_is_taken_away_by_its_button_with_or_without_the_script(
    django_capture_on_commit_callbacks,
):
    mine = acting(a_town())
    draft, client = with_file(mine), browser(mine)
    one = host_files.add(draft, a_file("dos.pdf"), by=mine.user)
    other = with_file(mine)
    [theirs] = host_files.written(other)

    with django_capture_on_commit_callbacks(execute=True):
        sends(client, draft, away=one.pk)
        client.post(of_draft(draft), typed(draft, away=theirs.pk, title="Sí"))
        [last] = host_files.written(draft)
        client.post(of_draft(draft), typed(make.now(draft), away=last.pk))

    assert (names(draft), names(other)) == ([], ["acord.pdf"])
    assert lying(one, last, theirs) == [False, False, True]


def test_a_colleague_who_saves_a_session_that_ends_or_a_mistake_lose_no_file():
    town = a_town()
    mine, theirs = acting(town), acting(town)
    draft = with_file(mine, "primer.pdf")
    make.a_caravan()
    old = draft.version
    drafts.save(draft, {**make.WRITTEN, "title": "Meu"}, version=old, by=theirs.user)
    client = browser(mine, enforce_csrf_checks=True)

    sent = typed(draft, files=a_file("segon.pdf"), title="", send="1")
    both = browser(mine).post(of_draft(draft), sent)
    stopped = sends(Client(), draft, a_file("tercer.pdf"))
    passed = sends(client, draft, a_file("tercer.pdf"))
    token = passed.json()["token"]
    again = sends(client, draft, a_file("tercer.pdf"), csrfmiddlewaretoken=token)
    lacking = typed(make.now(draft), title="", send="1")
    wrong = browser(mine).post(of_draft(draft), lacking)

    assert (both.status_code, wrong.status_code) == (409, 422)
    assert (stopped.status_code, passed.status_code) == (401, 403)
    assert again.status_code == 200
    for page in (both, wrong):
        assert "primer.pdf" in words(page)
    assert names(draft) == ["primer.pdf", "segon.pdf", "tercer.pdf"]


def test_with_files_alone_a_draft_is_found_again():
    mine = acting(a_town())
    draft = drafts.begin(mine.body, mine.user)
    host_files.add(draft, a_file(), by=mine.user)

    assert drafts.begin(mine.body, mine.user) != draft
    page = browser(mine).get(url("caravan_begin", mine.body.code))
    assert of_draft(draft) in page.content.decode()


@pytest.mark.parametrize("who", ["reader", "sent"])
def test_what_is_not_written_any_more_takes_no_file(who):
    town = a_town()
    mine = acting(town)
    stop = make.a_sent_stop(mine) if who == "sent" else make.a_draft_stop(mine)
    client = browser(mine if who == "sent" else acting(town, Role.READER))

    answer = sends(client, stop, a_file())

    assert answer.status_code == 410
    assert answer.json()["words"]
    assert not StopFile.objects.exists()


# Who reads them -----------------------------------------------------------------------


def test_what_is_sent_is_the_cases_and_is_read_by_who_prepares_the_visit(client):
    house = make.a_house()
    make.a_caravan()
    draft = with_file(house.technician)
    host = browser(house.technician)
    sent = host.post(of_draft(draft), typed(draft, send="1"))
    stop = make.now(draft)
    [file] = stop.case.files.filter(entry__isnull=False)
    address = of(stop, "caravan_stop_file", file.pk)

    assert "acord.pdf" in words(host.get(sent.url))
    assert handed(host.get(address)) == PDF
    client.force_login(house.coordinator)
    shown = reverse("cases:case", args=[stop.case.number])
    assert "acord.pdf" in client.get(shown).content.decode()
    teller = browser(house.teller)
    stop = make.matched(make.reviewed(stop, house), house)
    assert "acord.pdf" not in words(teller.get(of(stop)))
    assert teller.get(address).status_code == 404
    make.answered(stop, house)
    assert "acord.pdf" in words(teller.get(of(stop)))
    assert handed(teller.get(address)) == PDF
    receipts = stop.case.files.exclude(pk=file.pk)
    for other in receipts:
        there = of(stop, "caravan_stop_file", other.pk)
        assert teller.get(there).status_code == 404
    assert browser(acting(a_town())).get(address).status_code == 404
    stops.drop_out(stop, "No puc", house.teller.user)
    assert teller.get(address).status_code in (404, 410)


# Amending -----------------------------------------------------------------------------


def test_in_an_amendment_files_are_added_and_taken_out_once_it_is_sent():
    house = make.a_house()
    make.a_caravan()
    draft = with_file(house.technician, "vell.pdf")
    stops.submit(draft, checked(draft), house.technician.user)
    stop = make.now(draft)
    make.do(stop.case, house.coordinator, decision="amend", text="Falta un full.")
    client = browser(house.technician)
    [old] = host_files.written(stop)
    assert handed(client.get(old.get_absolute_url())) == PDF

    sends(client, stop, a_file("nou.pdf"), away=old.pk)
    waits = make.now(stop).case
    assert names(stop) == ["nou.pdf"]
    assert [one.name for one in host_files.shown(stop)] == ["vell.pdf"]
    assert not waits.files.filter(name="nou.pdf").exists()
    sent = client.post(of_draft(stop), {**typed(stop), "send": "1"})

    assert sent.status_code == 302
    assert [one.name for one in host_files.shown(stop)] == ["nou.pdf"]
    entry = stop.case.entries.filter(way="in").last()
    assert [one.name for one in entry.files.all()] == ["nou.pdf"]
    assert "vell.pdf" in entry.text
    assert make.WRITTEN["summary"] not in entry.text, "nothing else was amended"
    assert waits.files.filter(name="vell.pdf").exists(), "what came stays in the case"


# What is left -------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["discarded", "old"])
def test_a_draft_goes_with_its_files(how, django_capture_on_commit_callbacks):
    mine = acting(a_town())
    draft = with_file(mine)
    kept = host_files.written(draft)
    assert lying(*kept) == [True]

    with django_capture_on_commit_callbacks(execute=True):
        if how == "discarded":
            asked = browser(mine).get(of_draft(draft, "caravan_discard"))
            assert "Its files go too" in words(asked)
            browser(mine).post(of_draft(draft, "caravan_discard"))
        else:
            drafts.forget_old(timezone.now() + 2 * drafts.KEPT, 10)

    assert not StopFile.objects.exists()
    assert lying(*kept) == [False]


def test_a_year_after_its_case_no_file_is_left_nor_what_was_never_sent(
    django_capture_on_commit_callbacks,
):
    house = make.a_house()
    make.a_caravan()
    draft = with_file(house.technician)
    stops.submit(draft, checked(draft), house.technician.user)
    stop = make.now(draft)
    make.do(stop.case, house.coordinator, decision="amend", text="Falta un full.")
    host_files.add(stop, a_file("mai.pdf"), by=house.technician.user)
    stops.withdraw(make.now(stop), "", house.technician.user)
    kept = host_files.written(stop)

    with django_capture_on_commit_callbacks(execute=True):
        retention.forget(timezone.now() + 2 * drafts.KEPT, 10)

    assert Stop.objects.filter(pk=stop.pk).exists()
    assert not StopFile.objects.exists()
    assert lying(*kept) == [False, False]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_last_file_one_does(settings):
    settings.STOP_FILES_MOST = 2
    town = a_town()
    mine, theirs = acting(town), acting(town)
    draft = with_file(mine)

    def adds(by: Membership, name: str) -> bool:
        try:
            host_files.add(draft, a_file(name), by=by.user)
        except ValidationError:
            return False
        return True

    done = together(lambda: adds(mine, "un.pdf"), lambda: adds(theirs, "altre.pdf"))

    assert sorted(done) == [False, True]
    assert len(names(draft)) == 2
