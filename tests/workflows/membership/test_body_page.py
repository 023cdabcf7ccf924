"""The page of a body for its people, and that for everybody if the body wants one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.acting import memberships, merging, publicity
from community.models import LocalBody, Role
from events.models import Registration, Session
from events.wording import long_date
from tests.factories import a_registration, a_session, a_user
from tests.factories.acting import a_town, acting, an_office, asking, representing
from tests.factories.cases import a_consultation, a_unit, a_worker
from tests.factories.catalogue import a_resource
from tests.factories.pages import a_home
from tests.workflows.membership.test_public import of, url, words
from workflows.engine import cases, desk
from workflows.engine.models import Case

pytestmark = pytest.mark.django_db

PAGES = ("my_body", "body_people", "body_sessions", "body_cases")


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()
    an_office()


@pytest.fixture
def town() -> LocalBody:
    return a_town("Vila")


def seen(client: Client, page: str, town: LocalBody) -> str:
    return words(client.get(url(page, town.code)))


def held(session: Session, days: int = 3) -> Session:
    ends = timezone.now() - timedelta(days=days)
    starts = ends - timedelta(hours=1)
    Session.objects.filter(pk=session.pk).update(starts=starts, ends=ends)
    return session


def going(town: LocalBody, email: str = "", **values: Any) -> Registration:
    session = values.pop("session", None) or a_session(title="Dades a Vic")
    return a_registration(session, email, body=town, body_text="", **values)


# Who opens it ----------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_who_acts_for_the_body_opens_it_nobody_keeps_it_and_leaving_shuts_it(
    town, page
):
    reader = acting(town, Role.READER)
    client, address = of(reader), url(page, town.code)

    opened = client.get(address)
    assert opened.status_code == 200
    assert "no-store" in opened["Cache-Control"]
    assert "noindex" in opened["X-Robots-Tag"]
    memberships.end(reader, by=reader.user)
    assert client.get(address).status_code == 404
    assert of(representing(a_town("Una altra"))).get(address).status_code == 404
    assert Client().get(address).url == url("my_bodies")


def test_an_address_with_the_code_of_a_merged_body_leads_to_the_one_it_is_now(town):
    old = a_town("Vila Vella")
    member = acting(old)
    merging.merge(old, town, by=a_user())

    assert of(member).get(url("body_cases", old.code)).url == url("my_body", town.code)
    assert of(acting(a_town())).get(url("my_body", old.code)).status_code == 404


# Sessions ----------------------------------------------------------------


def test_those_who_act_for_it_are_named_in_their_sessions_and_others_counted(town):
    ada = acting(town, email="ada@vila.example", name="Ada Puig")
    session = a_session(title="Dades a Vic")
    going(town, "Ada@Vila.example", name="Ada Puig", session=session, question="Com?")
    going(town, "somebody@else.example", name="Qui Sigui", session=session)
    going(a_town(), "ada@vila.example", name="Ada Puig")
    a_registration(a_session(title="Sense ens"), "ada@vila.example")

    for page in ("my_body", "body_sessions"):
        page = seen(of(ada), page, town)
        assert "Dades a Vic" in page
        assert page.count("Ada Puig") >= 1
        assert "Qui Sigui" not in page
        assert "1 altra persona" in page
        assert "Com?" not in page
        assert "Sense ens" not in page, "where she did not say the body, it is hers"


def test_what_was_cancelled_is_not_shown_and_what_was_held_is_apart(town):
    ada = acting(town, email="ada@vila.example", name="Ada Puig")
    past = going(town, "ada@vila.example", name="Ada Puig").session
    held(past)
    off = going(town, "ada@vila.example", session=a_session(title="Cap a casa"))
    Registration.objects.filter(pk=off.pk).update(state="cancelled", reason="person")

    answer = of(ada).get(url("body_sessions", town.code))

    assert answer.context["coming"]["rows"] == []
    [row] = answer.context["held"]["rows"]
    assert (row.session, [each.name for each in row.known]) == (past, ["Ada Puig"])
    assert "Cap a casa" not in words(answer)


# Cases ----------------------------------------------------------------


def test_what_was_asked_in_its_name_is_followed_by_all_its_people(town):
    case = a_consultation(
        body=town, on_behalf=True, title="Sobre les actes", name="Ada Puig"
    )
    reader = of(acting(town, Role.READER))

    page = seen(reader, "body_cases", town)
    assert "Sobre les actes" in page
    assert case.number in page
    assert "Ada Puig" in page
    assert str(case.due.year) in page
    assert "Sobre les actes" in seen(reader, "my_body", town)
    assert case.token not in reader.get(url("body_cases", town.code)).content.decode()
    assert "Hem de publicar" not in page, "what was written is between her and the team"
    cases.finish(case, "answered")
    assert "Sobre les actes" in seen(reader, "body_cases", town)
    assert "Sobre les actes" not in seen(reader, "my_body", town)


def test_who_asked_it_herself_finds_the_way_to_it_there(town):
    ada = acting(town, email="ada@vila.example")
    case = a_consultation(body=town, on_behalf=True, email="Ada@vila.example")

    page = of(ada).get(url("body_cases", town.code)).content.decode()

    assert reverse("my_case", args=[case.token]) in page


def _as_herself(town: LocalBody) -> Case:
    return a_consultation(body=town, title="Un afer meu")


def _asking_to_act(town: LocalBody) -> Case:
    return asking(town, email="who@vila.example", name="Un afer meu").case


def _of_another(town: LocalBody) -> Case:
    return a_consultation(body=a_town("Una altra"), on_behalf=True, title="Un afer meu")


@pytest.mark.parametrize("case", [_as_herself, _asking_to_act, _of_another])
def test_what_people_ask_as_themselves_is_theirs_alone(
    town, case: Callable[[LocalBody], Case]
):
    boss = of(representing(town))
    case(town)

    assert "Un afer meu" not in seen(boss, "body_cases", town)
    assert "Un afer meu" not in seen(boss, "my_body", town)


# What it costs ----------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_however_much_there_is(
    town, page, django_assert_num_queries, django_assert_max_num_queries
):
    client = of(representing(town))
    client.get(url(page, town.code))

    def fill() -> None:
        member = acting(town)
        address = member.user.email
        for _each in range(2):
            going(town, address)
            held(going(town, address).session)
            a_consultation(body=town, on_behalf=True, email=address)
            cases.finish(a_consultation(body=town, on_behalf=True), "answered")

    fill()
    with django_assert_max_num_queries(30) as once:
        client.get(url(page, town.code))
    fill()
    with django_assert_num_queries(len(once.captured_queries)):
        client.get(url(page, town.code))


# For everybody ----------------------------------------------------------------


def public(town: LocalBody, **more: Any) -> HttpResponse:
    return Client().get(url("public_body", town.code), more)


def test_nobody_else_reads_of_a_body_until_who_represents_it_wants_it(town):
    boss, technician = representing(town), acting(town)
    address = url("body_publicity", town.code)
    held(going(town).session)

    assert public(town).status_code == 404
    assert town.name not in words(Client().get(url("public_bodies")))
    assert of(technician).post(address, {"show": "1"}).status_code == 403
    assert of(boss).get(address).status_code == 200
    assert public(town).status_code == 404, "opening the question answers nothing"

    of(boss).post(address, {"show": "1"})

    assert "Dades a Vic" in words(public(town))
    assert town.name in words(Client().get(url("public_bodies")))
    of(boss).post(address, {"hide": "1"})
    assert public(town).status_code == 404


@pytest.mark.parametrize(
    ("people", "is_said"), [(4, False), (5, True)], ids=["few", "enough"]
)
def test_it_names_nobody_and_says_how_many_only_from_five_on(town, people, is_said):
    publicity.show(town, True, by=representing(town).user)
    session = a_session(title="Dades a Vic")
    for number in range(people):
        email = acting(town, email=f"p{number}@vila.example").user.email
        going(town, email, name=f"Persona Secreta {number}", session=session)
    going(a_town(), "other@example.com", session=session)
    held(session)

    page = words(public(town))

    assert "Dades a Vic" in page
    assert (f"{people} persones" in page) == is_said
    assert "Secreta" not in page
    assert "@" not in page


def _to_come(town: LocalBody) -> None:
    going(town)


def _not_listed(town: LocalBody) -> None:
    held(going(town, session=a_session(title="Dades a Vic", listed=False)).session)


def _without_a_place(town: LocalBody) -> None:
    full = a_session(places=1, title="Dades a Vic")
    a_registration(full)
    held(going(town, session=full).session)


def _called_off(town: LocalBody) -> None:
    session = held(going(town).session)
    Session.objects.filter(pk=session.pk).update(state="cancelled")


@pytest.mark.parametrize("how", [_to_come, _not_listed, _without_a_place, _called_off])
def test_only_what_was_held_with_its_people_and_everybody_may_find_is_there(town, how):
    publicity.show(town, True, by=representing(town).user)
    how(town)

    assert "Dades a Vic" not in words(public(town))


def test_the_page_of_a_body_that_was_merged_leads_to_the_other_if_that_has_one(town):
    old = a_town("Vila Vella")
    publicity.show(old, True, by=representing(old).user)
    merging.merge(old, town, by=a_user())

    assert public(old).status_code == 404
    publicity.show(town, True, by=representing(town).user)
    assert public(old).url == url("public_body", town.code)


def test_the_map_of_the_site_names_it_in_each_language_while_there_is_one(town):
    boss = representing(town).user

    def named() -> list[str]:
        page = Client().get("/sitemap.xml").content.decode()
        return [code for code in ("ca", "es", "en") if f"/{code}/bodies/" in page]

    assert named() == []
    publicity.show(town, True, by=boss)
    cache.clear()
    assert named() == ["ca", "es", "en"]


def test_only_who_answers_for_the_body_shows_it_whoever_calls(town):
    for person in (acting(town), representing(a_town("Una altra"))):
        with pytest.raises(PermissionDenied):
            publicity.show(town, True, by=person.user)
    publicity.show(town, True, by=a_worker(role="Coordinators"))

    town.refresh_from_db()
    assert town.is_public


def test_who_changed_it_is_written_down(town):

    boss = representing(town).user
    publicity.show(town, True, by=boss)
    publicity.show(town, True, by=boss)
    publicity.show(town, False, by=boss)

    rows = ModelLogEntry.objects.filter(user=boss).order_by("pk")
    actions = [row.action for row in rows if "body_" in row.action]
    assert actions == [publicity.SHOWN, publicity.HIDDEN]


# Choosing the body in forms ---------------------------------------------------

ADA = "ada@vila.example"


@pytest.fixture
def quick(settings) -> None:
    settings.FORM_SECONDS = 0


def registers(client: Client, **values: Any) -> HttpResponse:
    form = {"name": "Ada", "email": ADA, "language": "ca", "mode": "online"}
    address = url("register", a_session(10).code)
    return client.post(address, {**form, **values})


@pytest.mark.parametrize(
    ("said", "body", "text"),
    [
        ({"own_body": "{town}"}, "Vila", ""),
        ({"own_body": "{town}", "body": "Una altra", "other_body": "on"}, "Vila", ""),
        ({"own_body": "-", "body": "Tercera"}, "Tercera", ""),
        ({"own_body": "-", "body": "Casa", "other_body": "on"}, None, "Casa"),
        ({"own_body": "{town}", "chosen": "{third}"}, "Tercera", ""),
    ],
)
def test_who_acts_for_several_bodies_chooses_one_or_says_another(
    town, quick, said, body, text
):
    acting(town, email=ADA)
    member = acting(a_town("Una altra"), email=ADA)
    third = a_town("Tercera")
    codes = {"town": town.code, "third": third.code}

    registers(of(member), **{name: word.format(**codes) for name, word in said.items()})

    row = Registration.objects.get()
    assert (row.body and row.body.name, row.body_text) == (body, text)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "own_body"),
        ({"own_body": "-"}, "body"),
        ({"own_body": "forged", "body": "Vila"}, "own_body"),
    ],
)
def test_who_says_none_of_them_is_asked(town, quick, said, field):
    acting(town, email=ADA)
    member = acting(a_town("Una altra"), email=ADA)

    answer = registers(of(member), **said)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_the_one_that_was_said_last_is_chosen_already_and_one_alone_is_filled_in(town):
    member = acting(town, email=ADA)
    for page in ("register", "register_group"):
        address = url(page, a_session(10).code)
        form = of(member).get(address).context["form"]
        assert form["body"].value() == "Vila"
        assert "own_body" not in form.fields

    going(town, ADA)
    acting(a_town("Una altra"), email=ADA)
    form = of(member).get(url("register", a_session(10).code)).context["form"]
    assert (form["own_body"].value(), form["body"].value()) == (town.code, "")


QUESTION = {"title": "Actes", "text": "Com?", "name": "Ada", "language": "ca"}


def asks(client: Client, **values: Any) -> HttpResponse:
    return client.post(url("ask"), {**QUESTION, "email": ADA, **values})


@pytest.fixture
def team() -> None:
    a_consultation()
    Case.objects.all().delete()


@pytest.mark.parametrize(
    ("said", "on_behalf"),
    [({"on_behalf": "on"}, True), ({}, False)],
    ids=["in its name", "as herself"],
)
def test_a_question_is_the_bodys_only_if_she_says_so(
    town, quick, team, said, on_behalf
):
    assert asks(of(acting(town, email=ADA)), body="Vila", **said).status_code == 302

    case = Case.objects.get()
    assert (case.body, case.on_behalf) == (town, on_behalf)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"body": "Una altra"}, "on_behalf"),
        ({}, "on_behalf"),
        ({"body": "Vila", "email": "other@vila.example"}, "email"),
    ],
)
def test_nobody_asks_in_the_name_of_another_body_nor_for_another_person(
    town, quick, team, said, field
):
    a_town("Una altra")

    answer = asks(of(acting(town, email=ADA)), on_behalf="on", **said)

    assert list(answer.context["form"].errors) == [field]
    assert not Case.objects.exists()


def test_who_acts_for_nobody_or_no_more_asks_as_herself(town, quick, team):
    member = acting(town, email=ADA)
    client = of(member)
    memberships.end(member, by=member.user)

    for browser in (client, Client()):
        asks(browser, body="Vila", on_behalf="on")

    assert [case.on_behalf for case in Case.objects.all()] == [False, False]


def test_who_acts_for_several_asks_in_the_name_of_the_one_she_chooses(
    town, quick, team
):
    acting(a_town("Una altra"), email=ADA)
    client = of(acting(town, email=ADA))

    asks(client, own_body=town.code, on_behalf="on")

    case = Case.objects.get()
    assert (case.body, case.on_behalf) == (town, True)


def test_correcting_the_body_of_a_case_takes_it_from_the_page_of_both(town):
    other = a_town("Una altra")
    case = a_consultation(body=town, on_behalf=True, title="Sobre les actes")
    boss = a_user(is_superuser=True)

    desk.correct(case, "Un altre títol", town, by=boss)
    assert "Un altre títol" in seen(of(acting(town)), "body_cases", town)
    desk.correct(case, "Un altre títol", other, by=boss)

    for body in (town, other):
        assert "Un altre títol" not in seen(of(acting(body)), "body_cases", body)


# The catalogue ----------------------------------------------------------------


def test_what_the_body_can_request_now_is_there_with_dates_and_who_answers(town):
    closes = timezone.now() + timedelta(days=9)
    unit = a_unit("Transparència")
    unit.email = "transparencia@house.example"
    unit.save()
    a_resource(name="Fins aviat", unit=unit, edition={"closes": closes})
    a_resource(name="Per a consorcis", kinds=["consortium"])
    a_resource(
        name="Ja tancat", edition={"closes": timezone.now() - timedelta(hours=1)}
    )
    a_resource(name="Sense fi", edition={"closes": None})
    cache.clear()

    answer = of(acting(town)).get(url("my_body", town.code))

    page = words(answer)
    assert page.index("Fins aviat") < page.index("Sense fi"), "what ends first"
    assert long_date(closes) in page
    assert f"?body={town.code}" in answer.content.decode()
    assert "Per a consorcis" not in page
    assert "Ja tancat" not in page
    assert "transparencia@house.example" in page
    assert "Suport als ens" in page, "the unit that looks after who acts"
