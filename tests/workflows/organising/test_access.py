"""Who comes into the admin, whose things one sees there, and how people are written
down. What each role may open is in the table of roles."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from community.models import Unit, User
from events.models import Session
from tests.factories import a_registration, a_session


@pytest.fixture
def session(series) -> Session:
    session = a_session(series=series)
    a_registration(session, name="Ada Exemple")
    return session


def denied(response) -> bool:
    """Wagtail leads home those who may not, and says so."""
    return response.status_code == 302 and response.url == reverse("wagtailadmin_home")


# The door ---------------------------------------------------------------------------


def test_who_is_not_signed_in_is_asked_to():
    answer = Client().get("/admin/sessions/")

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert "next=/admin/sessions/" in answer.url


@pytest.mark.parametrize("path", ["/admin/", "/admin/sessions/", "/admin/account/"])
def test_who_is_signed_in_without_access_is_told_so(sign_in, path):
    answer = sign_in("").get(path)

    assert answer.status_code == 403
    assert "has no access" in answer.content.decode()


def test_wagtails_own_sign_in_with_a_password_is_no_way_in():
    answer = Client().post("/admin/login/?next=/admin/", {"username": "x"})

    assert answer.status_code == 302
    assert answer.url == reverse("account_login") + "?next=/admin/"


def test_the_admin_has_a_content_security_policy_of_its_own(sign_in):
    policy = sign_in().get("/admin/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy


# Units ------------------------------------------------------------------------------


def test_what_another_unit_owns_is_not_listed(session, sign_in):
    stranger = sign_in(unit=Unit.objects.create(code="other", name="Una altra"))

    for name in ("sessions:index", "messages:index"):
        assert list(stranger.get(reverse(name)).context["object_list"]) == [], name


@pytest.mark.parametrize(
    ("role", "values"), [("Coordinators", {}), ("", {"is_superuser": True})]
)
def test_coordinators_and_superusers_see_what_every_unit_owns(
    session, sign_in, role, values
):
    client = sign_in(role, unit=None, **values)

    found = client.get(reverse("sessions:index")).context["object_list"]

    assert list(found) == [session]


# Roles ------------------------------------------------------------------------------


def test_administrators_see_sessions_and_nobody_who_comes(session, sign_in):
    client = sign_in("Administrators", unit=None)

    page = client.get(reverse("sessions:session", args=[session.pk]))

    assert page.status_code == 200
    assert "Ada Exemple" not in page.content.decode()


def test_whoever_changes_sessions_without_seeing_people_sees_no_mail(session, sign_in):
    client = sign_in("Editors")
    of_events = Permission.objects.filter(content_type__app_label="events")
    client.user.user_permissions.add(of_events.get(codename="change_session"))

    shown = client.post(
        reverse("sessions:cancel", args=[session.pk]), {"reason_0": "Vaga"}
    )

    assert shown.status_code == 200
    assert "Ada Exemple" not in shown.content.decode()


# People -------------------------------------------------------------------------------

ADD = reverse("wagtailusers_users:add")


def a_person(**values) -> dict:
    return {
        "email": "mar@placa.example",
        "name": "Mar Prova",
        "language": "es",
        **values,
    }


def test_an_administrator_writes_somebody_down_with_units_and_roles(series, sign_in):
    client = sign_in("Administrators")
    group = Group.objects.get(name="Case workers")

    made = client.post(
        ADD, a_person(units=[series.unit.pk], groups=[group.pk], is_superuser="on")
    )

    assert made.status_code == 302
    person = User.objects.get(email="mar@placa.example")
    assert (person.name, person.language) == ("Mar Prova", "es")
    assert [m.unit for m in person.unit_memberships.all()] == [series.unit]
    assert list(person.groups.all()) == [group]
    assert not person.has_usable_password()
    # Only who may do everything gives that away.
    assert not person.is_superuser


def test_a_person_is_found_changed_and_taken_out_of_a_unit(series, sign_in):
    client = sign_in("Administrators")
    client.post(ADD, a_person(units=[series.unit.pk]))
    person = User.objects.get(email="mar@placa.example")
    edit = reverse("wagtailusers_users:edit", args=[person.pk])

    listed = client.get(reverse("wagtailusers_users:index"), {"q": "Mar Pr"})
    assert "mar@placa.example" in listed.content.decode()
    assert client.get(edit).status_code == 200
    client.post(edit, a_person(name="Mar Segona", is_active="on"))

    person.refresh_from_db()
    assert person.name == "Mar Segona"
    assert person.unit_memberships.count() == 0


def test_one_address_is_one_person_however_it_is_written(sign_in):
    client = sign_in("Administrators")
    client.post(ADD, a_person())

    again = client.post(ADD, a_person(email="MAR@placa.example"))

    assert "Somebody else has this address." in again.content.decode()


def test_an_administrator_does_not_change_who_may_do_everything(sign_in):
    boss = User.objects.create_superuser("boss@placa.example", name="Tot")

    edit = reverse("wagtailusers_users:edit", args=[boss.pk])
    answer = sign_in("Administrators").post(edit, a_person(is_active="on"))

    boss.refresh_from_db()
    assert denied(answer)
    assert boss.email == "boss@placa.example"


@pytest.mark.parametrize("action", ["set_active_state", "assign_role"])
def test_nor_changes_them_together_with_others(sign_in, action):
    boss = User.objects.create_superuser("boss@placa.example", name="Tot")
    other = User.objects.create_user("mar@placa.example", name="Mar")
    address = reverse("wagtail_bulk_action", args=["community", "user", action])
    role = Group.objects.get(name="Readers")
    form = {"mark_as_active": "False", "role": role.pk}

    def act(client: Client, *people: User) -> None:
        keys = "&".join(f"id={person.pk}" for person in people)
        client.post(f"{address}?{keys}", form)

    def touched(person: User) -> bool:
        person.refresh_from_db()
        return not person.is_active or person.groups.exists()

    act(sign_in("Administrators"), boss, other)
    assert not touched(boss)
    assert not touched(other)
    act(sign_in("Administrators"), other)
    assert touched(other)
    act(sign_in("", is_superuser=True), boss)
    assert touched(boss)


def test_everybody_changes_the_own_name_and_language(sign_in):
    client = sign_in()
    account = reverse("wagtailadmin_account")

    page = client.get(account).content.decode()
    assert "first_name" not in page
    form = {"profile-name": "Nou Nom", "profile-language": "en"}
    theme = {f"theme-{name}": "default" for name in ("density",)}
    client.post(
        account,
        {**form, **theme, "theme-theme": "system", "theme-contrast": "system"},
    )

    client.user.refresh_from_db()
    assert (client.user.name, client.user.language) == ("Nou Nom", "en")


@pytest.mark.parametrize("name", ["unit", "topic", "localbody", "series"])
def test_units_topics_bodies_and_series_have_their_screens(series, sign_in, name):
    client = sign_in("", is_superuser=True)

    assert client.get(reverse(f"{name}:index"), {"q": "à\"'"}).status_code == 200
    assert client.get(reverse(f"{name}:add")).status_code == 200


def test_a_series_of_another_unit_is_not_found(series, sign_in):
    other = Unit.objects.create(code="other", name="Una altra")
    role = Group.objects.get(name="Coordinators")
    role.permissions.remove(Permission.objects.get(codename="see_all_units"))

    edit = sign_in("Coordinators", unit=other).get(
        reverse("series:edit", args=[series.pk])
    )

    assert edit.status_code == 404


def test_a_record_in_use_is_not_deleted_and_that_is_said(session, sign_in):
    client = sign_in("", is_superuser=True)

    delete = reverse("series:delete", args=[session.series_id])
    answer = client.post(delete, follow=True)

    assert Session.objects.get().series_id == session.series_id
    assert "is in use" in " ".join(map(str, answer.context["messages"]))
