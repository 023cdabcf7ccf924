"""The first start of an installation, without demonstration data."""

import io
import re
import sys
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, Site

from cms.models import AgendaPage, HomePage
from community.models import Message, Unit, User
from events.models import Session
from tests.factories import a_series, a_session, a_user

pytestmark = pytest.mark.django_db

MARTA = {
    "site_name": "La plaça",
    "host": "testserver",
    "admin_email": "marta@council.example",
    "admin_name": "Marta Prova",
    "unit_code": "transparencia",
    "unit_name": "Transparència",
}


@pytest.fixture(autouse=True)
def _mail_goes_out(smtp_server):
    """Unless a test says otherwise."""


def set_up(**said: str) -> str:
    """Run it without questions; returns what it says."""
    told = io.StringIO()
    options = {"interactive": False, **said}
    call_command("setup", stdout=told, stderr=told, **options)
    return told.getvalue()


def state() -> tuple:
    """What the command may change."""
    return (
        list(Site.objects.values_list("hostname", "port", "site_name", "root_page")),
        list(Page.objects.values_list("pk", "title", "live", "latest_revision")),
        list(User.objects.values_list("email", "name", "language", "groups__name")),
        [(u.code, u.name.data, u.email) for u in Unit.objects.all()],
    )


# What comes -------------------------------------------------------------------------


def test_a_bare_database_becomes_a_site_that_greets_in_every_language(client):
    told = set_up(**MARTA)

    for code, words in (("ca", "Aquí"), ("es", "Aquí"), ("en", "We meet here")):
        home, agenda = client.get(f"/{code}/"), client.get(f"/{code}/agenda/")
        assert (home.status_code, agenda.status_code) == (200, 200)
        assert words in home.content.decode()
        assert f'lang="{code}"' in home.content.decode()
    homes = HomePage.objects.all()
    assert len({home.translation_key for home in homes}) == 1
    assert len({agenda.translation_key for agenda in AgendaPage.objects.all()}) == 1
    assert homes.count() == Locale.objects.count() == 3
    # Wagtail's own first page is gone.
    assert Page.objects.filter(depth=2).count() == 3
    assert "the site La plaça, at testserver" in told
    assert not Session.objects.exists()


def test_the_first_administrator_signs_in_with_the_mailed_code(
    work, smtp_server, client
):
    set_up(**MARTA)

    client.post(reverse("account_login"), {"login": MARTA["admin_email"]})
    work()
    text = smtp_server.mails_to(MARTA["admin_email"])[-1].get_body(("plain",))
    code = re.search(r"^\s*(\w{3,}-\w{3,})\s*$", text.get_content(), re.MULTILINE)
    client.post(reverse("account_confirm_login_code"), {"code": code[1]})

    home = client.get("/admin/")
    assert home.status_code == 200
    # … and finds what to do next.
    assert reverse("wagtailusers_users:add") in home.content.decode()


def test_the_administrator_lets_others_in_and_sees_nobody_who_registers():
    set_up(**MARTA)

    marta = User.objects.get()
    assert marta.has_perm("community.add_user")
    assert not marta.is_superuser
    assert not marta.has_perm("events.view_registration")
    assert not marta.has_usable_password()


def test_the_first_steps_go_when_the_first_session_is_there():
    set_up(**MARTA)
    client = Client()
    client.force_login(User.objects.get())
    users = reverse("wagtailusers_users:add")
    a_user().groups.add(Group.objects.get(name="Editors"))

    before = client.get("/admin/").content.decode()
    a_session(series=a_series())
    after = client.get("/admin/").content.decode()

    # Done already: no link.
    assert 'id="first-steps"' in before
    assert users not in before
    assert reverse("series:add") in before
    assert 'id="first-steps"' not in after


# Mail -------------------------------------------------------------------------------


def test_the_test_mail_arrives_in_the_administrators_language(smtp_server):
    told = set_up(**MARTA, language="es")

    [mail] = smtp_server.mails_to(MARTA["admin_email"])
    assert "envía correo" in mail["Subject"]
    assert "http://testserver/admin/" in mail.get_content()
    assert "a mail to marta@council.example was delivered" not in told
    assert "a mail to marta@council.example is in /mailbox/" in told


def test_what_the_server_refuses_is_said_in_its_words(smtp_server, settings):
    settings.MAILBOX = False
    smtp_server.answers[MARTA["admin_email"]] = "550 no such person here"

    with pytest.raises(CommandError, match="550 no such person here"):
        set_up(**MARTA)

    # All the rest was done, and corrected it goes on.
    assert User.objects.get().email == MARTA["admin_email"]
    smtp_server.answers.clear()
    assert "was delivered" in set_up()


def test_a_server_that_is_away_is_said_and_not_waited_for(smtp_server):
    smtp_server.down()

    with pytest.raises(CommandError, match="not delivered.*[Rr]efused"):
        set_up(**MARTA)


def test_the_settings_of_mail_are_told_without_the_password(settings):
    settings.EMAIL_HOST_USER = "placa"
    settings.EMAIL_HOST_PASSWORD = "very secret"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_USE_TLS = True
    told = io.StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("setup", stdout=told, interactive=False, **MARTA)

    assert "127.0.0.1:1, with STARTTLS, as placa" in told.getvalue()
    assert "very secret" not in told.getvalue() + str(refused.value)


# Again ------------------------------------------------------------------------------


def test_again_without_answers_everything_stays():
    set_up(**MARTA, language="es", unit_email="unitat@council.example")
    before = state()

    told = set_up()

    assert state() == before
    assert "everything is as you say already" in told


def test_again_with_another_answer_only_that_changes(client):
    set_up(**MARTA)
    HomePage.objects.update(hero_title="La nostra frase")
    before = state()

    told = set_up(unit_name="Govern obert")

    assert "the unit Govern obert (transparencia)" in told
    assert "account" not in told.partition("Mail:")[0]
    assert state()[:3] == before[:3]
    [unit] = Unit.objects.all()
    assert unit.name.data == {"ca": "Govern obert"}
    assert "La nostra frase" in client.get("/ca/").content.decode()


def test_the_name_of_a_unit_in_other_languages_stays():
    Unit.objects.create(code="transparencia", name={"ca": "Abans", "es": "Antes"})

    set_up(**MARTA)

    [unit] = Unit.objects.all()
    assert unit.name.data == {"ca": "Transparència", "es": "Antes"}


def test_a_front_page_that_somebody_wrote_stays_the_only_one():
    locale, _new = Locale.objects.get_or_create(language_code="ca")
    mine = HomePage(title="Nosaltres", hero_title="Hola", locale=locale)
    other = HomePage(
        title="Nosotros",
        hero_title="Hola",
        locale=Locale.objects.get_or_create(language_code="es")[0],
    )
    root = Page.get_first_root_node()
    for page in (mine, other):
        root.add_child(instance=page)

    set_up(**MARTA)

    assert set(HomePage.objects.all()) == {mine, other}
    assert Site.objects.get().root_page_id == mine.pk


def test_an_account_that_is_there_becomes_the_administrators_own():
    someone = a_user(email="Marta@council.example", name="Marta Prova")

    set_up(**MARTA)

    assert User.objects.get() == someone
    assert someone.groups.get().name == "Administrators"


def test_a_disabled_account_is_not_let_in_again_and_nothing_is_done():
    a_user(email=MARTA["admin_email"], is_active=False)
    before = state()

    with pytest.raises(CommandError, match="disabled"):
        set_up(**MARTA)

    assert state() == before


# Answers ----------------------------------------------------------------------------


def test_without_questions_what_is_missing_or_wrong_is_said_at_once():
    wrong = {"host": "https://placa.example/", "port": "0", "language": "xx"}

    with pytest.raises(CommandError) as refused:
        set_up(**wrong, admin_email="marta", unit_code="dos mots")

    said = str(refused.value)
    for option in (
        *("--host", "--port", "--language", "--admin-email", "--unit-code"),
        *("--admin-name", "--unit-name"),
    ):
        assert f"{option}: " in said, option
    assert not User.objects.exists()
    assert not Message.objects.exists()


@pytest.fixture
def answer(monkeypatch) -> Callable[..., list[str]]:
    """Call it with what somebody writes, line by line; returns what is asked."""

    def answer(*lines: str) -> list[str]:
        asked: list[str] = []
        left: Iterator[str] = iter(lines)

        def reply(prompt: str) -> str:
            asked.append(prompt)
            try:
                return next(left)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", reply)
        return asked

    return answer


def test_it_asks_offers_what_is_usual_and_asks_again_what_is_wrong(answer, settings):
    settings.SITE_NAME = "Plaça"
    asked = answer(
        "",
        "http://testserver",
        "testserver",
        "",
        "marta",
        "marta@council.example",
        "Marta Prova",
        "",
        "transparencia",
        "",
        "Transparència",
        "",
    )
    told = io.StringIO()

    call_command("setup", stdout=told, stderr=told)

    assert asked[0] == "Name of the site [Plaça]: "
    assert asked[1] == asked[2] == "Host name that people write [testserver]: "
    assert asked[4] == asked[5] == "E-mail address of the first administrator: "
    # Nothing is usual here: it has to be said.
    assert asked[9] == asked[10] == "Name of the unit: "
    assert "no https://" in told.getvalue()
    assert Site.objects.get().site_name == "Plaça"
    assert User.objects.get().email == "marta@council.example"
    assert Unit.objects.get().code == "transparencia"


def test_what_an_option_says_is_not_asked(answer):
    asked = answer("", "", "")

    call_command("setup", stdout=io.StringIO(), **MARTA)

    assert [prompt.partition(" [")[0] for prompt in asked] == [
        "Port",
        "Language of the administrator's mails",
        "E-mail address of the unit, if it has one: ",
    ]


def test_where_nobody_answers_it_says_how_to_go_without(answer):
    answer()

    with pytest.raises(CommandError, match="--no-input"):
        call_command("setup", stdout=io.StringIO())


def test_it_says_where_the_settings_know_the_site_by_another_name(settings):
    settings.ALLOWED_HOSTS = ["testserver"]

    told = set_up(**{**MARTA, "host": "Placa.example"})

    assert "SITE_NAME says Plaça" in told
    assert "SITE_URL says http://testserver" in told
    assert "ALLOWED_HOSTS does not name placa.example" in told


def test_no_process_holds_an_interface_that_is_not_served():
    # Wagtail's, for other programs: as much memory as two hundred pages.
    assert "ninja" not in sys.modules
