"""What invitations link to, in the language that they were written in."""

from django.urls import path

from . import invited

urlpatterns = [
    path("b/<slug:token>/", invited.invitation, name="membership_invitation"),
]
