import pytest
from collections import Counter
import tests.events.test_places as tp
from tests.factories import a_session
from itertools import count
from django.core.cache import cache
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("n", range(25))
def test_o(monkeypatch, n):
    numbers = count(1)
    def read_only(session):
        found = tp.Session.objects.get(pk=session.pk)
        found.arrivals = next(numbers)
        found.save = lambda **_: None
        return found
    monkeypatch.setattr(tp.registrations, "locked", read_only)
    session = a_session(tp.PLACES)
    print("RUSH", Counter(tp.rush(session)), session.registrations.holding().count())
