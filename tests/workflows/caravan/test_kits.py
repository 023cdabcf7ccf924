"""The kit of a stop: made whole by a worker who may die, made anew when the visit is
another one, and done before anything is published."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from docx import Document

from community.acting import memberships
from community.models import Message, Role, User
from tests.factories import a_user, in_two_weeks
from tests.factories.acting import acting
from tests.factories.caravan import (
    DATES,
    VISIT,
    a_house,
    an_offer,
    at,
    dated,
    now,
)
from tests.factories.cases import a_unit, a_worker, do
from tests.papers import facts, read
from workflows.caravan import stops
from workflows.caravan.kits import documents as kit_documents
from workflows.caravan.kits import doing, making
from workflows.caravan.kits import retention as kit_retention
from workflows.caravan.kits import seed as kit_seed
from workflows.caravan.models import KitFile, KitOrder, Stop, Tool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _planted():
    kit_seed.plant()


@pytest.fixture
def house():
    return a_house()


@pytest.fixture
def stop(house):
    """One whose day is fixed, with its kit."""
    stop = at(VISIT, house)
    making.run_due(10)
    return stop


def page_of(stop: Stop) -> str:
    return f"/en/caravan/stops/{stop.key}/kit/"


def part_of(stop: Stop, code: str):
    return stop.kit.get(tool__code=code)


def content(stop: Stop, code: str, kind: str = "pdf") -> bytes:
    return bytes(part_of(stop, code).files.get(kind=kind).content)


def seen_by(user: User) -> Client:
    """The browser of `user`, who has shown that the address is hers."""
    mail = Message.objects.create(
        kind="my_bodies", recipient=user.email, language=user.language
    )
    client = Client()
    client.force_login(user)
    session = client.session
    until = timezone.now() + timedelta(minutes=59)
    session["my_data"] = {"mail": mail.pk, "until": until.isoformat()}
    session.save()
    return client


# Made ---------------------------------------------------------------------------------


def test_a_fixed_date_has_the_whole_kit_made_with_the_data_of_the_visit(stop):
    parts = doing.parts_of(stop)

    assert [part.tool.code for part in parts] == [one.code for one in kit_seed.TOOLS]
    assert all(part.made and not part.fault for part in parts)
    said = read(content(stop, "host-guide"))
    for words in ("Cita prèvia sense cues", "Berta Soler", "Sabadell", "de 10 a 11 h"):
        assert words in said, words
    script = Document(io.BytesIO(content(stop, "interview", "docx")))
    assert any("Qui hi ha treballat" in one.text for one in script.paragraphs)


def test_before_there_is_a_date_there_is_no_kit(house):
    stop = at(DATES, house)

    assert making.wanted(stop) is False
    assert not stop.kit.exists()
    assert doing.missing(stop) == []


def test_wishing_it_twice_makes_it_once(stop, monkeypatch):
    assert making.wanted(stop) is False

    monkeypatch.setattr(kit_documents, "made", _never)
    assert making.run_due(10) == 0


def _never(*_args):
    raise AssertionError("It was made again.")


def test_a_worker_killed_half_way_is_gone_on_from_there(house, monkeypatch):
    stop = at(VISIT, house)
    honest = kit_documents.made
    made = []

    def dies(words):
        if len(made) == 4:
            raise SystemExit
        made.append(words.title)
        return honest(words)

    monkeypatch.setattr(kit_documents, "made", dies)
    with pytest.raises(SystemExit):
        making.run_due(10)
    order = KitOrder.objects.get()
    assert (order.state, stop.kit.exclude(made=None).count()) == ("running", 4)
    assert doing.progress(stop, doing.parts_of(stop))[:2] == (4, 10)

    KitOrder.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    rest = []
    monkeypatch.setattr(kit_documents, "made", lambda w: rest.append(w) or honest(w))
    making.run_due(10)

    assert len(rest) == 6
    assert all(part.made for part in doing.parts_of(stop))
    assert KitOrder.objects.get().state == "done"


def test_with_a_broken_tool_the_others_are_made_and_the_office_sees_which(house):
    tool = Tool.objects.get(code="agenda")
    version = tool.versions.get()
    version.words["ca"]["text"] = "Hola {gone}."
    version.save()

    stop = at(VISIT, house)
    making.run_due(10)

    [broken] = doing.faults(stop)
    assert broken.tool == tool
    assert "{gone}" in broken.fault
    assert stop.kit.exclude(made=None).count() == 9
    assert KitOrder.objects.get().state == "done", "trying again would not help"
    office = seen_by(house.coordinator).get(page_of(stop)).content.decode()
    assert "{gone}" in office
    host = seen_by(house.technician.user).get(page_of(stop)).content.decode()
    assert "{gone}" not in host
    assert "It could not be made; the team knows." in host


def test_a_fault_that_may_pass_is_tried_again_and_says_nothing_of_anybody(
    house, monkeypatch, caplog
):
    stop = at(VISIT, house)
    honest = kit_documents.made

    def breaks(words):
        if words.what == Tool.What.POSTER:
            raise OSError("Berta Soler")
        return honest(words)

    monkeypatch.setattr(kit_documents, "made", breaks)
    making.run_due(10)

    order = KitOrder.objects.get()
    assert order.state == "retrying"
    assert "Berta" not in order.error + caplog.text
    assert "OSError" in doing.faults(stop)[0].fault
    assert stop.kit.exclude(made=None).count() == 9

    monkeypatch.setattr(kit_documents, "made", honest)
    KitOrder.objects.update(next_try=timezone.now())
    making.run_due(10)
    assert doing.faults(stop) == []
    assert KitOrder.objects.get().state == "done"


def test_another_date_makes_it_anew_and_what_was_done_stays_done(stop, house):
    doing.tick(part_of(stop, "interview"), True, house.teller.user)
    starts = in_two_weeks() + timedelta(days=7, hours=5)

    do(stop.case, house.coordinator, decision="redate", reason="Hi ha vaga.")
    dated(now(stop), house, starts)
    making.run_due(10)

    assert "de 15 a 16 h" in read(content(stop, "host-guide"))
    assert part_of(stop, "interview").done
    assert stop.kit.count() == 10


def test_another_rapporteur_makes_it_anew(stop, house):
    other = an_offer(acting(house.offer.body, name="Clara Pons"))
    Stop.objects.filter(pk=stop.pk).update(rapporteur=other)

    assert making.wanted(stop)
    making.run_due(10)

    said = read(content(stop, "host-guide"))
    assert "Clara Pons" in said
    assert "Berta Soler" not in said


def test_wished_otherwise_while_it_is_made_the_old_one_does_not_stay(
    house, monkeypatch
):
    stop = at(VISIT, house)
    other = an_offer(acting(house.offer.body, name="Clara Pons"))
    honest = kit_documents.made
    times = []

    def overtaken(words):
        times.append(words)
        if len(times) == 3:
            Stop.objects.filter(pk=stop.pk).update(rapporteur=other)
            making.wanted(stop)
        return honest(words)

    monkeypatch.setattr(kit_documents, "made", overtaken)
    making.run_due(1)
    monkeypatch.setattr(kit_documents, "made", honest)
    making.run_due(10)

    for part in doing.parts_of(stop):
        assert part.made_of == KitOrder.objects.get().wanted
        for file in part.files.filter(kind="pdf"):
            assert "Berta Soler" not in read(bytes(file.content)), part.tool.code


def test_a_visit_called_off_before_it_was_made_makes_nothing(house):
    stop = at(VISIT, house)
    stops.withdraw(stop, "No pot ser.", house.mayor.user)

    making.run_due(10)

    assert not KitFile.objects.exists()
    assert KitOrder.objects.get().state == "dropped"


def test_it_is_in_the_language_of_the_stop(house):
    stop = at(DATES, house)
    stop.case.language = "es"
    stop.case.save()

    dated(now(stop), house)
    making.run_due(10)

    assert "Guía para quien abre la puerta" in read(content(stop, "host-guide"))
    assert b"/Lang(es)" in content(stop, "host-guide")


# Its page -----------------------------------------------------------------------------


def test_both_sides_and_the_office_find_every_paper_on_its_page(stop, house):
    for user in (house.technician.user, house.teller.user, house.coordinator):
        client = seen_by(user)
        page = client.get(page_of(stop))
        assert page.status_code == 200
        html = page.content.decode()
        assert html.count('class="chip"') == 15, "ten papers, five of them twice"
        for file in KitFile.objects.filter(part__stop=stop):
            address = f"{page_of(stop)}{file.part_id}.{file.kind}"
            assert address in html
            answer = client.get(address)
            assert answer.content == bytes(file.content)
            assert answer["Content-Disposition"].startswith("attachment")


def test_all_of_it_comes_in_one_zip_in_its_order(stop, house):
    answer = seen_by(house.teller.user).get(f"{page_of(stop)}all.zip")

    with ZipFile(io.BytesIO(answer.content)) as bundle:
        assert bundle.testzip() is None
        names = bundle.namelist()
        first = f"{stop.case.number}/01 Guia per a qui obre la porta.pdf"
        assert names[0] == first
        assert len(names) == len(set(names)) == 15
        assert facts(bundle.read(first))["Tagged"] == "yes"
        [script] = [
            name for name in names if name.endswith("06 Guió de l’entrevista.docx")
        ]
        assert Document(io.BytesIO(bundle.read(script))).paragraphs


def test_to_strangers_there_is_no_such_page(stop, house):
    part = part_of(stop, "agenda")
    strangers = [
        a_user(),
        acting(acting_elsewhere()).user,
        # Of the body of the rapporteur, and not she.
        acting(house.offer.body).user,
        a_worker(a_unit("Una altra")),
    ]

    for stranger in strangers:
        client = seen_by(stranger)
        for address in ("", f"{part.pk}.pdf", "all.zip"):
            assert client.get(f"{page_of(stop)}{address}").status_code == 404
        told = {"part": part.pk, "done": "1"}
        assert client.post(page_of(stop), told).status_code == 404
    assert part_of(stop, "agenda").done is None


def acting_elsewhere():
    return a_house().host


def test_who_is_not_signed_in_does_so_first(client, stop):
    answer = client.get(page_of(stop))

    assert answer.status_code == 302
    assert str(stop.key) not in answer.content.decode()


def test_a_paper_of_another_stop_is_not_handed_out(stop, house):
    another = a_house()
    later = in_two_weeks() + timedelta(days=7)
    other = dated(at(DATES, another), another, later)
    making.run_due(10)
    theirs = part_of(other, "agenda")

    client = seen_by(house.teller.user)
    answer = client.get(f"{page_of(stop)}{theirs.pk}.pdf")
    ticked = client.post(page_of(stop), {"part": theirs.pk, "done": "1"})

    assert (answer.status_code, ticked.status_code) == (404, 404)


def test_while_it_is_made_the_page_says_how_far_it_is(house):
    stop = at(VISIT, house)
    client = seen_by(house.technician.user)

    html = client.get(page_of(stop)).content.decode()

    assert "0 of 10 documents are made." in html
    assert 'max="10"' in html
    assert "Look again" in html
    assert "js/kit.js" in html
    assert client.get(f"{page_of(stop)}all.zip").status_code == 404

    making.run_due(10)
    html = client.get(page_of(stop)).content.decode()
    assert "documents are made" not in html
    assert "js/kit.js" not in html


def test_the_page_costs_the_same_however_many_papers_there_are(
    stop, house, django_assert_max_num_queries
):
    client = seen_by(house.technician.user)
    client.get(page_of(stop))
    for part in doing.parts_of(stop)[:8]:
        doing.tick(part, True, house.coordinator)

    with django_assert_max_num_queries(25):
        client.get(page_of(stop))


# Done ---------------------------------------------------------------------------------


def tick(stop: Stop, code: str, user: User, done: str = "1") -> int:
    told = {"part": part_of(stop, code).pk, "done": done}
    return seen_by(user).post(page_of(stop), told).status_code


def test_what_is_required_is_missing_until_it_is_done(stop, house):
    codes = [part.tool.code for part in doing.missing(stop)]
    assert codes == ["interview", "images-consent", "publishing-consent"]

    assert tick(stop, "interview", house.teller.user) == 302
    assert tick(stop, "images-consent", house.teller.user) == 302
    assert tick(stop, "publishing-consent", house.technician.user) == 302

    assert doing.missing(stop) == []
    done = part_of(stop, "interview")
    assert done.done_by == house.teller.user
    html = seen_by(house.mayor.user).get(page_of(stop)).content.decode()
    assert "Berta Soler" in html
    assert "Before the practice is published" not in html


def test_the_page_says_what_has_to_be_done_before_anything_is_published(stop, house):
    html = seen_by(house.mayor.user).get(page_of(stop)).content.decode()

    assert "Before the practice is published" in html
    assert html.count("required</span>") == 3
    assert html.count("optional</span>") == 7


def test_it_can_be_undone(stop, house):
    tick(stop, "interview", house.teller.user)

    tick(stop, "interview", house.teller.user, done="")

    assert part_of(stop, "interview").done is None
    assert part_of(stop, "interview").done_by is None


def test_done_twice_it_is_of_who_was_first(stop, house):
    tick(stop, "images-consent", house.teller.user)
    before = part_of(stop, "images-consent").done

    tick(stop, "images-consent", house.technician.user)

    part = part_of(stop, "images-consent")
    assert (part.done, part.done_by) == (before, house.teller.user)


@pytest.mark.parametrize(
    ("code", "who"), [("interview", "technician"), ("publishing-consent", "teller")]
)
def test_neither_side_does_what_is_for_the_other(stop, house, code, who):
    assert tick(stop, code, getattr(house, who).user) == 403
    assert part_of(stop, code).done is None


def test_who_only_reads_for_the_host_does_nothing(stop, house):
    reader = acting(house.host, Role.READER)

    assert tick(stop, "publishing-consent", reader.user) == 403


def test_the_office_writes_down_what_came_to_it_on_paper(stop, house):
    assert tick(stop, "publishing-consent", house.coordinator) == 302
    assert part_of(stop, "publishing-consent").done_by == house.coordinator


def test_who_acts_for_the_host_no_more_does_nothing(stop, house):
    user = house.technician.user
    memberships.end(house.technician, by=house.mayor.user)

    with pytest.raises(PermissionDenied):
        doing.tick(part_of(stop, "publishing-consent"), True, user)


def test_once_the_stop_is_over_nothing_changes(stop, house):
    stops.withdraw(stop, "No pot ser.", house.mayor.user)

    with pytest.raises(ValidationError):
        doing.tick(part_of(stop, "publishing-consent"), True, house.mayor.user)
    assert tick(stop, "publishing-consent", house.mayor.user) == 302
    assert part_of(stop, "publishing-consent").done is None


@pytest.mark.parametrize("part", ["", "x", "0", "99999999", "-1"])
def test_a_part_that_there_is_not_is_not_found(stop, house, part):
    client = seen_by(house.technician.user)

    answer = client.post(page_of(stop), {"part": part, "done": "1"})

    assert answer.status_code == 404


def test_the_office_has_it_made_again_after_a_tool_changed(stop, house):
    version = Tool.objects.get(code="agenda").versions.get()
    version.words["ca"]["text"] = "Nou, {host}."
    version.save()

    host = seen_by(house.technician.user).post(page_of(stop), {"again": "1"})
    assert host.status_code == 403
    office = seen_by(house.coordinator).post(page_of(stop), {"again": "1"})
    assert office.status_code == 302
    making.run_due(10)

    assert "Nou, Rubí." in read(content(stop, "agenda"))


# Forgotten ----------------------------------------------------------------------------


def test_the_papers_go_when_the_case_has_been_settled_for_long(stop, house):
    stops.withdraw(stop, "No pot ser.", house.mayor.user)
    later = timezone.now() + kit_retention.CASE_KEPT + timedelta(days=1)

    assert kit_retention.KITS.end_some(timezone.now(), 100) == 0
    assert kit_retention.KITS.end_some(later, 100) == 15
    assert stop.kit.count() == 10


@pytest.mark.parametrize("who", ["teller", "contact"])
def test_who_is_erased_is_named_in_no_paper(stop, house, who):
    email = house.teller.user.email if who == "teller" else stop.contact_email
    assert [part.records for part in kit_retention.show(email)][0]

    kit_retention.erase(email, timezone.now())

    assert not KitFile.objects.filter(part__stop=stop).exists()


def test_of_somebody_else_nothing_is_erased(stop):
    kit_retention.erase("nobody@somewhere.example", timezone.now())

    assert KitFile.objects.filter(part__stop=stop).count() == 15
