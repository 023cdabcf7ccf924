"""One address however it is capitalised."""

from typing import TypeVar

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

Rows = TypeVar("Rows", bound=QuerySet)


def of_address(rows: Rows, address: str, field: str = "email") -> Rows:
    """Those of `rows` whose `field` is `address`; none if it is empty."""
    if not address:
        return rows.none()
    # As our constraints compare: `iexact` differs from it on some letters.
    return rows.alias(as_one=Lower(field)).filter(as_one=Lower(Value(address)))
