"""A local body goes on as another: its cases are the other's from then on."""

from typing import Any

from community.models import LocalBody

from . import deadlines
from .models import Case


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger. Terms that run are counted again, by the
    holidays of the other."""
    for case in Case.objects.select_for_update().filter(body=body):
        case.body = into
        case.search_key = case.found_by
        case.save(update_fields=["body", "search_key"])
        if case.is_active:
            deadlines.reckon_for(case)
