from django.conf import settings
from django.urls import path

from . import views

urlpatterns = [
    path("j/<slug:token>/", views.join, name="join"),
    path("j/<slug:token>/in/", views.enter, name="enter"),
    path("cal/me/<slug:token>.ics", views.own_feed, name="personal_feed"),
    path("cal/<slug:language>/s/<slug:code>.ics", views.ics, name="session_ics"),
    path("cal/<slug:language>/<slug:series>.ics", views.feed, name="series_feed"),
    path("cal/<slug:language>.ics", views.feed, name="feed"),
]

if settings.MEETINGS_HERE:
    urlpatterns.append(
        path("meeting/<slug:key>/", views.meeting_here, name="meeting_here")
    )
