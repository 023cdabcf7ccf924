"""Those who come are reminded, each time once, while it is true."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.messages import outbox
from community.models import Message
from events import before, registrations, reminders, sessions
from events.before import Before
from events.models import Registration, Reminder, Session
from tests.factories import a_registration, a_series, a_session, a_user
from tests.mail import calendar_parts
from tests.together import together

pytestmark = pytest.mark.django_db
at_once = pytest.mark.django_db(transaction=True)

ADA = "ada@council.example"
# Thursday at ten in Barcelona, in winter.
STARTS = datetime(2027, 2, 25, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def clock() -> Iterator[Any]:
    """A month before, and standing still."""
    with time_machine.travel(STARTS - 30 * DAY, tick=False) as clock:
        yield clock


@pytest.fixture
def session(clock: Any) -> Session:
    return a_session(starts=STARTS)


@pytest.fixture
def at(clock: Any, work: Callable[[], None]) -> Callable[[datetime], None]:
    """Call it with a moment: it comes, and the worker does what is due."""

    def come(moment: datetime) -> None:
        clock.move_to(moment)
        call_command("sweep")
        work()

    return come


@pytest.fixture
def ada(session: Session, smtp_server: Any, at: Callable) -> Registration:
    """Somebody who has had the invitation for weeks."""
    registration = a_registration(session, ADA)
    at(STARTS - 30 * DAY)
    return registration


def reminded(server: Any, address: str = ADA) -> list[Any]:
    return [mail for mail in server.mails_to(address) if not calendar_parts(mail)]


def queued(email: str = ADA) -> int:
    return Message.objects.filter(kind="reminder", recipient=email).count()


# When ----------------------------------------------------------------------------


def test_who_comes_is_reminded_a_week_a_day_and_an_hour_before(
    session, ada, smtp_server, at
):
    came = []
    for moment in (WEEK, DAY, HOUR):
        at(STARTS - moment - timedelta(minutes=1))
        before_it = len(reminded(smtp_server))
        at(STARTS - moment)
        came.append(len(reminded(smtp_server)) - before_it)
        at(STARTS - moment + timedelta(minutes=1))
    at(STARTS + HOUR)

    assert came == [1, 1, 1]
    assert len(reminded(smtp_server)) == 3


def test_a_series_chooses_others_or_none(clock, smtp_server, at):
    for number, chosen in enumerate((["P2D"], [])):
        series = a_series(reminders=chosen)
        session = a_session(starts=STARTS, series=series)
        a_registration(session, f"p{number}@council.example")

    for moment in (WEEK, 2 * DAY, DAY, HOUR):
        at(STARTS - moment)

    assert len(reminded(smtp_server, "p0@council.example")) == 1
    assert reminded(smtp_server, "p1@council.example") == []


@pytest.mark.parametrize(
    ("starts", "day_before", "hour_before"),
    [
        # Sunday at noon; the clock went forward at two, and back at three.
        (
            datetime(2027, 3, 28, 10, tzinfo=UTC),
            datetime(2027, 3, 27, 11, tzinfo=UTC),
            datetime(2027, 3, 28, 9, tzinfo=UTC),
        ),
        (
            datetime(2026, 10, 25, 11, tzinfo=UTC),
            datetime(2026, 10, 24, 10, tzinfo=UTC),
            datetime(2026, 10, 25, 10, tzinfo=UTC),
        ),
        # At half past three: an hour before, the clock shows half past one, or again
        # half past two.
        (
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
            datetime(2027, 3, 27, 2, 30, tzinfo=UTC),
            datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
        ),
        (
            datetime(2026, 10, 25, 2, 30, tzinfo=UTC),
            datetime(2026, 10, 24, 1, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_day_before_keeps_the_hour_of_the_clock_and_an_hour_is_an_hour(
    starts, day_before, hour_before
):
    assert Before(days=1).moment(starts) == day_before
    assert Before(hours=1).moment(starts) == hour_before
    assert Before(hours=24).moment(starts) == starts - DAY


@pytest.mark.parametrize(
    "chosen",
    [["P0D"], ["P61D"], ["PT1441H"], ["P1D", "P1D"], ["P1D", "PT24H"], ["1 day"], [7]],
)
def test_reminders_that_cannot_be_are_refused(chosen):
    with pytest.raises(ValidationError):
        before.check(chosen)
    series = a_series()
    series.reminders = chosen
    with pytest.raises(ValidationError):
        series.full_clean()


def test_reminders_up_to_sixty_days_before_can_be_chosen():
    before.check(["P60D", "P59D", "PT1H"])


# Who -----------------------------------------------------------------------------


def test_who_waits_or_has_cancelled_is_not_reminded(clock, smtp_server, at):
    session = a_session(1, starts=STARTS)
    gone = a_registration(session, "gone@council.example")
    registrations.cancel(gone, Registration.Reason.PERSON)
    a_registration(session, ADA)
    a_registration(session, "late@council.example")
    at(STARTS - 10 * DAY)

    at(STARTS - DAY)

    assert queued() == 1
    assert queued("gone@council.example") == queued("late@council.example") == 0


def test_who_registers_three_hours_before_is_only_reminded_an_hour_before(
    session, smtp_server, at
):
    at(STARTS - 3 * HOUR)
    a_registration(session, ADA)
    at(STARTS - 3 * HOUR + timedelta(minutes=1))
    assert reminded(smtp_server) == []

    at(STARTS - HOUR)

    assert len(reminded(smtp_server)) == 1


def test_who_was_told_when_it_is_lately_is_not_told_again(session, smtp_server, at):
    """Lately: in the half of the time that the reminder leaves before."""
    at(STARTS - DAY - 13 * HOUR)
    a_registration(session, "old@council.example")
    at(STARTS - DAY - 12 * HOUR - timedelta(minutes=1))
    at(STARTS - DAY - 11 * HOUR)
    a_registration(session, ADA)
    at(STARTS - DAY - 10 * HOUR)

    at(STARTS - DAY)
    assert (queued("old@council.example"), queued()) == (1, 0)

    at(STARTS - HOUR)
    assert (queued("old@council.example"), queued()) == (2, 1)


def test_who_is_yet_to_get_the_invitation_is_not_reminded_beside_it(
    session, smtp_server, at
):
    smtp_server.answers[ADA] = "451 4.2.1 Come back later"
    at(STARTS - DAY - 20 * HOUR)
    a_registration(session, ADA)
    at(STARTS - DAY - 19 * HOUR)

    at(STARTS - DAY)

    assert queued() == 0


# What it says ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("ca", "Dades obertes", "dijous 25 de febrer de 2027, a les 10"),
        ("es", "Datos abiertos", "jueves 25 de febrero de 2027, a las 10"),
        ("en", "Open data", "Thursday 25 February 2027 at 10:00"),
    ],
)
def test_a_reminder_says_what_when_and_how_to_join_or_give_up_in_ones_language(
    session, smtp_server, at, language, title, words
):
    one = a_registration(session, ADA, language=language)
    at(STARTS - 10 * DAY)

    at(STARTS - DAY)

    [mail] = reminded(smtp_server)
    plain, html = (
        mail.get_body((kind,)).get_content().replace("\u00a0", " ")
        for kind in ("plain", "html")
    )
    subject = mail["Subject"].replace("\u00a0", " ")
    assert title in subject
    assert words in subject
    door = f"/j/{one.invitations.get().join_token}/"
    for text in (plain, html):
        assert words.lower() in text.lower()
        assert title in text
        assert door in text
        assert f"/r/{one.token}/cancel/" in text


def test_a_reminder_says_today_only_on_the_day(session, ada, smtp_server, at):
    for moment in (DAY, HOUR):
        at(STARTS - moment)

    day, hour = (mail["Subject"] for mail in reminded(smtp_server))

    assert day.startswith("Recordatori: ")
    assert hour.startswith("Avui: ")
    assert "25 de febrer de 2027" in hour


def test_who_comes_in_person_gets_the_place_and_no_door(clock, smtp_server, at):
    session = a_session(
        starts=STARTS, format=Session.Format.IN_PERSON, place={"ca": "Sala gran"}
    )
    a_registration(session, ADA, mode="in_person")
    at(STARTS - 10 * DAY)

    at(STARTS - DAY)

    [mail] = reminded(smtp_server)
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()
        assert "Sala gran" in text
        assert "/j/" not in text


# What changes ------------------------------------------------------------------------


def test_a_session_that_moves_takes_its_reminders_with_it(
    session, ada, smtp_server, at
):
    at(STARTS - 10 * DAY)
    later = STARTS + WEEK
    sessions.move(session, starts=later, ends=later + HOUR)
    at(STARTS - 10 * DAY + timedelta(minutes=2))

    for moment in (WEEK, DAY, HOUR):
        at(STARTS - moment)
    # A week before the new date is the old one.
    assert queued() == 0

    for moment in (WEEK, DAY, HOUR):
        at(later - moment)
    assert queued() == 3


@pytest.mark.parametrize("by", [WEEK, -HOUR])
def test_a_reminder_that_waits_while_the_session_moves_does_not_leave(
    session, ada, smtp_server, at, by
):
    at(STARTS - 10 * DAY)
    smtp_server.answers[ADA] = "451 4.2.1 Come back later"
    at(STARTS - DAY)
    assert queued() == 1

    sessions.move(session, starts=STARTS + by, ends=STARTS + by + HOUR)
    del smtp_server.answers[ADA]
    at(STARTS - DAY + HOUR)

    assert Message.objects.get(kind="reminder").state == Message.State.DROPPED
    assert reminded(smtp_server) == []


@pytest.mark.parametrize("change", ["cancel", "postpone"])
def test_nobody_is_reminded_of_what_is_not_going_to_be_held(
    session, ada, smtp_server, at, change
):
    at(STARTS - 10 * DAY)
    smtp_server.down()
    at(STARTS - WEEK)
    assert queued() == 1

    getattr(sessions, change)(session, "Vaga")
    smtp_server.up()
    for moment in (WEEK - HOUR, DAY, HOUR):
        at(STARTS - moment)

    assert Message.objects.get(kind="reminder").state == Message.State.DROPPED
    mails = smtp_server.mails_to(ADA)
    assert len(mails) == 2  # The invitation, and that it is off.
    assert all(calendar_parts(mail) for mail in mails)


def test_who_gives_up_the_place_meanwhile_is_not_reminded(
    session, ada, smtp_server, at
):
    smtp_server.down()
    at(STARTS - DAY)

    registrations.cancel(ada, Registration.Reason.PERSON)
    smtp_server.up()
    at(STARTS - DAY + HOUR)

    assert Message.objects.get(kind="reminder").state == Message.State.DROPPED


def test_reminders_of_one_session_can_be_turned_off_and_on(
    session, ada, smtp_server, at
):
    staff = a_user()
    at(STARTS - 10 * DAY)
    smtp_server.down()
    at(STARTS - WEEK)
    assert reminders.switch(session, on=False, by=staff)
    assert not reminders.switch(session, on=False, by=staff)
    smtp_server.up()
    at(STARTS - WEEK + HOUR)
    at(STARTS - DAY)
    assert reminded(smtp_server) == []

    reminders.switch(session, on=True, by=staff)
    at(STARTS - HOUR)

    assert len(reminded(smtp_server)) == 1


# A stop -----------------------------------------------------------------------------


def test_after_a_stop_what_is_pointless_is_left_out_and_the_rest_leaves_once(
    session, ada, smtp_server, at
):
    """The worker was away from a week before until two hours before."""
    at(STARTS - 10 * DAY)

    at(STARTS - 2 * HOUR)
    assert reminded(smtp_server) == []

    at(STARTS - HOUR)
    at(STARTS - HOUR + timedelta(minutes=5))
    assert len(reminded(smtp_server)) == 1


def test_a_worker_away_for_three_hours_reminds_all_the_same(
    session, ada, smtp_server, at
):
    at(STARTS - 10 * DAY)

    at(STARTS - DAY + 3 * HOUR)

    assert len(reminded(smtp_server)) == 1


def test_a_mail_server_away_for_a_day_drops_what_has_lost_its_sense(
    session, ada, smtp_server, at
):
    at(STARTS - 10 * DAY)
    smtp_server.down()
    at(STARTS - DAY)
    smtp_server.up()

    at(STARTS - 2 * HOUR)

    assert reminded(smtp_server) == []
    assert Message.objects.get(kind="reminder").error == "It is too late for it."


def test_a_worker_away_across_the_start_reminds_nobody(session, ada, smtp_server, at):
    at(STARTS - 10 * DAY)
    smtp_server.down()
    at(STARTS - HOUR)
    smtp_server.up()

    at(STARTS + timedelta(minutes=5))

    assert reminded(smtp_server) == []


# Once --------------------------------------------------------------------------------


class Killed(BaseException):
    """As when the process dies: nothing is caught on the way."""


@at_once
@pytest.mark.parametrize("line", ["outbox.queue", "Reminder", "commit"])
def test_a_worker_killed_at_any_line_leaves_one_reminder_each(
    session, smtp_server, monkeypatch, line
):
    people = [a_registration(session) for _ in range(3)]
    with time_machine.travel(STARTS - 10 * DAY, tick=False):
        outbox.send_due(99)

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with time_machine.travel(STARTS - DAY, tick=False):
        with monkeypatch.context() as patch:
            if line == "outbox.queue":
                patch.setattr(outbox, "queue", die)
            elif line == "Reminder":
                patch.setattr(Reminder.objects, "get_or_create", die)
            else:
                queue = outbox.queue
                patch.setattr(outbox, "queue", lambda rows: (queue(rows), die()))
            with pytest.raises(Killed):
                reminders.remind_due(99)
        for _ in range(2):
            reminders.remind_due(99)
            outbox.send_due(99)

    rows = Message.objects.filter(kind="reminder")
    assert sorted(rows.values_list("recipient", flat=True)) == sorted(
        person.email for person in people
    )
    assert set(rows.values_list("state", flat=True)) == {Message.State.DONE}


@pytest.mark.postgres
@at_once
def test_two_workers_at_once_remind_each_once(clock):
    session = a_session(starts=STARTS)
    for _ in range(20):
        a_registration(session)
    Message.objects.update(state=Message.State.DONE, settled=timezone.now())
    clock.move_to(STARTS - DAY)

    together(*[lambda: reminders.remind_due(99)] * 4)

    rows = Message.objects.filter(kind="reminder")
    counts = Counter(rows.values_list("recipient", flat=True))
    assert set(counts.values()) == {1}
    assert len(counts) == 20


@pytest.mark.postgres
@at_once
def test_a_session_that_moves_at_that_moment_reminds_nobody_of_the_old_date(clock):
    session = a_session(starts=STARTS)
    a_registration(session)
    Message.objects.update(state=Message.State.DONE, settled=timezone.now())
    clock.move_to(STARTS - DAY)
    later = STARTS + WEEK

    together(
        lambda: reminders.remind_due(99),
        lambda: sessions.move(session, starts=later, ends=later + HOUR),
    )
    outbox.send_due(99)

    done = Message.objects.filter(kind="reminder", state=Message.State.DONE)
    assert not done.exists() or Reminder.objects.get().starts == STARTS


def test_five_hundred_are_queued_in_a_handful_of_writes(
    clock,
):
    session = a_session(starts=STARTS)
    Registration.objects.bulk_create(
        Registration(
            session=session,
            name=f"Persona {n}",
            email=f"p{n}@council.example",
            mode="online",
            language="ca",
            state=Registration.State.CONFIRMED,
            arrival=n,
        )
        for n in range(1, 501)
    )
    # The clock goes on.
    with (
        time_machine.travel(STARTS - DAY),
        CaptureQueriesContext(connection) as asked,
    ):
        assert reminders.remind_due(99) == 1

    assert Message.objects.filter(kind="reminder").count() == 500
    # SQLite takes the one write in parts.
    writes = [q for q in asked if 'INTO "community_message"' in q["sql"]]
    assert len(asked) - len(writes) <= 15
