"""What a view says of its answer: that it is the same for everybody who asks so."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict


def offer(request: HttpRequest, words: Mapping[str, str]) -> None:
    """Say that the answer to `request` depends on its address alone, and on `words`
    of its query. All else that stood in the query is taken away, so that it cannot
    come into what is rendered. A preview is never offered to anybody."""
    request.META["QUERY_STRING"] = urlencode(words)
    request.GET = QueryDict(request.META["QUERY_STRING"])
    previewed = getattr(request, "is_preview", False)
    request.is_offered = not (previewed or getattr(request, "is_dummy", False))
