"""What one process remembers as it is."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches

from cms.caching import memory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def remembered(settings) -> Iterator[None]:
    settings.REMEMBERED_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


class Looked:
    """A look-up that finds another thing each time."""

    times = 0

    def __call__(self) -> list[int]:
        self.times += 1
        return [self.times]


def test_it_is_looked_up_once_and_is_the_very_same_for_all():
    look_up = Looked()
    first = memory.once_here("large", look_up)

    assert memory.once_here("large", look_up) is first
    assert look_up.times == 1


def test_what_another_process_changes_is_noticed():
    look_up = Looked()
    memory.once_here("large", look_up)

    # All that a process hears of another is the generation in their common cache.
    caches["pages"].set(memory.GENERATION, "of another process")

    assert memory.once_here("large", look_up) == [2]


def test_where_nothing_is_heard_of_it_it_lives_a_minute(monkeypatch):
    look_up, now = Looked(), [1000.0]
    monkeypatch.setattr(memory, "monotonic", lambda: now[0])
    memory.once_here("large", look_up)

    now[0] += 59
    assert memory.once_here("large", look_up) == [1]
    now[0] += 1
    assert memory.once_here("large", look_up) == [2]


def test_what_is_of_one_day_is_looked_up_on_the_next():
    look_up = Looked()

    found = [memory.once_here("large", look_up, on) for on in ("mon", "mon", "tue")]

    assert found == [[1], [1], [2]]


def test_what_was_looked_up_before_a_change_is_not_kept_after_it():
    def look_up() -> str:
        memory.forget()
        return "before"

    memory.once_here("large", look_up)

    assert memory.once_here("large", lambda: "after") == "after"


def test_nothing_is_kept_where_nothing_is_remembered(settings):
    settings.REMEMBERED_SECONDS = 0
    look_up = Looked()

    memory.once_here("large", look_up)

    assert memory.once_here("large", look_up) == [2]


def test_nothing_is_kept_while_nothing_is_heard_of_changes(monkeypatch):
    # The cache that all processes share is away.
    monkeypatch.setattr(memory, "_first_generation", lambda: None)
    look_up = Looked()

    memory.once_here("large", look_up)

    assert memory.once_here("large", look_up) == [2]
