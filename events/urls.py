from django.urls import path

from . import views

urlpatterns = [
    path("j/<slug:token>/", views.join, name="join"),
    path("cal/<slug:language>/s/<slug:code>.ics", views.ics, name="session_ics"),
    path("cal/<slug:language>/<slug:series>.ics", views.feed, name="series_feed"),
    path("cal/<slug:language>.ics", views.feed, name="feed"),
]
