"""Files to hand in: sound ones, small, and what is no file of ours."""

import zipfile
from io import BytesIO

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive(**entries: bytes) -> bytes:
    """A ZIP archive; `__` in a name stands for a slash, and `_` for a full stop."""
    return packed(
        {n.replace("__", "/").replace("_", "."): e for n, e in entries.items()}
    )


def packed(entries: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def office(main: str = "word/document.xml", **more: bytes) -> bytes:
    return packed(
        {"[Content_Types].xml": b"<Types/>", main: b"<document/>"}
        | {name.replace("__", "/"): content for name, content in more.items()}
    )


def odf(kind: str = "text", **more: bytes) -> bytes:
    name = f"application/vnd.oasis.opendocument.{kind}".encode()
    entries = {"mimetype": name, "content.xml": b"<office/>"}
    return packed(entries | {n.replace("__", "/"): c for n, c in more.items()})


def picture(kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)
    return out.getvalue()
