"""Under the prefix of each language."""

from django.urls import path

from . import views

urlpatterns = [
    path("resources/<slug:code>/", views.resource, name="resource"),
]
