"""Parts of documents, which players of sound and video ask for."""

import pytest
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from tests.factories.pages import a_document

pytestmark = pytest.mark.django_db

DIGITS = b"0123456789"


@pytest.fixture
def address(settings, tmp_path) -> str:
    settings.MEDIA_ROOT = tmp_path
    return a_document("veu.mp3", DIGITS).url


def got(client: Client, address: str, **headers: str):
    return client.get(address, headers=headers)


def test_the_whole_says_that_parts_can_be_had(client: Client, address):
    response = got(client, address)

    assert response.status_code == 200
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Type"] == "audio/mpeg"
    assert response.getvalue() == DIGITS


@pytest.mark.parametrize(
    ("asked", "octets", "where"),
    [
        ("bytes=0-", DIGITS, "0-9"),
        ("bytes=0-0", b"0", "0-0"),
        ("bytes=2-4", b"234", "2-4"),
        ("bytes=7-", b"789", "7-9"),
        ("bytes=7-99", b"789", "7-9"),
        ("bytes=-3", b"789", "7-9"),
        ("bytes=-99", DIGITS, "0-9"),
    ],
)
def test_a_part_is_what_was_asked_for(client: Client, address, asked, octets, where):
    response = got(client, address, range=asked)

    assert response.status_code == 206
    assert response.getvalue() == octets
    assert response["Content-Length"] == str(len(octets))
    assert response["Content-Range"] == f"bytes {where}/10"
    # As safe as the whole.
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(client: Client, address, asked):
    response = got(client, address, range=asked)

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=4-2",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "octets=0-1",
        "bytes=" + "9" * 400 + "-",
        "bytes=\u0661-",
    ],
)
def test_who_asks_for_nonsense_gets_the_whole(client: Client, address, asked):
    response = got(client, address, range=asked)

    assert response.status_code == 200
    assert response.getvalue() == DIGITS


def test_a_file_that_changed_meanwhile_comes_whole(client: Client, address):
    first = got(client, address)
    assert first.getvalue() == DIGITS
    tag = first["ETag"]

    same = got(client, address, range="bytes=2-4", if_range=tag)
    other = got(client, address, range="bytes=2-4", if_range='"another"')

    assert (same.status_code, same.getvalue()) == (206, b"234")
    assert (other.status_code, other.getvalue()) == (200, DIGITS)


def test_who_may_not_have_the_whole_gets_no_part(client: Client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    private = Collection.get_first_root_node().add_child(name="Privada")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    document = a_document("veu.mp3", DIGITS)
    document.collection = private
    document.save()

    response = got(client, document.url, range="bytes=0-")

    assert response.status_code == 302
