"""Under the prefix of each language."""

from django.urls import path

from . import beginning, views

OF_A_BODY = "b/<str:code>/requests/"
OF_A_DRAFT = f"{OF_A_BODY}<uuid:key>/"

urlpatterns = [
    path(
        "resources/<slug:code>/request/", beginning.begin_request, name="begin_request"
    ),
    path(OF_A_BODY, views.body_requests, name="body_requests"),
    path(OF_A_DRAFT, views.write_request, name="write_request"),
    path(f"{OF_A_DRAFT}documents/", views.add_document, name="add_document"),
    path(
        f"{OF_A_DRAFT}documents/<int:pk>/",
        views.request_document,
        name="request_document",
    ),
    path(f"{OF_A_DRAFT}summary/", views.request_summary, name="request_summary"),
    path(f"{OF_A_DRAFT}discard/", views.discard_request, name="discard_request"),
]
