"""What each kind of thing that can be found says of its rows holds."""

import pytest

from cms.search.kinds import Kind, kinds
from tests.factories import a_session
from tests.factories.catalogue import a_resource
from tests.factories.pages import a_home
from tests.factories.proposals import an_open_one

pytestmark = pytest.mark.django_db


@pytest.fixture
def something() -> None:
    a_home()
    a_session(30)
    a_resource()
    an_open_one()


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_its_rows_have_the_columns_that_it_names(kind: Kind, something):
    rows = kind.rows(["ca"])
    named = [name for name in (kind.title, kind.topic, kind.day) if name]

    for row in rows.values_list("pk", *named):
        assert str(row[1])
    if kind.topic:
        assert not rows.filter(**{kind.topic: "cap"}).exists()
    if kind.day:
        assert not rows.filter(**{f"{kind.day}__year": 1789}).exists()


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_its_rows_are_shown_each_with_a_title_and_an_address(kind: Kind, something):
    keys = list(kind.rows(["ca"]).values_list("pk", flat=True))

    shown = kind.show(keys)

    assert set(shown) == set(keys)
    assert all(row.title and row.url for row in shown.values())
