"""Who wants to hear of the next session."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .names import new_token
from .sessions import Series, Session


class Follower(models.Model):
    """An address that wants to hear when the next session of a series is announced.

    Nothing is sent to it but a question until it is `confirmed`.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="followers")
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    # Opens the page where the address confirms, and where it leaves.
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = (
            models.UniqueConstraint(
                "series", Lower("email"), name="one_following_per_address_and_series"
            ),
        )

    def __str__(self) -> str:
        return f"{self.series_id} · {self.pk}"


class Announcement(models.Model):
    """That a follower is told of a session: once, however often it is announced."""

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="announcements")
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = (
            models.UniqueConstraint(
                fields=("follower", "session"), name="a_follower_is_told_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.follower_id} · {self.session_id}"
