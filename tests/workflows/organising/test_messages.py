"""Every mail: who sees it, what of it, and what is done when it could not leave."""

import html

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from community.messages import outbox
from community.messages.backend import SIGN_IN
from community.models import Message, Unit
from events import registrations, sessions
from events.models import Registration
from tests.factories import a_registration, a_session

State = Message.State
LIST = reverse("messages:index")


@pytest.fixture(autouse=True)
def _a_far_side(settings):
    """Whatever leaves is taken."""
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def registration(series) -> Registration:
    return a_registration(a_session(series=series), name="Ada Exemple")


def the_mail(about: Registration, kind: str = "") -> Message:
    rows = Message.objects.filter(about=about.pk)
    return rows.filter(kind=kind).latest("pk") if kind else rows.latest("pk")


def address(name: str, row: Message) -> str:
    return reverse(f"messages:{name}", args=[row.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    return html.unescape(html.unescape(response.content.decode()))


def a_code() -> Message:
    """A sign-in code, as the library for signing in sends it."""
    mail = EmailMessage("Codi", "El codi és 123 456.", to=["mar@council.example"])
    mail.outbox_kind = SIGN_IN.name
    mail.send()
    return Message.objects.latest("pk")


def give_up(row: Message) -> None:
    """As the worker leaves it when the far side refuses for good."""
    Message.objects.filter(pk=row.pk).update(state=State.FAILED, error="550 No such")


def test_a_mail_is_shown_as_its_reader_sees_it_without_the_personal_links(
    registration, sign_in
):
    outbox.send_due(9)
    row = the_mail(registration)

    page = text_of(sign_in().get(address("message", row)))

    assert "BEGIN:VCALENDAR" in page
    assert "Ada Exemple" in page
    assert row.subject in page
    invitation = registration.invitations.get()
    for token in (registration.token, invitation.join_token):
        assert token.encode() in bytes(row.mime).replace(b"=\r\n", b"").replace(
            b"\r\n ", b""
        )
        assert token not in page


def test_nobody_sees_the_mails_of_another_unit(registration, sign_in):
    row = the_mail(registration)
    stranger = sign_in(unit=Unit.objects.create(code="other", name="Una altra"))

    assert list(stranger.get(LIST).context["object_list"]) == []
    for name in ("message", "send_again", "put_aside"):
        assert stranger.get(address(name, row)).status_code in (404, 405)
        assert stranger.post(address(name, row)).status_code in (404, 405)
    assert stranger.get(address("message", row)).status_code == 404


@pytest.mark.parametrize(
    ("role", "sees"),
    [("Case workers", False), ("Coordinators", True), ("Administrators", True)],
)
def test_a_code_is_listed_for_who_sees_every_unit_and_read_by_nobody(
    series, sign_in, role, sees
):
    row = a_code()
    client = sign_in(role)

    answer = client.get(address("message", row))

    assert [*client.get(LIST).context["object_list"]] == ([row] if sees else [])
    assert answer.status_code == (200 if sees else 404)
    assert "123 456" not in answer.content.decode()
    assert "hidden" in answer.content.decode() or not sees


def test_in_development_a_code_can_be_read(series, sign_in, settings):
    settings.OUTBOX_KEEPS_SECRETS = True

    page = text_of(sign_in("Coordinators").get(address("message", a_code())))

    assert "123 456" in page


def test_mails_are_narrowed_by_state_kind_and_recipient(registration, sign_in):
    client = sign_in()
    other = a_registration(registration.session, email="mar@council.example")
    registrations.cancel(other, Registration.Reason.PERSON)
    give_up(the_mail(registration))

    def found(**query) -> list[str]:
        rows = client.get(LIST, query).context["object_list"]
        return [row.kind for row in rows]

    assert found(q="MAR@") == ["registration_cancelled", "registration_confirmed"]
    assert found(state="failed") == found(needs="yes") == ["registration_confirmed"]
    assert found(kind="registration_cancelled") == ["registration_cancelled"]


def test_a_failure_is_on_the_first_screen_until_the_mail_is_sent_again(
    registration, sign_in
):
    client = sign_in()
    failed = the_mail(registration)
    give_up(failed)
    assert "1 mail could not be sent" in text_of(client.get("/admin/"))

    client.post(address("send_again", failed))
    client.post(address("send_again", failed))

    fresh = the_mail(registration)
    assert Message.objects.filter(about=registration.pk).count() == 2
    assert (fresh.kind, fresh.recipient) == (failed.kind, failed.recipient)
    assert "could not be sent" not in text_of(client.get("/admin/"))
    assert "Sent again" in text_of(client.get(address("message", failed)))
    outbox.send_due(9)
    fresh.refresh_from_db()
    assert fresh.state == State.DONE


def test_a_failure_that_nothing_can_be_done_about_is_put_aside(registration, sign_in):
    client = sign_in()
    failed = the_mail(registration)
    give_up(failed)

    client.post(address("put_aside", failed))

    assert "could not be sent" not in text_of(client.get("/admin/"))
    assert [*client.get(LIST, {"needs": "yes"}).context["object_list"]] == []


def test_a_move_is_told_again_to_who_should_know_already(registration, sign_in):
    session = registration.session
    outbox.send_due(9)
    later = session.starts.replace(hour=15)
    sessions.move(session, starts=later, ends=later.replace(hour=16))
    Message.objects.update(next_try=session.created)
    outbox.send_due(9)
    moved = the_mail(registration, "session_moved")

    sign_in().post(address("send_again", moved))
    outbox.send_due(9)

    again = the_mail(registration, "session_moved")
    assert again.pk != moved.pk
    assert (again.state, again.error) == (State.DONE, "")
    # A program drops an update whose SEQUENCE does not grow.
    assert b"SEQUENCE:2" in bytes(again.mime)


def test_a_cancelling_sent_again_takes_the_same_entry_back(registration, sign_in):
    outbox.send_due(9)
    registrations.cancel(registration, Registration.Reason.PERSON)
    outbox.send_due(9)
    first = the_mail(registration, "registration_cancelled")

    sign_in().post(address("send_again", first))
    outbox.send_due(9)

    again = the_mail(registration, "registration_cancelled")
    uid = registration.invitations.get().uid.encode()
    assert b"METHOD:CANCEL" in bytes(again.mime)
    assert uid in bytes(again.mime)


def test_a_code_is_not_sent_again(series, sign_in):
    row = a_code()
    give_up(row)

    sign_in("Coordinators").post(address("send_again", row))

    assert Message.objects.count() == 1
