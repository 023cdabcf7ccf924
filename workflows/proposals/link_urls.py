"""What mails about proposals link to: they never change."""

from django.urls import path

from . import comment_views, early_views

urlpatterns = [
    path("e/<str:token>/", early_views.early_place, name="early_place"),
    path("c/<slug:token>/add/", comment_views.add_to_proposal, name="add_to_proposal"),
    path("f/proposal/<slug:token>/", comment_views.mute, name="mute_proposal"),
]
