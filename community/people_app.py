"""Wagtail's users area, with our people in it: named in INSTALLED_APPS for it."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):
    user_viewset = "community.viewsets.PersonViewSet"
