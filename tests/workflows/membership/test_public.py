"""Acting for a body by the public pages: asking, the people of the body, invitations,
with mail as it leaves and browsers that know nothing of each other."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from community.acting import invitations, memberships, merging
from community.models import Membership, MembershipInvitation, Message, Role, User
from tests.factories import a_session, a_user
from tests.factories.acting import (
    a_town,
    acting,
    an_office,
    asking,
    representing,
    roles_of,
)
from tests.factories.pages import a_home
from workflows.engine.models import Case

pytestmark = pytest.mark.django_db

ADA = "ada@vila.example"


@pytest.fixture(autouse=True)
def site(settings) -> None:
    cache.clear()
    a_home()
    an_office()
    settings.FORM_SECONDS = 0


def url(name: str, *args: Any, language: str = "ca") -> str:
    with override(language):
        return reverse(name, args=args)


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def browser(address: str) -> Client:
    """One that has opened the link mailed to `address`."""
    row = Message.objects.create(kind="my_bodies", recipient=address, language="ca")
    client = Client()
    session = client.session
    until = timezone.now() + timedelta(minutes=59)
    session["my_data"] = {"mail": row.pk, "until": until.isoformat()}
    session.save()
    return client


def of(membership: Membership) -> Client:
    return browser(membership.user.email)


def people(membership: Membership) -> str:
    return url("body_people", membership.body.code)


def link_in(server: Any, address: str, pattern: str) -> str:
    texts = [m.get_body(("plain",)).get_content() for m in server.mails_to(address)]
    return re.findall(rf"http://testserver(/{pattern}\S+)", "".join(texts))[-1]


ASKED = {"body": "Vila", "role": "technician", "name": "Ada Puig"}


# Asking -------------------------------------------------------------------------------


def test_who_has_shown_nothing_is_asked_for_the_address_and_the_link_opens_the_bodies(
    smtp_server, work
):
    client = Client()
    assert client.get(url("act_for_body")).url == url("my_bodies")

    asked = client.post(url("my_bodies"), {"email": ADA})
    work()

    assert "ada@vila.example" in words(asked)
    link = link_in(smtp_server, ADA, "ca/my-data/open/")
    assert client.post(link).url == url("my_bodies")
    assert client.get(url("act_for_body")).status_code == 200


def test_an_address_of_the_council_lets_one_act_at_once_and_says_so_before():
    town = a_town("Vila", "vila.example")
    client = browser(ADA)

    form = client.get(url("act_for_body"))
    assert "és de Vila" in words(form)
    assert 'value="Vila"' in form.content.decode()
    page = client.post(url("act_for_body"), ASKED, follow=True)

    assert "Vila" in words(page)
    assert roles_of(User.objects.get(email=ADA)) == {town.name: "technician"}


def test_another_address_is_looked_at_and_the_page_says_until_when():
    a_town("Vila")
    client = browser(ADA)

    page = client.post(
        url("act_for_body"), {**ASKED, "text": "Hi treballo"}, follow=True
    )

    case = Case.objects.get()
    assert case.entries.get().text == "Hi treballo"
    assert str(case.due.year) in words(page)
    assert not User.objects.filter(email=ADA).exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"body": "Enlloc"}, "body"),
        ({"body": ""}, "body"),
        ({"role": "mayor"}, "role"),
        ({"name": ""}, "name"),
        ({"website": "spam"}, "website"),
    ],
)
def test_what_is_wrong_is_said_and_asks_for_nothing(said, field):
    a_town("Vila")

    page = browser(ADA).post(url("act_for_body"), {**ASKED, **said})

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Case.objects.exists()


# Who sees what ------------------------------------------------------------------------


def test_only_who_acts_for_the_body_learns_who_acts_for_it():
    boss = representing(a_town("Vila"), name="Berta Roca")
    stranger = representing(a_town("Una altra"))
    address = people(boss)

    assert "Berta Roca" in words(of(boss).get(address))
    assert "Berta Roca" in words(of(acting(boss.body, Role.READER)).get(address))
    assert of(stranger).get(address).status_code == 404
    assert browser(ADA).get(address).status_code == 404
    assert Client().get(address).url == url("my_bodies")


def pages_of(town) -> dict[str, str]:
    """Everything that a representative can open or press."""
    colleague = acting(town, name="Carla")
    boss = representing(town)
    asked = invitations.invite(
        town, "new@vila.example", Role.READER, language="ca", by=boss.user
    )
    case = asking(town, email="who@vila.example").case
    return {
        "invite": url("invite_colleague", town.code),
        "withdraw": url("withdraw_invitation", town.code, asked.pk),
        "role": url("change_role", town.code, colleague.pk),
        "end": url("end_membership", town.code, colleague.pk),
        "decide": url("decide_membership", town.code, case.number),
    }


POSTED = {
    "invite": {"email": "x@vila.example", "role": "reader", "language": "ca"},
    "role": {"role": "reader"},
    "decide": {"decision": "yes", "role": "reader"},
}


@pytest.mark.parametrize(
    ("who", "status"),
    [("technician", 403), ("reader", 403), ("stranger", 404), ("removed", 404)],
)
def test_who_does_not_represent_the_body_changes_nothing_of_its_people(who, status):
    town = a_town("Vila")
    addresses = pages_of(town)
    client = {
        "technician": lambda: of(acting(town)),
        "reader": lambda: of(acting(town, Role.READER)),
        "stranger": lambda: of(representing(a_town())),
        "removed": lambda: _removed(town),
    }[who]()
    before = list(Membership.objects.order_by("pk").values())

    for name, address in addresses.items():
        assert client.get(address).status_code == status, name
        assert client.post(address, POSTED.get(name, {})).status_code == status, name

    assert list(Membership.objects.order_by("pk").values()) == before
    assert MembershipInvitation.objects.open().count() == 1
    assert Case.objects.active().count() == 1


def _removed(town) -> Client:
    """A browser that was let in before its person was removed."""
    gone = representing(town)
    client = of(gone)
    assert client.get(people(gone)).status_code == 200
    memberships.end(gone, by=representing(town).user)
    return client


def test_a_representative_does_each_of_them_after_a_question():
    town = a_town("Vila")
    addresses = pages_of(town)
    client = of(representing(town))

    for name, address in addresses.items():
        assert client.get(address).status_code == 200, name
    assert MembershipInvitation.objects.open().count() == 1, "opening does nothing"
    for name, address in addresses.items():
        done = client.post(address, POSTED.get(name, {}))
        assert done.status_code == 302, name
        assert client.get(done.url).status_code == 200

    assert {m.user.email for m in Membership.objects.active()} >= {"who@vila.example"}
    assert not Membership.objects.active().filter(user__name="Carla").exists()
    assert [i.email for i in MembershipInvitation.objects.open()] == ["x@vila.example"]
    assert Case.objects.get().outcome == "granted"
    for address in addresses.values():
        again = client.post(address, {"role": "reader"})
        assert again.status_code in (302, 404, 422), "the second of two clicks"


def test_nobody_of_another_body_is_reached_through_ones_own():
    boss = representing(a_town("Vila"))
    other = representing(a_town("Una altra"))
    client = of(boss)

    for name in ("end_membership", "change_role"):
        address = url(name, boss.body.code, other.pk)
        assert client.post(address, {"role": "reader"}).status_code == 404

    assert Membership.objects.standing().get(pk=other.pk).role == "representative"


def test_one_leaves_and_is_warned_if_nobody_else_represents_the_body():
    boss = representing(a_town("Vila"))
    client = of(boss)
    address = url("end_membership", boss.body.code, boss.pk)

    assert "Ningú més no el representa" in words(client.get(address))
    left = client.post(address, follow=True)

    assert left.status_code == 200
    assert client.get(people(boss)).status_code == 404
    second = representing(a_town("Dos"))
    representing(second.body)
    address = url("end_membership", second.body.code, second.pk)
    assert "Ningú més no el representa" not in words(of(second).get(address))


def test_whose_account_is_closed_acts_for_nobody_though_the_address_is_proven():
    boss = representing(a_town("Vila"))
    client = of(boss)
    User.objects.filter(pk=boss.user_id).update(is_active=False)

    assert client.get(people(boss)).status_code == 404
    assert "Vila" not in words(client.get(url("my_bodies")))


def test_who_acts_for_one_body_registers_for_it_without_writing_its_name():
    town = a_town("Vila")
    acting(town, email=ADA)
    address = url("register", a_session(10).code)

    form = browser(ADA).get(address).context["form"]
    assert form["body"].value() == "Vila"

    acting(a_town("Una altra"), email=ADA)
    form = browser(ADA).get(address).context["form"]
    assert not form["body"].value(), "of several one chooses"


# Invitations --------------------------------------------------------------------------


def invited(by: Membership, email: str = ADA) -> str:
    """Have somebody invited by the page; returns the way of the link in the mail."""
    values = {"email": email, "role": "technician", "language": "ca"}
    of(by).post(url("invite_colleague", by.body.code), values)
    token = MembershipInvitation.objects.open().get().token
    return url("membership_invitation", token)


def test_an_invitation_goes_by_mail_and_its_link_alone_does_nothing(smtp_server, work):
    boss = representing(a_town("Vila"))
    address = invited(boss)
    work()

    assert link_in(smtp_server, ADA, "b/") == address
    page = Client().get(address)

    assert "Vila" in words(page)
    assert not User.objects.filter(email=ADA).exists()


def test_who_accepts_acts_for_the_body_and_signs_in_with_that_address():
    boss = representing(a_town("Vila"))
    address = invited(boss)
    client = Client()

    page = client.post(address, {"name": "Ada Puig"}, follow=True)

    assert "Actueu per Vila" in words(page)
    assert roles_of(User.objects.get(email=ADA)) == {"Vila": "technician"}
    assert "_auth_user_id" not in client.session, "the link signs nobody in"
    assert client.get(people(boss)).url == url("my_bodies")
    assert "Ada Puig" in words(browser(ADA).get(people(boss)))


def test_another_person_is_told_so_and_is_given_nothing():
    boss = representing(a_town("Vila"))
    address = invited(boss)
    other = browser("other@vila.example")

    opened = other.get(address)
    pressed = other.post(address, {"name": "Una altra"})

    assert (opened.status_code, pressed.status_code) == (403, 403)
    assert ADA not in words(opened)
    assert boss.user.name not in words(opened)
    assert not User.objects.filter(email="other@vila.example").exists()
    assert not User.objects.filter(email=ADA).exists()
    assert MembershipInvitation.objects.open().exists(), "it waits for who was asked"


@pytest.mark.parametrize("how", ["declined", "withdrawn", "late", "unknown"])
def test_an_invitation_that_is_over_gives_nothing_and_says_so(how, time_machine):
    boss = representing(a_town("Vila"))
    address = invited(boss)
    row = MembershipInvitation.objects.get()
    if how == "declined":
        Client().post(address, {"no": "1"})
    elif how == "withdrawn":
        invitations.withdraw(row, by=boss.user)
    elif how == "late":
        time_machine.move_to(timezone.now() + invitations.GOOD_FOR)
    else:
        address = url("membership_invitation", "x" * 32)

    page = Client().post(address, {"name": "Ada"}, follow=True)

    assert page.status_code == (404 if how == "unknown" else 200)
    assert not User.objects.filter(email=ADA).exists()


def test_what_one_is_asked_stands_among_ones_bodies_too():
    invited(representing(a_town("Vila")))

    assert "Vila" in words(browser(ADA.upper()).get(url("my_bodies")))
    assert "Vila" not in words(browser("other@vila.example").get(url("my_bodies")))


def test_what_waits_when_a_body_is_merged_gives_the_one_that_goes_on():
    old, new = a_town("Vila Vella"), a_town("Vila Nova")
    invitation = invited(representing(old))
    case = asking(old, email="who@vila.example").case
    open_link = Client()
    assert "Vila Vella" in words(open_link.get(invitation))
    boss = of(representing(new))

    merging.merge(old, new, by=a_user())
    page = open_link.post(invitation, {"name": "Ada Puig"}, follow=True)
    decided = boss.post(
        url("decide_membership", new.code, case.number), POSTED["decide"]
    )

    assert "Actueu per Vila Nova" in words(page)
    assert decided.status_code == 302
    for address in (ADA, "who@vila.example"):
        given = roles_of(User.objects.get(email=address))
        assert list(given) == ["Vila Nova"], address
