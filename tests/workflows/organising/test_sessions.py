"""The list of sessions, making one, its screen and its texts."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from cms.models import SessionPage
from community.models import Message
from events import sessions
from events.models import Registration, Session
from tests.factories import (
    a_body,
    a_registration,
    a_series,
    a_session,
    in_two_weeks,
)
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
        "audience": "open",
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
        {"q": 'a"b'},
        {"when": "never"},
        {"series": "x"},
        {"state": "x"},
        {"ordering": "pk;", "p": "x"},
    ],
)
def test_no_question_to_the_list_is_a_fault(series, sign_in, query):
    assert sign_in().get(LIST, query).status_code == 200


def test_a_question_that_nobody_types_is_refused_in_words(series, sign_in):
    assert sign_in().get(LIST, {"q": "a\x00"}).status_code == 400


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


def test_the_screen_says_how_many_are_registered_and_how(series, sign_in):
    session = a_session(places=1, series=series)
    a_registration(session, name="Ada Exemple")
    a_registration(session)
    sessions.resize(session, online=0, in_person=None)

    page = " ".join(text_of(sign_in().get(screen(session))).split())

    assert "Confirmed: <strong>1</strong>" in page
    assert "Waiting: <strong>1</strong>" in page
    assert "Over-full: 1 person more than places" in page
    assert "Ada Exemple" not in page


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
        {
            "title_0": "Un altre títol",
            "audience": "open",
            "listed": "on",
            "join_url": "",
            "state": "draft",
        },
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


def test_a_session_is_for_the_bodies_that_were_chosen(series, sign_in):
    client = sign_in()
    vic, berga = a_body("Vic"), a_body("Berga")
    chosen = {"audience": "chosen", "bodies": [vic.pk], "body_limit": "2"}

    missing = client.post(NEW, new_session(series, audience="chosen"))
    client.post(NEW, new_session(series, approval="on", **chosen))

    assert "Choose at least one body." in text_of(missing)
    session = Session.objects.get()
    assert list(session.bodies.all()) == [vic]
    assert (session.body_limit, session.approval) == (2, True)
    edit = {"title_0": "Dades", "audience": "chosen", "bodies": [vic.pk, berga.pk]}
    client.post(reverse("sessions:edit", args=[session.pk]), edit)
    assert set(session.bodies.all()) == {vic, berga}
    assert "Berga, Vic" in text_of(client.get(screen(session)))


@pytest.mark.parametrize(
    ("own_title", "becomes"), [("", "Dades amb por"), ("Un títol propi", None)]
)
def test_the_title_of_its_page_follows_unless_it_has_one_of_its_own(
    series, sign_in, own_title, becomes
):
    client = sign_in()
    client.post(NEW, new_session(series, **{"action-announce": "1"}))
    page = SessionPage.objects.get()
    if own_title:
        page.title = own_title
        page.save_revision().publish()
    session = Session.objects.get()

    client.post(
        reverse("sessions:edit", args=[session.pk]),
        {"title_0": "Dades amb por", "audience": "open", "listed": "on"},
    )

    page.refresh_from_db()
    assert page.title == (becomes or own_title)
    assert page.live


def test_the_page_of_a_session_outside_every_site_is_no_fault(series, sign_in):
    client = sign_in()
    client.post(NEW, new_session(series, **{"action-announce": "1"}))
    Site.objects.all().delete()

    assert client.get(Session.objects.get().get_absolute_url()).status_code == 200


# Speakers, materials and the calendar -------------------------------------------------


def programme(session: Session, **values) -> dict:
    """What the form of speakers and materials sends."""
    rows = {
        f"{part}-{name}": count
        for part in ("speakers", "materials")
        for name, count in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0))
    }
    return {**rows, "materials-0-kind": "material", **values}


def test_speakers_and_materials_are_written_and_taken_away(series, sign_in):
    client = sign_in()
    session = a_session(series=series)
    address = reverse("sessions:programme", args=[session.pk])
    assert client.get(address).status_code == 200

    client.post(
        address,
        programme(
            session,
            **{
                "speakers-0-name": "Ada Exemple",
                "speakers-0-role_0": "Cap d’arxiu",
                "materials-0-title_0": "Presentació",
                "materials-0-url": "https://video.example/1",
            },
        ),
    )

    speaker = session.speakers.get()
    assert (speaker.name, str(speaker.role)) == ("Ada Exemple", "Cap d’arxiu")
    assert session.materials.get().link == "https://video.example/1"
    gone = {
        "speakers-INITIAL_FORMS": 1,
        "speakers-0-id": speaker.pk,
        "speakers-0-name": "Ada Exemple",
        "speakers-0-DELETE": "on",
    }
    client.post(address, programme(session, **gone))
    assert not session.speakers.exists()


def test_a_material_is_an_address_or_a_document(series, sign_in):
    session = a_session(series=series)
    address = reverse("sessions:programme", args=[session.pk])

    answer = sign_in().post(
        address, programme(session, **{"materials-0-title_0": "Presentació"})
    )

    assert "Give an address or a document, not both." in text_of(answer)
    assert not session.materials.exists()


@pytest.mark.parametrize("month", ["", "2037-13", "x", "9999-99"])
def test_the_calendar_shows_a_month_whatever_it_is_asked(series, sign_in, month):
    starts = timezone.now().replace(day=15)
    a_session(series=series, starts=starts, title="Ètica")

    page = text_of(sign_in().get(reverse("sessions:month"), {"month": month}))

    assert "· Ètica" in page


def test_the_calendar_goes_from_month_to_month(series, sign_in):
    client = sign_in()
    late = datetime(2037, 11, 30, 22, 30, tzinfo=UTC)  # half past eleven in Barcelona
    a_session(series=series, starts=late, title="Nit de dades")

    def shown(month: str):
        return client.get(reverse("sessions:month"), {"month": month})

    november, december = shown("2037-11"), shown("2037-12")
    assert [day.date.day for day in november.context["days"]] == [30]
    assert december.context["days"] == []
    assert november.context["after"]["url"].endswith("month=2037-12")
    assert december.context["before"]["url"].endswith("month=2037-11")
