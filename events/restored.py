"""What a restored backup must not count from anew, what calendars have heard; and what
it must not say again: reminders."""

from community.backup.engines import Statement
from community.backup.settling import Gap
from community.work.heartbeat import RESTORED

# Beside the seconds: what may leave within one of them.
MARGIN = 1000


def move_on(gap: Gap) -> list[Statement]:
    """Have every number that calendars compare go on above any that may have left.

    A calendar drops whatever has a lower SEQUENCE than it knows (RFC 5545, 3.8.7.4),
    and the backup does not know which numbers left after it. An invitation is mailed
    less than once a second, so adding the seconds since then is enough, and stays so
    if the same backup is restored twice. An invitation that had not left may have,
    so it counts as sent: else nobody would take it back. Sessions' revisions, the
    SEQUENCE of the public files, move by as much, so that who knew of a change still
    does.
    """
    by = gap.seconds + MARGIN
    return [
        (
            "UPDATE events_invitation SET sequence = COALESCE(sequence, 0) + %s,"
            " revision = revision + %s",
            [by, by],
        ),
        (
            "UPDATE events_guest SET sequence = COALESCE(sequence, 0) + %s",
            [by],
        ),
        (
            "UPDATE events_session SET revision = revision + %s, changed = %s",
            [by, gap.now],
        ),
    ]


def remember(gap: Gap) -> list[Statement]:
    """Have reminders know when the site was restored: those whose moment was before
    may have left after the backup was made."""
    return [
        (
            "INSERT INTO community_heartbeat (name, at) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [RESTORED, gap.now],
        )
    ]
