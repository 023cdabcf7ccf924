"""That each session has the meeting it should have, and no other.

The verbs of a session say that it may have changed; a worker looks at the session as it
is then, and has the maker agree. Whatever it dies in the middle of, the next one finds:
who has a meeting is written before it is made, and making it again finds it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override
from wagtail.log_actions import log

from community.models import User
from community.work import tasks
from community.work.rows import Pointless, Transient, run_due
from events.models import Meeting, Mode, Session

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


@transaction.atomic
def wanted(session: Session) -> None:
    """Have the meeting of `session` be as the session says. Call it in the transaction
    that changed the session."""
    row = Meeting.objects.filter(session=session).first()
    # As it is now: the caller may have read it before somebody changed it.
    if row is None and not _provider_of(Session.objects.get(pk=session.pk)):
        return
    row, _new = Meeting.objects.get_or_create(session=session)
    _wish(row, COALESCE if row.join_url else timedelta())


def try_again(session: Session, *, by: User) -> bool:
    """Have the meeting of `session` looked at now, because `by` asks for it. Returns
    False if it has none, and needs none."""
    with transaction.atomic():
        wanted(session)
        row = Meeting.objects.filter(session=session).first()
        if row is None:
            return False
        Meeting.objects.filter(pk=row.pk, state__in=Meeting.WAITING).update(
            next_try=timezone.now()
        )
        log(session, "events.try_meeting", user=by)
        tasks.wake()
    return True


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
    told nobody."""
    now = timezone.now()
    for before in LOOKS:
        Meeting.objects.filter(
            state=State.DONE,
            provider__in=MADE,
            session__starts__gt=now,
            session__starts__lte=now + before,
            tried__lt=F("session__starts") - before,
        ).update(state=State.QUEUED, next_try=now, attempts=0, crashes=0)


def _provider_of(session: Session) -> str:
    """Who has to make the meeting of `session`; "" if nobody has to. Of what is over
    it stays: people look for the recording, and we for who was there."""
    held = session.state in (Session.State.ANNOUNCED, Session.State.CLOSED)
    makes = session.provider in MADE and Mode.ONLINE in session.modes
    return session.provider if held and makes else ""


def _wanted(row: Meeting) -> Wanted:
    session = row.session
    with override(settings.LANGUAGE_CODE):
        subject = str(session.title)
    return Wanted(row.key, subject, session.starts, session.ends)


def _agree(row: Meeting) -> None:
    """Have the far side agree with what the session says now."""
    _note(row, tried=timezone.now())
    provider = _provider_of(row.session)
    if row.provider not in ("", provider):
        _take_away(row)
    if not provider:
        return
    if row.session.ends <= timezone.now():
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
