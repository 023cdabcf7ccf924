"""What those invited to a visit are told of it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events import links
from events.models import Guest
from workflows.engine.access import may_work
from workflows.engine.appointment_mails import AppointmentMails

from . import parties, reading


def page_for(guest: Guest) -> str:
    """Where she finds the stop: on its page or, of the office, among its cases."""
    stop = guest.appointment.of_visit.stop
    case = stop.case
    if parties.party_of(stop, guest.user):
        return links.absolute(reading.page(case))
    if may_work(guest.user, case):
        return links.absolute(reverse("cases:case", args=[case.number]))
    # It is closed to who has left.
    return links.absolute(reverse("my_bodies"))


MAILS = AppointmentMails(
    name="stop_appointment",
    label=_("Visit of the caravan"),
    template="stop_appointment",
    record="of_visit__stop",
    page=page_for,
)
