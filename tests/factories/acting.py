"""People who act for local bodies, to test with."""

from itertools import count
from typing import Any

from community.acting import domains, invitations, memberships
from community.models import (
    LocalBody,
    Membership,
    MembershipInvitation,
    Role,
    Unit,
    User,
)
from tests.factories import a_body, a_user
from tests.factories.cases import a_unit
from workflows.membership.asking import Asked, Wish, ask
from workflows.membership.models import MembershipSettings

_numbers = count(1)


def a_town(name: str = "", *known: str) -> LocalBody:
    """A body whose people have addresses of the domains `known`."""
    body = a_body(name or f"Vila {next(_numbers)}")
    for domain in known:
        domains.add(body, domain, by=a_user())
    return body


def an_office(**values: Any) -> Unit:
    """The unit that looks after who acts for the bodies."""
    settings = MembershipSettings.load()
    if settings.unit is None or values:
        settings.unit = a_unit("Suport als ens")
        for name, value in values.items():
            setattr(settings, name, value)
        settings.save()
    return settings.unit


def acting(
    body: LocalBody, role: Role = Role.TECHNICIAN, email: str = "", name: str = ""
) -> Membership:
    """Somebody who acts for `body`."""
    number = next(_numbers)
    return memberships.give(
        email or f"person-{number}@somewhere.example",
        body,
        role,
        Membership.How.APPROVED,
        name=name or f"Persona {number}",
        language="ca",
    )


def representing(body: LocalBody, email: str = "", name: str = "") -> Membership:
    return acting(body, Role.REPRESENTATIVE, email, name)


def an_invitation(
    body: LocalBody | None = None, email: str = ""
) -> MembershipInvitation:
    """Somebody is asked to act for `body`."""
    boss = representing(body or a_town())
    asked = email or f"asked-{next(_numbers)}@somewhere.example"
    return invitations.invite(
        boss.body, asked, Role.TECHNICIAN, language="ca", by=boss.user
    )


def a_wish(body: LocalBody, **values: Any) -> Wish:
    defaults = {
        "role": Role.TECHNICIAN,
        "name": "Ada Puig",
        "email": "ada@council.example",
        "language": "ca",
    }
    return Wish(body=body, **{**defaults, **values})


def asking(body: LocalBody, **values: Any) -> Asked:
    """Somebody asks to act for `body`."""
    an_office()
    return ask(a_wish(body, **values))


def roles_of(user: User) -> dict[str, str]:
    """As what `user` acts for each body, by its name."""
    return {row.body.name: row.role for row in memberships.of(user)}
