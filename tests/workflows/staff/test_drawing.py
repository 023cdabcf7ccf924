"""The way of a case, drawn: in the reader's language, with where it is."""

import re

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from tests.factories.cases import a_worker, do, sorted_to


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


@pytest.mark.parametrize(
    ("language", "here", "asks", "answers"),
    [
        ("en", "you are here", "Has the time run", "yes"),
        ("ca", "sou aquí", "S’ha", "sí"),
    ],
)
def test_it_says_where_the_case_is_in_the_readers_language(
    unit, browser_of, language, here, asks, answers
):
    me = a_worker(unit)
    profile = UserProfile.get_for_user(me)
    profile.preferred_language, profile.theme = language, "dark"
    profile.save()
    case, client = sorted_to(unit), browser_of(me)

    answer = client.get(reverse("cases:diagram", args=[case.number]))
    words = texts(answer.content.decode())

    assert answer["Content-Type"] == "image/svg+xml"
    assert here in words
    assert answers in words
    assert any(asks in one for one in words)
    assert b'class="dark"' in answer.content
    # Nothing that only who wrote the flow would understand.
    assert not {"Asked", "Decided", "Came"} & set(words)


def test_what_it_shows_is_said_to_who_does_not_see_it(unit, browser_of):
    me = a_worker(unit)
    case, client = sorted_to(unit), browser_of(me)
    page = reverse("cases:case", args=[case.number])

    assert "Answer the question. What was" in client.get(page).content.decode()
    do(case, me, decision="answer", text="Sí")
    words = client.get(page).content.decode()
    assert "Give an opinion of the answer. What was" in words
