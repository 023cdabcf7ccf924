"""How often which words are looked for: so that editors know, and of nobody.

Only words that stand together in something public are kept, the rest may be anybody's
name. With them goes a day and a number, and neither who, nor when that day, nor from
where.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from community.privacy.register import Entry, delete_some
from community.privacy.retention import PUBLIC_TASK

from .words import Words

KEPT = timedelta(days=90)
# What Wagtail's column takes.
LETTERS = 255


def count(words: Words) -> None:
    """Once more for `words`, which were found."""
    text, today = " ".join(words)[:LETTERS], timezone.localdate()
    hits = QueryDailyHits.objects.filter(query__query_string=text, date=today)
    if hits.update(hits=F("hits") + 1):
        return
    with transaction.atomic():
        Query.objects.bulk_create([Query(query_string=text)], ignore_conflicts=True)
        query = Query.objects.get(query_string=text)
        first = QueryDailyHits(query=query, date=today, hits=1)
        QueryDailyHits.objects.bulk_create([first], ignore_conflicts=True)


def _old(now: datetime) -> QuerySet[QueryDailyHits]:
    return QueryDailyHits.objects.filter(date__lt=timezone.localdate(now - KEPT))


def _end(now: datetime, limit: int) -> int:
    ended = delete_some(_old(now), limit)
    # Those that editors answer stay.
    Query.objects.filter(daily_hits=None, editors_picks=None).delete()
    return ended


SEARCHES = Entry(
    name="searches",
    models=("wagtailsearchpromotions.Query", "wagtailsearchpromotions.QueryDailyHits"),
    what=_("Words that were looked for and found, and how often on each day"),
    purpose=_("To know what people look for, and answer it"),
    basis=PUBLIC_TASK,
    term=KEPT,
    since=_("after the day"),
    kept=_("Nothing"),
    rows=QueryDailyHits.objects.all,
    due=_old,
    end=_end,
)
