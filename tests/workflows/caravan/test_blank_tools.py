"""The tools of the kit, blank: for everybody, from the page of the caravan."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from threading import Event
from time import sleep
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.pages import a_home
from tests.factories.practices import a_caravan_page
from tests.together import meanwhile
from workflows.caravan.kits import blanks, documents, tools
from workflows.caravan.kits import seed as kit_seed
from workflows.caravan.kits.documents import Words
from workflows.caravan.models import BlankFile, BlankKit, Tool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[Words]:
    """What was put on paper, without the time that it takes: `test_kit_documents` looks
    at the papers."""
    put: list[Words] = []

    def quickly(words: Words) -> dict[str, bytes]:
        lines = "\n".join(line.text for line in words.lines)
        put.append(words)
        said = f"{words.title}\n{lines}\n{words.values['link']}"
        return {kind: said.encode() for kind in words.kinds}

    monkeypatch.setattr(documents, "made", quickly)
    return put


@pytest.fixture(autouse=True)
def caravan() -> Any:
    cache.clear()
    kit_seed.plant()
    return a_caravan_page(a_home())


def links(page: Any) -> list[str]:
    """Of the files that the page hands out."""
    html = Client().get(page.url).content.decode()
    return re.findall(r'href="(/ca/caravan/kit[^"]+)"', html)


def say(tool: Tool, text: str) -> None:
    """An editor has it say `text` in Catalan."""
    words = {**tool.latest.words, "ca": {"title": "Nou", "text": text}}
    tools.say(tool, words, seen=tools.mark(tool.latest), by=None)


def overtaken(
    monkeypatch: pytest.MonkeyPatch, at: int, act: Callable[[], None]
) -> None:
    """While the worker makes the one of that number, something happens."""
    honest, times = documents.made, []

    def slowly(words: Words) -> dict[str, bytes]:
        times.append(words)
        if len(times) == at:
            act()
        return honest(words)

    monkeypatch.setattr(documents, "made", slowly)


def test_everybody_takes_each_tool_blank_one_by_one_and_all_together(caravan):
    assert links(caravan) == [], "while there is nothing to hand out"

    blanks.make_due(10)

    found = links(caravan)
    assert len(found) == 16, "ten tools, five of them twice, and all of it"
    html = unescape(Client().get(caravan.url).content.decode())
    for address in found:
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["ETag"]
        assert "no-cache" in answer["Cache-Control"]
    assert re.search(r"PDF <small>\d+", html)
    with ZipFile(io.BytesIO(Client().get(found[0]).content)) as bundle:
        names = bundle.namelist()
    assert names[0] == "01 Guia per a qui obre la porta.pdf"
    assert len(names) == len(set(names)) == 15


@pytest.mark.parametrize(
    "address", ["en/caravan/kit.zip", "ca/caravan/kit/none.pdf", "ca/caravan/kit/a.exe"]
)
def test_what_there_is_not_is_not_found(address):
    blanks.make_due(10)

    assert Client().get(f"/{address}").status_code == 404


def test_a_tool_that_changes_is_made_anew_and_nobody_gets_the_old_one(caravan, made):
    blanks.make_due(10)
    made.clear()
    before = set(links(caravan))

    say(Tool.objects.get(code="agenda"), "Una altra cosa.")
    gone = before - set(links(caravan))
    blanks.make_due(10)

    assert gone == {"/ca/caravan/kit.zip", "/ca/caravan/kit/agenda.pdf"}
    assert [words.title for words in made] == ["Nou"], "the others stay as they are"
    assert set(links(caravan)) == before
    assert b"Una altra cosa." in Client().get("/ca/caravan/kit/agenda.pdf").content


def test_one_that_is_given_to_no_stop_any_more_is_handed_out_no_more(caravan):
    blanks.make_due(10)
    tool = Tool.objects.get(code="thanks")
    tool.active = False
    tool.save()
    blanks.make_due(10)

    assert "/ca/caravan/kit/thanks.pdf" not in links(caravan)
    assert Client().get("/ca/caravan/kit/thanks.pdf").status_code == 404


def test_changed_while_it_is_made_the_old_words_do_not_stay(caravan, monkeypatch):
    tool = Tool.objects.get(code="agenda")
    overtaken(monkeypatch, at=3, act=lambda: say(tool, "Una altra cosa."))

    while blanks.make_due(1):
        pass

    assert b"Una altra cosa." in Client().get("/ca/caravan/kit/agenda.pdf").content
    assert len(links(caravan)) == 16


def test_a_worker_killed_half_way_is_gone_on_from_there(caravan, made, monkeypatch):
    def die() -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        overtaken(patch, at=5, act=die)
        with pytest.raises(SystemExit):
            blanks.make_due(10)
    assert len(made) == 4
    later = timezone.now() - timedelta(minutes=1)
    BlankKit.objects.update(lease_until=later)

    blanks.make_due(10)

    assert len(made) == 10
    assert len(links(caravan)) == 16
    assert blanks.make_due(10) == 0


def test_a_broken_tool_has_no_link_and_the_others_do(caravan):
    version = Tool.objects.get(code="agenda").versions.get()
    version.words["ca"]["text"] = "Hola {gone}."
    version.save()

    blanks.make_due(10)

    assert "/ca/caravan/kit/agenda.pdf" not in links(caravan)
    assert len(links(caravan)) == 15
    assert BlankKit.objects.get().state == "done", "trying again would not help"


def test_its_papers_lead_to_the_page_wherever_that_goes(caravan):
    blanks.make_due(10)
    caravan.slug = "roda"
    caravan.save_revision().publish()
    blanks.make_due(10)

    assert b"/ca/roda/" in Client().get("/ca/caravan/kit/poster.pdf").content

    caravan.refresh_from_db()
    caravan.unpublish()
    assert not BlankFile.objects.exists()


def test_the_page_asks_as_much_with_the_files_as_without(caravan):
    def asked() -> int:
        cache.clear()
        Client().get(caravan.url)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            Client().get(caravan.url)
        return len(queries)

    before = asked()
    blanks.make_due(10)

    assert asked() == before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_deletes_a_tool_waits_for_the_worker_that_makes_it():
    agenda = Tool.objects.get(code="agenda")
    begun = Event()

    def delete() -> None:
        begun.wait(10)
        Tool.objects.get(pk=agenda.pk).delete()

    with meanwhile(delete), transaction.atomic():
        # As the worker: the tool, and then its kit.
        Tool.objects.select_for_update(no_key=True).get(pk=agenda.pk)
        begun.set()
        # Until the other one waits for a lock.
        sleep(0.5)
        BlankKit.objects.select_for_update().get()

    assert not Tool.objects.filter(pk=agenda.pk).exists()
    assert blanks.make_due(10) == 1
    assert not BlankFile.objects.filter(name__startswith="Ordre").exists()
