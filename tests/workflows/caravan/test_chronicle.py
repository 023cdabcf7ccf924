"""Writing the chronicle of a stop and its pictures, by the pages of its rapporteur."""

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image
from pillow_heif import HeifImagePlugin  # noqa: F401 (Pillow writes HEIC with it)

from tests.factories.acting import a_town, acting
from tests.factories.caravan import TOLD
from tests.factories.cases import a_unit, a_worker
from tests.factories.files import HTML
from tests.factories.pages import a_home
from tests.workflows.caravan.sides import Sides
from tests.workflows.requesting.pages import browser, words
from workflows.caravan.models import Photograph
from workflows.caravan.sides import chronicle, photographs

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def site() -> None:
    cache.clear()
    a_home()


def typed(way: Sides, **more: Any) -> dict[str, Any]:
    return {**TOLD, "version": chronicle.of(way.stop).version, **more}


def kept(way: Sides) -> dict[str, str]:
    return chronicle.of(way.stop).written


# Writing ------------------------------------------------------------------------------


def test_each_section_asks_its_question_and_what_was_written_is_found_again():
    way = Sides("visit")
    client, address = way.as_teller(), way.of("caravan_chronicle")

    page = client.get(address)
    for section in chronicle.SECTIONS:
        assert str(section.help) in words(page)
    saved = client.post(address, typed(way, cost="low", team="Dues\r\nratlles"))
    page = client.get(saved.url).content.decode()

    assert "Dues\nratlles" in page
    assert kept(way)["cost"] == "low"
    assert 'name="send"' not in page


def test_the_script_is_told_when_it_was_saved_and_as_which_version():
    way = Sides("chronicle")

    said = way.as_teller().post(way.of("caravan_chronicle"), typed(way), **JSON).json()

    assert said["version"] == 1
    assert "Saved" in said["words"]
    assert kept(way) == TOLD


def test_what_was_saved_in_another_tab_is_not_written_over():
    way = Sides("chronicle")
    client, address = way.as_teller(), way.of("caravan_chronicle")
    old = typed(way, problem="El meu", send="1")
    client.post(address, typed(way, problem="L’altre"))

    script, page = client.post(address, old, **JSON), client.post(address, old)

    assert script.status_code == page.status_code == 409
    assert "L’altre" in words(page)
    assert "El meu" in page.content.decode()
    assert kept(way)["problem"] == "L’altre"
    assert way.again().decision == "held"


def test_signed_out_or_with_a_token_of_before_nothing_is_lost():
    way = Sides("chronicle")
    address = way.of("caravan_chronicle")

    late = Client().post(address, typed(way))
    client = way.as_teller(enforce_csrf_checks=True)
    page, script = client.post(address, typed(way)), client.post(address, {}, **JSON)

    assert late.status_code == 401
    assert page.status_code == script.status_code == 403
    assert script.json()["token"]
    for each in (late, page):
        assert TOLD["problem"] in each.content.decode()
    assert kept(way) == {}


def test_who_comes_in_her_place_goes_on_with_what_was_written():
    way = Sides("visit")
    way.as_teller().post(way.of("caravan_chronicle"), typed(way))

    way.as_teller().post(way.of("caravan_leave"), {"reason": "Sóc fora"})
    late = way.as_teller().post(way.of("caravan_chronicle"), typed(way, team="Tard"))

    assert late.status_code == 410
    assert "Tard" in words(late)
    assert kept(way) == TOLD


# Sending ------------------------------------------------------------------------------


def test_what_is_missing_is_said_first_and_kept_all_the_same():
    way = Sides("chronicle")
    sent = typed(way, advice="", problem="x" * 5001, cost="free", team="Dos", send="1")

    page = way.as_teller().post(way.of("caravan_chronicle"), sent)

    assert page.status_code == 422
    said = words(page)
    assert "There are 3 things to correct" in said
    assert "5001" in said
    assert kept(way)["team"] == "Dos"
    assert way.again().decision == "held"


def test_it_is_sent_to_the_host_who_reads_what_was_sent_and_not_what_is_written():
    way = Sides("chronicle")
    client, address = way.as_teller(), way.of("caravan_chronicle")

    sent = client.post(address, typed(way, send="1"))
    assert sent.url == f"{way.of()}?sent=1"
    again = client.post(address, typed(way, problem="Massa tard", send="1"))

    assert again.status_code == 410
    assert "Massa tard" in words(again)
    page = words(way.as_host().get(way.of("caravan_validate")))
    assert TOLD["problem"] in page
    assert "Massa tard" not in page


def test_before_the_visit_was_held_nothing_is_sent():
    way = Sides("visit")

    page = way.as_teller().post(way.of("caravan_chronicle"), typed(way, send="1"))

    assert page.status_code == 422
    assert chronicle.of(way.stop).sent == {}
    assert kept(way) == TOLD


# Pictures -----------------------------------------------------------------------------


def drawn(kind: str = "JPEG", side: int = 60) -> bytes:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ada Puig"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 23.0, 12.0)
    out = BytesIO()
    picture = Image.new("RGB", (side, side // 2), "teal")
    picture.save(out, kind, exif=exif.tobytes())
    return out.getvalue()


def read(answer: Any) -> bytes:
    """The picture that was given."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def picture(content: bytes, name: str = "visita.jpg", **more: Any) -> dict[str, Any]:
    said = {"alt": "La finestreta", "consent": "on", **more}
    return {**said, "file": SimpleUploadedFile(name, content)}


@pytest.mark.parametrize(
    ("kind", "name"),
    [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("HEIF", "a.heic")],
)
def test_a_picture_is_kept_without_what_it_says_of_its_place_and_at_most_so_big(
    kind, name
):
    way = Sides("visit")
    client = way.as_teller()

    done = client.post(
        way.of("caravan_photographs"), picture(drawn(kind, side=3000), name)
    )

    assert done.status_code == 302
    row = Photograph.objects.get()
    shown = client.get(way.of("caravan_picture", row.pk))
    content = read(shown)
    with Image.open(BytesIO(content)) as found:
        assert found.size == (2400, 1200) == (row.width, row.height)
        assert not found.getexif()
    assert b"Ada Puig" not in content
    assert row.is_ready
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (HTML, "a.jpg", "a.jpg"),
        (HTML, "a.html", "Files of this kind are not taken"),
        (b"", "a.jpg", "empty"),
        (b"\xff\xd8\xff" + b"x" * 200, "a.jpg", "."),
    ],
)
def test_what_is_no_picture_is_refused_with_words_that_were_typed_kept(
    content, name, said
):
    way = Sides("visit")

    page = way.as_teller().post(
        way.of("caravan_photographs"), picture(content, name, alt="No la perdo")
    )

    assert page.status_code == 422
    assert 'value="No la perdo"' in page.content.decode()
    assert not Photograph.objects.exists()


def test_one_that_is_too_heavy_is_refused_with_the_limit():
    way = Sides("visit")
    heavy = drawn() + b"\0" * photographs.HEAVIEST

    page = way.as_teller().post(way.of("caravan_photographs"), picture(heavy))

    assert page.status_code == 422
    assert "at most 15\N{NO-BREAK SPACE}MB" in page.content.decode()


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"alt": " "}, "Write what it shows."),
        ({"consent": ""}, "Without the consent of who is in it"),
    ],
)
def test_none_is_taken_without_words_and_consent(lacking, said):
    way = Sides("visit")
    sent = {name: one for name, one in picture(drawn(), **lacking).items() if one}

    page = way.as_teller().post(way.of("caravan_photographs"), sent)

    assert page.status_code == 422
    assert said in words(page)
    assert not Photograph.objects.exists()


def a_picture(way: Sides) -> Photograph:
    way.as_teller().post(way.of("caravan_photographs"), picture(drawn()))
    return Photograph.objects.latest("pk")


def test_what_a_picture_shows_is_changed_and_one_is_taken_away_with_its_file():
    way = Sides("visit")
    row, client = a_picture(way), way.as_teller()
    address = way.of("caravan_photograph", row.pk)

    client.post(address, {"alt": "La plaça", "consent": "on"})
    assert Photograph.objects.get().alt == "La plaça"
    assert client.post(address, {"alt": ""}).status_code == 422
    gone = client.post(address, {"away": "1"})

    assert "removed" in gone.url
    assert not Photograph.objects.exists()
    assert "gone" in client.post(address, {"away": "1"}).url


def test_a_picture_without_words_or_consent_keeps_the_chronicle_from_being_sent():
    way = Sides("chronicle")
    row = a_picture(way)
    Photograph.objects.filter(pk=row.pk).update(consent=False)

    page = way.as_teller().post(way.of("caravan_chronicle"), typed(way, send="1"))

    assert page.status_code == 422
    assert "1 picture lacks words" in words(page)


def test_only_both_sides_and_the_team_see_a_picture():
    way = Sides("visit")
    address = way.of("caravan_picture", a_picture(way).pk)
    coordinator, other = Client(), Client()
    coordinator.force_login(way.house.coordinator)
    other.force_login(a_worker(a_unit()))

    for client in (way.as_host(), way.as_teller(), coordinator):
        assert read(client.get(address))
    assert browser(acting(a_town())).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert other.get(address).status_code != 200


def test_the_host_sees_the_pictures_and_takes_none_away():
    way = Sides("chronicle")
    row = a_picture(way)
    way.as_teller().post(way.of("caravan_chronicle"), typed(way, send="1"))

    page = way.as_host().get(way.of("caravan_validate"))

    assert "La finestreta" in words(page)
    assert way.of("caravan_picture", row.pk) in page.content.decode()
    away = way.as_host().post(way.of("caravan_photograph", row.pk), {"away": "1"})
    assert away.status_code == 404
    late = way.as_teller().post(way.of("caravan_photograph", row.pk), {"away": "1"})
    assert late.status_code == 410
    assert Photograph.objects.exists()


def test_a_chronicle_takes_so_many_pictures_and_says_when_it_is_full(monkeypatch):
    monkeypatch.setattr(photographs, "MOST", 1)
    way = Sides("visit")
    a_picture(way)

    page = way.as_teller().post(way.of("caravan_photographs"), picture(drawn()))

    assert page.status_code == 422
    assert Photograph.objects.count() == 1
