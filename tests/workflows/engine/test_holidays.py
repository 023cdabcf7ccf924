"""The list of holidays: kept by hand, brought in and taken out as a file."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from community.models import LocalBody
from tests.browser.signing_in import sign_in
from tests.factories import a_body
from tests.factories.cases import a_worker
from workflows.engine.holidays import Refused, as_csv, import_holidays, outlooks
from workflows.engine.models import Holiday
from workflows.engine.seed import seed

pytestmark = pytest.mark.django_db

IMPORT = reverse("holiday:import")
GOOD = (
    "date,where,name_ca,name_es\n"
    "2027-03-26,national,Divendres Sant,Viernes Santo\n"
    "29/03/2027,Catalonia,Dilluns de Pasqua,\n"
    "2027-07-05,08298,,\n"
    "2027-09-06,08298,Fira,\n"
)


@pytest.fixture(autouse=True)
def in_english() -> None:
    translation.activate("en")


@pytest.fixture
def vic() -> LocalBody:
    return a_body("Vic", code="08298")


@pytest.fixture
def staff() -> Client:
    """The browser of somebody who keeps the list."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_worker(role="Coordinators"))
    return client


def take(text: str, **values):
    return import_holidays(text.encode(), **values)


def rows() -> list[tuple]:
    found = Holiday.objects.select_related("body")
    return [(row.date.isoformat(), row.where, str(row.label)) for row in found]


# A file -----------------------------------------------------------------------------


def test_a_file_brings_in_holidays_of_everybody_and_of_a_body(vic):
    outcome = take(GOOD)

    assert len(outcome.new) == 4
    assert rows() == [
        ("2027-03-26", "Spain", "Divendres Sant"),
        ("2027-03-29", "Catalonia", "Dilluns de Pasqua"),
        ("2027-07-05", "Vic", "local holiday"),
        ("2027-09-06", "Vic", "Fira"),
    ]


def test_the_same_file_again_changes_nothing_and_another_name_is_taken(vic):
    take(GOOD)
    before = list(Holiday.objects.values())

    assert take(GOOD).same == 4
    assert list(Holiday.objects.values()) == before

    outcome = take(GOOD.replace("Fira", "Fira gran"))
    assert (len(outcome.new), len(outcome.changed), outcome.same) == (0, 1, 3)
    assert rows()[-1] == ("2027-09-06", "Vic", "Fira gran")
    assert str(Holiday.objects.first().name.localize("es")) == "Viernes Santo"


def test_what_is_taken_out_can_be_brought_in_again(vic):
    take(GOOD)
    before = rows()
    file = as_csv(Holiday.objects.select_related("body"))
    Holiday.objects.all().delete()

    take(file)

    assert rows() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(",", ";"),
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text + "\n , ,,\n",
        lambda text: text.replace("date,", "Date ,"),
    ],
    ids=["semicolons", "of a spreadsheet", "empty lines", "capitals"],
)
def test_a_file_that_a_spreadsheet_saved_is_read(vic, change):
    assert len(take(change(GOOD)).new) == 4


def test_a_bad_file_is_refused_whole_with_every_line_and_reason(vic):
    with pytest.raises(Refused) as refused:
        take(
            "date,where,name_ca,name_es\n"
            "2027-01-01,national,Cap d’Any,\n"
            "2027-02-30,national,Mai,\n"
            "1027-01-06,national,Reis,\n"
            "2027-05-01,national,,Fiesta\n"
            "2027-05-02,08999,,\n"
            "2027-01-01,catalonia,Un altre,\n"
            f"2027-05-03,08298,{'a' * 201},\n"
            "2027-05-04,08298,A\N{RIGHT-TO-LEFT OVERRIDE}B,\n"
            "demà,enlloc,x,\n"
        )

    assert refused.value.faults == [
        "Line 3: “2027-02-30” is not a date such as 2027-03-26.",
        "Line 4: “1027-01-06” is not a date such as 2027-03-26.",
        "Line 5: “name_ca” is empty.",
        "Line 6: “08999” is neither national, nor catalonia, nor the code of a local "
        "body.",
        "Line 7: it is on line 2 too.",
        "Line 8: the name is longer than 200 characters.",
        "Line 9: the name has characters that cannot be shown.",
        "Line 10: “enlloc” is neither national, nor catalonia, nor the code of a local "
        "body.",
        "Line 10: “demà” is not a date such as 2027-03-26.",
    ]
    assert not Holiday.objects.exists()


@pytest.mark.parametrize(
    ("octets", "fault"),
    [
        (b"", "The column “date” is missing"),
        (b"date,where\n", "no holidays"),
        (b"date,where,why\n", "There is no column “why”"),
        (b"date,where,where\n", "twice"),
        (b"date,where\n2027-01-01\n", "Line 2: 1 cells where there are 2"),
        ("date,where,name_ca\n2027-01-06,national,Rés\n".encode("latin-1"), "UTF-8"),
        (b'date,where,name_ca\n2027-01-06,national,"Reis\n', "not CSV"),
        (b"PK\x03\x04\x00\x00", "missing"),
        (b"\x89PNG\r\n", "UTF-8"),
    ],
)
def test_what_is_no_list_of_holidays_is_refused(octets, fault):
    with pytest.raises(Refused, match=fault):
        import_holidays(octets)


def test_nothing_is_half_imported(vic, monkeypatch):
    saved = Holiday.save

    def break_at_the_last(self, *args, **kwargs):
        if str(self.name) == "Fira":
            raise RuntimeError
        saved(self, *args, **kwargs)

    monkeypatch.setattr(Holiday, "save", break_at_the_last)
    with pytest.raises(RuntimeError):
        take(GOOD)

    assert not Holiday.objects.exists()


def test_the_command_does_the_same_and_can_be_tried_first(vic, tmp_path: Path):
    file = tmp_path / "holidays.csv"
    file.write_text(GOOD)

    def run(**options) -> str:
        told = io.StringIO()
        call_command("import_holidays", str(file), stdout=told, **options)
        return told.getvalue()

    assert "4 new, 0 changed, 0 as they were" in run(dry_run=True)
    assert not Holiday.objects.exists()
    assert "4 new, 0 changed, 0 as they were" in run()
    assert Holiday.objects.count() == 4
    file.write_text("date,where\n2027-01-01,mart\n")
    with pytest.raises(CommandError, match="Line 2: “mart”"):
        run()
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_holidays", str(tmp_path / "none.csv"))


# The screen of a file ---------------------------------------------------------------


def upload(staff: Client, octets: bytes):
    return staff.post(IMPORT, {"file": SimpleUploadedFile("h.csv", octets)})


def confirm(staff: Client, shown, **values):
    sent = {**dict(shown.context["sent"]), "seen": shown.context["seen"], **values}
    return staff.post(IMPORT, sent, follow=True)


def test_a_file_is_shown_first_and_imported_when_confirmed(vic, staff):
    shown = upload(staff, b"\xef\xbb\xbf" + GOOD.encode())

    assert "4 new holidays" in shown.content.decode()
    assert not Holiday.objects.exists()

    done = confirm(staff, shown)
    assert "4 new holidays" in " ".join(map(str, done.context["messages"]))
    assert Holiday.objects.count() == 4
    entry = ModelLogEntry.objects.for_instance(Holiday.objects.first()).get()
    assert entry.action == "wagtail.create"
    assert entry.user_id == int(staff.session["_auth_user_id"])


def test_what_changed_since_it_was_shown_is_shown_again(vic, staff):
    shown = upload(staff, GOOD.encode())
    Holiday.objects.create(date=date(2027, 7, 5), territory="local", body=vic)

    again = confirm(staff, shown)

    assert "3 new holidays" in again.content.decode()
    assert Holiday.objects.count() == 1
    confirm(staff, again)
    assert Holiday.objects.count() == 4


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"date,where\n2027-01-01,mart\n", "Line 2: “mart” is neither"),
        (b"", "The submitted file is empty"),
        (b"date,where\n" + b"2027-01-01,08298\n" * 40_000, "too large"),
        (b"date,where\n2027-01-01,<b>x\n", "“&lt;b&gt;x”"),
    ],
)
def test_a_bad_file_is_said_on_the_screen_and_nothing_is_imported(staff, octets, words):
    assert words in upload(staff, octets).content.decode()
    assert not Holiday.objects.exists()


def test_no_file_at_all_is_said_beside_the_field(staff):
    answer = staff.post(IMPORT, {})

    assert "file" in answer.context["form"].errors


def test_the_file_to_begin_with_is_that_years_and_can_be_imported(staff):
    file = staff.get(reverse("holiday:usual_csv", args=[2027])).content

    import_holidays(file)

    assert Holiday.objects.get(date="2027-03-26").name.localize("es") == "Viernes Santo"
    assert Holiday.objects.count() == 12
    assert staff.get(reverse("holiday:usual_csv", args=[1492])).status_code == 404


# The list ---------------------------------------------------------------------------


def test_a_holiday_is_one_of_everybody_or_of_one_body(vic):
    for values in (
        {"territory": "local"},
        {"territory": "national", "body": vic},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Holiday.objects.create(date=date(2027, 1, 1), **values)
    for values in ({"territory": "local", "body": vic}, {"territory": "national"}):
        Holiday.objects.create(date=date(2027, 1, 1), **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            Holiday.objects.create(date=date(2027, 1, 1), **values)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"territory": "local"}, "body"),
        ({"territory": "national", "name_0": ""}, "name"),
        ({"territory": "catalonia", "body": "own"}, "body"),
        ({"date": "demà"}, "date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(staff, vic, values, wrong):
    own = {"body": vic.pk} if values.get("body") else {}
    sent = {"date": "26/03/2027", "territory": "national", "name_0": "Sant"}

    answer = staff.post(reverse("holiday:add"), {**sent, **values, **own})

    assert list(answer.context["form"].errors) == [wrong]


def test_one_is_written_corrected_and_deleted_by_hand(staff, vic):
    sent = {"date": "05/07/2027", "territory": "local", "body": vic.pk}
    staff.post(reverse("holiday:add"), sent)
    holiday = Holiday.objects.get()
    again = staff.post(reverse("holiday:add"), sent)
    assert "in the list already" in again.content.decode()

    edit = reverse("holiday:edit", args=[holiday.pk])
    staff.post(edit, {**sent, "date": "06/07/2027"})
    assert rows() == [("2027-07-06", "Vic", "local holiday")]

    staff.post(reverse("holiday:delete", args=[holiday.pk]))
    assert not Holiday.objects.exists()


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"q": "fira"}, ["2027-09-06"]),
        ({"q": "vic fira"}, ["2027-09-06"]),
        ({"q": "vìc"}, ["2027-07-05", "2027-09-06"]),
        ({"q": "viernes"}, ["2027-03-26"]),
        ({"year": "2026"}, []),
        ({"year": "2027", "territory": "catalonia"}, ["2027-03-29"]),
        ({"body": "08298"}, ["2027-07-05", "2027-09-06"]),
    ],
)
def test_holidays_are_found_by_name_year_and_place(staff, vic, query, days):
    take(GOOD)
    Holiday.objects.create(date=date(2026, 12, 25), territory="national", name="Nadal")
    if "body" in query:
        query = {"body": vic.pk}

    page = staff.get(reverse("holiday:index"), query)

    found = [row.date.isoformat() for row in page.context["object_list"]]
    assert found == (days or ["2026-12-25"])


def test_the_list_is_taken_out_as_it_is_brought_in(staff, vic):
    take(GOOD)
    answer = staff.get(reverse("holiday:index"), {"export": "csv", "year": "2027"})
    file = b"".join(answer.streaming_content)
    before = rows()
    Holiday.objects.all().delete()

    import_holidays(file)

    assert rows() == before


def test_the_list_costs_the_same_however_long(
    staff, vic, django_assert_max_num_queries
):
    take(GOOD)
    with django_assert_max_num_queries(20) as few:
        staff.get(reverse("holiday:index"))
    for day in range(1, 29):
        body = a_body(f"Poble {day}")
        Holiday.objects.create(date=date(2027, 2, day), territory="local", body=body)

    with django_assert_max_num_queries(len(few)):
        staff.get(reverse("holiday:index"))


def test_what_is_missing_is_said_by_year(vic):
    a_body("Barcelona", code="08019")
    a_body("Institut de Vic", parent=vic, kind=LocalBody.Kind.AUTONOMOUS)
    seed(lambda line: None)
    take(GOOD)

    this, following, last = outlooks((2026, 2027, 2028))

    assert (this.national, this.catalan) == (8, 4)
    assert (this.bodies, this.missing) == (1, ["Institut de Vic", "Vic"])
    assert (following.bodies, following.missing) == (2, ["Barcelona"])
    assert (last.national, last.catalan, last.bodies) == (0, 0, 0)


def test_the_list_warns_of_a_year_without_holidays(staff, vic):
    seed(lambda line: None)

    with time_machine.travel("2027-11-01", tick=False):
        staff.force_login(a_worker(role="Coordinators"))
        page = staff.get(reverse("holiday:index")).content.decode()

    following = page.partition('id="year-2028"')[2]
    assert "9 of Spain and 3 of Catalonia." in page
    assert "The holidays of this year are missing" in following
    assert "The local ones of 1 local body are missing" in following


# In a browser -----------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_the_screens_are_accessible_and_fit(
    vic, live_server, page, assert_accessible: Callable, tmp_path: Path, width
):
    seed(lambda line: None)
    sign_in(page.context, a_worker(role="Administrators"), live_server.url)
    page.set_viewport_size({"width": width, "height": 900})
    file = tmp_path / "holidays.csv"
    file.write_text(GOOD)

    def looks_well() -> None:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    for name in ("holiday:index", "holiday:add", "holiday:import"):
        page.goto(reverse(name))
        looks_well()
    page.set_input_files("input[type=file]", file)
    page.click("main form button[type=submit]")
    page.wait_for_selector("table")
    looks_well()
    page.click("main form button[type=submit]")
    page.wait_for_selector("#listing-results")
    assert Holiday.objects.filter(body=vic).count() == 2
