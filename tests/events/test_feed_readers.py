"""Calendar programs that this project did not write read what the site offers: a
feed, and the file of one session, as a browser gets them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from events import links, personal_feed, sessions
from tests.calendar_readers import DATED, READERS, Verdicts, marks
from tests.factories import a_registration, a_series, a_session

pytestmark = [*marks, pytest.mark.django_db]

FIRST = datetime(2026, 10, 22, 8, tzinfo=UTC)


def test_every_reader_accepts_feeds_and_single_files(client: Client, tmp_path: Path):
    with time_machine.travel(datetime(2026, 10, 1, 8, tzinfo=UTC)):
        series = a_series(title="Dijous, l’hora de tothom; «obert»")
        first = a_session(starts=FIRST, series=series, title={"ca": "L’accés; i més"})
        off = a_session(starts=FIRST + timedelta(days=7), series=series)
        for session in (first, off):
            a_registration(session, "ada@council.example")
        sessions.cancel(off, {"ca": "Indisposició"})
        personal_feed.renew("ada@council.example", "ca")
        own = personal_feed.feed_of("ada@council.example")
        addresses = {
            "site": "/cal/ca.ics",
            "series": f"/cal/es/{series.code}.ics",
            "personal": links.feed_link(own).removeprefix("http://testserver"),
            "single": f"/cal/en/s/{first.code}.ics",
        }
        files = {name: client.get(path).content for name, path in addresses.items()}

    verdicts = Verdicts(files, tmp_path)

    verdicts.assert_complete()
    for name in files:
        for reader in READERS:
            verdicts.assert_accepts(reader, name)
        for reader in DATED:
            verdicts.assert_shows(reader, name, "", "20261022T080000Z")
