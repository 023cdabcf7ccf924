"""Writing to people: seen before, sent once, and only to those it is for."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.models import Material
from community.messages import outbox
from community.models import Message
from community.privacy.register import entries
from events import registrations, reminders, sessions
from events.models import Circular, Registration, Reminder, Session
from tests.factories import a_body, a_registration, a_session

PERSON = Registration.Reason.PERSON


@pytest.fixture
def session(series) -> Session:
    """Two places: of two who read Catalan one is of Abrera, and one who reads Spanish
    waits. Another has cancelled."""
    session = a_session(places=2, series=series)
    a_registration(session, "gone@council.example")
    registrations.cancel(session.registrations.get(), PERSON)
    a_registration(session, "ada@council.example", name="Ada Exemple")
    a_registration(session, "biel@council.example", body=a_body("Abrera"), body_text="")
    a_registration(session, "dario@council.example", language="es")
    Message.objects.all().delete()
    return Session.objects.get(pk=session.pk)


@pytest.fixture
def far_side(settings) -> None:
    """Whatever leaves is taken."""
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"


def address(session: Session, name: str = "write") -> str:
    return reverse(f"sessions:{name}", args=[session.pk])


def words(client: Any, session: Session, **values: str) -> dict[str, str]:
    """What the form sends, as it came to the browser of `client`."""
    form = client.get(address(session)).context["form"]
    return {
        "key": str(form["key"].value()),
        "subject_0": "Porteu un exemple",
        "text_0": "Si podeu, porteu un exemple vostre.",
        "to": "everybody",
        **values,
    }


def confirmed(shown: Any, **sent: str) -> dict[str, str]:
    hidden = dict(shown.context["sent"]) | {"seen": shown.context["seen"]}
    return {**hidden, **sent, "confirm": "1"}


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return html.unescape(html.unescape(response.content.decode()))


def written(client: Any, session: Session, **values: str) -> Circular:
    """Write and confirm."""
    shown = client.post(address(session), words(client, session, **values))
    assert client.post(address(session), confirmed(shown)).status_code == 302
    return Circular.objects.latest("pk")


def to_whom() -> list[str]:
    rows = Message.objects.filter(kind="circular")
    return sorted(row.recipient.partition("@")[0] for row in rows)


# Before it leaves -------------------------------------------------------------------


def test_before_it_leaves_one_sees_how_many_get_it_in_which_languages_and_how(
    session, sign_in
):
    client = sign_in()

    shown = client.post(address(session), words(client, session))

    page = text_of(shown)
    assert "3 people will be told: 2 in Catalan, 1 in Spanish." in page
    assert "Send to 3 people" in page
    assert "You have not written it in this language: they read Catalan." in page
    catalan, spanish = shown.context["view"].samples
    assert "porteu un exemple vostre" in catalan.html
    assert "porteu un exemple vostre" in spanish.html
    assert 'lang="ca"' in spanish.html
    # Nobody else's name or link is in it.
    assert "Ada Exemple" not in page
    assert session.registrations.last().token not in page
    assert not Circular.objects.exists()
    assert not Message.objects.exists()


def test_each_language_is_read_where_it_is_written(session, sign_in):
    client = sign_in()
    sent = words(client, session, text_1="Traed un ejemplo.", subject_1="Un ejemplo")

    shown = client.post(address(session), sent)

    catalan, spanish = shown.context["view"].samples
    assert "Traed un ejemplo." in spanish.html
    assert "Un ejemplo" in spanish.mail.subject
    assert "Traed" not in catalan.html
    assert spanish.note == ""


def test_a_test_goes_to_oneself_alone_and_keeps_what_was_written(session, sign_in):
    client = sign_in()
    shown = client.post(address(session), words(client, session))

    again = client.post(address(session), {**confirmed(shown), "test": "1"})

    tests = Message.objects.filter(kind="mail")
    assert {row.recipient for row in tests} == {client.user.email}
    assert sorted(row.language for row in tests) == ["en", "en"]
    assert all(row.subject.startswith("Test: ") for row in tests)
    assert not Circular.objects.exists()
    assert again.context["sent"] == shown.context["sent"]


@pytest.mark.parametrize("missing", ["subject_0", "text_0"])
def test_what_was_written_stays_when_something_is_missing(session, sign_in, missing):
    client = sign_in()
    sent = words(client, session, **{missing: "", "text_1": "Traed un ejemplo."})

    page = text_of(client.post(address(session), sent))

    assert "Traed un ejemplo." in page
    assert "Send to" not in page
    assert not Circular.objects.exists()


def test_one_can_go_back_and_change_it(session, sign_in):
    client = sign_in()
    shown = client.post(address(session), words(client, session))

    back = client.post(address(session), {**confirmed(shown), "confirm": "", "back": 1})

    assert "porteu un exemple vostre" in text_of(back)
    assert back.context["form"]["key"].value() == dict(shown.context["sent"])["key"]


def test_what_is_for_nobody_is_not_sent(session, sign_in):
    for person in session.registrations.waiting():
        registrations.cancel(person, PERSON)
    Message.objects.all().delete()
    client = sign_in()

    page = text_of(client.post(address(session), words(client, session, to="waiting")))

    assert "Nobody is one of those you chose." in page


def test_nobody_is_written_to_before_the_session_is_announced(series, sign_in):
    draft = a_session(series=series, state=Session.State.DRAFT)
    client = sign_in()

    page = text_of(client.post(address(draft), words(client, draft)))

    assert "This session has not been announced yet." in page
    assert "Write to people" not in text_of(client.get(address(draft, "session")))


# To whom ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "people"),
    [
        ("everybody", ["ada", "biel", "dario"]),
        ("confirmed", ["ada", "biel"]),
        ("waiting", ["dario"]),
    ],
)
def test_it_goes_to_those_it_is_for_and_never_to_who_has_cancelled(
    session, sign_in, to, people
):
    circular = written(sign_in(), session, to=to)

    assert to_whom() == people
    assert circular.people == len(people)


def test_it_can_be_for_the_people_of_one_body(session, sign_in):
    body = session.registrations.exclude(body=None).get().body

    written(sign_in(), session, body=str(body.pk))

    assert to_whom() == ["biel"]


def test_it_can_be_for_those_who_take_part_in_one_way(series, sign_in):
    session = a_session(series=series, format=Session.Format.HYBRID)
    a_registration(session, "here@council.example", mode="in_person")
    a_registration(session, "there@council.example", mode="online")

    written(sign_in(), session, mode="in_person")

    assert to_whom() == ["here"]


def test_only_bodies_that_somebody_is_of_can_be_chosen(session, sign_in):
    a_body("Badalona")

    form = sign_in().get(address(session)).context["form"]

    assert [str(body) for body in form.fields["body"].queryset] == ["Abrera"]
    assert "mode" not in form.fields


# Once, and while it is true ---------------------------------------------------------


def test_a_double_click_and_the_back_button_send_it_once(session, sign_in):
    client = sign_in()
    shown = client.post(address(session), words(client, session))

    for _ in range(3):
        client.post(address(session), confirmed(shown))

    assert Circular.objects.count() == 1
    assert to_whom() == ["ada", "biel", "dario"]
    page = text_of(client.get(address(session, "session")))
    assert "nobody gets it twice" in page


def test_it_is_read_in_ones_language_with_ones_name_and_links(
    session, sign_in, smtp_server
):
    client = sign_in()
    sent = {"text_1": "Traed <b>uno</b>: https://exemple.example/guia"}
    written(client, session, **sent)

    outbox.send_due(9)

    [catalan] = smtp_server.mails_to("ada@council.example")
    [spanish] = smtp_server.mails_to("dario@council.example")
    assert catalan["Subject"] == "Porteu un exemple"
    plain = catalan.get_body(("plain",)).get_content()
    assert "Ada" in plain
    assert "Si podeu, porteu un exemple vostre." in plain
    ada = session.registrations.get(name="Ada Exemple")
    assert ada.token in plain
    marked = spanish.get_body(("html",)).get_content()
    assert "Traed &lt;b&gt;uno&lt;/b&gt;" in marked
    assert 'href="https://exemple.example/guia"' in marked
    assert [p.get_content_type() for p in catalan.walk()].count("text/calendar") == 0


def test_who_cancels_before_it_leaves_does_not_get_it(session, sign_in, far_side):
    written(sign_in(), session)
    ada = session.registrations.get(name="Ada Exemple")

    registrations.cancel(ada, PERSON)
    outbox.send_due(99)

    rows = Message.objects.filter(kind="circular")
    assert rows.get(recipient=ada.email).state == Message.State.DROPPED
    # Who has got the place by it is still one of everybody.
    assert rows.filter(state=Message.State.DONE).count() == 2


def test_what_was_written_before_a_session_was_cancelled_does_not_leave_after(
    session, sign_in, far_side
):
    client = sign_in()
    written(client, session)

    sessions.cancel(session, "Vaga")
    outbox.send_due(99)

    rows = Message.objects.filter(kind="circular")
    assert set(rows.values_list("state", flat=True)) == {Message.State.DROPPED}

    # What is written now is about that.
    written(client, session, text_0="En farem una altra al maig.")
    outbox.send_due(99)
    assert rows.filter(state=Message.State.DONE).count() == 3


# Afterwards -------------------------------------------------------------------------


def test_the_session_says_who_sent_what_to_how_many_and_what_became_of_it(
    session, sign_in, far_side
):
    client = sign_in()
    circular = written(client, session)
    outbox.send_due(99)
    Message.objects.filter(recipient__startswith="ada").update(state="failed")

    page = text_of(client.get(address(session, "session")))

    for part in (
        "Porteu un exemple",
        "3 people",
        "2 sent",
        "1 could not be sent",
        "Núria Prova",
    ):
        assert part in page
    entry = ModelLogEntry.objects.get(action="events.write")
    assert entry.user == client.user
    assert entry.data == {"circular": circular.pk, "people": 3}


def test_the_mail_is_among_those_of_the_person_and_of_the_unit(
    session, sign_in, far_side
):
    client = sign_in()
    written(client, session)
    outbox.send_due(99)
    ada = session.registrations.get(name="Ada Exemple")
    [row] = Message.objects.filter(kind="circular", recipient=ada.email)

    of_person = text_of(client.get(reverse("sessions:registration", args=[ada.pk])))
    one = client.get(reverse("messages:message", args=[row.pk]))
    stranger = sign_in(unit=None).get(reverse("messages:message", args=[row.pk]))

    assert "Porteu un exemple" in of_person
    assert "Ada Exemple" in text_of(one)
    assert ada.token not in text_of(one)
    assert stranger.status_code == 404


def test_what_was_written_is_erased_a_year_after_the_session(
    session, sign_in, far_side
):
    written(sign_in(), session)
    [entry] = [entry for entry in entries() if entry.name == "circulars"]
    year = timedelta(days=365)

    assert entry.end_some(session.ends + year - timedelta(days=1), 9) == 0
    assert entry.end_some(session.ends + year + timedelta(days=1), 9) == 1

    row = Message.objects.filter(kind="circular").first()
    outbox.send_due(9)
    row.refresh_from_db()
    assert row.state == Message.State.DROPPED


# Materials --------------------------------------------------------------------------


def test_once_there_are_materials_a_button_writes_that_they_are_ready(session, sign_in):
    client = sign_in()
    button = "Tell them that the materials are ready"
    Material.objects.create(session=session, title="Vídeo", url="https://v.example/")
    assert button not in text_of(client.get(address(session, "session")))
    past = timezone.now() - timedelta(days=1)
    Session.objects.update(starts=past - timedelta(hours=1), ends=past)

    assert button in text_of(client.get(address(session, "session")))
    form = client.get(address(session) + "?ready=materials").context["form"]

    for language, words_there in (("ca", "materials"), ("es", "materiales")):
        text = form["text"].value().localize(language)
        assert f"/s/{session.code}/" in text
        assert words_there in text.lower()

    Registration.objects.update(state=Registration.State.CANCELLED)
    assert button not in text_of(client.get(address(session, "session"))), "to whom?"


# Reminders, on the screens ----------------------------------------------------------


def test_the_session_says_when_people_are_reminded_and_how_many_were(
    series, sign_in, far_side
):
    starts = timezone.now() + timedelta(hours=20)
    session = a_session(series=series, starts=starts)
    a_registration(session)
    Message.objects.update(settled=timezone.now() - timedelta(days=9), state="done")
    reminders.remind_due(9)
    outbox.send_due(9)

    page = " ".join(text_of(sign_in().get(address(session, "session"))).split())

    assert "7 days before" in page
    assert "Not sent: its moment had passed" in page
    assert "Sent to 1 person" in page
    assert "To whoever has a place then" in page


def test_reminders_of_one_session_are_turned_off_and_on_on_its_screen(session, sign_in):
    client = sign_in()
    assert "Turn them off" in text_of(client.get(address(session, "session")))

    client.post(address(session, "reminders"), {})

    session.refresh_from_db()
    assert not session.remind
    assert "nobody is reminded" in text_of(client.get(address(session, "session")))
    client.post(address(session, "reminders"), {"remind": "on"})
    session.refresh_from_db()
    assert session.remind
    actions = ModelLogEntry.objects.filter(action__startswith="events.remind")
    assert actions.count() == 2


def the_series(series: Any, *rows: tuple[str, str]) -> dict[str, Any]:
    return {
        "code": series.code,
        "unit": series.unit_id,
        "title_0": "Dijous obert",
        "promotion": "automatic",
        "reminders_number": [number for number, _unit in rows],
        "reminders_unit": [unit for _number, unit in rows],
    }


def test_a_series_has_its_reminders_chosen_row_by_row(series, sign_in):
    client = sign_in("Coordinators")
    url = reverse("series:edit", args=[series.pk])
    form = client.get(url).context["form"]
    assert form["reminders"].value() == ["P7D", "P1D", "PT1H"]

    client.post(url, the_series(series, ("2", "H"), ("", "D"), ("10", "D")))
    series.refresh_from_db()
    assert series.reminders == ["P10D", "PT2H"]

    client.post(url, the_series(series, ("", "D")))
    series.refresh_from_db()
    assert series.reminders == []


@pytest.mark.parametrize(
    "rows",
    [
        (("0", "D"),),
        (("61", "D"),),
        (("1441", "H"),),
        (("-1", "D"),),
        (("un", "D"),),
        (("1", "D"), ("24", "H")),
        (("²", "D"),),
    ],
)
def test_reminders_that_cannot_be_are_refused_and_stay_as_written(
    series, sign_in, rows
):
    url = reverse("series:edit", args=[series.pk])

    answer = sign_in("Coordinators").post(url, the_series(series, *rows))

    assert answer.context["form"].errors["reminders"]
    assert f'value="{rows[0][0]}"' in answer.content.decode()
    series.refresh_from_db()
    assert series.reminders == ["P7D", "P1D", "PT1H"]


def test_reminders_belong_to_no_person():
    assert {field.name for field in Reminder._meta.fields} == {
        "id",
        "session",
        "before",
        "starts",
        "created",
    }
