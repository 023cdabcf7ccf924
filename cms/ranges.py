"""A part of a file, for who asks for no more (RFC 9110, 14): players need it to go to
a minute of a video, and some do not play at all without."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CHUNK = 64 * 1024
# One range. Who asks for several gets the whole, as the standard allows.
RANGE = re.compile(r"^bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})$")


def part_of(request: HttpRequest, whole: HttpResponseBase) -> HttpResponseBase:
    """Of the file that `whole` answers with, what `request` asks for."""
    if not isinstance(whole, FileResponse) or whole.status_code != 200:
        return whole
    whole.headers["Accept-Ranges"] = "bytes"
    match = RANGE.match(request.headers.get("Range", ""))
    if request.method != "GET" or not match or not _is_same(request, whole):
        return whole
    size = int(whole.headers["Content-Length"])
    asked = _octets(match, size)
    if asked is None:
        return whole
    if not asked:
        whole.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = StreamingHttpResponse(_Part(whole, asked), status=206, headers=whole.headers)
    part.headers["Content-Length"] = str(len(asked))
    part.headers["Content-Range"] = f"bytes {asked[0]}-{asked[-1]}/{size}"
    return part


def _is_same(request: HttpRequest, whole: FileResponse) -> bool:
    """Whether the asker's first part is of the file as it is now."""
    known = request.headers.get("If-Range")
    return known in (None, whole.get("ETag"), whole.get("Last-Modified"))


def _octets(match: re.Match[str], size: int) -> range | None:
    """Which octets are meant: none if there are no such, None if nothing is."""
    if match["first"]:
        first, last = int(match["first"]), int(match["last"] or size - 1)
        if match["last"] and last < first:
            return None
    elif match["last"]:
        first, last = max(size - int(match["last"]), 0), size - 1
        if match["last"].strip("0") == "":
            return range(0)
    else:
        return None
    return range(first, min(last, size - 1) + 1)


class _Part:
    """Some octets of the file of an answer, chunk after chunk."""

    def __init__(self, whole: FileResponse, octets: range) -> None:
        self.whole = whole
        self.file: BinaryIO = whole.file_to_stream
        self.file.seek(octets[0])
        self.left = len(octets)

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (chunk := self.file.read(min(CHUNK, self.left))):
            self.left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.whole.close()
