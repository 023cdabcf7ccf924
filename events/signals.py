"""What happens here that rooms to the left may want to hear of."""

from django.dispatch import Signal

# A verb that changes who has a place in a session was committed.
places_changed = Signal()
