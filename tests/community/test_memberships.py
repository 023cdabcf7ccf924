"""Who acts for a local body: what the verbs promise, whoever calls them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.acting import domains, invitations, memberships
from community.models import (
    BodyDomain,
    Membership,
    MembershipInvitation,
    Message,
    Role,
    User,
)
from community.privacy import accounts, departures
from tests.factories import a_user
from tests.factories.acting import (
    a_town,
    acting,
    an_invitation,
    representing,
    roles_of,
)
from tests.factories.cases import a_unit, a_worker
from tests.together import together

pytestmark = pytest.mark.django_db

ADA = "ada@vila.cat"


def told(kind: str) -> list[str]:
    """To whom a mail of `kind` goes."""
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


# Domains -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_of_the_town"),
    [
        ("ada@vila.cat", True),
        ("Ada@VILA.cat", True),
        ("ada@school.vila.cat", False),
        ("ada@notvila.cat", False),
        ("ada@gmail.com", False),
        ("ada@", False),
        ("", False),
    ],
)
def test_a_domain_says_whose_an_address_is_and_nothing_of_those_under_it(
    address, is_of_the_town
):
    town = a_town("Vila", "vila.cat")

    assert domains.body_of(address) == (town if is_of_the_town else None)


def test_a_domain_that_bodies_share_gives_nobody_anything():
    a_town("Vila", "vila.cat")
    assert domains.body_of(ADA)

    a_town("Vila de Dalt", "vila.cat")

    assert domains.body_of(ADA) is None


@pytest.mark.parametrize(
    "text", ["gmail.com", "ada@Hotmail.com", "yahoo.es", "cat", "", "a b.cat", "x..cat"]
)
def test_no_body_owns_where_anybody_gets_an_address_nor_what_is_no_domain(text):
    with pytest.raises(ValidationError):
        domains.add(a_town(), text, by=a_user())

    assert not BodyDomain.objects.exists()


def test_a_domain_is_kept_as_registries_write_it_and_once():
    town = a_town("Vila", "@Ajuntament.CAT")

    assert [row.domain for row in town.domains.all()] == ["ajuntament.cat"]
    assert not domains.add(town, "ajuntament.cat", by=a_user())
    assert domains.add(town, "cànoves.cat", by=a_user())
    assert domains.body_of("ada@cànoves.cat") == town


# Giving and ending -------------------------------------------------------------------


def test_giving_makes_the_account_and_giving_again_changes_the_role():
    town = a_town()

    first = acting(town, email=ADA)
    again = acting(town, Role.REPRESENTATIVE, email="ADA@vila.cat")

    assert first == again
    assert roles_of(User.objects.get(email=ADA)) == {town.name: "representative"}


def test_a_person_acts_for_several_bodies_and_for_each_once():
    here, there = a_town("Aquí"), a_town("Allà")
    membership = acting(here, email=ADA)
    acting(there, Role.READER, email=ADA)

    assert roles_of(membership.user) == {"Aquí": "technician", "Allà": "reader"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=membership.user, body=here, role=Role.READER, how="invited"
        )


def test_nobody_acts_by_an_account_that_is_closed():
    town = a_town()
    user = acting(town, email=ADA).user
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert not memberships.of(user).exists()
    with pytest.raises(ValidationError):
        acting(a_town(), email=ADA)


def test_leaving_ends_it_at_once_and_can_be_begun_again():
    town = a_town()
    membership = acting(town, email=ADA)

    assert memberships.end(membership, by=membership.user)

    assert memberships.for_body(membership.user, town) is None
    assert not memberships.end(membership, by=membership.user), "it ends once"
    assert told("membership_ended") == [], "who leaves need not be told"
    assert acting(town, email=ADA) != membership


def test_a_representative_removes_a_colleague_who_is_told():
    town = a_town()
    boss, ada = representing(town), acting(town, email=ADA)

    assert memberships.end(ada, by=boss.user)

    ada.refresh_from_db()
    assert ada.ended_by == boss.user
    assert told("membership_ended") == [ADA]
    said = ModelLogEntry.objects.get(action=memberships.ENDED)
    assert said.user == boss.user
    assert ADA not in str(said.data)


def who_may(town) -> dict[str, tuple[User, bool]]:
    """Everybody who could want to manage the people of `town`, and whether they may."""
    gone = representing(town)
    memberships.end(gone, by=gone.user)
    closed = representing(town)
    User.objects.filter(pk=closed.user.pk).update(is_active=False)
    closed.user.refresh_from_db()
    unit = a_unit()
    return {
        "representative": (representing(town).user, True),
        "coordinator": (a_worker(role="Coordinators"), True),
        "administrator": (a_worker(role="Administrators"), True),
        "technician": (acting(town).user, False),
        "reader": (acting(town, Role.READER).user, False),
        "representative of another": (representing(a_town()).user, False),
        "who was one": (gone.user, False),
        "one whose account is closed": (closed.user, False),
        "case worker": (a_worker(unit), False),
        "nobody": (a_user(), False),
    }


VERBS = {
    "end": lambda town, ada, by: memberships.end(ada, by=by),
    "change_role": lambda town, ada, by: memberships.change_role(ada, Role.READER, by),
    "invite": lambda town, ada, by: invitations.invite(
        town, "new@vila.cat", Role.TECHNICIAN, language="ca", by=by
    ),
    "withdraw": lambda town, ada, by: invitations.withdraw(
        MembershipInvitation.objects.open().get(), by=by
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_representatives_and_who_may_of_the_staff_manage_people_and_nobody_else(verb):
    town = a_town()
    boss = representing(town)
    for who, (user, may) in who_may(town).items():
        ada = acting(town)
        invitations.invite(
            town, "asked@vila.cat", Role.READER, language="ca", by=boss.user
        )
        before = Membership.objects.standing().count()
        with transaction.atomic():
            if may:
                assert VERBS[verb](town, ada, user), who
            else:
                with pytest.raises(PermissionDenied):
                    VERBS[verb](town, ada, user)
                assert Membership.objects.standing().count() == before, who
            transaction.set_rollback(True)


def test_another_role_is_told_to_whom_it_is_of_unless_she_did_it():
    town = a_town()
    boss, ada = representing(town, "boss@vila.cat"), acting(town, email=ADA)

    assert memberships.change_role(ada, Role.REPRESENTATIVE, by=boss.user)
    assert not memberships.change_role(ada, Role.REPRESENTATIVE, by=boss.user)
    assert memberships.change_role(boss, Role.READER, by=boss.user)

    assert told("membership_role") == [ADA]


# The last representative -------------------------------------------------------------


@pytest.mark.parametrize("how", ["leaves", "is no more one", "closes the account"])
def test_when_the_last_representative_goes_it_is_said_once(how):
    heard = []

    def hear(body, **more):
        heard.append(body)

    memberships.left_alone.connect(hear)
    town = a_town()
    first, last = representing(town), representing(town)
    acting(town)
    memberships.end(first, by=first.user)
    assert heard == []
    assert memberships.is_last(last)

    if how == "leaves":
        memberships.end(last, by=last.user)
    elif how == "closes the account":
        accounts.close(last.user)
    else:
        memberships.change_role(last, Role.READER, by=last.user)

    memberships.left_alone.disconnect(hear)
    assert heard == [town]


# Invitations -------------------------------------------------------------------------


def test_an_invitation_gives_its_address_the_role_and_the_others_are_told():
    invitation = an_invitation(email=ADA)

    membership = invitations.accept(invitation, name="Ada Puig", language="ca")

    assert (membership.user.email, membership.user.name) == (ADA, "Ada Puig")
    assert (membership.role, membership.how) == ("technician", "invited")
    assert told("membership_begun") == [ADA]
    assert told("membership_joined") == [invitation.by.email]
    assert invitations.accept(invitation, name="x", language="ca") is None, "once"


OVER = {
    "it has run out": lambda i: MembershipInvitation.objects.update(
        until=timezone.now() - timedelta(seconds=1)
    ),
    "it was taken back": lambda i: invitations.withdraw(i, by=i.by),
    "it was declined": lambda i: invitations.decline(i),
    "another was sent since": lambda i: invitations.invite(
        i.body, i.email.upper(), Role.READER, language="ca", by=i.by
    ),
    "who sent it has left": lambda i: memberships.end(
        memberships.for_body(i.by, i.body), by=i.by
    ),
    "who sent it represents it no more": lambda i: memberships.change_role(
        memberships.for_body(i.by, i.body), Role.TECHNICIAN, by=i.by
    ),
    "who sent it was shut out": lambda i: User.objects.filter(pk=i.by.pk).update(
        is_active=False
    ),
}


@pytest.mark.parametrize("why", OVER)
def test_an_invitation_gives_nothing_once(why):
    invitation = an_invitation(email=ADA)

    OVER[why](invitation)
    invitation = MembershipInvitation.objects.get(pk=invitation.pk)

    assert invitations.accept(invitation, name="Ada", language="ca") is None
    assert not User.objects.filter(email=ADA).exists()


def test_who_acts_for_it_already_is_not_invited():
    town = a_town()
    acting(town, email=ADA)

    with pytest.raises(ValidationError):
        an_invitation(town, email="ADA@vila.cat")


# Being forgotten ---------------------------------------------------------------------


def test_whoever_leaves_the_site_acts_for_nobody_from_that_moment():
    membership = acting(a_town(), email=ADA)
    an_invitation(email=ADA)

    departures.leave(ADA, language="ca")

    membership.refresh_from_db()
    assert membership.ended
    Message.objects.all().delete()
    departures.complete_due(10)
    assert not MembershipInvitation.objects.exists()
    assert not User.objects.filter(email=ADA).exists()


# Two at once -------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_representatives_who_remove_each_other_do_not_both_go():
    town = a_town()
    one, other = representing(town), representing(town)

    def remove(whom, by):
        def act():
            try:
                return memberships.end(whom, by=by.user)
            except PermissionDenied:
                return False

        return act

    done = together(remove(one, other), remove(other, one))

    assert sorted(done) == [False, True]
    assert Membership.objects.representatives().filter(body=town).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_who_is_let_in_twice_at_once_acts_for_it_once():
    town = a_town()

    given = together(*[lambda: acting(town, email=ADA)] * 4)

    assert len(set(given)) == 1
    assert User.objects.filter(email=ADA).count() == 1
