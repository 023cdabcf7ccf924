"""That the worker and the sweeper are there: each says so about once a minute. And
when the mail server last answered, and last did not; and when the site was restored.

A row for each, so that the web process can tell the staff when one has gone. It is
written at most every half minute, outside any transaction, so it holds no lock that
anybody would wait for.
"""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WORKER = "worker"
SWEEPER = "sweeper"
MAIL_SERVER = "mail server"
NO_MAIL_SERVER = "no mail server"
RESTORED = "restored"

# Asked after each piece of work: most of the time there is nothing to write.
BEAT = timedelta(seconds=30)


class Heartbeat(models.Model):
    """When something last was as its name says."""

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


def beat(name: str) -> None:
    """Say that `name` is so now."""
    now = timezone.now()
    # A clock that was set back must not silence it until the old hour comes again.
    fresh = Heartbeat.objects.filter(name=name, at__gt=now - BEAT, at__lte=now)
    if fresh.exists():
        return
    if not Heartbeat.objects.filter(name=name).update(at=now):
        Heartbeat.objects.bulk_create(
            [Heartbeat(name=name, at=now)], ignore_conflicts=True
        )
