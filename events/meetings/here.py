"""Meetings for development: a page of this site stands for each."""

from django.urls import reverse

from events import links

from .making import Made, Wanted


class Here:
    """A maker that never fails, and makes nothing."""

    def make(self, wanted: Wanted) -> Made:
        return self._stand_in(wanted.key)

    def change(self, external_id: str, wanted: Wanted) -> Made:
        return self._stand_in(external_id)

    def take_away(self, external_id: str) -> None:
        pass

    def _stand_in(self, key: str) -> Made:
        address = links.absolute(reverse("meeting_here", args=[key]))
        return Made(key, address, phone="+34 900 000 000", phone_code="000 000 000")
