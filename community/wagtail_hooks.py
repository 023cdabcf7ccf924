from wagtail import hooks

from .viewsets import CommunityGroup


@hooks.register("register_admin_viewset")
def register_community() -> CommunityGroup:
    return CommunityGroup()
