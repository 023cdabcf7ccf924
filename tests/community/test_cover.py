"""A unit's things are lent for days, to somebody who covers for its people."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from community import cover
from community.days import day_in_words
from community.models import Cover, Message, Unit, UnitMembership, User
from events.models import Session
from tests.browser.signing_in import sign_in
from tests.factories import a_registration, a_session, a_user
from tests.together import together

pytestmark = pytest.mark.django_db

# The first half of August.
FIRST, LAST = date(2026, 8, 1), date(2026, 8, 15)
HERE = ZoneInfo("Europe/Madrid")


def at(
    day: int, hour: int = 12, minute: int = 0, month: int = 8
) -> time_machine.travel:
    """That moment of 2026 by the clock of the house."""
    moment = datetime(2026, month, day, hour, minute, tzinfo=HERE)
    return time_machine.travel(moment, tick=False)


JULY = {"day": 20, "month": 7}


@pytest.fixture
def session() -> Session:
    """A session of the unit that is lent, with somebody registered."""
    with at(**JULY):
        session = a_session()
        a_registration(session, name="Ada Exemple")
    return session


@pytest.fixture
def unit(session: Session) -> Unit:
    return session.series.unit


def staff(role: str = "Case workers", *units: Unit, **values) -> User:
    user = a_user(**{"name": "Núria Prova", **values})
    user.groups.add(Group.objects.get(name=role))
    for unit in units:
        UnitMembership.objects.create(user=user, unit=unit)
    return user


@pytest.fixture
def nuria(db: None) -> User:
    """A case worker of no unit of her own."""
    return staff()


@pytest.fixture
def lend(unit: Unit, nuria: User) -> Callable[..., Cover]:
    def lend(**values) -> Cover:
        defaults = {"user": nuria, "starts": FIRST, "until": LAST, "by": a_user()}
        with at(**JULY):
            return cover.lend(unit, **{**defaults, **values})

    return lend


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def seen(user: User) -> list[Session]:
    return list(browser(user).get(reverse("sessions:index")).context["object_list"])


# While it runs ----------------------------------------------------------------------


def test_who_covers_sees_and_does_what_the_units_people_do(session, nuria, lend):
    lend()
    registration = session.registrations.get()
    mail = Message.objects.get(about=registration.pk)

    with at(1):
        client = browser(nuria)
        for name, row in (
            ("sessions:session", session),
            ("sessions:people", session),
            ("sessions:registration", registration),
            ("sessions:move", session),
            ("messages:message", mail),
        ):
            page = client.get(reverse(name, args=[row.pk]))
            assert page.status_code == 200, name
        assert session in client.get(reverse("sessions:index")).context["object_list"]
        assert mail in client.get(reverse("messages:index")).context["object_list"]


def test_who_covers_has_no_more_rights_than_before(session, unit, lend):
    editor = staff("Editors")
    lend(user=editor)

    with at(1):
        client = browser(editor)
        page = client.get(reverse("sessions:session", args=[session.pk]))
        people = client.get(reverse("sessions:people", args=[session.pk]))

    assert page.status_code == 200
    assert people.status_code == 302
    assert people.url == reverse("wagtailadmin_home")


@pytest.mark.parametrize(
    ("moment", "runs"),
    [
        ((31, 23, 59, 7), False),
        # In July by UTC still: the clock is that of the house.
        ((1, 0, 0, 8), True),
        ((15, 23, 59, 8), True),
        ((16, 0, 0, 8), False),
    ],
)
def test_it_begins_and_ends_by_itself_at_midnight_of_the_house(
    session, nuria, lend, moment, runs
):
    lend()

    with at(*moment):
        assert (seen(nuria) == [session]) is runs


def test_the_day_is_that_of_the_house_wherever_the_screen_is():
    with at(1, 0, 30), timezone.override("America/New_York"):
        assert cover.today() == FIRST


def test_it_ends_at_the_next_click_once_somebody_ends_it(session, nuria, lend):
    lent = lend()
    with at(10, 11):
        client = browser(nuria)
        page = reverse("sessions:session", args=[session.pk])
        assert client.get(page).status_code == 200

        assert cover.end(lent, by=a_user()) is True

        assert client.get(page).status_code == 404
        assert cover.end(lent, by=a_user()) is False


def test_what_runs_for_nobody_else_runs_for_nobody(session, lend):
    lend()

    with at(5):
        assert seen(staff()) == []


def test_units_are_found_in_one_query(unit, nuria, lend, django_assert_num_queries):
    lend()
    own = Unit.objects.create(code="own", name="La pròpia")
    UnitMembership.objects.create(user=nuria, unit=own)
    nuria.get_all_permissions()

    with at(5), django_assert_num_queries(1):
        found = Unit.objects.looked_after_by(nuria, cover.today())
        assert set(found) == {own, unit}


def test_the_first_screen_says_for_whom_one_covers_and_until_when(nuria, lend):
    lend(note="Truqueu a la Berta si cal")

    with at(5):
        home = browser(nuria).get(reverse("wagtailadmin_home")).content.decode()
        of_others = browser(staff()).get(reverse("wagtailadmin_home")).content.decode()

    assert "You cover for" in home
    assert "Saturday, 15 August 2026" in home
    assert "Truqueu a la Berta si cal" in home
    assert "You cover for" not in of_others


# Lending ----------------------------------------------------------------------------


def refusal(act: Callable[[], object]) -> dict[str, list[str]]:
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            act()
        return refused.value.message_dict


def test_days_that_are_past_or_the_wrong_way_round_are_refused(unit, nuria, lend):
    with at(2):
        past = refusal(
            lambda: cover.lend(unit, nuria, starts=FIRST, until=LAST, by=nuria)
        )
    backwards = refusal(lambda: lend(starts=LAST, until=FIRST))

    assert past == {"starts": ["This day is past."]}
    assert backwards == {"until": ["The last day is before the first."]}
    assert not Cover.objects.exists()


def test_the_database_knows_no_cover_that_ends_before_it_starts(unit, nuria):
    with pytest.raises(IntegrityError), transaction.atomic():
        Cover.objects.create(unit=unit, user=nuria, starts=LAST, until=FIRST)


def test_one_day_is_a_cover_and_the_next_may_follow_at_once(lend):
    lend(starts=FIRST, until=FIRST)
    lend(starts=FIRST + timedelta(days=1), until=LAST)

    assert Cover.objects.count() == 2


@pytest.mark.parametrize(
    ("starts", "until"),
    [(FIRST, LAST), (LAST, date(2026, 8, 20)), (date(2026, 7, 25), FIRST)],
)
def test_the_same_person_is_not_lent_the_same_unit_twice_over(lend, starts, until):
    lend()

    said = refusal(lambda: lend(starts=starts, until=until))

    assert (
        "from Saturday, 1 August 2026 to Saturday, 15 August 2026" in said["starts"][0]
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_lend_the_same_at_once_lend_it_once(unit, nuria):
    days = {"starts": FIRST, "until": LAST, "by": nuria}

    def act() -> Cover | None:
        try:
            return cover.lend(unit, nuria, **days)
        except ValidationError:
            return None

    with at(**JULY):
        lent = together(*[act] * 4)

    assert len([one for one in lent if one]) == Cover.objects.count() == 1


def test_two_people_cover_at_once_and_what_was_ended_is_lent_anew(session, lend):
    lent = lend()
    other = lend(user=staff())
    with at(**JULY):
        cover.end(lent, by=a_user())
    lend()

    with at(5):
        assert seen(other.user) == seen(lent.user) == [session]


def test_a_member_of_the_unit_needs_no_cover(unit, lend):
    said = refusal(lambda: lend(user=staff("Readers", unit)))

    assert "belongs to the unit" in said["user"][0]


@pytest.mark.parametrize("values", [{}, {"is_active": False}])
def test_only_who_works_in_the_admin_covers(lend, values):
    somebody = a_user(**values)
    if values:
        somebody.groups.add(Group.objects.get(name="Case workers"))

    said = refusal(lambda: lend(user=somebody))

    assert said == {"user": ["Only who works in the admin can cover."]}


def test_the_last_day_moves_while_it_has_not_ended(nuria, session, lend):
    lent = lend()
    with at(10):
        past = refusal(
            lambda: cover.change(lent, until=date(2026, 8, 9), note="", by=nuria)
        )
        assert past == {"until": ["This day is past."]}
        assert cover.change(lent, until=date(2026, 8, 20), note="", by=nuria) is True
        assert cover.change(lent, until=date(2026, 8, 20), note="", by=nuria) is False
    with at(18):
        assert seen(nuria) == [session]
    with at(21), pytest.raises(ValidationError, match="ended already"):
        cover.change(lent, until=date(2026, 8, 30), note="", by=nuria)


def test_everything_that_happens_to_it_is_in_the_log_without_a_name(nuria, lend):
    boss = a_user(name="Jordi Prova")
    lent = lend(by=boss)
    with at(**JULY):
        cover.change(lent, until=FIRST, note="Abans", by=boss)
        cover.end(lent, by=boss)

    entries = ModelLogEntry.objects.for_instance(lent).order_by("pk")
    assert [(e.action, e.user_id) for e in entries] == [
        (cover.LENT, boss.pk),
        (cover.CHANGED, boss.pk),
        (cover.ENDED, boss.pk),
    ]
    assert entries[0].data == {
        "person": nuria.pk,
        "starts": "2026-08-01",
        "until": "2026-08-15",
    }
    assert all("Núria" not in entry.label for entry in entries)


# The screens ------------------------------------------------------------------------

ADD = reverse("cover:add")


def a_form(unit: Unit, user: User, **values: str) -> dict:
    sent = {"unit": unit.pk, "user": user.pk}
    return {**sent, "starts": "01/08/2026", "until": "15/08/2026", **values}


@pytest.mark.parametrize("role", ["Case workers", "Coordinators", "Administrators"])
def test_a_unit_is_lent_on_the_screen(unit, nuria, role):
    member = staff(role, *([unit] if role == "Case workers" else []))
    with at(**JULY):
        client = browser(member)
        done = client.post(ADD, a_form(unit, nuria, note="Vacances"), follow=True)

        assert "covers for" in " ".join(map(str, done.context["messages"]))
        [lent] = done.context["object_list"]
    assert (lent.user, lent.unit, lent.lent_by) == (nuria, unit, member)
    assert (lent.starts, lent.until, lent.note) == (FIRST, LAST, "Vacances")


def test_what_is_refused_is_said_beside_its_field(unit, nuria):
    with at(20):
        client = browser(staff("Coordinators"))
        answer = client.post(ADD, a_form(unit, nuria))
        wrong = client.post(ADD, a_form(unit, nuria, starts="30/08/2026"))

    assert answer.context["form"].errors == {"starts": ["This day is past."]}
    assert wrong.context["form"].errors == {
        "until": ["The last day is before the first."]
    }
    assert not Cover.objects.exists()


def test_a_case_worker_lends_only_the_own_unit_not_what_one_covers_for(
    unit, nuria, lend
):
    lend()
    mine = Unit.objects.create(code="mine", name="La meva")
    UnitMembership.objects.create(user=nuria, unit=mine)

    with at(5):
        client = browser(nuria)
        offered = client.get(ADD).context["form"].fields["unit"].queryset
        answer = client.post(ADD, a_form(unit, staff(), starts="06/08/2026"))

    assert list(offered) == [mine]
    assert "unit" in answer.context["form"].errors
    assert Cover.objects.count() == 1


def test_covers_are_listed_as_running_to_come_and_past(unit, lend):
    running = lend()
    later = lend(starts=date(2026, 9, 1), until=date(2026, 9, 2))
    before = lend(starts=date(2026, 7, 22), until=date(2026, 7, 23))
    ended = lend(user=staff())
    with at(2):
        cover.end(ended, by=a_user())

    with at(5):
        client = browser(staff("Coordinators"))

        def found(when: str) -> set[Cover]:
            page = client.get(reverse("cover:index"), {"when": when})
            return set(page.context["object_list"])

        assert found("running") == {running}
        assert found("to_come") == {later}
        assert found("past") == {before, ended}
        assert found("") == {running, later, before, ended}


def test_the_list_costs_the_same_however_long(unit, lend, django_assert_num_queries):
    client = browser(staff("Coordinators"))
    lend()
    with at(5):
        client.get(reverse("cover:index"))
        with CaptureQueriesContext(
            connection,
        ) as one:
            client.get(reverse("cover:index"))
        for _ in range(8):
            Cover.objects.create(unit=unit, user=staff(), starts=FIRST, until=LAST)
        with django_assert_num_queries(len(one)):
            client.get(reverse("cover:index"))


def test_a_cover_of_another_unit_is_not_found(lend):
    lent = lend()
    elsewhere = Unit.objects.create(code="else", name="Una altra")
    client = browser(staff("Case workers", elsewhere))

    for name in ("cover", "end", "history"):
        address = reverse(f"cover:{name}", args=[lent.pk])
        assert client.get(address).status_code == 404, name
    assert client.post(reverse("cover:end", args=[lent.pk])).status_code == 404
    assert list(client.get(reverse("cover:index")).context["object_list"]) == []


def test_it_is_changed_and_ended_on_its_screens(unit, nuria, lend):
    lent = lend()
    one = reverse("cover:cover", args=[lent.pk])
    with at(5):
        client = browser(staff("Case workers", unit))
        client.post(one, {"until": "20/08/2026", "note": "Més dies"})
        lent.refresh_from_db()
        assert (lent.until, lent.note) == (date(2026, 8, 20), "Més dies")

        asked = client.get(reverse("cover:end", args=[lent.pk]))
        assert "sees nothing more" in asked.content.decode()
        assert Cover.objects.running(cover.today()).exists()
        client.post(reverse("cover:end", args=[lent.pk]))
        assert not Cover.objects.running(cover.today()).exists()

        over = client.get(one).content.decode()
        assert "Somebody ended it on Wednesday, 5 August 2026 at 12:00." in over
        assert 'name="until"' not in over
        history = client.get(reverse("cover:history", args=[lent.pk]))
        assert "Ended early" in history.content.decode()


def test_what_cannot_be_changed_leaves_the_cover_as_it_is_on_the_screen(unit, lend):
    lent = lend()
    with at(10):
        client = browser(staff("Case workers", unit))
        address = reverse("cover:cover", args=[lent.pk])
        answer = client.post(address, {"until": "02/08/2026", "note": ""})

    assert answer.context["form"].errors == {"until": ["This day is past."]}
    assert "Saturday, 15 August 2026" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ca", "dissabte 15 d’agost de 2026"),
        ("es", "sábado 15 de agosto de 2026"),
        ("en", "Saturday, 15 August 2026"),
    ],
)
def test_a_day_is_said_as_each_language_says_it(language, words):
    with translation.override(language):
        assert day_in_words(LAST) == words


# In the browser ---------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_the_screens_are_for_everybody(
    page, live_server, unit, nuria, lend, assert_accessible, width
):
    lent = lend(starts=FIRST)
    Cover.objects.update(starts=cover.today(), until=cover.today())
    sign_in(page.context, staff("Coordinators"), live_server.url)
    page.set_viewport_size({"width": width, "height": 900})

    for address in (
        reverse("cover:index"),
        ADD,
        reverse("cover:cover", args=[lent.pk]),
        reverse("cover:end", args=[lent.pk]),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)
