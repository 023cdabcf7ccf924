"""What the lists of cases cost SQLite, which never counts its rows by itself: twice the
work for twice the cases, and not four times as much."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests.factories.cases import a_worker, copies, sorted_to
from workflows.engine import inbox

FEW, MANY = 300, 1200


def work(act: Callable[[], object]) -> int:
    """How many hundreds of instructions the database needs for it."""
    done = 0

    def count() -> int:
        nonlocal done
        done += 1
        return 0

    connection.connection.set_progress_handler(count, 100)
    try:
        act()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return done


@pytest.mark.django_db
def test_the_badge_and_the_lists_grow_with_the_cases_and_not_with_their_square(unit):
    if connection.vendor != "sqlite":
        pytest.skip("the other database counts its rows")
    me = a_worker(unit)
    case = sorted_to(unit)
    asked = {
        "badge": lambda: inbox.counts(me),
        "inbox": inbox.held_by(me).count,
        "queue": inbox.unclaimed(me).count,
        "problems": inbox.in_trouble(me).count,
    }
    copies(case, FEW)
    few = {name: work(act) for name, act in asked.items()}
    copies(case, MANY - FEW)

    many = {name: work(act) for name, act in asked.items()}

    assert inbox.counts(me)["queue"] > MANY
    grown = {name: round(many[name] / max(few[name], 1), 1) for name in asked}
    assert max(grown.values()) < 2 * MANY / FEW, grown
