"""How much there is, for whoever watches the site."""

from django.db.models import Count

from .models import Meeting, Registration


def registrations_by_state() -> dict[str, int]:
    """How many registrations are in each state."""
    rows = Registration.objects.order_by().values_list("state")
    counts = dict(rows.annotate(count=Count("pk")))
    return {str(state): counts.get(state, 0) for state in Registration.State}


def meetings_by_state() -> dict[str, int]:
    """How many online meetings are in each state."""
    rows = Meeting.objects.order_by().values_list("state")
    counts = dict(rows.annotate(count=Count("pk")))
    return {str(state): counts.get(state, 0) for state in Meeting.State}
