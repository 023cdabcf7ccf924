"""That each session and appointment has the meeting it should have, and no other.

Their verbs say that it may have changed; a worker looks at the occasion as it is then,
and has the maker agree. Whatever it dies in the middle of, the next one finds: who has
a meeting is written before it is made, and making it again finds it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import override
from wagtail.log_actions import log

from community.models import Heartbeat, User
from community.work import tasks
from community.work.heartbeat import RESTORED
from community.work.rows import Pointless, Transient, run_due
from events.models import Meeting, Occasion

from . import troubles
from .making import Made, Wanted
from .providers import MADE, maker_of

# Five changes in a minute are one.
COALESCE = timedelta(seconds=60)
# So often it may be that what was just made cannot be found yet; then it is gone.
PATIENCE = 4
# It is looked at again so long before the start: somebody may have deleted it.
LOOKS = (timedelta(hours=24), timedelta(hours=1))
State = Meeting.State
SETTLED = (State.DONE, State.FAILED, State.DROPPED)


@transaction.atomic
def wanted(occasion: Occasion) -> None:
    """Have the meeting of `occasion` be as that one says. Call it in the transaction
    that changed it."""
    row = Meeting.objects.filter(**_for(occasion)).first()
    # As it is now: the caller may have read it before somebody changed it.
    if row is None and not _provider_of(type(occasion).objects.get(pk=occasion.pk)):
        return
    row, _new = Meeting.objects.get_or_create(**_for(occasion))
    _wish(row, COALESCE if row.join_url else timedelta())


def try_again(occasion: Occasion, *, by: User) -> bool:
    """Have the meeting of `occasion` looked at now, because `by` asks for it. Returns
    False if it has none, and needs none."""
    with transaction.atomic():
        wanted(occasion)
        row = Meeting.objects.filter(**_for(occasion)).first()
        if row is None:
            return False
        Meeting.objects.filter(pk=row.pk, state__in=Meeting.WAITING).update(
            next_try=timezone.now()
        )
        log(occasion, "events.try_meeting", user=by)
        tasks.wake()
    return True


def _for(occasion: Occasion) -> dict[str, Any]:
    """The column that names it: `session` or `appointment`."""
    return {str(occasion._meta.model_name): occasion}


def _wish(row: Meeting, wait: timedelta) -> None:
    """Have `row` done once more, after `wait` at most; what is tried again anyway, or
    is being done, keeps its time."""
    row = Meeting.objects.select_for_update().get(pk=row.pk)
    row.wanted_revision += 1
    if row.state != State.RUNNING:
        row.attempts = row.crashes = 0
        moment = timezone.now() + wait
        if row.state == State.QUEUED:
            moment = min(moment, row.next_try)
        if row.state != State.RETRYING:
            row.state, row.next_try, row.error = State.QUEUED, moment, ""
    row.save(
        update_fields=[
            "wanted_revision",
            "attempts",
            "crashes",
            "state",
            "next_try",
            "error",
        ]
    )
    tasks.wake(at=row.next_try)


def make_due(limit: int) -> int:
    """Make at most `limit` meetings what they should be; returns how many."""
    _look_again()
    return run_due(Meeting, _agree, limit)


def _look_again() -> None:
    """Have those that are coming looked at, each time once: whoever deleted one by hand
    told nobody. And once after a restoring: the backup knows nothing of what was made,
    moved or taken away since."""
    now = timezone.now()
    coming = Meeting.objects.annotate(
        starts=Coalesce("session__starts", "appointment__starts"),
        ends=Coalesce("session__ends", "appointment__ends"),
    ).filter(ends__gt=now)
    made = coming.filter(state=State.DONE, provider__in=MADE, starts__gt=now)
    for before in LOOKS:
        _look_at(
            made.filter(starts__lte=now + before, tried__lt=F("starts") - before), now
        )
    if restored := Heartbeat.objects.filter(name=RESTORED, at__lte=now).first():
        _look_at(coming.filter(state__in=SETTLED, tried__lt=restored.at), now)


def _look_at(rows: QuerySet[Meeting], now: datetime) -> None:
    rows.update(state=State.QUEUED, next_try=now, attempts=0, crashes=0)


def _provider_of(occasion: Occasion) -> str:
    """Who has to make the meeting of `occasion`; "" if nobody has to. Of what is over
    it stays: people look for the recording, and we for who was there."""
    makes = occasion.provider in MADE and occasion.is_online
    return occasion.provider if makes and occasion.takes_place else ""


def _wanted(row: Meeting) -> Wanted:
    occasion = row.occasion
    with override(settings.LANGUAGE_CODE):
        subject = str(occasion.title)
    return Wanted(row.key, subject, occasion.starts, occasion.ends)


def _agree(row: Meeting) -> None:
    """Have the far side agree with what the occasion says now."""
    _note(row, tried=timezone.now())
    provider = _provider_of(row.occasion)
    if row.provider not in ("", provider):
        _take_away(row)
    if not provider:
        return
    if row.occasion.ends <= timezone.now():
        raise Pointless(troubles.OVER)
    _put_right(row, provider)


def _put_right(row: Meeting, provider: str) -> None:
    maker = maker_of(provider)
    _note(row, provider=provider)
    if row.external_id:
        made = maker.change(row.external_id, _wanted(row))
        if made is None and not row.join_url and row.attempts < PATIENCE:
            raise Transient(troubles.NOT_YET)
        if made:
            _note(row, **_room(made))
            return
    gone = row.external_id
    made = maker.make(_wanted(row))
    if made.external_id == gone:
        # It goes by our name still, though it has been deleted: another name, then.
        _note(row, generation=row.generation + 1)
        made = maker.make(_wanted(row))
    _note(row, external_id=made.external_id, join_url="", phone="", phone_code="")
    changed = maker.change(made.external_id, _wanted(row))
    if changed is None:
        raise Transient(troubles.NOT_YET)
    _note(row, **_room(changed))


def _take_away(row: Meeting) -> None:
    maker = maker_of(row.provider)
    if not row.external_id:
        # A worker died in making it: made once more, it is found.
        _note(row, external_id=maker.make(_wanted(row)).external_id)
    maker.take_away(row.external_id)
    _note(
        row,
        provider="",
        generation=row.generation + 1,
        external_id="",
        join_url="",
        phone="",
        phone_code="",
    )


def _room(made: Made) -> dict[str, str]:
    return {
        "join_url": made.join_url,
        "phone": made.phone,
        "phone_code": made.phone_code,
    }


def _note(row: Meeting, **values: object) -> None:
    if not row.note(**values):
        raise Pointless(troubles.TAKEN_OVER)
