"""What mails link to: the person's own page, in the person's language."""

from django.urls import path

from . import views

urlpatterns = [
    path("r/<slug:token>/", views.my_registration, name="my_registration"),
    path(
        "r/<slug:token>/cancel/", views.cancel_registration, name="cancel_registration"
    ),
]
