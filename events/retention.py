"""Personal data that has come to its end."""

from datetime import timedelta

from django.utils import timezone

from .models import AccessibilityNeeds

# Said on the form, where consent is given.
NEEDS_KEPT = timedelta(days=30)


def erase_needs(limit: int) -> int:
    """Erase at most `limit` accessibility needs whose session ended 30 days ago.
    Returns how many."""
    past = AccessibilityNeeds.objects.filter(
        registration__session__ends__lt=timezone.now() - NEEDS_KEPT
    )
    keys = list(past.values_list("pk", flat=True)[:limit])
    return AccessibilityNeeds.objects.filter(pk__in=keys).delete()[0] if keys else 0
