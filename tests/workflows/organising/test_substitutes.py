"""The staff see who goes instead of whom, who was asked, and what was written to them;
and pass a place on for who telephones."""

import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from playwright.sync_api import Page, expect

from community.models import Message
from events import substitutions
from events.models import Registration
from tests.browser import signing_in
from tests.browser.keyboard import press, write
from tests.factories import a_registration, a_session, a_user, an_applicant

ADA, MAR, POL = (f"{name}@council.example" for name in ("ada", "mar", "pol"))


@pytest.fixture
def ada(series) -> Registration:
    return a_registration(a_session(2, series=series), ADA, name="Ada Puig")


def ask(ada: Registration, email: str = MAR, name: str = "Mar Serra"):
    return substitutions.ask(ada, name=name, email=email, language="es")


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def of(row: Registration) -> str:
    return reverse("sessions:registration", args=[row.pk])


def by_telephone(ada: Registration) -> str:
    return reverse("sessions:substitute", args=[ada.pk])


COLLEAGUE = {"name": "Mar Serra", "email": MAR, "position": "", "language": "es"}


def test_each_of_the_two_shows_the_other(ada, sign_in):
    asked = ask(ada)
    substitutions.confirm(asked, an_applicant(MAR, name="Mar Serra"))
    mar = Registration.objects.get(email=MAR)
    staff = sign_in()

    hers, theirs = staff.get(of(ada)), staff.get(of(mar))
    people = staff.get(reverse("sessions:people", args=[ada.session.pk]))

    assert f'href="{of(mar)}">Mar Serra</a>' in hers.text
    assert f'href="{of(ada)}">Ada Puig</a>' in theirs.text
    assert "Goes instead of Ada Puig" in words(people)
    assert "Asked a colleague to go instead" in words(hers)
    assert "Goes instead of a colleague" in words(theirs)


def test_who_was_asked_and_what_came_of_it_is_seen_with_the_mails(ada, sign_in):
    substitutions.refuse(ask(ada))
    ask(ada, POL, "Pol Vila")
    staff = sign_in()

    page = staff.get(of(ada))

    assert re.search(rf"Mar Serra \({MAR}\) The colleague cannot go", words(page))
    assert re.search(rf"Pol Vila \({POL}\) To be answered by", words(page))
    for kind in ("substitution_asked", "substitution_refused"):
        for row in Message.objects.filter(kind=kind):
            mail = reverse("messages:message", args=[row.pk])
            assert mail in page.text
            assert staff.get(mail).status_code == 200
    # Nobody of another unit sees them.
    other = sign_in(unit=a_session().series.unit)
    mail = Message.objects.filter(kind="substitution_asked").first()
    assert other.get(reverse("messages:message", args=[mail.pk])).status_code == 404


def test_before_a_place_is_passed_on_it_is_shown_who_gets_which_mail(ada, sign_in):
    staff = sign_in()

    shown = staff.post(by_telephone(ada), COLLEAGUE)

    assert "Send Mar Serra instead of Ada Puig?" in words(shown)
    assert "2 people will be told" in words(shown)
    assert "1 in Spanish" in words(shown)
    ada.refresh_from_db()
    assert ada.state == "confirmed", "nothing was done yet"
    assert not Message.objects.filter(recipient=MAR).exists()

    seen = {**COLLEAGUE, "seen": shown.context["seen"], "confirm": "1"}
    done = staff.post(by_telephone(ada), seen, follow=True)
    again = staff.post(by_telephone(ada), seen, follow=True)

    assert "Mar Serra has a place." in words(done)
    assert "nothing changed" in words(again)
    kinds = Message.objects.filter(recipient=MAR).values_list("kind", flat=True)
    assert list(kinds) == ["registration_confirmed"]
    ada.refresh_from_db()
    assert (ada.state, ada.reason) == ("cancelled", "substitute")


def test_what_cannot_be_is_said_beside_the_address(ada, sign_in):
    a_registration(ada.session, MAR)

    for email in (MAR, ADA):
        answer = sign_in().post(by_telephone(ada), {**COLLEAGUE, "email": email})
        assert answer.context["form"].errors["email"], email
        assert answer.context["form"]["name"].value() == "Mar Serra"


@pytest.mark.parametrize("state", ["waiting", "cancelled"])
def test_only_who_has_a_place_can_pass_it_on(ada, sign_in, state):
    Registration.objects.update(state=state)

    assert by_telephone(ada) not in sign_in().get(of(ada)).text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_a_place_is_passed_on_by_keyboard(
    page: Page, live_server: Any, assert_accessible: Any, width
):
    session = a_session(2)
    ada = a_registration(session, ADA, name="Ada Puig")
    ask(ada, POL, "Pol Vila")
    superuser = a_user(is_superuser=True, language="ca")
    signing_in.sign_in(page.context, superuser, live_server.url)
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(of(ada))
    assert_accessible(page)
    press(page, page.get_by_role("link", name="Envia-hi algú altre"))
    write(page, page.get_by_label("Nom"), "Mar Serra")
    write(page, page.get_by_label("Correu electrònic"), MAR)
    press(page, page.get_by_role("button", name="Continua"))
    expect(page.get_by_role("main")).to_contain_text("S’avisaran 3 persones")
    expect(page.get_by_role("main")).to_contain_text("Pol Vila ja no cal")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    press(page, page.get_by_role("button", name="Sí, passa la plaça"))
    expect(page.get_by_role("main")).to_contain_text("Mar Serra té plaça.")

    assert_accessible(page)
    assert session.registrations.active().get().email == MAR
