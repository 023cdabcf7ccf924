"""The public stops as a calendar to subscribe to."""

from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import entries

from .models import StopAppointment

# As much as of the sessions.
BEHIND = timedelta(days=365)


def visits() -> list[StopAppointment]:
    """What is to come and the year behind. Those that were cancelled too, without
    saying why: a program that subscribes takes away only what it sees cancelled."""
    since = timezone.now() - BEHIND
    rows = StopAppointment.objects.filter(appointment__ends__gt=since)
    rows = rows.select_related("stop__body", "appointment")
    return list(rows.order_by("appointment__starts", "pk"))


@require_safe
@cache_control(no_cache=True)
def feed(request: HttpRequest) -> HttpResponse:
    """To subscribe to, in the language of the address."""
    where = urljoin(settings.SITE_URL, reverse("caravan_map"))
    found = [
        entries.Told(
            visit.appointment,
            f"{visit.stop.title} · {visit.stop.body}",
            f"{where}#stop-{visit.stop_id}",
        )
        for visit in visits()
    ]
    caravan = _("The caravan")
    name = f"{caravan} · {settings.SITE_NAME}"
    octets = entries.feed_of_appointments(found, name, get_language())
    return HttpResponse(octets, content_type="text/calendar; charset=utf-8")
