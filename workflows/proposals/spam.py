"""What keeps robots from what everybody would read: beside the limits of every public
form (`registration.guard`), links and comments without end. Who is refused reads why,
and finds everything as it was written."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import User

from .models import Comment

# Who points to a law or to another town needs as many; who sells needs more.
MOST_LINKS = 3
MOST_AN_HOUR = 10

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def check_links(*texts: str) -> None:
    """Raise ValidationError if `texts` together have more links than anybody needs."""
    found = sum(len(_LINK.findall(text)) for text in texts)
    if found > MOST_LINKS:
        raise ValidationError(
            _("It has %(found)d links: leave the %(most)d that matter most."),
            code="links",
            params={"found": found, "most": MOST_LINKS},
        )


def check_pace(user: User) -> None:
    """Raise ValidationError if `user` has written as many comments as anybody does in
    an hour."""
    since = timezone.now() - timedelta(hours=1)
    recent = Comment.objects.filter(user=user, created__gt=since)
    if recent.count() >= MOST_AN_HOUR:
        raise ValidationError(
            _(
                "You have written %(most)d comments within an hour. Send this one a "
                "little later."
            ),
            code="often",
            params={"most": MOST_AN_HOUR},
        )


def check_repeated(user: User, text: str) -> None:
    """Raise ValidationError if `user` has written the very same before, under whatever
    proposal."""
    if Comment.objects.filter(user=user, text=text).exists():
        raise ValidationError(
            _("You have written this very text before. Write it in other words."),
            code="repeated",
        )
