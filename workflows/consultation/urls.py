"""Under the prefix of each language."""

from django.urls import path

from . import views

urlpatterns = [
    path("ask/", views.ask_team, name="ask"),
    path("ask/sent/", views.asked, name="asked"),
]
