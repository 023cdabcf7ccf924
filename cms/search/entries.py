"""Writing into Wagtail's index, the same for each database."""

from collections.abc import Iterable
from typing import Any

from modelsearch.utils import get_content_type_pk
from wagtail.search.models import IndexEntry


def put(model: type, indexers: Iterable[Any], columns: tuple[str, ...]) -> None:
    """Make or renew the entries of some rows of `model`, whose `columns` the indexers
    of Wagtail's backends have."""
    kind = get_content_type_pk(model)
    IndexEntry.objects.bulk_create(
        [
            IndexEntry(
                content_type_id=kind,
                object_id=indexer.id,
                **{column: getattr(indexer, column) for column in columns},
            )
            for indexer in indexers
        ],
        update_conflicts=True,
        unique_fields=("content_type", "object_id"),
        update_fields=columns,
    )
