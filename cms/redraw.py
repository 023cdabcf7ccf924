"""Draw a picture anew from its pixels: `python -I redraw.py <taken >drawn`.

All else that the file holds stays behind: where and by whom it was taken (EXIF, XMP,
IPTC), thumbnails, comments, whatever follows its end. What comes out stands upright, is
in sRGB and at most LONGEST pixels long and wide: a JPEG, or a PNG if it came as a
drawing or lets something shine through. Of pictures that move, the first one.

A process of its own, without Django: 40 million pixels take up to 650 MB for seconds,
which no web worker should grow by, and whoever breaks a decoder breaks this one.
"""

import resource
import sys
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps
from pillow_heif import HeifImagePlugin  # noqa: F401 (Pillow reads HEIC with it)

# What a telephone's 12 million pixels are long (4032, 4080); twice and a half of what
# pages show.
LONGEST = 4096
FORMATS = ("AVIF", "GIF", "HEIF", "JPEG", "PNG", "WEBP")
DRAWN = ("GIF", "PNG")

# Octets and seconds of processor that one picture may take.
MOST_MEMORY = 1_500 * 1024 * 1024
MOST_SECONDS = 30


def redraw(taken: BinaryIO) -> bytes:
    """The picture in `taken` as a JPEG or a PNG. Raises what Pillow raises if it is
    damaged."""
    picture = Image.open(taken, formats=FORMATS)
    was_drawn = picture.format in DRAWN
    # A JPEG is unpacked at a half, a quarter … of its size, for as much less memory.
    times = 1
    while max(picture.size) / times > LONGEST:
        times *= 2
    picture.draft(None, (picture.width // times, picture.height // times))
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2)
    picture = in_srgb(ImageOps.exif_transpose(picture))
    shines = picture.mode == "RGBA" and picture.getextrema()[3][0] < 255
    if not shines:
        picture = picture.convert("RGB")
    picture.info.clear()
    drawn = BytesIO()
    if shines or was_drawn:
        # A fifth of the time of Pillow's own choice, a tenth bigger.
        picture.save(drawn, "PNG", compress_level=3)
    else:
        picture.save(drawn, "JPEG", quality=90)
    return drawn.getvalue()


def in_srgb(picture: Image.Image) -> Image.Image:
    """`picture` in RGB or RGBA, its colours as its own profile says they look."""
    if picture.mode.startswith("I"):
        # Greys of 16 bits.
        picture = picture.point(lambda grey: grey / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture.convert(mode)
    if picture.mode not in ("CMYK", "L"):
        picture = picture.convert(mode)
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, own, srgb, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        # A broken profile, or that of another kind of picture: as if there were none.
        return picture.convert(mode)


def limit(what: int, most: int) -> None:
    """Take no more than `most` of it, nor than who started this allows."""
    _, allowed = resource.getrlimit(what)
    if allowed != resource.RLIM_INFINITY:
        most = min(most, allowed)
    resource.setrlimit(what, (most, allowed))


if __name__ == "__main__":
    limit(resource.RLIMIT_DATA, MOST_MEMORY)
    limit(resource.RLIMIT_CPU, MOST_SECONDS)
    sys.stdout.buffer.write(redraw(sys.stdin.buffer))
