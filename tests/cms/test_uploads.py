"""What the staff hand in is judged by its content, and given out so that it can do
nothing; beside that way there is no other."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import clear_url_caches, reverse
from wagtail.models import Collection, CollectionViewRestriction

import cms.urls
from cms import uploads
from cms.models import CustomDocument, CustomImage, HomePage
from tests.factories import a_user
from tests.factories.files import (
    HTML,
    PDF,
    SVG,
    archive,
    odf,
    office,
    packed,
    picture,
)
from tests.factories.pages import a_home

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file that it makes a rendition in to the collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
]


@pytest.fixture(autouse=True)
def here(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    a_home()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(a_user(is_superuser=True))
    return client


def hand_in(staff: Client, name: str, content: bytes):
    """Upload it as a person does: with the form that has one file."""
    prefix = "document-chooser-upload"
    return staff.post(
        reverse("wagtaildocs_chooser:create"),
        {
            f"{prefix}-title": "Una acta",
            f"{prefix}-file": SimpleUploadedFile(name, content),
            f"{prefix}-collection": Collection.get_first_root_node().pk,
        },
    )


# What is taken -----------------------------------------------------------------


GOOD = {
    "acta.pdf": PDF,
    "dades.csv": "Ens;Població\nVic;47.630\n".encode(),
    "dades-excel.csv": b"\xef\xbb\xbfEns;Poblaci\xc3\xb3\n",
    "carta.docx": office(),
    "full.xlsx": office("xl/workbook.xml"),
    "ponencia.pptx": office("ppt/presentation.xml"),
    "carta.odt": odf(),
    "full.ods": odf("spreadsheet"),
    "ponencia.odp": odf("presentation"),
    "veu.mp3": b"ID3\x04" + b"\0" * 300,
    "veu.m4a": b"\0\0\0 ftypM4A " + b"\0" * 300,
    "veu.ogg": b"OggS" + b"\0" * 300,
    "imatge.mp4": b"\0\0\0 ftypisom\0\0\2\0isomiso2mp41" + b"\0" * 300,
    "imatge.webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm" + b"\0" * 300,
    "subtitols.vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\nBon dia\n",
    "tot.zip": archive(dades_csv=b"a;b", mapa__a_png=b"x"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_work_with_is_taken(staff, name):
    hand_in(staff, name, GOOD[name])

    assert CustomDocument.objects.get().title == "Una acta"


def test_every_kind_that_is_offered_has_its_judge(settings):
    assert set(settings.WAGTAILDOCS_EXTENSIONS) == set(uploads.JUDGES)
    assert {name.rpartition(".")[2] for name in GOOD} == set(uploads.JUDGES)


# What is refused ---------------------------------------------------------------


def lying_bomb() -> bytes:
    """Half a gigabyte of nothing that says it is ten octets."""
    bomb = bytearray(packed({"a.csv": b"\0" * (uploads.MOST_UNPACKED + 1)}))
    directory = bomb.rfind(b"PK\x01\x02")
    bomb[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    return bytes(bomb)


def locked() -> bytes:
    file = bytearray(archive(a_csv=b"a;b"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        file[file.rfind(mark) + at] |= 1
    return bytes(file)


BAD = {
    "a page as a PDF": ("acta.pdf", HTML),
    "a picture as a PDF": ("acta.pdf", picture("PNG")),
    "a program as a PDF": ("acta.pdf", b"MZ\x90\0" + PDF),
    "an archive hidden in a PDF": ("acta.pdf", PDF + archive(a_csv=b"a")),
    "a PDF behind a page": ("acta.pdf", HTML + PDF),
    "a page as a video": ("video.mp4", HTML),
    "a program as a sound": ("veu.mp3", b"MZ\x90\0" * 20),
    "a page as captions": ("subtitols.vtt", HTML),
    "an archive hidden in a sound": ("veu.mp3", b"ID3\4" + archive(a_csv=b"a")),
    "a page as rows": ("dades.csv", HTML),
    "a page as rows, after a mark": ("dades.csv", b"\xef\xbb\xbf \n" + HTML),
    "a drawing as rows": ("dades.csv", SVG),
    "a program as rows": ("dades.csv", b"MZ\x90 program"),
    "a script as rows": ("dades.csv", b"#!/bin/sh\nrm -rf /\n"),
    "rows in another alphabet": ("dades.csv", "a;b".encode("utf-16")),
    "an archive as a letter": ("carta.docx", archive(a_csv=b"a")),
    "a sheet as a letter": ("carta.docx", office("xl/workbook.xml")),
    "a letter with macros": ("carta.docx", office(word__vbaProject__bin=b"").replace(
        b"vbaProject/bin", b"vbaProject.bin"
    )),
    "a sheet of the other office": ("full.ods", odf("text")),
    "an open letter with macros": ("carta.odt", odf(Basic__Standard__a="x")),
    "an open letter with scripts": ("carta.odt", odf(Scripts__python__a="x")),
    "a program in an archive": ("tot.zip", archive(setup_exe=b"MZ")),
    "a script in an archive": ("tot.zip", archive(dins__a_vbs=b"x")),
    "an archive in an archive": ("tot.zip", archive(a_zip=archive(b_csv=b"a"))),
    "a program before an archive": ("tot.zip", b"MZ\x90" + archive(a_csv=b"a")),
    "an archive cut short": ("tot.zip", archive(a_csv=b"a" * 99)[:-30]),
    "an archive with a tail": ("tot.zip", archive(a_csv=b"a") + HTML),
    "an archive that climbs out": ("tot.zip", packed({"../../etc/cron": b"x"})),
    "an archive that starts at the root": ("tot.zip", packed({"/etc/cron": b"x"})),
    "an archive of another system": ("tot.zip", packed({"C:\\a.csv": b"x"})),
    "a locked archive": ("tot.zip", locked()),
    "an archive of very many": ("tot.zip", packed(
        {f"{n}.csv": b"" for n in range(uploads.MOST_ENTRIES + 1)}
    )),
    "a kind nobody offers": ("pagina.html", HTML),
    "a drawing": ("dibuix.svg", SVG),
    "a program": ("programa.exe", b"MZ"),
    "two extensions": ("acta.pdf.exe", b"MZ"),
    "no extension": ("acta", PDF),
    "nothing at all": ("acta.pdf", b""),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_what_it_says_or_does_harm_is_refused_in_words(staff, what):
    name, content = BAD[what]

    answer = hand_in(staff, name, content)

    assert answer.status_code == 200
    assert not CustomDocument.objects.exists()
    assert list(Path(uploads_folder()).rglob("*.*")) == []
    form = answer.json()["htmlFragment"]
    assert re.search(r'error-message[^"]*"[^>]*>\s*(?:<svg.*?</svg>)?\s*\w', form, re.S)
    assert "Una acta" in form, "what was written is not lost"
    assert "“”" not in form, "it is said once, and rightly"


def uploads_folder() -> Path:
    return Path(CustomDocument._meta.get_field("file").storage.location)


@pytest.mark.slow
@pytest.mark.parametrize("lies", [False, True])
def test_an_archive_that_grows_without_end_is_refused_whatever_it_says(staff, lies):
    bomb = lying_bomb()
    if not lies:
        bomb = packed({"a.csv": b"\0" * (uploads.MOST_UNPACKED + 1)})
    assert len(bomb) < uploads.MOST

    answer = hand_in(staff, "tot.zip", bomb)

    assert "Desempaquetat" in answer.json()["htmlFragment"]
    assert not CustomDocument.objects.exists()


def test_what_is_too_big_is_refused(staff, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", 10)

    answer = hand_in(staff, "acta.pdf", PDF)

    assert "com a màxim" in answer.json()["htmlFragment"]


def test_many_files_at_once_are_judged_too(staff):
    answer = staff.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "a", "files[]": SimpleUploadedFile("acta.pdf", HTML)},
    )

    assert answer.json()["success"] is False
    assert "PDF" in answer.json()["error_message"]
    assert not CustomDocument.objects.exists()


# Names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("acta\u202efdp.exe.pdf", "actafdp.exe.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\dades\\acta.pdf", "acta.pdf"),
        ("ac\0ta.pdf", "acta.pdf"),
        ("acta\r\nSet-Cookie: a.pdf", "actaSet-Cookie a.pdf"),
        ("x" * 300 + ".pdf", "x" * 60 + ".pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("Acta de la sessió.PDF", "Acta de la sessió.pdf"),
        ("\u200b.pdf", "pdf"),
    ],
)
def test_a_name_neither_deceives_nor_breaks(given, kept):
    assert uploads.tidy_name(given).replace(":", "") == kept


def test_a_long_name_is_made_shorter_and_not_refused(staff):
    hand_in(staff, "ò" * 200 + ".pdf", PDF)

    assert CustomDocument.objects.get().filename.endswith(".pdf")


# Giving out --------------------------------------------------------------------


def a_document(name: str = "acta.pdf", **values: Any) -> CustomDocument:
    file = ContentFile(PDF, name)
    return CustomDocument.objects.create(title="Acta", file=file, **values)


@pytest.mark.parametrize("name", ["acta.pdf", "Ordre del dia “nou” ò.pdf", "a.csv"])
def test_a_document_is_saved_and_never_shown(client: Client, name):
    document = a_document(name)

    answer = client.get(document.url)

    assert b"".join(answer.streaming_content) == PDF
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert not re.search(r"[^\x20-\x7e]", disposition)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def private_to(group: Group) -> CollectionViewRestriction:
    root = Collection.get_first_root_node()
    collection = root.add_child(name="Privada")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(group)
    return restriction


def test_a_private_document_is_for_its_people_alone_each_time_it_is_asked_for():
    group = Group.objects.create(name="Els seus")
    document = a_document(collection=private_to(group).collection)
    other, mine = Client(), Client()
    other.force_login(a_user())
    one = a_user()
    one.groups.add(group)
    mine.force_login(one)

    nobody = Client().get(document.url)
    assert nobody.status_code == 302
    assert "/account/login/" in nobody.url
    assert other.get(document.url).status_code == 403, "not led to sign in for ever"
    allowed = mine.get(document.url)
    assert b"".join(allowed.streaming_content) == PDF
    for answer in (nobody, allowed):
        assert "no-store" in answer["Cache-Control"]

    one.groups.remove(group)
    tag = allowed.get("ETag", '"x"')
    again = mine.get(document.url, headers={"if-none-match": tag})
    assert again.status_code == 403


def test_no_password_is_shared_by_many(staff):
    """It would lie readable in the database, and never change."""
    collection = Collection.get_first_root_node().add_child(name="Privada")
    for name, key in (
        ("wagtailadmin_collections:set_privacy", collection.pk),
        ("wagtailadmin_pages:set_privacy", HomePage.objects.get().pk),
    ):
        form = staff.get(reverse(name, args=[key])).json()["html"]
        assert 'value="groups"' in form
        assert 'value="password"' not in form


def test_an_open_document_is_asked_for_again_each_time_since_it_may_become_private():
    document = a_document()

    answer = Client().get(document.url)
    assert b"".join(answer.streaming_content) == PDF
    again = Client().get(document.url, headers={"if-none-match": answer["ETag"]})

    assert "no-cache" in answer["Cache-Control"]
    assert again.status_code == 304
    for each in (answer, again):
        assert each["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "address",
    [
        "/documents/1/another.pdf",
        "/documents/9999999999999999999999/acta.pdf",
        f"/documents/{'9' * 5000}/acta.pdf",
        "/documents/x/acta.pdf",
        "/documents/authenticate_with_password/1/",
    ],
)
def test_a_document_that_is_not_there_is_not_found(client: Client, address):
    assert client.get(address, follow=True).status_code == 404


# Beside it ---------------------------------------------------------------------


@pytest.fixture
def at_the_developers(settings, monkeypatch):
    """The addresses of development, where no proxy hands out files."""
    settings.DEBUG = True
    importlib.reload(cms.urls)
    clear_url_caches()
    yield
    settings.DEBUG = False
    importlib.reload(cms.urls)
    clear_url_caches()


def test_files_are_not_handed_out_beside_the_way_that_asks(
    client: Client, at_the_developers
):
    document = a_document()
    image = CustomImage.objects.create(
        title="Foto", file=ContentFile(picture(), "foto.jpg")
    )
    rendition = image.get_rendition("max-20x20")

    assert b"".join(client.get(rendition.url).streaming_content)
    for hidden in (
        f"/media/{document.file.name}",
        f"/media/images/../{document.file.name}",
        f"/media/images/%2e%2e/{document.file.name}",
        f"/media/images//{document.file.path}",
        "/media/wagtail_uploads/a.pdf",
        "/media/",
        "/media/images/",
    ):
        answer = client.get(hidden, follow=True)
        assert answer.status_code in (400, 404), hidden
    assert client.get(image.file.url).status_code == 302, "to sign in"


def test_the_original_of_a_picture_is_for_who_works_with_pictures(staff):
    image = CustomImage.objects.create(
        title="Foto", file=ContentFile(picture(), "foto.jpg")
    )
    guest = Client()
    guest.force_login(a_user(is_staff=False))

    answer = staff.get(image.file.url)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == picture()
    assert guest.get(image.file.url).status_code in (302, 403)
    assert Client().get(image.file.url).status_code == 302
    assert staff.get("/media/original_images/altra.jpg").status_code == 404


def test_nobody_guesses_the_address_of_a_rendition():
    private = private_to(Group.objects.create(name="Els seus")).collection
    image = CustomImage.objects.create(
        title="Foto", file=ContentFile(picture(), "foto.jpg"), collection=private
    )

    name = image.get_rendition("fill-96x96").file.name

    assert re.fullmatch(r"images/[0-9a-f]{16}\.foto.*", name)


def test_the_proxy_hands_out_renditions_and_nothing_else():
    """Of what was uploaded: the rest asks the site."""
    compose = (ROOT / "docker-compose.yml").read_text()
    caddyfile = compose.partition("caddyfile:")[2].partition("volumes:")[0]

    served = re.findall(r"handle(?:_path)? (/media\S*)", caddyfile)
    assert served == ["/media/images/*"]
    assert "root * /srv/media/images" in caddyfile
    assert "./media" not in caddyfile
