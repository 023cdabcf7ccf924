"""People from a spreadsheet: all or none, and every fault with its line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from community.models import LocalBody, Message
from events.models import Registration, Session
from tests.factories import a_session, a_user

pytestmark = pytest.mark.django_db


class Desk:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "people.csv"
        self.session = a_session(1)
        self.staff = a_user()

    def bring(self, text: str, **options) -> str:
        self.file.write_text(text, encoding="utf-8")
        said = StringIO()
        call_command(
            "import_registrations",
            options.pop("session", self.session.code),
            self.file,
            by=options.pop("by", self.staff.email),
            stdout=said,
            **options,
        )
        return said.getvalue()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


PEOPLE = """name,email,body,position,language
Núria Prova,nuria@council.example,vic,Arxiu,es
Mar Exemple,mar@council.example,Ens que no surt enlloc,,
"""


def test_each_gets_a_place_or_waits_and_the_ordinary_mail(desk):
    vic = LocalBody.objects.create(code="08298", name="Vic", kind="municipality")

    said = desk.bring(PEOPLE)

    first, second = desk.session.registrations.order_by("arrival")
    assert (first.body, first.language, first.position) == (vic, "es", "Arxiu")
    assert (second.body_text, second.language) == ("Ens que no surt enlloc", "ca")
    assert (first.state, second.state) == ("confirmed", "waiting")
    assert "1 confirmed" in said
    assert "1 waiting" in said
    assert Message.objects.count() == 2


def test_brought_twice_nobody_is_registered_twice(desk):
    desk.bring(PEOPLE)

    assert "2 registered before" in desk.bring(PEOPLE)
    assert Registration.objects.count() == 2


def test_a_dry_run_writes_nothing(desk):
    assert "2 people" in desk.bring(PEOPLE, dry_run=True)
    assert not Registration.objects.exists()


def test_staff_bring_a_list_after_the_form_is_shut(desk):
    Session.objects.update(closes=desk.session.created)

    desk.bring(PEOPLE)

    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name,email\nA,a@b.example\n", "The column body is missing"),
        ("name,email,body,shoe\nA,a@b.example,X,42\n", "There is no column 'shoe'"),
        ("name,email,body\n", "no people"),
        ("", "The column name is missing"),
        (PEOPLE + "Pol,no-address,X,,\n", "line 4: email"),
        (PEOPLE + "Pol,MAR@council.example,X,,\n", "line 4: email"),
        (PEOPLE + ",pol@council.example,X,,\n", "line 4: name"),
        (PEOPLE + "Pol,pol@council.example,X,,xx\n", "line 4: language"),
    ],
)
def test_one_bad_line_keeps_everybody_out_and_is_named(desk, text, fault):
    with pytest.raises(CommandError, match=fault):
        desk.bring(text)

    assert not Registration.objects.exists()


def test_who_is_not_of_the_staff_brings_nobody(desk):
    with pytest.raises(CommandError, match="Nobody on the staff"):
        desk.bring(PEOPLE, by=a_user(is_staff=False).email)
    with pytest.raises(CommandError, match="no session"):
        desk.bring(PEOPLE, session="no-such")
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "import_registrations", desk.session.code, Path("no"), by=desk.staff.email
        )
