"""Personal data ends when its term has come, and only then; figures stay right."""

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as BrowserSession
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.management.commands.retention import as_table
from community.messages.backend import SIGN_IN
from community.models import Cover, Message, RetentionRun, Unit, UnitMembership, User
from community.privacy import accounts, register, runs
from community.privacy.register import Entry
from events import followers, registrations, retention, sessions
from events.models import (
    AccessibilityNeeds,
    Follower,
    Invitation,
    Mode,
    Registration,
    Session,
)
from events.registrations import Needs
from tests.factories import (
    a_body,
    a_registration,
    a_series,
    a_session,
    a_user,
)

DOCS = Path(__file__).parents[2] / "docs" / "privacy.md"
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@pytest.fixture
def sweep(work):
    """Call it for a round of the sweeper and all that the worker does then."""

    def round_of_both():
        call_command("sweep")
        work()

    return round_of_both


@pytest.fixture(autouse=True)
def the_clock_can_be_moved_on(time_machine):
    time_machine.move_to(timezone.now())


# The register --------------------------------------------------------------------


def holds_something(field: models.Field) -> bool:
    """Whether a column could say something of somebody."""
    if field.is_relation:
        return field.related_model is User
    texts = (
        models.CharField,
        models.TextField,
        models.JSONField,
        models.BinaryField,
        models.GenericIPAddressField,
        models.FileField,
    )
    return isinstance(field, texts) and not field.choices


MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if not model._meta.proxy and any(map(holds_something, model._meta.local_fields))
    # The tests' own.
    if not model.__module__.startswith("tests")
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_that_could_hold_something_of_somebody_is_in_the_register(model):
    assert register.answered_for().get(model._meta.label), (
        "say in a retention.py what it holds and until when, or why nothing"
    )


def test_the_register_names_no_model_that_there_is_not():
    there = {m._meta.label for m in apps.get_models(include_auto_created=True)}
    # The search index is another table on each database.
    there |= {"wagtailsearch.SQLiteFTSIndexEntry"}

    assert set(register.answered_for()) <= there


def test_what_ends_by_itself_says_when_and_can_be_counted_before():
    for entry in register.entries():
        assert bool(entry.term) == bool(entry.due), entry.name
        assert entry.due or not entry.end, entry.name
        assert entry.until, entry.name
        assert entry.what, entry.name
        assert entry.purpose, entry.name
        assert entry.basis, entry.name


def test_the_officers_page_says_what_the_register_says():
    assert as_table() in DOCS.read_text()


def test_a_name_is_in_the_register_once():
    [entry, *_rest] = register.entries()
    other = Entry(**{**vars(entry), "what": "Something else"})

    with pytest.raises(ValueError, match="twice"):
        register.register(other)


# Registrations -------------------------------------------------------------------


@pytest.fixture
def registration(db) -> Registration:
    """Somebody with a place and everything that can be written."""
    session = a_session(places=1)
    return a_registration(
        session,
        "ada@council.example",
        name="Ada Puig",
        position="Tècnica",
        question="I la meva veïna?",
        body=a_body("Vic"),
        body_text="",
        needs=Needs(telephone=True),
        user=a_user(email="ada@council.example"),
    )


def figures(session: Session) -> dict:
    """What is counted of a session: here and on its page."""
    session = Session.objects.with_places().get(pk=session.pk)
    rows = session.registrations.order_by("arrival")
    return {
        "standing": (session.standing.taken, session.standing.waiting),
        "rows": list(
            rows.values_list("state", "reason", "body__name", "mode", "language")
        ),
        "arrivals": list(rows.values_list("arrival", "created")),
        "answers": list(
            Invitation.objects.filter(registration__session=session)
            .order_by("pk")
            .values_list("rsvp", "withdrawn")
        ),
    }


def test_a_registration_is_a_figure_twelve_months_after_the_session(
    registration, time_machine
):
    session = registration.session
    waiting = a_registration(session, "joan@council.example", body=a_body("Berga"))
    given_up = a_registration(session)
    registrations.cancel(given_up, Registration.Reason.PERSON)
    Invitation.objects.update(rsvp="accepted")
    before = figures(session)

    time_machine.move_to(session.ends + YEAR - timedelta(minutes=1))
    assert retention.erase_old(timezone.now(), 100) == 0
    time_machine.move_to(session.ends + YEAR + timedelta(minutes=1))
    assert retention.erase_old(timezone.now(), 100) == 3
    assert retention.erase_old(timezone.now(), 100) == 0

    assert figures(session) == before
    for row in (registration, waiting, given_up):
        old_token = row.token
        row.refresh_from_db()
        assert row.erased
        assert row.token != old_token
        for name, nothing in retention.OF_SOMEBODY.items():
            assert getattr(row, name) == nothing, name
        assert str(row) == f"{session.code} · {row.arrival}"


def test_old_links_lead_nowhere_once_the_data_is_erased(registration, time_machine):
    invitation = registration.invitations.get()
    old = [
        reverse("my_registration", args=[registration.token]),
        reverse("join", args=[invitation.join_token]),
    ]
    time_machine.move_to(registration.session.ends + YEAR + DAY)

    retention.erase_old(timezone.now(), 100)

    assert [Client().get(address).status_code for address in old] == [404, 404]
    uid = invitation.uid
    invitation.refresh_from_db()
    assert invitation.uid != uid, "it is in the person's calendar"


def test_what_is_put_off_without_a_date_is_still_to_come(registration, time_machine):
    sessions.postpone(registration.session)
    time_machine.move_to(registration.session.ends + 2 * YEAR)

    assert retention.erase_old(timezone.now(), 100) == 0


def test_the_words_that_the_staff_wrote_about_a_person_go_too(
    registration, time_machine
):
    waiting = a_registration(registration.session)
    registrations.grant(waiting, by=a_user(), reason="És la parella de l’Ada")
    assert "parella" in str(list(retention._histories_of([waiting.pk]).values("data")))
    time_machine.move_to(registration.session.ends + YEAR + DAY)

    retention.erase_old(timezone.now(), 100)

    entries = retention._histories_of([waiting.pk])
    assert [(entry.action, entry.data) for entry in entries] == [("events.grant", {})]


def test_an_erased_registration_gets_no_mail_and_takes_no_correction(
    registration, time_machine
):
    session = registration.session
    time_machine.move_to(session.ends + YEAR + DAY)
    retention.erase_old(timezone.now(), 100)
    before = Message.objects.count()
    registration.refresh_from_db()

    assert sessions.audience(session).total == 0
    sessions.cancel(session)
    assert not registrations.correct(registration, name="Ada")

    assert Message.objects.count() == before


def test_the_database_keeps_an_erased_registration_nobodys(registration):
    registration.erased = timezone.now()

    with pytest.raises(IntegrityError), transaction.atomic():
        registration.save()


def test_two_erased_registrations_may_share_a_session(db, time_machine):
    session = a_session()
    for _ in range(2):
        a_registration(session)
    time_machine.move_to(session.ends + YEAR + DAY)

    assert retention.erase_old(timezone.now(), 1) == 1, "a bit at a time"
    assert retention.erase_old(timezone.now(), 5) == 1
    assert session.registrations.holding().count() == 2


# Needs and news -------------------------------------------------------------------


def test_needs_go_thirty_days_after_the_session(registration, time_machine):
    time_machine.move_to(registration.session.ends + 30 * DAY - timedelta(minutes=1))
    assert runs.run_all()["needs"] == 0

    time_machine.move_to(registration.session.ends + 30 * DAY + timedelta(minutes=1))
    assert runs.run_all()["needs"] == 1
    assert not AccessibilityNeeds.objects.exists()


def test_an_address_that_never_said_yes_goes_after_a_week(db, time_machine):
    series = a_series()
    followers.follow(series, "ada@council.example", "ca")
    followers.follow(series, "mar@council.example", "ca", confirmed=True)

    time_machine.shift(7 * DAY - timedelta(minutes=1))
    assert runs.run_all()["questions to followers"] == 0
    time_machine.shift(timedelta(minutes=2))
    assert runs.run_all()["questions to followers"] == 1
    assert Follower.objects.get().email == "mar@council.example"


# Mails ----------------------------------------------------------------------------


def test_the_text_of_a_mail_goes_before_the_mail(smtp_server, sweep, time_machine, db):
    registration = a_registration(a_session())
    sweep()
    mail = Message.objects.get(about=registration.pk)
    assert b"Persona" in bytes(mail.mime)

    time_machine.shift(91 * DAY)
    sweep()
    mail.refresh_from_db()
    assert (mail.mime, mail.recipient) == (None, registration.email)
    assert mail.subject, "the list of mails still says what it was"

    time_machine.shift(300 * DAY)
    sweep()
    assert not Message.objects.filter(pk=mail.pk).exists()


def test_a_mail_that_waits_keeps_its_text(db, time_machine):
    registration = a_registration(a_session())
    Message.objects.filter(about=registration.pk).update(
        mime=b"x", state=Message.State.RETRYING
    )
    time_machine.shift(3 * YEAR)

    runs.run_all()

    assert bytes(Message.objects.get(about=registration.pk).mime) == b"x"


def test_that_a_code_was_sent_is_forgotten_after_a_month(
    smtp_server, sweep, time_machine, db
):
    mail = EmailMessage("123", "456", to=["ada@council.example"])
    mail.outbox_kind = SIGN_IN.name
    mail.send()
    a_registration(a_session())
    sweep()

    time_machine.shift(31 * DAY)
    sweep()

    assert "sign_in" not in Message.objects.values_list("kind", flat=True)
    assert Message.objects.filter(kind="registration_confirmed").exists()


def test_a_mail_on_hold_that_nobody_decides_on_goes_after_a_year(db, time_machine):
    a_registration(a_session())
    Message.objects.update(state=Message.State.HELD, settled=None)

    time_machine.shift(364 * DAY)
    assert runs.run_all()["mails"] == 0
    time_machine.shift(2 * DAY)
    assert runs.run_all()["mails"] == 1
    assert not Message.objects.exists()


# Accounts and the rest -------------------------------------------------------------


def test_an_account_unused_for_two_years_is_a_number(db, time_machine):
    unit = Unit.objects.create(code="u", name="Unitat")
    old = a_user(email="ada@placa.example", name="Ada Puig")
    old.groups.add(Group.objects.get(name="Coordinators"))
    UnitMembership.objects.create(unit=unit, user=old)
    key = a_user(email="boss@placa.example", is_superuser=True)
    browser = Client()
    browser.force_login(old)
    registration = a_registration(a_session())
    registrations.cancel(registration, Registration.Reason.STAFF, by=old)

    time_machine.shift(720 * DAY)
    seen = a_user(email="mar@placa.example", last_login=timezone.now())
    assert accounts.erase_unused(timezone.now(), 100) == 0
    time_machine.shift(20 * DAY)
    assert accounts.erase_unused(timezone.now(), 100) == 1
    assert accounts.erase_unused(timezone.now(), 100) == 0

    old.refresh_from_db()
    assert (old.name, old.is_active, old.is_staff) == ("", False, False)
    assert old.email == f"{old.pk}@erased.invalid"
    assert str(old.pk) in str(old)
    assert not old.groups.exists()
    assert not UnitMembership.objects.filter(user=old).exists()
    assert browser.get("/admin/").status_code == 302, "signed out"
    [entry] = retention._histories_of([registration.pk])
    assert (entry.action, entry.user_id) == ("events.cancel_registration", old.pk)
    for kept in (key, seen):
        kept.refresh_from_db()
        assert kept.erased is None


def test_the_history_of_an_account_does_not_keep_its_name(db, time_machine):
    boss = a_user(is_superuser=True, name="Cap")
    client = Client()
    client.force_login(boss)
    person = {"email": "ada@placa.example", "name": "Ada Puig", "language": "ca"}
    client.post(reverse("wagtailusers_users:add"), person)
    user = User.objects.get(email="ada@placa.example")
    assert list(accounts._history_of(user).values_list("label", flat=True)) == [
        "Ada Puig"
    ]

    assert accounts.erase(user)
    assert not accounts.erase(user)

    labels = accounts._history_of(user).values_list("label", flat=True)
    assert "Ada" not in str(list(labels))


def test_an_erased_account_is_nobody_to_write_down(db):
    boss = a_user(is_superuser=True)
    gone = a_user(name="Ada Puig")
    accounts.erase(gone)
    client = Client()
    client.force_login(boss)

    listed = client.get(reverse("wagtailusers_users:index")).content.decode()
    edit = client.get(reverse("wagtailusers_users:edit", args=[gone.pk]))

    assert "erased.invalid" not in listed
    assert edit.status_code == 404


def test_old_covers_and_browsers_go(db, time_machine):
    unit = Unit.objects.create(code="u", name="Unitat")
    today = timezone.localdate()
    Cover.objects.create(unit=unit, user=a_user(), starts=today, until=today)
    browser = SessionStore()
    browser["receipts"] = {"s": {"email": "ada@council.example"}}
    browser.save()

    time_machine.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))
    runs.run_all()
    assert not BrowserSession.objects.exists()
    assert Cover.objects.exists()

    time_machine.shift(366 * DAY)
    runs.run_all()
    assert not Cover.objects.exists()


# The run --------------------------------------------------------------------------


def test_the_worker_goes_through_the_register_once_a_day_and_says_so(
    registration, sweep, time_machine, caplog
):
    time_machine.move_to(registration.session.ends + YEAR + DAY)
    caplog.set_level(logging.INFO)
    sweep()

    run = RetentionRun.objects.get(entry="registrations")
    assert (run.rows, run.fault) == (1, "")
    assert run.finished
    assert "Retention of registrations: 1 rows ended" in caplog.text
    assert "ada@council.example" not in caplog.text

    sweep()
    assert RetentionRun.objects.filter(entry="registrations").count() == 1
    time_machine.shift(DAY)
    sweep()
    assert RetentionRun.objects.filter(entry="registrations").count() == 2


def test_much_is_ended_a_bit_at_a_time_until_nothing_is_left(db, sweep, time_machine):
    session = a_session()
    Registration.objects.bulk_create(
        Registration(
            session=session,
            name="Ada",
            email=f"ada-{number}@council.example",
            mode=Mode.ONLINE,
            language="ca",
            arrival=number,
            state=Registration.State.CONFIRMED,
        )
        for number in range(1, 451)
    )
    time_machine.move_to(session.ends + YEAR + DAY)

    assert runs.run_due(200) == 200
    assert not RetentionRun.objects.get(entry="registrations").finished
    sweep()

    assert not Registration.objects.exclude(erased__isnull=False).exists()
    run = RetentionRun.objects.get(entry="registrations")
    assert (run.rows, bool(run.finished)) == (450, True)


def test_an_entry_that_breaks_does_not_hold_up_the_others(
    registration, sweep, time_machine, caplog, monkeypatch
):
    def broken(now, limit):
        raise ValueError("ada@council.example")

    [first, *_rest] = [e for e in register.entries() if e.end]
    monkeypatch.setitem(
        register._entries, first.name, Entry(**{**vars(first), "end": broken})
    )
    time_machine.move_to(registration.session.ends + YEAR + DAY)

    sweep()

    assert RetentionRun.objects.get(entry=first.name).fault == "ValueError"
    assert RetentionRun.objects.get(entry="registrations").rows == 1
    assert "ada@council.example" not in caplog.text
    assert "ValueError" in caplog.text


def test_a_run_by_hand_that_breaks_says_so(db, monkeypatch):
    def broken(now, limit):
        raise ValueError("ada@council.example")

    [first, *_rest] = [e for e in register.entries() if e.end]
    monkeypatch.setitem(
        register._entries, first.name, Entry(**{**vars(first), "end": broken})
    )

    with pytest.raises(CommandError, match=f"{first.name}: ValueError"):
        call_command("retention")


def test_a_dry_run_counts_and_changes_nothing(registration, time_machine, capsys):
    time_machine.move_to(registration.session.ends + YEAR + DAY)

    call_command("retention", dry_run=True)
    assert "registrations: 1 due" in capsys.readouterr().out
    assert not RetentionRun.objects.exists()
    registration.refresh_from_db()
    assert registration.name == "Ada Puig"

    call_command("retention")
    assert "registrations: 1 ended" in capsys.readouterr().out
    registration.refresh_from_db()
    assert registration.name == ""
    call_command("retention")
    assert re.search(r"registrations: 0 ended", capsys.readouterr().out)
