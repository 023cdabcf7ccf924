"""The list of sessions, making one, its screen and its texts."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.models import SessionPage
from community.models import Message
from events import sessions
from events.models import Registration, Session
from tests.factories import a_registration, a_series, a_session, in_two_weeks
from workflows.organising import sessions as organising

LIST = reverse("sessions:index")
NEW = reverse("sessions:add")


def text_of(response) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def screen(session: Session) -> str:
    return reverse("sessions:session", args=[session.pk])


def new_session(series, **values) -> dict:
    """What the form of a new session sends."""
    return {
        "key": "7d0f8a0e-0000-4000-8000-000000000001",
        "series": series.pk,
        "title_0": "Dades sense por",
        "title_1": "Datos sin miedo",
        "date": "26/11/2037",
        "start_time": "10:00",
        "end_time": "11:30",
        "format": "online",
        "capacity_online": "30",
        "listed": "on",
        **values,
    }


# The list ---------------------------------------------------------------------------


def test_the_list_takes_as_many_queries_for_500_sessions_as_for_one(series, sign_in):
    client = sign_in()
    starts = in_two_weeks()

    def make(numbers) -> None:
        Session.objects.bulk_create(
            Session(
                code=f"s-{n}",
                series=series,
                title={"ca": f"Sessió {n}"},
                starts=starts + timedelta(days=n),
                ends=starts + timedelta(days=n, hours=1),
                state=Session.State.ANNOUNCED,
                capacity_online=30,
            )
            for n in numbers
        )

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert "Sessió 1" in text_of(client.get(LIST))
        return len(captured)

    make([1])
    client.get(LIST)  # what is looked up once for each process
    one = queries()
    make(range(2, 501))

    assert queries() == one


def test_the_list_has_what_comes_next_first_then_what_is_over(series, sign_in):
    now = timezone.now()
    for days in (-30, 20, -10, 5):
        a_session(series=series, code=f"in-{days}", starts=now + timedelta(days=days))

    rows = sign_in().get(LIST).context["object_list"]

    assert [row.code for row in rows] == ["in-5", "in-20", "in--10", "in--30"]


def test_the_list_shows_how_each_session_stands(series, sign_in):
    session = a_session(places=1, series=series)
    a_registration(session)
    a_registration(session)

    page = text_of(sign_in().get(LIST))

    assert "1 / 1" in page
    assert "Full" in page


@pytest.mark.parametrize("words", ["sesion sobre etica", "ÈTICA", "etica-2026"])
def test_a_session_is_found_in_any_language_without_accents(series, sign_in, words):
    title = {"ca": "L’ètica a l’ajuntament", "es": "Sesión sobre ética"}
    a_session(series=series, code="etica-2026", title=title)
    a_session(series=series)

    found = sign_in().get(LIST, {"q": words}).context["object_list"]

    assert [session.code for session in found] == ["etica-2026"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": 'a"\x00'},
        {"when": "never"},
        {"series": "x"},
        {"state": "x"},
        {"ordering": "pk;", "p": "x"},
    ],
)
def test_no_question_to_the_list_is_a_fault(series, sign_in, query):
    assert sign_in().get(LIST, query).status_code == 200


def test_the_list_is_narrowed_by_time_series_and_state(series, sign_in):
    client = sign_in()
    a_session(series=series, code="coming")
    past = timezone.now() - timedelta(days=9)
    a_session(series=series, code="past", starts=past)
    a_session(series=series, code="draft", state=Session.State.DRAFT)

    def codes(**query) -> set[str]:
        return {s.code for s in client.get(LIST, query).context["object_list"]}

    assert codes(when="past") == {"past"}
    assert codes(when="coming", state="announced") == {"coming"}
    assert codes(series=series.pk, state="draft") == {"draft"}


# A new one --------------------------------------------------------------------------


def test_one_screen_makes_a_draft_and_its_page(series, sign_in):
    client = sign_in()

    answer = client.post(NEW, new_session(series))

    session = Session.objects.get()
    page = SessionPage.objects.get(session=session)
    assert answer.url == screen(session)
    assert session.state == Session.State.DRAFT
    assert session.code == page.slug == "dijous-2037-11-26"
    assert session.title.data == {"ca": "Dades sense por", "es": "Datos sin miedo"}
    # 10 h in Barcelona, in winter.
    assert session.starts.isoformat() == "2037-11-26T09:00:00+00:00"
    assert session.ends - session.starts == timedelta(minutes=90)
    assert (page.title, page.live) == ("Dades sense por", False)
    assert page.get_parent().specific.series == series
    assert client.get(session.get_absolute_url()).status_code == 404


def test_saved_and_announced_the_session_is_public_at_once(series, sign_in):
    client = sign_in()

    client.post(NEW, new_session(series, **{"action-announce": "1"}))

    session = Session.objects.get()
    assert session.state == Session.State.ANNOUNCED
    assert SessionPage.objects.get(session=session).live
    assert client.get(session.get_absolute_url()).status_code == 302


def test_the_same_form_sent_twice_makes_one_session(series, sign_in):
    client = sign_in()

    first = client.post(NEW, new_session(series))
    second = client.post(NEW, new_session(series))

    assert Session.objects.count() == SessionPage.objects.count() == 1
    assert second.url == first.url


def test_a_second_session_on_one_day_gets_a_code_of_its_own(series, sign_in):
    client = sign_in()

    client.post(NEW, new_session(series))
    key = "7d0f8a0e-0000-4000-8000-000000000002"
    client.post(NEW, new_session(series, key=key))

    codes = Session.objects.values_list("code", flat=True)
    assert set(codes) == {"dijous-2037-11-26", "dijous-2037-11-26-2"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title_0": ""}, "Write it in Catalan too."),
        ({"date": "31/02/2037"}, "Enter a valid date."),
        # The clock goes from 2 to 3 h that night.
        ({"date": "29/03/2037", "start_time": "02:30"}, "couldn’t be interpreted"),
        ({"end_time": "09:00"}, "The session must end after it starts."),
        ({"format": "in_person"}, "Write where it will be held."),
        ({"closes": "27/11/2037 10:00"}, "Registration must close before the end."),
        ({"code": "is taken"}, "Enter a valid “slug”"),
        ({"key": "x"}, "Enter a valid UUID."),
    ],
)
def test_bad_input_is_explained_and_what_was_typed_stays(series, sign_in, wrong, says):
    answer = sign_in().post(NEW, new_session(series, **wrong))

    page = text_of(answer)
    assert says in page.replace("'", "’")
    assert 'value="Datos sin miedo"' in page
    assert not Session.objects.exists()


def test_a_series_without_a_page_takes_no_session_yet(series, sign_in):
    pageless = a_series(unit=series.unit)

    page = text_of(sign_in().post(NEW, new_session(pageless)))

    assert "This series has no page yet" in page


def test_nobody_makes_sessions_in_the_series_of_another_unit(series, sign_in):
    foreign = a_series()

    page = text_of(sign_in().post(NEW, new_session(foreign)))

    assert "Select a valid choice" in page
    assert not Session.objects.exists()


# Its screen and its texts -----------------------------------------------------------


def test_the_screen_shows_who_is_registered_and_with_what_mail(series, sign_in):
    session = a_session(places=1, series=series)
    first = a_registration(session, name="Ada Exemple", language="es")
    second = a_registration(session, name="Mar Prova")
    Message.objects.filter(about=second.pk).update(state=Message.State.FAILED)

    page = text_of(sign_in().get(screen(session)))

    assert first.email in page
    assert "Vila-real" in page
    assert "Number 1 in the list" in page
    assert "about to leave" in page
    assert "could not be sent" in page


def test_the_screen_takes_as_many_queries_for_60_people_as_for_two(series, sign_in):
    client = sign_in()
    session = a_session(places=1, series=series)
    address = screen(session) + "?ordering=arrival"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    a_registration(session)
    a_registration(session)
    client.get(address)
    two = queries()
    for _ in range(58):
        a_registration(session)

    assert queries() == two


def test_people_are_found_by_name_without_accents_and_by_state(series, sign_in):
    client = sign_in()
    session = a_session(places=1, series=series)
    a_registration(session, name="Núria Espí")
    a_registration(session, name="Mar Prova", email="mar@council.example")

    def names(**query) -> list[str]:
        rows = client.get(screen(session), query).context["object_list"]
        return [row.name for row in rows]

    assert names(q="nuria") == ["Núria Espí"]
    assert names(q="mar@council") == ["Mar Prova"]
    assert names(state="waiting") == ["Mar Prova"]


def test_texts_change_without_a_mail_and_without_undoing_a_move(series, sign_in):
    client = sign_in()
    session = a_session(series=series)
    a_registration(session)
    mails = Message.objects.count()
    moved_to = session.starts + timedelta(days=7)

    form = client.get(reverse("sessions:edit", args=[session.pk])).context["form"]
    sessions.move(session, starts=moved_to, ends=moved_to + timedelta(hours=1))
    after_move = Message.objects.count()
    client.post(
        reverse("sessions:edit", args=[session.pk]),
        {"title_0": "Un altre títol", "listed": "on", "join_url": "", "state": "draft"},
    )

    session = Session.objects.get()
    assert "starts" not in form.fields
    assert str(session.title) == "Un altre títol"
    assert session.starts == moved_to
    assert session.state == Session.State.ANNOUNCED
    assert after_move == mails + 1 == Message.objects.count()


def test_texts_saved_from_what_was_read_before_a_move_do_not_undo_it(series):
    read_before = a_session(series=series)
    moved_to = read_before.starts + timedelta(days=7)
    session = Session.objects.get()
    sessions.move(session, starts=moved_to, ends=moved_to + timedelta(hours=1))

    organising.edit(read_before, title={"ca": "Un altre títol"})

    session = Session.objects.get()
    assert (str(session.title), session.starts) == ("Un altre títol", moved_to)


@pytest.mark.parametrize("name", ["starts", "place", "capacity_online", "state"])
def test_what_people_are_told_of_is_not_edited_as_a_text(series, name):
    with pytest.raises(TypeError, match=name):
        organising.edit(a_session(series=series), **{name: None})


def test_publishing_or_unpublishing_its_page_changes_no_session(series, sign_in):
    client = sign_in("Coordinators")
    client.post(NEW, new_session(series, **{"action-announce": "1"}))
    before = Session.objects.values().get()
    page = SessionPage.objects.get()

    page.unpublish()
    page.save_revision().publish()

    assert Session.objects.values().get() == before


def test_a_draft_is_announced_from_its_screen(series, sign_in):
    client = sign_in()
    client.post(NEW, new_session(series))
    session = Session.objects.get()
    address = reverse("sessions:announce", args=[session.pk])

    asked = client.get(address)
    assert "Announce this session?" in text_of(asked)
    assert Session.objects.get().state == Session.State.DRAFT
    client.post(address, {"confirm": "1", "seen": asked.context["seen"]})

    assert Session.objects.get().state == Session.State.ANNOUNCED
    assert SessionPage.objects.get().live
    assert Registration.objects.count() == 0
