"""What people read in their mail, as it left: in text and in HTML."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.urls import reverse

from events import followers, registrations, sessions
from events.models import Registration, Session
from tests.factories import a_registration, a_session, a_user
from tests.mail import MailServer, calendar_parts

MAR = "mar@council.example"

Read = Callable[[], list[EmailMessage]]


@pytest.fixture
def read(db: None, smtp_server: MailServer, work: Callable[[], None]) -> Read:
    """Call it to have all mail leave, and get what arrived since the last call."""
    seen = 0

    def arrived() -> list[EmailMessage]:
        nonlocal seen
        work()
        new = smtp_server.mails[seen:]
        seen += len(new)
        return new

    return arrived


def text(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\u00a0", " ")


def html(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content().replace("\u00a0", " ")


def subject(mail: EmailMessage) -> str:
    return mail["Subject"].strip()


def methods(mail: EmailMessage) -> list[str]:
    """The METHOD of each calendar part."""
    return [part.get_param("method") for part in calendar_parts(mail)]


def test_each_first_mail_lets_whoever_did_not_register_say_so(read):
    session = a_session(places=1)
    for asked in (session, session, a_session(approval=True)):
        a_registration(asked)

    mails = read()

    for mail, registration in zip(
        mails, Registration.objects.order_by("pk"), strict=True
    ):
        link = reverse("not_me", args=[registration.token])
        for part in (text(mail), html(mail)):
            assert "No éreu vós?" in part
            assert link in part
    assert [methods(mail) for mail in mails] == [["REQUEST"], [], []]


def test_a_registration_to_be_approved_says_that_there_is_no_place_yet(read):
    a_registration(a_session(approval=True), name="Mar Roca")

    [mail] = read()

    assert subject(mail).startswith("Ja tenim la vostra inscripció: ")
    assert "Ja tenim la vostra inscripció, Mar" in text(mail)
    assert "Tan bon punt hagin decidit sobre la vostra, us escriurem." in text(mail)
    assert "Us hem inscrit" not in text(mail)


def test_whoever_is_not_approved_is_told_and_may_ask_why(read):
    registration = a_registration(a_session(approval=True))
    read()
    registrations.decline(registration, by=a_user())

    [mail] = read()

    assert "no han aprovat la vostra inscripció" in text(mail)
    assert "responeu aquest correu" in text(mail)


def test_after_it_was_not_me_the_mail_names_nobody_and_takes_the_entry_out(read):
    registration = a_registration(a_session(), MAR, name="Eve Malvada")
    read()
    registrations.not_me(registration)

    [mail] = read()

    assert mail["To"] == MAR
    assert methods(mail) == ["CANCEL"]
    for part in (text(mail), html(mail)):
        assert "Hem desfet la inscripció" in part
        assert "Eve" not in part
        assert "alliberat la plaça" not in part
        assert "Si al final hi voleu venir" not in part


def test_a_merged_registration_says_that_the_other_one_stays(read):
    session = a_session()
    kept, other = a_registration(session), a_registration(session, MAR)
    read()
    registrations.merge(kept, other, by=a_user())

    [mail] = read()

    assert mail["To"] == MAR
    assert subject(mail).startswith("Hem unit les vostres dues inscripcions")
    assert "L’altra inscripció continua valent" in text(mail)
    assert "Si al final hi voleu venir" not in text(mail)


def test_who_waited_and_leaves_is_not_told_of_a_place(read):
    session = a_session(places=1)
    a_registration(session)
    waiting = a_registration(session)
    read()
    registrations.cancel(waiting, Registration.Reason.PERSON)

    [mail] = read()

    assert "La vostra inscripció està anul·lada" in text(mail)
    assert "plaça" not in text(mail).partition("Dades obertes")[0]


def test_a_postponed_session_says_that_the_old_date_holds_no_more(read):
    session = a_session(approval=False)
    a_registration(session)
    read()
    sessions.postpone(session, "La ponent no pot venir.")

    [mail] = read()

    assert subject(mail).startswith("Ajornada: Dades obertes, que s’havia de fer el")
    assert methods(mail) == ["CANCEL"]
    for part in (text(mail), html(mail)):
        assert "Encara no té data nova" in part
        assert "La ponent no pot venir." in part
        assert "la vostra inscripció continua valent" in part
        assert "Hora de Barcelona" not in part
    assert re.search(r"<s>\d+</s>", html(mail))


def test_a_new_date_after_that_is_a_new_invitation(read):
    session = a_session()
    a_registration(session)
    pending = a_registration(a_session(approval=True, series=session.series))
    sessions.postpone(session)
    sessions.postpone(pending.session)
    read()
    for put_off in (session, pending.session):
        moved = put_off.starts + timedelta(days=7)
        sessions.reschedule(put_off, starts=moved, ends=moved + timedelta(hours=1))

    placed, undecided = read()

    assert subject(placed).startswith("Data nova: ")
    assert "S’havia ajornat, i ara es farà el" in text(placed)
    assert "Conserveu la plaça." in text(placed)
    assert methods(placed) == ["REQUEST"]
    assert "encara s’ha d’aprovar" in text(undecided)
    assert "Conserveu la plaça." not in text(undecided)
    assert methods(undecided) == []


def test_a_follower_is_asked_and_then_hears_of_each_new_session(read):
    session = a_session(state=Session.State.DRAFT)
    series = session.series
    followers.follow(series, MAR, "ca")
    follower = series.followers.get()
    link = reverse("following", args=[follower.token])

    [question] = read()
    assert link in text(question)
    assert link in html(question)
    assert "No farem res fins que digueu que sí." in text(question)

    followers.confirm(follower)
    sessions.announce(session)
    [news] = read()
    assert "Nova sessió de Dijous" in text(news)
    assert reverse("session", args=[session.code]) in text(news)
    for part in (text(news), html(news)):
        assert link in part, "the way out"
        assert "perquè seguiu Dijous" in part
        assert "no es pot desactivar" not in part
