"""The page that tells how the team is asked: what it promises is what is so."""

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms.models import HomePage, SiteSettings
from cms.search.kinds import kinds
from tests.factories.cases import a_unit, a_worker
from tests.factories.pages import a_consultation_page, a_home, make_private
from workflows.consultation.models import ConsultationPage, ConsultationSettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking() -> ConsultationPage:
    cache.clear()
    caches["pages"].clear()
    return a_consultation_page(a_home(), lead="Pregunteu el que vulgueu.")


def read(page: Page) -> str:
    return Client().get(page.url).content.decode()


@pytest.fixture
def settings_of_all() -> ConsultationSettings:
    return ConsultationSettings.objects.create(unit=a_unit("Recepció"), answer_days=7)


def test_it_says_who_answers_and_by_when_as_it_is_set_at_that_moment(
    asking, settings_of_all, settings, django_capture_on_commit_callbacks
):
    settings.REMEMBERED_SECONDS = 60
    words = read(asking)
    for said in ("7 dies hàbils", "Recepció", f'href="{reverse("ask")}"'):
        assert said in words

    with django_capture_on_commit_callbacks(execute=True):
        settings_of_all.answer_days = 1
        settings_of_all.save()
    assert "<strong>1 dia hàbil</strong>" in read(asking)

    with django_capture_on_commit_callbacks(execute=True):
        settings_of_all.unit.name = "Finestreta"
        settings_of_all.unit.save()
    assert "Finestreta" in read(asking)


def test_while_nobody_sorts_it_says_so_and_leads_elsewhere(asking):
    SiteSettings.objects.create(email="equip@placa.example")

    words = read(asking)

    assert "Ara per ara no es pot preguntar des d’aquí" in words
    assert "equip@placa.example" in words
    assert f'href="{reverse("ask")}"' not in words


def test_the_form_leads_to_it_unless_it_is_not_for_everybody(asking, settings_of_all):
    form = reverse("ask")
    assert f'href="{asking.url}"' in Client().get(form).content.decode()

    make_private(asking)

    assert f'href="{asking.url}"' not in Client().get(form).content.decode()


def test_it_is_found_like_any_page_and_there_is_one_below_the_home_page(asking):
    assert any(ConsultationPage in kind.models for kind in kinds())
    home = asking.get_parent().specific
    assert ConsultationPage in HomePage.allowed_subpage_models()
    assert not ConsultationPage.can_create_at(home)
    assert ConsultationPage.allowed_subpage_models() == []


@pytest.mark.parametrize(
    ("role", "status"), [("Coordinators", 200), ("Case workers", 302), ("Editors", 302)]
)
def test_who_coordinates_says_who_sorts_and_how_long_it_may_take(
    settings_of_all, role, status
):
    client = Client()
    client.force_login(a_worker(role=role))
    address = "/admin/settings/consultation/consultationsettings/"
    address = f"{address}{settings_of_all.pk}/"

    assert client.get(address).status_code == status

    values = {"unit": "", "answer_days": "5", "reply_days": "5"}
    client.post(address, values)
    settings_of_all.refresh_from_db()
    assert settings_of_all.answer_days == (5 if status == 200 else 7)
