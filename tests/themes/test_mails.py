"""Every mail says what happened, when and where, in HTML and by itself in text."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from i18nfield.strings import LazyI18nString

from community.messages.compose import compose
from events.models import Mode, Registration, Series, Session, Substitution

LINKS = {
    "session": "https://placa.example/s/dades/",
    "join": "https://placa.example/j/door/",
    "manage": "https://placa.example/r/mine/",
    "cancel": "https://placa.example/r/mine/cancel/",
}
KINDS = [
    "registration_confirmed",
    "registration_waiting",
    "registration_offered",
    "offer_withdrawn",
    "registration_promoted",
    "registration_cancelled",
    "registration_again",
    "session_moved",
    "session_cancelled",
    "registration_declined_in_calendar",
    "reminder",
    "substitution_asked",
    "substitution_withdrawn",
    "substitution_refused",
    "substitution_expired",
]
# The others are to people with a place.
STATES = {
    "registration_waiting": "waiting",
    "registration_offered": "offered",
    "offer_withdrawn": "waiting",
}
WHEN = {
    "ca": ("Dijous 26 de novembre de 2026, de 10 a 11 h", "Hora de Barcelona (CET)"),
    "es": ("Jueves 26 de noviembre de 2026, de 10 a 11 h", "Hora de Barcelona (CET)"),
    "en": ("Thursday 26 November 2026, 10:00 to 11:00", "Barcelona time (CET)"),
}


def written(kind, language="ca", name="Montserrat Güell i Coromines", **context):
    """Subject, text and HTML of a mail, without no-break spaces."""
    starts = datetime(2026, 11, 26, 9, tzinfo=UTC)
    session = Session(
        code="dades",
        series=Series(title="Dijous GOmunicipal"),
        title=LazyI18nString({"ca": "Dades <obertes> & més", "en": "Open <data>"}),
        starts=starts,
        ends=starts + timedelta(hours=1),
        place="per Teams",
    )
    state = STATES.get(kind, "confirmed")
    registration = Registration(
        session=session,
        name=name,
        email="mguell@ajuntament.example",
        mode=Mode.ONLINE,
        state=state,
        created=datetime(2026, 11, 12, 9, tzinfo=UTC),
    )
    mail = compose(
        kind,
        recipient=registration.email,
        language=language,
        context={
            "registration": registration,
            "session": session,
            "position": 4 if state == "waiting" else None,
            "until": starts - timedelta(days=1) if state == "offered" else None,
            "before": None,
            "reason": "",
            "substitution": Substitution(name=name, expires=starts),
            "links": LINKS,
            **context,
        },
    )
    html = mail.alternatives[0][0]
    return tuple(
        part.replace("\u00a0", " ") for part in (mail.subject, mail.body, html)
    )


@pytest.mark.parametrize("language", ["ca", "es", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_says_when_and_where_in_both_its_forms(kind, language):
    subject, text, html = written(kind, language)

    for part in (*WHEN[language], "per Teams", LINKS["session"]):
        assert part in text
    for part in (*WHEN[language], "per Teams"):
        assert part in html
    assert "\n" not in subject
    assert str(2026) in subject


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_fetches_nothing_and_hides_nothing(kind):
    _, text, html = written(kind)

    assert not any(f"<{tag}" in html for tag in ("img", "script", "link", "iframe"))
    assert "Dades &lt;obertes&gt; &amp; més" in html
    assert "Dades <obertes> & més" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_is_no_name_is_not_mailed_to_a_stranger(kind):
    hostile = "https://example.org/gratis Premi"

    mail = written(kind, name=hostile)

    assert not any("example.org/gratis" in part for part in mail)


def test_the_waiting_list_says_the_number():
    _, text, html = written("registration_waiting")

    assert "sou el número 4" in text
    assert "sou el número 4" in html


def test_a_new_date_says_the_old_one_too():
    before = datetime(2026, 11, 19, 9, tzinfo=UTC)

    subject, text, _ = written("session_moved", before=before)

    assert subject.startswith("La sessió té data nova:")
    assert "S’havia de fer el dijous 19 de novembre de 2026, a les 10 h" in text


def test_a_new_hour_of_the_same_day_is_called_so():
    before = datetime(2026, 11, 26, 8, tzinfo=UTC)

    subject, _, _ = written("session_moved", before=before)

    assert subject.startswith("La sessió té hora nova:")


def test_a_cancellation_says_why():
    _, text, html = written("session_cancelled", reason="La ponent està indisposada.")

    assert "La ponent està indisposada." in text
    assert "La ponent està indisposada." in html


def test_the_code_to_sign_in_is_in_the_subject_and_in_both_forms():
    with translation.override("ca"):
        parts = [
            render_to_string(f"account/email/login_code_{part}", {"code": "AB12CD"})
            for part in ("subject.txt", "message.txt", "message.html")
        ]

    assert all("AB12CD" in part for part in parts)
    assert "Serveix una sola vegada" in parts[1]
