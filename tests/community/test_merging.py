"""A body is merged into another: all that named it names the other."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from cms.models import Author
from community.acting import domains, invitations, merging
from community.models import LocalBody, Role
from events.models import Circular
from tests.factories import a_body, a_registration, a_session, a_user
from tests.factories.acting import a_town, acting, representing
from tests.factories.caravan import an_offer
from tests.factories.cases import a_consultation
from tests.factories.catalogue import a_resource
from tests.factories.proposals import a_comment, an_open_one
from workflows.caravan.models import GoodPractice, Stop
from workflows.catalogue.models import Edition, InForce, Instrument
from workflows.engine.models import Case, Holiday
from workflows.proposals import supporting
from workflows.requesting.models import CatalogueRequest

pytestmark = pytest.mark.django_db

MOVES, STAYS = "moves", "stays"


def _invited(body: LocalBody) -> Model:
    boss = representing(body)
    return invitations.invite(
        body, "x@vila.example", Role.READER, language="ca", by=boss.user
    )


def _chosen(body: LocalBody) -> Model:
    session = a_session()
    session.bodies.add(body)
    return session.bodies.through.objects.get()


def _written_to(body: LocalBody) -> Model:
    return Circular.objects.create(
        session=a_session(),
        key="11111111-1111-4111-8111-111111111111",
        subject="Hola",
        text="Hola",
        body=body,
        session_state="announced",
        people=1,
    )


def _signed(body: LocalBody, starts: date | None = None) -> InForce:
    protocol, _new = Instrument.objects.get_or_create(code="protocol", name="Protocol")
    starts = starts or timezone.localdate()
    return InForce.objects.create(instrument=protocol, body=body, starts=starts)


def _requested(body: LocalBody) -> Model:
    edition = Edition.objects.get(resource=a_resource())
    return CatalogueRequest.objects.create(
        body=body, resource=edition.resource, edition=edition
    )


def _holiday(body: LocalBody) -> Model:
    return Holiday.objects.create(date=date(2026, 7, 1), body=body)


def _domain(body: LocalBody) -> Model:
    domains.add(body, "vila.example", by=a_user())
    return body.domains.get()


def _supported(body: LocalBody) -> Model:
    proposal = an_open_one()
    supporting.support(proposal, acting(body).user)
    return proposal.supports.get()


def _commented(body):
    return a_comment(an_open_one(), acting(body).user)


def _shown(body: LocalBody) -> Model:
    return Stop.objects.create(body=body)


def _offered(body: LocalBody) -> Model:
    return an_offer(acting(body))


def _practice(body: LocalBody) -> GoodPractice:
    return GoodPractice.objects.create(
        body=body, field="services", title="Cita prèvia", language="ca"
    )


def _adapted(body: LocalBody) -> Model:
    return _practice(a_town()).adaptations.create(body=body)


def _merged(body: LocalBody) -> Model:
    older = a_town()
    merging.merge(older, body, by=a_user())
    return older


# Each column of the database that names a body, how a row that names one is made, and
# what becomes of it.
RELATIONS: dict[str, tuple[Callable[[LocalBody], Model], str]] = {
    "community.LocalBody.merged_into": (_merged, MOVES),
    "community.LocalBody.parent": (lambda body: a_body("Filla", parent=body), MOVES),
    "community.Membership.body": (acting, MOVES),
    "community.BodyDomain.body": (_domain, MOVES),
    "community.MembershipInvitation.body": (_invited, MOVES),
    "events.Registration.body": (
        lambda body: a_registration(a_session(), body=body, body_text=""),
        MOVES,
    ),
    "events.Session_bodies.localbody": (_chosen, MOVES),
    "events.Circular.body": (_written_to, MOVES),
    "cms.Author.body": (
        lambda body: Author.objects.create(name="Ada", body=body),
        MOVES,
    ),
    "engine.Case.body": (lambda body: a_consultation(body=body), MOVES),
    "engine.Holiday.body": (_holiday, STAYS),
    "catalogue.InForce.body": (_signed, MOVES),
    "caravan.Adaptation.body": (_adapted, MOVES),
    "caravan.GoodPractice.body": (_practice, MOVES),
    "caravan.Offer.body": (_offered, MOVES),
    "caravan.Stop.body": (_shown, MOVES),
    "proposals.Comment.body": (_commented, MOVES),
    "proposals.Support.body": (_supported, MOVES),
    "requesting.CatalogueRequest.body": (_requested, MOVES),
}


def _columns() -> dict[str, Any]:
    rows = LocalBody._meta.get_fields(include_hidden=True)
    found = (row.field for row in rows if row.auto_created and not row.concrete)
    columns = (field for field in found if not field.many_to_many)
    return {f"{each.model._meta.label}.{each.name}": each for each in columns}


def test_it_is_said_of_every_column_that_names_a_body_what_a_merger_does_to_it():
    assert set(RELATIONS) == set(_columns())


@pytest.mark.parametrize("column", RELATIONS)
def test_what_named_the_body_names_the_one_that_it_was_merged_into(column):
    old, new = a_town("Vila Vella"), a_town("Vila Nova")
    make, becomes = RELATIONS[column]
    row = make(old)
    name = _columns()[column].name

    merging.merge(old, new, by=a_user(), dry_run=True)
    row.refresh_from_db()
    assert getattr(row, name) == old, "a rehearsal writes nothing"
    merging.merge(old, new, by=a_user())

    row.refresh_from_db()
    assert getattr(row, name) == (new if becomes == MOVES else old)


def test_what_was_so_of_both_is_so_once():
    old, new = a_town("Vila Vella"), a_town("Vila Nova")
    today = timezone.localdate()
    for body in (old, new):
        _signed(body, today)
    session = a_session()
    session.bodies.set([old, new])

    merging.merge(old, new, by=a_user())

    assert [row.body for row in InForce.objects.all()] == [new]
    assert list(session.bodies.all()) == [new]


def test_a_part_of_a_body_goes_on_as_the_whole_of_it():
    old = a_town("Vila Vella")
    new = a_body("Barri", parent=old)

    merging.merge(old, new, by=a_user())

    new.refresh_from_db()
    assert new.parent is None


def test_a_case_is_found_by_the_new_name_and_its_term_by_the_new_holidays():
    old, new = a_town("Vila Vella"), a_town("Vila Nova")
    case = a_consultation(body=old)
    before = case.due
    Holiday.objects.create(date=before, body=new)

    merging.merge(old, new, by=a_user())

    [found] = Case.objects.matching("Nova")
    assert found.due > before
