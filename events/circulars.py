"""Writing to the people of a session."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from community.models import User

from . import mails
from .models import Circular, Session
from .registrations import locked


def send(circular: Circular, *, by: User) -> bool:
    """Send the new `circular` to everybody it is for. Returns False if it was sent
    already: its form may come twice. Raises ValidationError if nobody would get it, or
    nobody knows of the session yet."""
    with transaction.atomic():
        session = locked(circular.session)
        if Circular.objects.filter(key=circular.key).exists():
            return False
        if session.state == Session.State.DRAFT:
            raise ValidationError(_("This session has not been announced yet."))
        people = list(circular.addressees)
        if not people:
            raise ValidationError(_("Nobody is one of those you chose."))
        circular.session_state = session.state
        circular.people = len(people)
        circular.by = by
        circular.save()
        data = {"circular": circular.pk, "people": circular.people}
        log(session, "events.write", user=by, data=data)
        mails.tell("circular", people, about=circular.pk)
    return True
