"""Under the prefix of each language."""

from django.urls import path

from . import views

urlpatterns = [
    path("s/<slug:code>/register/", views.register, name="register"),
    path("s/<slug:code>/registered/", views.registered, name="registered"),
]
