"""The office and who acts for the bodies: spreadsheets, mergers, and its screens."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook
from wagtail.models import ModelLogEntry

from community.acting import domains, importing, invitations, memberships, merging
from community.acting.importing import Refused, import_contacts, read
from community.models import (
    BodyDomain,
    LocalBody,
    Membership,
    Message,
    Role,
    User,
)
from tests.factories import a_body, a_user
from tests.factories.acting import a_town, acting, representing, roles_of
from tests.factories.cases import a_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return a_worker(role="Coordinators", language="ca")


@pytest.fixture
def towns() -> tuple[LocalBody, LocalBody]:
    return a_body("Abrera", code="08001"), a_body("Vic", code="08298")


def table(*rows: str) -> list[list[str]]:
    return [row.split(";") for row in ("code;domain;name;email;role", *rows)]


def refused(*rows: str) -> list[tuple[int, str]]:
    with translation.override("en"), pytest.raises(Refused) as found:
        import_contacts(table(*rows), by=a_user())
    return [(fault.row, str(fault.reason)) for fault in found.value.faults]


# Spreadsheets -------------------------------------------------------------------------


def test_a_spreadsheet_brings_in_domains_and_people_who_are_told(towns):
    abrera, vic = towns
    rows = table(
        "08001;abrera.cat;;;",
        "08001;;Ada Puig;ada@abrera.cat;representant",
        "08298;vic.cat;Berta;berta@vic.cat;",
        ";;;;",
    )

    with translation.override("ca"):
        outcome = import_contacts(rows, by=a_user())

    assert domains.body_of("x@abrera.cat") == abrera
    assert roles_of(User.objects.get(email="ada@abrera.cat")) == {
        "Abrera": "representative"
    }
    assert vic.memberships.get().how == "imported"
    assert [len(outcome.domains), len(outcome.contacts)] == [2, 2]
    told = Message.objects.values_list("recipient", flat=True)
    assert sorted(told) == ["ada@abrera.cat", "berta@vic.cat"]
    again = import_contacts(rows, by=a_user())
    assert (again.changes, again.same) == (False, 3)


def test_a_rehearsal_says_the_same_and_writes_nothing(towns):
    rows = table("08001;abrera.cat;Ada;ada@abrera.cat;")

    would = import_contacts(rows, by=a_user(), dry_run=True)

    assert would.changes
    assert dict(would.languages) == {"ca": 1}
    assert importing.example(would).to == ["ada@abrera.cat"]
    assert not BodyDomain.objects.exists()
    assert not Membership.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("99999;x.cat;;;", "No local body has the code “99999”."),
        (";x.cat;;;", "No local body has the code “”."),
        ("08001;;;;", "It has neither a domain nor an e-mail address."),
        ("08001;gmail.com;;;", "Anybody can have an address of gmail.com"),
        ("08001;=1+1;;;", "Write a domain, such as ajuntament.cat."),
        ("08001;;Ada;=HYPERLINK(1);", "Enter a valid email address."),
        ("08001;;Ada;ada;", "Enter a valid email address."),
        ("08001;x.cat;Ada;;", "A contact needs an e-mail address."),
        ("08001;;Ada;ada@x.cat;alcaldessa", "“alcaldessa” is no role"),
        ("08001;;Shut;shut@x.cat;", "The account of shut@x.cat was closed."),
    ],
)
def test_each_row_that_is_wrong_is_explained_and_nothing_is_taken(towns, row, reason):
    a_user(email="shut@x.cat", is_active=False)

    [(number, words)] = refused("08298;vic.cat;;;", row)

    assert number == 3
    assert reason in words
    assert not BodyDomain.objects.exists()


@pytest.mark.parametrize(
    ("row", "again"),
    [
        ("08001;x.cat;;;", "08001;X.cat;;;"),
        ("08001;;Ada;ada@x.cat;technician", "8001;;Ada;ADA@x.cat;representative"),
    ],
)
def test_the_same_twice_is_one_too_many(towns, row, again):
    assert refused(row, again) == [(3, "It says the same as row 2.")]


def test_it_says_which_domains_become_shared_and_those_give_nothing(towns):
    abrera, vic = towns
    domains.add(abrera, "comarca.cat", by=a_user())

    outcome = import_contacts(table("08298;comarca.cat;;;"), by=a_user())

    assert outcome.shared == {"comarca.cat": ["Abrera", "Vic"]}
    assert domains.body_of("ada@comarca.cat") is None


def test_the_text_of_a_formula_stays_a_text(towns):
    import_contacts(table("08001;;=1+1;ada@abrera.cat;"), by=a_user())

    assert User.objects.get(email="ada@abrera.cat").name == "=1+1"


def test_files_are_read_as_spreadsheets_write_them():
    book = Workbook()
    book.active.append(["code", "domain"])
    book.active.append([8001, "=A1"])
    octets = BytesIO()
    book.save(octets)

    assert read(octets.getvalue()) == [["code", "domain"], ["8001", "=A1"]]
    assert read("\ufeffcode;domain\n08001;x.cat".encode()) == [
        ["code", "domain"],
        ["08001", "x.cat"],
    ]
    assert read(b"code,domain\n08001,x.cat")[1] == ["08001", "x.cat"]
    for broken in (b"\xff\xfe", b"PK\x03\x04no book", b'a,"b\n'):
        with pytest.raises(Refused):
            read(broken)


def test_a_zero_that_a_spreadsheet_dropped_is_put_back(towns):
    import_contacts([["code", "domain"], ["8001", "abrera.cat"]], by=a_user())

    assert domains.body_of("x@abrera.cat") == towns[0]


def test_the_screen_shows_what_a_file_changes_and_a_mail_before_it_is_done(
    towns, office
):
    client = Client()
    client.force_login(office)
    address = reverse("memberships:import")
    rows = "code;domain;name;email;role\n08001;;Ada;ada@abrera.cat;representant\n"

    seen = client.post(address, {"file": SimpleUploadedFile("c.csv", rows.encode())})

    assert not Membership.objects.exists()
    assert "ada@abrera.cat" in seen.content.decode()
    assert seen.context["mail"].to == ["ada@abrera.cat"]
    sent = {**dict(seen.context["sent"]), "seen": seen.context["seen"]}
    assert client.post(address, sent).url == reverse("memberships:index")
    assert Membership.objects.get().given_by == office

    wrong = client.post(
        address, {"file": SimpleUploadedFile("c.csv", b"code,domain\n1,x.cat")}
    )
    assert wrong.status_code == 422


# Mergers ----------------------------------------------------------------


def test_a_body_that_is_merged_goes_on_as_the_other_with_its_people():
    old, new = a_town("Vila Vella", "vella.cat"), a_town("Vila Nova")
    mover = acting(old, email="mover@vella.cat")
    both = representing(old, email="both@vella.cat")
    acting(new, email="both@vella.cat")
    asked = invitations.invite(
        old, "x@vella.cat", Role.READER, language="ca", by=both.user
    )

    outcome = merging.merge(old, new, by=a_user())

    assert [row.pk for row in outcome.moved] == [mover.pk]
    assert roles_of(mover.user) == {"Vila Nova": "technician"}
    assert roles_of(both.user) == {"Vila Nova": "representative"}
    assert domains.body_of("x@vella.cat") == new
    asked.refresh_from_db()
    assert asked.body == new
    old.refresh_from_db()
    assert old.merged_into == new
    assert LocalBody.objects.named("Vila Vella") is None, "it is chosen no more"
    assert acting(old, email="late@vella.cat").body == new


def test_a_rehearsed_merger_writes_nothing_and_an_impossible_one_is_refused():
    old, new = a_town("Vila Vella"), a_town("Vila Nova")
    acting(old)

    assert len(merging.merge(old, new, by=a_user(), dry_run=True).moved) == 1
    assert old.memberships.count() == 1
    for body, into in ((old, old), (a_merged(), new), (new, a_merged())):
        with pytest.raises(ValidationError):
            merging.merge(body, into, by=a_user())


def a_merged() -> LocalBody:
    body = a_town()
    merging.merge(body, a_town(), by=a_user())
    body.refresh_from_db()
    return body


# The screens ----------------------------------------------------------------


def test_the_list_finds_people_by_name_address_and_body(office):
    town = a_town("L'Ametlla")
    acting(town, email="ada@ametlla.cat", name="Ada Puig")
    acting(a_town("Vic"), email="berta@vic.cat", name="Berta Roca")
    client = Client()
    client.force_login(office)

    for words in ("puig", "ada@ametlla", "ametlla", "Ada Ametlla"):
        page = client.get(reverse("memberships:index"), {"q": words})
        found = [row.user.name for row in page.context["object_list"]]
        assert found == ["Ada Puig"], words


def test_what_is_taken_out_is_no_formula_and_is_written_down(office):
    acting(a_town("Vic"), email="ada@vic.cat", name="=1+1")
    client = Client()
    client.force_login(office)

    answer = client.get(reverse("memberships:index"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()

    assert "'=1+1" in text
    said = ModelLogEntry.objects.get(action="community.memberships_taken_out")
    assert said.user == office


def test_a_role_is_changed_after_its_mail_was_seen(office):
    membership = acting(a_town(), email="ada@vic.cat")
    client = Client()
    client.force_login(office)
    address = reverse("memberships:role", args=[membership.body_id, membership.pk])

    seen = client.post(address, {"role": "representative"})

    assert seen.context["mail"].to == ["ada@vic.cat"]
    assert memberships.for_body(membership.user, membership.body).role == "technician"
    client.post(address, {"role": "representative", "seen": "representative"})
    assert memberships.for_body(membership.user, membership.body).signs


def test_the_list_costs_the_same_however_long_it_is(
    office, django_assert_max_num_queries
):
    client = Client()
    client.force_login(office)
    for number in range(3):
        acting(a_town(f"Vila {number} de prova"))
    client.get(reverse("memberships:index"))
    with django_assert_max_num_queries(40) as few:
        client.get(reverse("memberships:index"))
    for number in range(20):
        acting(a_town(f"Vila {number} de més"))

    with django_assert_max_num_queries(len(few)):
        client.get(reverse("memberships:index"))
