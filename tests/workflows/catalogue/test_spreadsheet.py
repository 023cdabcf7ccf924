"""The whole catalogue goes out as a spreadsheet and comes in again, or not at all."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from wagtail.models import ModelLogEntry

from cms.models import CustomDocument
from community.spreadsheets import as_csv, as_xlsx
from tests.factories import a_body
from tests.factories.catalogue import a_resource, an_area
from tests.factories.pages import a_topic
from workflows.catalogue.models import (
    Area,
    InForce,
    Instrument,
    Question,
    Resource,
)
from workflows.catalogue.spreadsheet import files, whole
from workflows.catalogue.spreadsheet.cells import Refused
from workflows.catalogue.spreadsheet.files import Table
from workflows.catalogue.spreadsheet.whole import import_catalogue

pytestmark = pytest.mark.django_db

NAMES = ["resources", "questions", "areas", "instruments", "signed"]


@pytest.fixture
def signed(whole_resource) -> InForce:
    """Besides, a question with all that it can have, and an instrument in force."""
    document = CustomDocument.objects.create(
        title="Model", file=ContentFile(b"%PDF", name="model.pdf")
    )
    Question.objects.create(
        resource=whole_resource,
        sort_order=1,
        kind="choice",
        label={"ca": "Quina?", "es": "¿Cuál?"},
        help={"ca": "Una"},
        choices={"ca": "Sí\nNo", "es": "Sí\nNo"},
        required=True,
    )
    Question.objects.create(
        resource=whole_resource, sort_order=2, kind="file", template=document, label="F"
    )
    protocol = Instrument.objects.create(
        code="protocol", name={"ca": "Protocol"}, url="https://seu.example/p"
    )
    Resource.objects.update(instrument=protocol)
    body = a_body("Abrera", code="08001")
    return InForce.objects.create(
        instrument=protocol,
        body=body,
        starts=date(2025, 1, 1),
        until=date(2028, 12, 31),
    )


def everything() -> dict[str, Table]:
    return whole.sheets_of(2026)


def only(rows: list[list[str]], sheet: str = "resources") -> dict[str, Table]:
    return {sheet: rows}


def as_files(sheets: dict[str, Table]) -> dict[str, Table]:
    """Each sheet by way of a CSV of its own."""
    made = {name: as_csv(table) for name, table in sheets.items()}
    return {name: files.read(made[name], NAMES, name)[name] for name in made}


def as_book(sheets: dict[str, Table]) -> dict[str, Table]:
    return files.read(as_xlsx(sheets), NAMES, "resources")


def bare(sheets: dict[str, Table]) -> dict[str, Table]:
    """Without the empty cells at the end of rows, which a book does not keep."""

    def cut(row: list[str]) -> list[str]:
        return row[: max((at + 1 for at, cell in enumerate(row) if cell), default=0)]

    return {name: [cut(row) for row in table] for name, table in sheets.items()}


@pytest.mark.parametrize("by_way_of", [as_files, as_book])
def test_what_goes_out_comes_in_the_same(
    signed, editor, by_way_of: Callable[[dict[str, Table]], dict[str, Table]]
):
    before = everything()
    assert list(before) == NAMES
    assert [len(table) - 1 for table in before.values()] == [1, 2, 1, 1, 1]

    sheets = by_way_of(before)
    assert bare(sheets) == bare(before)
    assert all(line.is_same for line in import_catalogue(sheets, by=editor))
    assert not ModelLogEntry.objects.filter(action="catalogue.imported").exists()


def test_what_was_lost_comes_back_from_one_file(signed, editor):
    before = everything()
    InForce.objects.all().delete()
    Resource.objects.all().delete()
    for model in (Area, Instrument):
        model.objects.all().delete()
    # A question that is new has no number yet.
    table = before["questions"]
    at = table[0].index("number")
    sheets = {
        **before,
        "questions": [table[0], *([*r[:at], "", *r[at + 1 :]] for r in table[1:])],
    }

    lines = import_catalogue(sheets, by=editor, dry_run=True)
    assert [line.is_new for line in lines] == [True] * 6
    assert not Resource.objects.exists()
    import_catalogue(sheets, by=editor)

    after = everything()
    assert {**after, "questions": 0} == {**before, "questions": 0}
    assert [r[:at] + r[at + 1 :] for r in after["questions"]] == [
        r[:at] + r[at + 1 :] for r in before["questions"]
    ]
    assert str(Resource.objects.get().name.localize("en")) == "=Portal"
    # Once more, it is the same: no question is asked twice.
    assert all(line.is_same for line in import_catalogue(sheets, by=editor))
    assert ModelLogEntry.objects.filter(action="catalogue.imported").count() == 6


def test_what_has_no_column_stays_and_an_empty_cell_empties(whole_resource, editor):
    rows = [["code", "limit", "name_es"], ["go-1", "", ""]]

    [line] = import_catalogue(only(rows), by=editor)

    assert sorted(line.changes) == ["limit", "name_es"]
    whole_resource.refresh_from_db()
    assert whole_resource.code == "GO-1"
    assert (whole_resource.limit, whole_resource.most) == (None, 20_000)
    assert whole_resource.name.data == {"ca": "Portal, «nou»", "en": "=Portal"}
    assert whole_resource.topics.count() == 1


def test_a_question_is_known_by_its_number_or_by_its_words(signed, editor):
    first, second = Question.objects.order_by("sort_order")
    rows = [
        ["resource", "number", "label_ca"],
        ["GO-1", str(first.pk), "Quina d’aquestes?"],
        ["GO-1", "", "F"],
        ["GO-1", "", "Quan?"],
    ]

    lines = import_catalogue(only(rows, "questions"), by=editor)

    assert [line.is_new for line in lines] == [False, False, True]
    asked = Question.objects.order_by("sort_order")
    assert [str(each) for each in asked] == ["Quina d’aquestes?", "F", "Quan?"]
    assert [asked[0].pk, asked[1].pk] == [first.pk, second.pk]
    assert asked[0].required
    assert ModelLogEntry.objects.filter(action="catalogue.imported").count() == 2


def test_a_town_whose_code_lost_its_zero_and_another_date_are_the_same(signed, editor):
    rows = [
        ["instrument", "body", "starts", "until"],
        ["protocol", "8001", "01/01/2025", ""],
    ]

    [line] = import_catalogue(only(rows, "signed"), by=editor)

    assert line.changes == ["until"]
    signed.refresh_from_db()
    assert signed.until is None


NEW = {"code": "R-9", "area": "govern-obert", "unit": "", "name_ca": "Nou"}
ASKS = {"resource": "GO-1", "kind": "choice", "label_ca": "X", "choices_ca": "a\nb"}
SIGNS = {"instrument": "protocol", "body": "08001", "starts": "2026-01-01"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"code": "=1+1"}, "code"),
        ({"code": ""}, "code"),
        ({"area": "cap"}, "cap"),
        ({"area": ""}, "area"),
        ({"unit": "cap"}, "cap"),
        ({"instrument": "cap"}, "cap"),
        ({"topics": "dades, cap"}, "cap"),
        ({"kinds": "municipality, ajuntament"}, "ajuntament"),
        ({"support": "res"}, "support"),
        ({"name_ca": ""}, "name_ca"),
        ({"name_ca": "x" * 201}, "200"),
        ({"limit": "0"}, "vegada"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1.5"}, "limit"),
        ({"most": "9" * 30}, "most"),
        ({"least": "9", "most": "8"}, "mínim"),
        ({"goals": "18"}, "goals"),
        ({"listed": "potser"}, "listed"),
        ({"opens": "2026-01-01"}, "any"),
        ({"year": "1789"}, "any"),
        ({"year": "2026", "opens": "31/02/2026"}, "opens"),
        ({"year": "2026", "opens": "2026-02-01", "closes": "2026-01-01"}, "tancaria"),
        ({"year": "2026", "published": "yes"}, "publicar"),
        ({"year": "2026", "months": "13"}, "12"),
        ({"year": "2026", "budget": "mil"}, "budget"),
        ({"year": "2026", "criteria": "molts | Mida"}, "molts"),
        ({"year": "2026", "criteria": "40-0 | Mida"}, "40-0"),
    ],
)
def test_a_wrong_resource_is_explained_and_nothing_is_taken(editor, wrong, told):
    area = an_area()
    sound = a_resource(area=area)
    a_topic(code="dades")
    before = everything()
    row = {**NEW, "unit": sound.unit.code, **wrong}
    good = {**NEW, "code": "R-BO", "unit": sound.unit.code}
    table = [[*row], [good.get(c, "") for c in row], [*row.values()]]

    with pytest.raises(Refused) as refused:
        import_catalogue(only(table), by=editor)

    assert {(f.sheet, f.row) for f in refused.value.faults} == {("resources", 3)}
    assert any(told in str(fault.reason) for fault in refused.value.faults)
    assert everything() == before


@pytest.mark.parametrize(
    ("sheet", "sound", "wrong", "told"),
    [
        ("questions", ASKS, {"resource": "R-0"}, "r-0"),
        ("questions", ASKS, {"resource": ""}, "resource"),
        ("questions", ASKS, {"number": "999999"}, "999999"),
        ("questions", ASKS, {"kind": "opció"}, "kind"),
        ("questions", ASKS, {"label_ca": ""}, "label_ca"),
        ("questions", ASKS, {"choices_ca": "una"}, "dues"),
        ("questions", ASKS, {"choices_es": "a\nb\nc"}, "cada llengua"),
        ("questions", ASKS, {"template": "999999"}, "999999"),
        ("questions", ASKS, {"required": "potser"}, "required"),
        ("questions", ASKS, {"order": "tres"}, "order"),
        ("areas", {"code": "x", "name_ca": "X"}, {"code": ""}, "code"),
        ("areas", {"code": "x", "name_ca": "X"}, {"code": "a b"}, "code"),
        ("areas", {"code": "x", "name_ca": "X"}, {"name_ca": ""}, "name_ca"),
        ("areas", {"code": "x", "name_ca": "X"}, {"order": "-1"}, "order"),
        ("instruments", {"code": "x", "name_ca": "X"}, {"url": "mira"}, "url"),
        ("instruments", {"code": "x", "name_ca": "X"}, {"name_ca": ""}, "name_ca"),
        ("signed", SIGNS, {"instrument": "cap"}, "cap"),
        ("signed", SIGNS, {"body": "99999"}, "99999"),
        ("signed", SIGNS, {"starts": ""}, "starts"),
        ("signed", SIGNS, {"starts": "31/02/2026"}, "starts"),
        ("signed", SIGNS, {"until": "2025-12-31"}, "abans"),
    ],
)
def test_a_wrong_row_of_another_sheet_too(signed, editor, sheet, sound, wrong, told):
    before = everything()
    good = [sound.get(column, "") for column in {**sound, **wrong}]
    rows = [[*{**sound, **wrong}], good, [*{**sound, **wrong}.values()]]
    import_catalogue(only(rows[:2], sheet), by=editor, dry_run=True)

    with pytest.raises(Refused) as refused:
        import_catalogue({"areas": [["code"]], sheet: rows}, by=editor)

    of_row = [fault for fault in refused.value.faults if fault.row == 3]
    assert any(told in str(fault.reason) for fault in of_row)
    assert everything() == before


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [
        ("resources", [["code"], ["GO-1"], ["go-1"]]),
        ("areas", [["code"], ["govern-obert"], ["govern-obert"]]),
        (
            "signed",
            [
                ["instrument", "body", "starts"],
                ["protocol", "08001", "2027-01-01"],
                ["protocol", "8001", "1/1/2027"],
            ],
        ),
        (
            "questions",
            [["resource", "number", "label_ca"], *2 * [["go-1", "", "Nova"]]],
        ),
    ],
)
def test_the_same_twice_is_refused(signed, editor, sheet, rows):
    with pytest.raises(Refused) as refused:
        import_catalogue(only(rows, sheet), by=editor)

    [fault] = refused.value.faults
    assert (fault.sheet, fault.row) == (sheet, 3)
    assert "2" in str(fault.reason)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff\xfe",
        b"PK\x03\x04nothing",
        b"name_ca\nX",
        b"code,res\n1,2",
        b"code\n",
        b"code,code\n1,2",
    ],
)
def test_what_is_no_catalogue_is_refused(octets, editor):
    with pytest.raises(Refused):
        import_catalogue(files.read(octets, NAMES, "resources"), by=editor)


def test_what_is_too_much_is_refused(editor):
    for octets in (b"code\n" + b"GO-1\n" * 2_001, b"code\n" + b"x" * 10_000_001):
        with pytest.raises(Refused):
            files.read(octets, NAMES, "resources")
    with pytest.raises(Refused):
        files.pack(b"x" * (files.LARGEST + 1))
    assert files.unpack(files.pack(b"Portal\n")) == b"Portal\n"
    for sent in ("x", "AAAA", "€"):
        with pytest.raises(Refused):
            files.unpack(sent)


def test_a_book_of_one_sheet_is_known_by_what_it_is_said_to_be(signed, editor):
    book = Workbook()
    book.active.append(["code", "name_ca"])
    book.active.append(["dades", "Dades"])
    octets = io.BytesIO()
    book.save(octets)

    import_catalogue(files.read(octets.getvalue(), NAMES, "areas"), by=editor)

    assert str(Area.objects.get(code="dades")) == "Dades"


def test_formulas_of_a_sheet_are_text_and_go_out_as_text(whole_resource, editor):
    book = Workbook()
    book.active.title = "Resources"
    book.active.append(["code", "name_ca"])
    book.active.append(["GO-1", '=HYPERLINK("http://elsewhere.example")'])
    octets = io.BytesIO()
    book.save(octets)

    import_catalogue(files.read(octets.getvalue(), NAMES, "areas"), by=editor)

    whole_resource.refresh_from_db()
    assert whole_resource.name.localize("ca").startswith("=HYPERLINK")
    out = load_workbook(io.BytesIO(as_xlsx(everything())))
    cells = [cell for sheet in out for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    for table in everything().values():
        assert b"\n=" not in as_csv(table)
        assert b",=" not in as_csv(table)


def test_a_dry_run_asks_the_database_as_often_for_many_rows_as_for_few(editor):
    def asked(number: int) -> int:
        for _each in range(number):
            a_resource(most=20_000, edition={"minimum": 40})
        sheets = everything()
        with CaptureQueriesContext(connection) as queries:
            import_catalogue(sheets, by=editor, dry_run=True)
        return len(queries)

    few = asked(2)
    assert asked(20) == few


# The screen -------------------------------------------------------------------------


def test_the_screen_imports_what_it_has_shown(whole_resource, desk):
    address = reverse("resource:import")
    file = SimpleUploadedFile("cataleg.csv", b"code,limit\nGO-1,3")

    shown = desk.post(address, {"file": file, "sheet": "resources"})
    assert "limit" in shown.content.decode()
    assert Resource.objects.get().limit == 1
    sent = {**dict(shown.context["sent"]), "seen": shown.context["seen"]}
    # Somebody has written the same meanwhile: what would be done is shown once more.
    Resource.objects.update(limit=3)
    again = desk.post(address, sent)
    assert again.status_code == 200
    assert again.context["would"] == []
    Resource.objects.update(limit=1)
    assert desk.post(address, sent).status_code == 302
    assert Resource.objects.get().limit == 3

    file = SimpleUploadedFile("cataleg.csv", b"code,limit\nGO-1,molts")
    wrong = desk.post(address, {"file": file, "sheet": "resources"})
    assert wrong.status_code == 422
    assert "molts" in wrong.content.decode()


def test_every_sheet_goes_out_by_the_screen(signed, desk):
    shown = desk.get(reverse("resource:import")).content.decode()
    address = reverse("resource:export")

    for name in NAMES:
        assert f"{address}?sheet={name}" in shown
        answer = desk.get(address, {"sheet": name})
        assert f"cataleg-{name}-" in answer.headers["Content-Disposition"]
        head = ",".join(whole.COLUMNS[name])
        assert answer.content.decode("utf-8-sig").startswith(head)
    assert f"{address}?format=xlsx&amp;year=2026" in shown
    book = desk.get(address, {"format": "xlsx", "year": "2026"}).content
    assert bare(files.read(book, NAMES, "")) == bare(everything())
    of_another = desk.get(address, {"format": "xlsx", "year": "2030"}).content
    assert "2026-09-15 09:00" in files.read(book, NAMES, "")["resources"][1]
    assert "2026-09-15 09:00" not in files.read(of_another, NAMES, "")["resources"][1]
