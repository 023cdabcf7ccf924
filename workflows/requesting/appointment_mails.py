"""What both sides of an appointment are told of it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.acting import memberships
from events import links
from events.models import Guest
from workflows.engine.appointment_mails import AppointmentMails

from . import reading


def page_for(guest: Guest) -> str:
    """Where she finds the request: on the page of the body or, of the office, among its
    cases."""
    case = guest.appointment.of_request.request.case
    if memberships.for_body(guest.user, case.body):
        return links.absolute(reading.page(case))
    return links.absolute(reverse("cases:case", args=[case.number]))


MAILS = AppointmentMails(
    name="request_appointment",
    label=_("Appointment"),
    template="appointment",
    record="of_request__request",
    page=page_for,
    with_it=("resource",),
)
