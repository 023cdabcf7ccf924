"""After the restoring of a backup each meeting to come is as the backup says."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from events import appointments, sessions
from events.meetings import rooms, sync
from events.meetings.rooms import Stage
from events.models import Meeting, Occasion, Provider, Session
from tests.events.meetings.graph_double import Graph
from tests.factories import a_session, in_two_weeks

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def held(**values: Any) -> Session:
    values = {"state": Session.State.DRAFT, "provider": Provider.TEAMS, **values}
    session = a_session(join_url="", **values)
    sessions.announce(session)
    return session


def moment(starts: Any) -> str:
    return starts.strftime("%Y-%m-%dT%H:%M:%SZ")


def in_teams(graph: Graph, occasion: Occasion) -> list[str]:
    """When each meeting of `occasion` starts."""
    key = str(occasion.uuid)
    mine = (it for it in graph.meetings.values() if it["externalId"].startswith(key))
    return [it["startDateTime"] for it in mine]


@pytest.fixture
def asked(graph: Graph, work: Any, tmp_path: Path, settings: Any) -> dict[str, Any]:
    """What is to come, and what became of its meetings between the making of a backup
    and its restoring; and Microsoft, asked nothing since."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (place := tmp_path / "backups").mkdir()
    starts = in_two_weeks()
    when = {"starts": starts, "ends": starts + HOUR}
    coming = {
        "moved": held(),
        "cancelled": held(),
        "deleted": held(),
        "failed": held(),
        "appointment": appointments.arrange(
            title="Diagnosi", provider=Provider.TEAMS, **when
        ),
    }
    over = held(starts=timezone.now() - 55 * timedelta(minutes=1))
    work()
    Meeting.objects.filter(session=coming["failed"]).update(state="failed")
    Session.objects.filter(pk=over.pk).update(ends=timezone.now())
    call_command("backup", str(place), stdout=StringIO())

    later = {"starts": starts + HOUR, "ends": starts + 2 * HOUR}
    sessions.move(coming["moved"], **later)
    appointments.move(coming["appointment"], **later)
    sessions.cancel(coming["cancelled"])
    Meeting.objects.update(next_try=timezone.now())
    sync.make_due(10)
    assert in_teams(graph, coming["moved"]) == [moment(later["starts"])]
    assert in_teams(graph, coming["cancelled"]) == []
    [deleted] = Meeting.objects.filter(session=coming["deleted"])
    graph.deleted[deleted.external_id] = graph.meetings.pop(deleted.external_id)

    [made] = place.iterdir()
    call_command("restore", str(made), "--replace", stdout=StringIO())
    graph.calls.clear()
    return {**coming, "over": over}


def test_all_that_is_to_come_is_looked_at_once_and_put_right(asked, graph):
    coming = {name: it for name, it in asked.items() if name != "over"}

    sync.make_due(10)

    for name, occasion in coming.items():
        assert in_teams(graph, occasion) == [moment(occasion_now(occasion).starts)]
        assert rooms.stage_of(occasion_now(occasion)) == Stage.READY, name
    assert len(graph.meetings) == len(asked), "and that of what is over"
    [over] = Meeting.objects.filter(session=asked["over"])
    assert not [call for call in graph.calls if over.external_id in call.path]

    graph.calls.clear()
    sync.make_due(10)
    assert graph.calls == [], "once"


def occasion_now(occasion: Occasion) -> Occasion:
    return type(occasion).objects.get(pk=occasion.pk)
