"""Under the prefix of each language."""

from django.urls import path

from . import news, views

urlpatterns = [
    path("s/<slug:code>/register/", views.register, name="register"),
    path("s/<slug:code>/register/group/", views.register_group, name="register_group"),
    path("s/<slug:code>/registered/", views.registered, name="registered"),
    path("series/<slug:code>/follow/", news.follow, name="follow"),
]
