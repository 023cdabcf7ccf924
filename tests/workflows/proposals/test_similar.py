"""What there is already that says something like what is being proposed."""

from typing import Any

import pytest
from django.core.cache import cache

from tests.factories import a_series, a_session
from tests.factories.pages import a_home, an_article, an_articles_page
from tests.factories.proposals import a_proposal, an_open_one, decided, many_like
from workflows.engine import answers
from workflows.proposals import similar, trigrams

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site() -> Any:
    cache.clear()
    return a_home()


def found(text: str) -> list[str]:
    return [result.shown.title for result in similar.find_similar(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "Contractes menors",
        "contractes",
        "Contractes mneors",
        "contarctes menor",
        "CONTRACTES MENORS CADA TRIMESTRE",
        "Cada quan es publiquen els contractes menors?",
    ],
)
def test_a_proposal_is_found_by_its_words_and_by_how_they_are_spelt(work, typed):
    an_open_one(title="Contractes menors")
    an_open_one(title="Bústia ètica", wanted="Qui la mira?", why="")
    work()

    assert found(typed) == ["Contractes menors"]


@pytest.mark.parametrize("typed", ["", " ", "?", "%", "a", "'", "\x00", "x" * 5_000])
def test_whatever_is_typed_is_answered(work, typed):
    an_open_one(title="Contractes menors")
    work()

    assert found(typed) == []


def test_what_is_hidden_is_never_found(work):
    a_proposal(title="Contractes menors, secrets")
    withdrawn = an_open_one(title="Contractes menors, retirats")
    answers.withdraw(withdrawn.case)
    refused = a_proposal(title="Contractes menors, refusats")
    decided(refused, "decline", text="No")
    shown = an_open_one(title="Bústia ètica", wanted="Qui la mira?", why="")
    work()

    assert found("Contractes menors") == []
    assert found("bústia de contractes") == [shown.title]


def test_many_proposals_leave_room_for_what_answers_already(work, site):
    session = a_session(series=a_series(), title="Contractes menors, pas a pas")
    article = an_article(an_articles_page(site), title="Els contractes menors")
    first = an_open_one(title="Contractes menors")
    many_like(first, 20, title=lambda number: f"Contractes menors {number}")
    work()

    shown = found("contractes menors")
    assert len(shown) == similar.SHOWN
    assert {str(session.title), article.title} <= set(shown)


def test_where_the_database_cannot_tell_spelling_words_find_it(work, monkeypatch):
    an_open_one(title="Contractes menors")
    work()
    monkeypatch.setattr(trigrams, "_can_tell", lambda: False)

    assert found("contractes cada trimestre") == ["Contractes menors"]
    assert found("Contractes mneors") == ["Contractes menors"]
    assert found("cotnractes") == []


def test_the_office_is_shown_what_it_could_be_merged_into(work):
    proposal = an_open_one(title="Contractes menors")
    twin = an_open_one(title="Contarctes menros")
    closed = an_open_one(title="Contractes menors d’abans")
    decided(closed, "decline", text="No")
    work()

    assert similar.proposals_like(proposal) == [twin]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        # As pg_trgm counts them.
        ("contractes menors", "contractes menors", 1.0),
        ("word", "two words", 4 / 11),
        ("", "", 0.0),
        ("Bústia", "bustia", 1.0),
    ],
)
def test_letters_are_counted_in_threes(one, other, alike):
    assert trigrams.similarity(one, other) == pytest.approx(alike)
