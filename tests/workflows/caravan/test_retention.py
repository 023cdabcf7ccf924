"""What stops say of people: shown to them, erased with them, and gone in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import User
from community.privacy import departures, holders
from events.models import Guest
from tests.factories import caravan as make
from tests.factories.acting import acting, representing
from workflows.caravan import holding, retention
from workflows.caravan.models import Chronicle, Offer, Stop
from workflows.caravan.sides import drafts
from workflows.engine.models import Case

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)
CONTACT = "pau@rubi.example"


@pytest.fixture
def house() -> make.House:
    return make.a_house(experience="Deu anys a l’arxiu")


def settled(stop: Stop, ago: timedelta) -> None:
    Case.objects.filter(pk=stop.case_id).update(
        state=Case.State.FINISHED, finished=timezone.now() - ago
    )


def shown(address: str) -> str:
    parts = holders.all_of(address)
    return str([[str(f.value) for f in r.facts] for p in parts for r in p.records])


def test_the_contact_and_what_was_said_go_a_year_after_the_case_is_settled(house):
    stop = make.at(make.VALIDATE, house)
    stop.pairings.update(reason="Coses seves")
    settled(stop, YEAR - timedelta(days=1))
    assert retention.forget(timezone.now(), 10) == 0
    settled(stop, YEAR + timedelta(days=1))

    assert retention.forget(timezone.now(), 10) == 1
    assert retention.forget(timezone.now(), 10) == 0

    found = make.now(stop)
    assert (found.contact_name, found.contact_email, found.written) == ("", "", {})
    assert not Chronicle.objects.exists()
    assert not Guest.objects.exists()
    assert found.pairings.get().reason == ""
    assert found.title == make.WRITTEN["title"], "what was shown stays"


def test_who_leaves_is_warned_of_the_stops_that_somebody_else_will_tell_of(house):
    stop = make.at(make.CHRONICLE, house)
    teller = house.teller.user.email

    before = retention.foresee(teller)
    Stop.objects.filter(pk=stop.pk).update(decision=Stop.Decision.PUBLISH)

    assert len(before) == 1
    assert retention.foresee(teller) == [], "what is published is told already"


def test_a_draft_that_nobody_sends_goes_a_year_after_it_was_saved(house):
    draft = make.a_draft_stop(house.technician)
    now = timezone.now()
    assert drafts.forget_old(now + YEAR - timedelta(days=1), 10) == 0
    assert drafts.forget_old(now + YEAR + timedelta(days=1), 10) == 1
    assert not Stop.objects.filter(pk=draft.pk).exists()


def test_an_offer_goes_three_years_after_it_was_saved_unless_its_stop_goes_on(house):
    busy, idle = house.offer, make.an_offer()
    make.at(make.DATES, house)
    late = timezone.now() + 3 * YEAR + timedelta(days=1)

    entry = next(one for one in retention.ENTRIES if one.name == "rapporteur_offers")
    assert entry.end_some(late, 10) == 1

    assert [one.pk for one in Offer.objects.all()] == [busy.pk]
    assert idle.pk != busy.pk


def test_everybody_is_shown_what_is_held_of_them(house):
    make.at(make.DATES, house)

    assert "Deu anys a l’arxiu" in shown(house.teller.user.email)
    assert "930 000 000" in shown(CONTACT)
    assert "Deu anys a l’arxiu" not in shown(house.mayor.user.email)


def test_who_leaves_offers_nothing_any_more_and_is_not_named(house):
    stop = make.at(make.DATES, house)
    address = house.teller.user.email
    colleague = representing(house.offer.body)

    departures.leave(address, language="ca")
    holding.release_due(10)
    departures.complete_due(10)
    retention.erase(address, timezone.now())

    offer = Offer.objects.get(pk=house.offer.pk)
    assert offer.withdrawn is not None
    assert (offer.experience, offer.dates) == ("", "")
    assert make.now(stop).rapporteur is None
    assert User.objects.filter(pk=colleague.user.pk, erased=None).exists()


def test_the_contact_of_a_stop_is_erased_wherever_it_stands(house):
    stop = make.at(make.DATES, house)

    retention.erase(CONTACT.upper(), timezone.now())

    found = make.now(stop)
    assert (found.contact_name, found.contact_email, found.contact_phone) == ("",) * 3
    assert CONTACT not in str(found.written)
    written = found.case.entries.values_list("text", flat=True)
    assert CONTACT not in str(list(written))


def test_a_colleague_who_leaves_takes_no_stop_along(house):
    stop = make.at(make.DATES, house)
    acting(house.host)

    departures.leave(house.technician.user.email, language="ca")

    assert make.now(stop).case.is_active
