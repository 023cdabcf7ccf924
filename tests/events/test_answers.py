"""What people answer from their calendars: shown, believed with care, and never more
than an answer."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
import time_machine
from django.utils import timezone

from community.messages import incoming
from community.messages.models import Message
from events import answers, privacy, registrations, retention, sessions
from events.models import Answer, Invitation, Registration, Session
from tests.factories import a_user
from tests.mail import calendar_parts
from tests.replies import (
    ADA,
    APPLE,
    GENUINE,
    GOOGLE,
    OUTLOOK,
    STAMP,
    a_file,
    a_mail,
    a_reply,
    an_invitation,
)
from tests.together import together

pytestmark = pytest.mark.django_db

KIND = "registration_declined_in_calendar"
LATER = STAMP + timedelta(minutes=5)
STRANGER = "mallory@elsewhere.example"
Outcome = Answer.Outcome


def shown(invitation: Invitation) -> str:
    """What the organisers read of it."""
    invitation.refresh_from_db()
    return invitation.rsvp


def outcomes(invitation: Invitation) -> list[str]:
    return list(invitation.answers.values_list("outcome", flat=True))


def asked() -> int:
    """How many mails ask somebody whether to free the place."""
    return Message.objects.filter(kind=KIND).count()


# How programs write -------------------------------------------------------------------


def _alone(file: str) -> EmailMessage:
    mail = a_mail(None)
    mail.set_content(file, subtype="calendar", params={"method": "REPLY"})
    return mail


def _encoded(cte: str, charset: str = "utf-8") -> EmailMessage:
    def build(file: str) -> EmailMessage:
        mail = a_mail(None)
        # Latin letters have no ŀ.
        file = file.replace("ŀ", "l")
        mail.add_alternative(file, subtype="calendar", cte=cte, charset=charset)
        return mail

    return build


def _attached(file: str) -> EmailMessage:
    mail = a_mail(None)
    mail.add_attachment(
        file.encode(), maintype="application", subtype="ics", filename="invite.ics"
    )
    return mail


def _twice(file: str) -> EmailMessage:
    mail = a_mail(file)
    mail.add_attachment(
        file.encode(), maintype="application", subtype="ics", filename="invite.ics"
    )
    return mail


def _broken_first(file: str) -> EmailMessage:
    mail = _attached(file)
    mail.attach(_alone("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n"))
    return mail


@pytest.mark.parametrize(
    ("program", "build"),
    [
        pytest.param(OUTLOOK, _encoded("base64"), id="Outlook, without ORGANIZER"),
        pytest.param(GOOGLE, _twice, id="Google, as a part and as a file"),
        pytest.param(APPLE, _encoded("quoted-printable"), id="Apple, with EMAIL"),
        pytest.param(GOOGLE, _encoded("8bit"), id="8bit"),
        pytest.param(GOOGLE, _encoded("8bit", "iso-8859-1"), id="Latin letters"),
        pytest.param(GOOGLE, _alone, id="nothing else in the mail"),
        pytest.param(GOOGLE, _attached, id="only a file"),
        pytest.param(GOOGLE, _broken_first, id="with a broken part beside it"),
    ],
)
@pytest.mark.parametrize("answer", Invitation.Rsvp)
def test_an_answer_is_understood_however_a_program_writes_it(program, build, answer):
    invitation = an_invitation()
    mail = build(a_file(invitation.uid, answer.upper(), program=program))

    assert incoming.receive(mail.as_bytes(policy=SMTP))

    assert shown(invitation) == answer
    assert outcomes(invitation) == [Outcome.TAKEN]


@pytest.mark.skipif(
    not GENUINE.exists(),
    reason="calendar/thunderbird153-reply.eml is not in a folder `shared` beside the"
    " checkout",
)
def test_the_genuine_answer_of_thunderbird_is_understood():
    invitation = an_invitation("joan.peris@ajuntament.example")
    invitation.uid = "ses-4711-r-9b1d2c3e@agenda.example.org"
    invitation.save()

    assert incoming.receive(GENUINE.read_bytes())

    assert shown(invitation) == "accepted"
    assert invitation.rsvp_stamp == STAMP


# What is believed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        ({}, Outcome.TAKEN),
        ({"sender": "ADA@Council.example", "address": "Ada@COUNCIL.example"}, "taken"),
        ({"address": "ada%40council.example"}, Outcome.TAKEN),
        ({"sender": STRANGER}, Outcome.DOUBTFUL),
        ({"address": STRANGER}, Outcome.DOUBTFUL),
        ({"sender": STRANGER, "address": STRANGER}, Outcome.DOUBTFUL),
        # A proposal or an invitation of theirs, one day of many, somebody sent instead.
        ({"method": "COUNTER"}, None),
        ({"method": "REQUEST"}, None),
        ({"lines": ["RECURRENCE-ID:20261201T090000Z"]}, None),
        ({"lines": ["RRULE:FREQ=DAILY"]}, None),
        ({"lines": ["END:VEVENT", "BEGIN:VEVENT"]}, None),
        ({"status": "DELEGATED"}, None),
        ({"status": "NEEDS-ACTION"}, None),
        ({"lines": [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{STRANGER}"]}, None),
    ],
)
def test_only_the_invited_address_speaks_for_itself(sent, outcome):
    invitation = an_invitation()

    assert incoming.receive(a_reply(invitation, **{"status": "DECLINED", **sent})) == (
        outcome is not None
    )

    assert outcomes(invitation) == ([outcome] if outcome else [])
    assert shown(invitation) == ("declined" if outcome == Outcome.TAKEN else "")
    assert asked() == (outcome == Outcome.TAKEN)


def test_an_answer_to_what_we_never_sent_or_took_back_changes_nothing():
    gone, other = an_invitation(), an_invitation("mar@council.example")
    Invitation.objects.filter(pk=gone.pk).update(withdrawn=True)

    incoming.receive(a_reply(gone))
    incoming.receive(a_mail(a_file("nobody@placa.example")).as_bytes())
    # In Ada's name, with what is Mar's.
    incoming.receive(a_reply(other))

    assert (shown(gone), shown(other)) == ("", "")
    assert outcomes(gone) == []
    assert outcomes(other) == [Outcome.DOUBTFUL]
    assert asked() == 0


@pytest.mark.parametrize(
    "sender", ["", "Ada", f"{ADA}, {STRANGER}", "undisclosed-recipients:;"]
)
def test_who_does_not_say_who_it_is_has_said_nothing(sender):
    invitation = an_invitation()
    octets = a_reply(invitation).replace(b"Ada Puig <ada@council.example>", b"?", 1)

    incoming.receive(octets.replace(b"From: ?", f"From: {sender}".encode()))

    assert shown(invitation) == ""


def test_what_comes_back_in_another_mail_is_no_answer():
    """A mail server returns what it could not deliver, whole."""
    invitation = an_invitation()
    mail = a_mail(None)
    mail.add_attachment(a_mail(a_file(invitation.uid)))

    assert not incoming.receive(mail.as_bytes())

    assert shown(invitation) == ""


def test_a_mail_that_names_a_file_of_ours_does_not_have_it_read(tmp_path):
    """The library would open what it takes for a path."""
    invitation = an_invitation()
    file = tmp_path / "answer.ics"
    file.write_text(a_file(invitation.uid))
    mail = a_mail(None)
    mail.set_content(str(file), subtype="calendar")
    octets = mail.as_bytes().replace(b"answer.ics\n", b"answer.ics")

    assert not incoming.receive(octets)

    assert shown(invitation) == ""


# In what order they come --------------------------------------------------------------


def test_the_same_answer_three_times_is_one_and_asks_once():
    invitation = an_invitation()

    for _ in range(3):
        incoming.receive(a_reply(invitation))

    assert outcomes(invitation) == [Outcome.TAKEN]
    assert asked() == 1


@pytest.mark.parametrize(
    ("first", "second", "last"),
    [
        ({"stamp": LATER}, {"stamp": STAMP}, "accepted"),
        ({"stamp": STAMP}, {"stamp": LATER}, "declined"),
        # Within a second, the one that comes last.
        ({}, {}, "declined"),
        # RFC 5546, 2.1.5: first the SEQUENCE, then the DTSTAMP.
        ({"sequence": 2}, {"sequence": 1, "stamp": LATER}, "accepted"),
        ({"sequence": 1, "stamp": LATER}, {"sequence": 2}, "declined"),
        # One who says neither too much nor too early does not shut out what follows.
        ({"sequence": 99999999999}, {"sequence": 2}, "declined"),
        ({"sequence": 1000}, {"sequence": 2}, "declined"),
        ({"stamp": STAMP.replace(year=9999)}, {"stamp": LATER}, "declined"),
        ({"sequence": 2}, {"sequence": "none"}, "declined"),
    ],
)
def test_an_older_answer_is_kept_and_changes_nothing(first, second, last):
    invitation = an_invitation(sequence=2)

    with time_machine.travel(LATER, tick=False):
        incoming.receive(a_reply(invitation, "ACCEPTED", **first))
        incoming.receive(a_reply(invitation, "DECLINED", **second))

    assert shown(invitation) == last
    assert outcomes(invitation) == [
        Outcome.TAKEN,
        Outcome.TAKEN if last == "declined" else Outcome.OLD,
    ]


def test_an_answer_about_another_date_is_forgotten_with_it(smtp_server, work):
    invitation = an_invitation()
    session = invitation.registration.session
    work()
    incoming.receive(a_reply(invitation, "ACCEPTED"))
    hour = timedelta(hours=1)
    sessions.move(session, starts=session.starts + hour, ends=session.ends + hour)

    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        work()
    sequence = Invitation.objects.get(pk=invitation.pk).sequence
    late = a_reply(invitation, "ACCEPTED", stamp=LATER, sequence=sequence - 1)
    incoming.receive(late)

    assert shown(invitation) == ""
    assert outcomes(invitation) == [Outcome.TAKEN, Outcome.OLD]
    incoming.receive(a_reply(invitation, "DECLINED", sequence=sequence))
    assert shown(invitation) == "declined"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_answer_twice_at_once_is_one_and_asks_once():
    invitation = an_invitation()
    octets = a_reply(invitation)

    together(*[lambda: incoming.receive(octets)] * 6)

    assert shown(invitation) == "declined"
    assert outcomes(invitation) == [Outcome.TAKEN]
    assert asked() == 1


def test_whoever_answers_without_end_is_not_kept_and_shuts_nobody_out():
    invitation = an_invitation()

    for number in range(answers.MOST_KEPT + 5):
        sender = f"bot-{number}@elsewhere.example"
        incoming.receive(a_reply(invitation, "ACCEPTED", sender=sender))

    assert invitation.answers.count() == answers.MOST_KEPT
    incoming.receive(a_reply(invitation))
    assert shown(invitation) == "declined"


# What comes of a decline --------------------------------------------------------------


def in_a_minute(work) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        work()


def test_who_declines_gets_one_mail_with_the_way_to_free_the_place(smtp_server, work):
    invitation = an_invitation()
    registration = invitation.registration
    work()
    smtp_server.octets.clear()

    incoming.receive(a_reply(invitation))
    in_a_minute(work)

    [mail] = smtp_server.mails
    registration.refresh_from_db()
    assert registration.state == Registration.State.CONFIRMED
    assert not calendar_parts(mail)
    for kind in ("plain", "html"):
        words = mail.get_body((kind,)).get_content()
        assert f"/r/{registration.token}/cancel/" in words
        assert "us guardem la plaça" in words


def test_who_comes_after_all_and_then_again_does_not_is_asked_again(smtp_server, work):
    invitation = an_invitation()

    for minutes, status in enumerate(("DECLINED", "ACCEPTED", "DECLINED", "DECLINED")):
        stamp = STAMP + timedelta(minutes=minutes)
        incoming.receive(a_reply(invitation, status, stamp=stamp))
        in_a_minute(work)

    assert asked() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        {"Return_Path": "<>"},
    ],
)
def test_what_no_person_has_clicked_is_shown_and_not_answered(headers):
    invitation = an_invitation()

    incoming.receive(a_reply(invitation, headers=headers))

    assert shown(invitation) == "declined"
    assert asked() == 0


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "no"}, {"Auto_Submitted": "auto-generated"}]
)
def test_what_a_person_has_clicked_is_answered_whoever_carries_it(headers):
    incoming.receive(a_reply(an_invitation(), headers=headers))

    assert asked() == 1


@pytest.mark.parametrize("state", ["cancelled", "waiting", "offered"])
def test_nobody_without_a_place_is_asked_for_it(state):
    invitation = an_invitation()
    mine = Registration.objects.filter(pk=invitation.registration_id)
    mine.update(state=state)

    incoming.receive(a_reply(invitation))

    assert shown(invitation) == "declined"
    assert asked() == 0


def test_nobody_is_asked_about_a_session_that_has_begun():
    invitation = an_invitation()

    with time_machine.travel(invitation.starts):
        incoming.receive(a_reply(invitation))

    assert shown(invitation) == "declined"
    assert asked() == 0


@pytest.mark.parametrize(
    "meanwhile", ["accepts", "cancels", "is over", "is called off"]
)
def test_the_question_is_not_sent_when_it_has_no_point_any_more(
    smtp_server, work, meanwhile
):
    invitation = an_invitation()
    registration = invitation.registration
    session = registration.session
    incoming.receive(a_reply(invitation))
    now = timezone.now()

    if meanwhile == "accepts":
        incoming.receive(a_reply(invitation, "ACCEPTED", stamp=LATER))
    elif meanwhile == "cancels":
        registrations.cancel(registration, Registration.Reason.PERSON)
    elif meanwhile == "is over":
        now = session.ends
    else:
        Session.objects.filter(pk=session.pk).update(state=Session.State.CANCELLED)
    with time_machine.travel(now + timedelta(seconds=61)):
        work()

    assert Message.objects.get(kind=KIND).state == Message.State.DROPPED


# What somebody of the staff settles ---------------------------------------------------


@pytest.mark.parametrize("believe", [True, False])
def test_a_doubtful_answer_is_settled_once_and_writes_to_nobody(believe):
    invitation = an_invitation()
    incoming.receive(a_reply(invitation, sender=STRANGER))
    answer = invitation.answers.get()

    assert answers.settle(answer, by=a_user(), believe=believe)

    assert shown(invitation) == ("declined" if believe else "")
    assert asked() == 0
    assert not answers.settle(answer, by=a_user(), believe=not believe)
    assert shown(invitation) == ("declined" if believe else "")
    incoming.receive(a_reply(invitation, sender=STRANGER))
    assert invitation.answers.count() == 1


def test_a_doubtful_answer_does_not_undo_what_the_person_said_since():
    invitation = an_invitation()
    incoming.receive(a_reply(invitation, sender=STRANGER))
    incoming.receive(a_reply(invitation, "ACCEPTED", stamp=LATER))

    answers.settle(invitation.answers.first(), by=a_user(), believe=True)

    assert shown(invitation) == "accepted"


# What we hold of it -------------------------------------------------------------------


def test_what_was_answered_is_shown_to_both_who_have_to_do_with_it():
    invitation = an_invitation()
    incoming.receive(a_reply(invitation, sender=STRANGER))
    incoming.receive(a_reply(invitation, "ACCEPTED", stamp=LATER))

    def told(address: str) -> list[str]:
        [part] = [part for part in privacy.show(address) if part.name == "answers"]
        facts = [fact for record in part.records for fact in record.facts]
        return [fact.value for fact in facts if fact.name == "answer"]

    assert told(ADA) == ["declined", "accepted"]
    assert told(STRANGER) == ["declined"]
    assert told("mar@council.example") == []


def test_answers_go_with_the_registration_and_with_the_address_they_came_from():
    first, second = an_invitation(), an_invitation("mar@council.example")
    for invitation in (first, second):
        incoming.receive(a_reply(invitation, sender=STRANGER))
        incoming.receive(a_reply(invitation, stamp=LATER))

    privacy.erase(STRANGER, timezone.now())
    assert set(Answer.objects.values_list("sender", flat=True)) == {"", ADA}

    retention.erase([first.registration])
    assert outcomes(first) == []
    assert shown(first) == "declined"
    assert outcomes(second) != []
