"""Pictures are taken as cameras and telephones make them, and kept small, upright, in
the colours that were seen, and silent about where and by whom they were taken."""

import resource
import subprocess
import sys
import threading
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.PngImagePlugin import PngInfo
from wagtail.models import Collection

from cms import redraw, uploads
from cms.models import CustomImage
from tests.factories import a_user
from tests.factories.pages import a_home

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file that it makes a rendition in to the collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
]

# Whatever part of a file could say it.
SECRET = "Ada Puig, carrer Major"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{SECRET}</a></x:xmpmeta>'.encode()
TURNED_RIGHT = 6
NAMES = {"HEIF": "foto.heic", "JPEG": "foto.jpg"}


@pytest.fixture(autouse=True)
def here(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # of renditions of another test
    a_home()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(a_user(is_superuser=True))
    return client


def drawn(mode: str = "RGB", size: tuple[int, int] = (80, 60)) -> Image.Image:
    """Teal; red in the corner where one begins to read."""
    picture = Image.new("RGB", size, "teal")
    picture.paste("red", (0, 0, size[0] // 4, size[1] // 4))
    return picture.convert(mode)


def file(picture: Image.Image | None = None, kind: str = "JPEG", **more: Any) -> bytes:
    out = BytesIO()
    (picture or drawn()).save(out, kind, **more)
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    """Of a telephone: how it was held, whose it is and where it was."""
    said = Image.Exif()
    said[ExifTags.Base.Orientation] = orientation
    said[ExifTags.Base.Artist] = SECRET
    where = said.get_ifd(ExifTags.IFD.GPSInfo)
    where[ExifTags.GPS.GPSLatitude] = (41.0, 23.0, 12.0)
    where[ExifTags.GPS.GPSProcessingMethod] = SECRET.encode()
    return said.tobytes()


def talkative(kind: str) -> bytes:
    """A picture that says all that its format lets it say."""
    more: dict[str, Any] = {"exif": exif(), "xmp": XMP}
    if kind == "PNG":
        words = PngInfo()
        words.add_text("Author", SECRET)
        words.add_itxt("XML:com.adobe.xmp", XMP.decode())
        more = {"exif": exif(), "pnginfo": words}
    if kind == "GIF":
        more = {"comment": SECRET}
    content = file(kind=kind, **more)
    if kind == "JPEG":
        # IPTC, of news agencies, lies in APP13; a comment in COM (T.81, B.2.4).
        iptc = b"Photoshop 3.0\x008BIM\x04\x04" + SECRET.encode()
        for mark, said in ((b"\xff\xed", iptc), (b"\xff\xfe", SECRET.encode())):
            content = (
                content[:2] + mark + (len(said) + 2).to_bytes(2) + said + content[2:]
            )
    # Telephones put a short film behind, and others an archive.
    return content + SECRET.encode()


def by_chooser(staff: Client, name: str, content: bytes) -> HttpResponse:
    prefix = "image-chooser-upload"
    return staff.post(
        reverse("wagtailimages_chooser:create"),
        {
            f"{prefix}-title": "La plaça",
            f"{prefix}-file": SimpleUploadedFile(name, content),
            f"{prefix}-collection": Collection.get_first_root_node().pk,
        },
    )


def by_form(staff: Client, name: str, content: bytes) -> HttpResponse:
    taken = SimpleUploadedFile(name, content)
    return staff.post(
        reverse("wagtailimages:add"), {"title": "La plaça", "file": taken}
    )


def among_many(staff: Client, name: str, content: bytes) -> HttpResponse:
    taken = SimpleUploadedFile(name, content)
    address = reverse("wagtailimages:add_multiple")
    return staff.post(address, {"title": "La plaça", "files[]": taken})


WAYS = [by_chooser, by_form, among_many]


def said(answer: HttpResponse) -> str:
    """What the person is told, by whichever way."""
    if answer["Content-Type"] != "application/json":
        return answer.text
    data = answer.json()
    return data.get("error_message") or data.get("htmlFragment") or data["form"]


def kept(staff: Client, content: bytes, name: str = "foto.jpg") -> Image.Image:
    """What is stored when `content` is handed in."""
    by_chooser(staff, name, content)
    with Image.open(CustomImage.objects.get().file.path) as picture:
        picture.load()
    return picture


def near(picture: Image.Image, at: tuple[int, int], colour: tuple[int, ...]) -> bool:
    found = picture.convert("RGBA" if len(colour) == 4 else "RGB").getpixel(at)
    return all(abs(a - b) < 24 for a, b in zip(found, colour, strict=True))


# What is taken -----------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "kind", "became"),
    [
        ("IMG_1234.HEIC", "HEIF", ".jpg"),
        ("foto.jpeg", "JPEG", ".jpg"),
        ("captura.png", "PNG", ".png"),
    ],
)
def test_each_way_takes_what_telephones_and_screens_make(
    staff, way, name, kind, became
):
    way(staff, name, file(kind=kind))

    image = CustomImage.objects.get()
    assert (image.width, image.height) == (80, 60)
    assert Path(image.file.name).suffix == became
    assert image.file_size == Path(image.file.path).stat().st_size
    assert image.file_hash
    assert image.get_rendition("max-20x20").width == 20


@pytest.mark.parametrize(
    ("name", "kind", "became"),
    [
        ("foto.avif", "AVIF", "JPEG"),
        ("foto.webp", "WEBP", "JPEG"),
        ("dibuix.gif", "GIF", "PNG"),
        # Messengers and telephones name things as they please.
        ("foto.jpg", "WEBP", "JPEG"),
        ("foto.png", "HEIF", "JPEG"),
        ("foto.HEIC", "JPEG", "JPEG"),
    ],
)
def test_a_picture_is_what_it_holds_whatever_its_name(staff, name, kind, became):
    picture = kept(staff, file(kind=kind), name)

    assert picture.format == became
    assert near(picture, (5, 5), (255, 0, 0))
    assert near(picture, (70, 50), (0, 128, 128))


def test_a_long_picture_is_made_as_long_as_pages_may_need(staff):
    drawing, photograph = drawn(size=(5000, 20)), drawn(size=(5000, 40))

    by_chooser(staff, "dibuix.png", file(drawing, "PNG"))
    by_chooser(staff, "foto.jpg", file(photograph))
    by_chooser(staff, "petita.jpg", file(drawn(size=(4032, 40))))

    first, second, third = CustomImage.objects.order_by("pk")
    assert first.width == redraw.LONGEST
    assert (second.width, second.height) == (2500, 20), "of a JPEG, the half"
    assert third.width == 4032, "as telephones make them"


def test_what_shines_through_stays_so(staff):
    glass = drawn("RGBA")
    glass.putalpha(100)

    picture = kept(staff, file(glass, "WEBP"), "vidre.webp")

    assert picture.format == "PNG"
    assert near(picture, (70, 50), (0, 128, 128, 100))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
def test_every_way_to_write_colours_down_is_read(staff, mode):
    source = drawn("L").convert("I").point(lambda grey: grey * 256).convert("I;16")
    if mode != "I;16":
        source = drawn(mode)

    picture = kept(staff, file(source, "PNG"), "dibuix.png")

    expected = source if mode != "I;16" else drawn("L")
    for at in ((5, 5), (70, 50)):
        assert near(picture, at, expected.convert("RGB").getpixel(at))


def test_what_was_made_for_print_is_seen_in_its_colours(staff):
    picture = kept(staff, file(drawn("CMYK")))

    assert picture.mode == "RGB"
    assert near(picture, (70, 50), (0, 128, 128))


def test_colours_of_other_cameras_are_brought_to_those_of_the_web(staff):
    """A profile that only swaps what is near: sRGB with another white."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wide = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # Red and blue change places: each tag of a profile is its name, where it lies and
    # how long it is (ICC.1:2022, 7.3).
    red, blue = wide.find(b"rXYZ"), wide.find(b"bXYZ")
    wide[red : red + 4], wide[blue : blue + 4] = b"bXYZ", b"rXYZ"

    picture = kept(staff, file(icc_profile=bytes(wide)))
    assert near(picture, (5, 5), (0, 0, 255))
    assert "icc_profile" not in picture.info

    CustomImage.objects.all().delete()
    for broken in (lab, b"no profile at all"):
        picture = kept(staff, file(icc_profile=broken))
        assert near(picture, (5, 5), (255, 0, 0)), "as if there were none"
        CustomImage.objects.all().delete()


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "PNG", "WEBP"])
def test_a_picture_stands_upright(staff, kind):
    content = file(drawn(), kind, exif=exif(TURNED_RIGHT))

    picture = kept(staff, content, NAMES.get(kind, f"foto.{kind.lower()}"))

    assert picture.size == (60, 80)
    assert near(picture, (55, 5), (255, 0, 0))
    assert not picture.getexif()


# What is not kept --------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "AVIF", "WEBP", "PNG", "GIF"])
def test_no_picture_says_where_or_by_whom_it_was_taken(staff, way, kind):
    content = talkative(kind)
    assert SECRET.encode() in content

    way(staff, NAMES.get(kind, f"foto.{kind.lower()}"), content)

    image = CustomImage.objects.get()
    for found in (image.file, image.get_rendition("max-20x20").file):
        stored = Path(found.path).read_bytes()
        assert SECRET.encode() not in stored
        with Image.open(found.path) as picture:
            assert not picture.getexif()
            assert not {"exif", "xmp", "comment", "icc_profile"} & set(picture.info)


def test_a_new_file_for_an_old_picture_is_as_silent(staff):
    image = kept_image(staff)
    old = Path(image.file.path)

    taken = SimpleUploadedFile("foto.jpg", talkative("JPEG"))
    staff.post(
        reverse("wagtailimages:edit", args=[image.pk]),
        {"title": "La plaça", "description": "Una plaça", "file": taken},
    )

    image.refresh_from_db()
    assert image.description == "Una plaça"
    assert SECRET.encode() not in Path(image.file.path).read_bytes()
    assert Path(image.file.path) != old
    assert not old.exists()


def kept_image(staff: Client) -> CustomImage:
    by_chooser(staff, "foto.jpg", file())
    return CustomImage.objects.get()


def test_nothing_is_left_of_an_upload_but_the_picture(staff, settings):
    by_chooser(staff, "foto.heic", talkative("HEIF"))

    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".jpg"}
    assert not any(SECRET.encode() in path.read_bytes() for path in files)


def test_a_big_file_on_disk_is_taken_as_a_small_one_in_memory(staff, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    among_many(staff, "foto.heic", talkative("HEIF"))

    stored = Path(CustomImage.objects.get().file.path).read_bytes()
    assert SECRET.encode() not in stored


# What is refused ---------------------------------------------------------------


def damaged(name: str) -> bytes:
    whole = file(drawn(size=(800, 600)), kind="HEIF" if "heic" in name else "JPEG")
    return whole[: len(whole) * 2 // 3]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD: dict[str, tuple[str, bytes, str]] = {
    "a drawing that runs": ("foto.svg", SVG, "format"),
    "that under another name": ("foto.png", SVG, "format"),
    "a page": ("foto.jpg", b"<!doctype html><p>", "imatge vàlida"),
    "another format": ("foto.bmp", file(kind="BMP"), "format"),
    "that under our name": ("foto.jpg", file(kind="BMP"), "format"),
    "half a photograph": ("foto.jpg", damaged("jpg"), "malmès"),
    "half of a telephone's": ("foto.heic", damaged("heic"), "malmès"),
    "hardly a photograph": ("foto.jpg", file()[:60], "malmès"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", BAD)
def test_what_nobody_can_see_is_refused_in_words(staff, way, what):
    name, content, words = BAD[what]

    answer = way(staff, name, content)

    assert answer.status_code == 200
    assert words in said(answer)
    assert not CustomImage.objects.exists()


def claims(size: int) -> bytes:
    """A PNG whose header says so many pixels each way (PNG 3rd edition, 11.2.1)."""
    huge = bytearray(file(kind="PNG"))
    huge[16:24] = size.to_bytes(4) * 2
    huge[29:33] = zlib.crc32(huge[12:29]).to_bytes(4)
    return bytes(huge)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [9_000, 60_000])
def test_more_pixels_than_cameras_have_are_refused_unread(
    staff, monkeypatch, way, size
):
    monkeypatch.setattr(uploads, "take", lambda picture: pytest.fail("read"))

    answer = way(staff, "foto.png", claims(size))

    assert "50 milions de píxels" in said(answer)
    assert not CustomImage.objects.exists()


def test_more_octets_than_we_say_are_refused(staff, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100

    answer = by_chooser(staff, "foto.jpg", file())

    assert "100" in said(answer)
    assert not CustomImage.objects.exists()


def test_as_many_pixels_as_telephones_have_are_taken(staff, monkeypatch):
    def draw_a_small_one(picture: SimpleUploadedFile) -> None:
        picture.seek(0)
        picture.truncate()
        picture.write(file(kind="PNG"))
        picture.seek(0)

    monkeypatch.setattr(uploads, "take", draw_a_small_one)

    by_chooser(staff, "foto.png", claims(6_900))

    assert CustomImage.objects.exists()


# What it costs -----------------------------------------------------------------


def test_the_web_worker_unpacks_nothing_of_what_comes(staff, monkeypatch):
    """What it takes is taken by another process, for as long as it lasts."""
    unpacked = []
    load = ImageFile.load
    monkeypatch.setattr(
        ImageFile, "load", lambda self: unpacked.append(self.size) or load(self)
    )

    by_chooser(staff, "foto.jpg", file(drawn(size=(5000, 40))))

    assert CustomImage.objects.get().width == 2500
    assert (5000, 40) not in unpacked


def test_one_picture_at_a_time_is_drawn(monkeypatch):
    running, most = [], []

    def run(*args: Any, stdout: Any, **more: Any) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        stdout.write(file())
        running.pop()

    monkeypatch.setattr(uploads.subprocess, "run", run)
    drawing = [
        threading.Thread(
            target=uploads.take, args=[SimpleUploadedFile("a.jpg", file())]
        )
        for _ in range(3)
    ]
    for thread in drawing:
        thread.start()
    for thread in drawing:
        thread.join()

    assert most == [1, 1, 1]


def test_who_takes_for_ever_is_stopped(staff, monkeypatch):
    monkeypatch.setattr(uploads, "REDRAW_SECONDS", 0.01)

    answer = by_chooser(staff, "foto.jpg", file())

    assert "malmès" in said(answer)
    assert not CustomImage.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "enough"), [("JPEG", 150), ("PNG", 400)])
def test_forty_million_pixels_fit_in_so_many_megabytes(tmp_path, kind, enough):
    content = file(Image.new("RGB", (7728, 5152), "teal"), kind)

    def limit() -> None:
        octets = enough * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (octets, octets))

    command = [sys.executable, "-I", redraw.__file__]
    done = subprocess.run(
        command, input=content, capture_output=True, check=True, preexec_fn=limit
    )

    with Image.open(BytesIO(done.stdout)) as picture:
        assert 2_000 < picture.width <= redraw.LONGEST
