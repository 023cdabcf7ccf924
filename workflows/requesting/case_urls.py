"""Under the prefix of each language."""

from django.urls import path

from . import case_views

ONE = "b/<str:code>/cases/<slug:number>/"

urlpatterns = [
    path(ONE, case_views.body_request, name="body_request"),
    path(
        f"{ONE}amendment/files/",
        case_views.add_to_amendment,
        name="add_to_amendment",
    ),
    path(f"{ONE}send/", case_views.send_to_request, name="send_to_request"),
    path(f"{ONE}give-up/", case_views.give_up_request, name="give_up_request"),
    path(
        f"{ONE}files/<int:pk>/",
        case_views.body_request_file,
        name="body_request_file",
    ),
    path(
        f"{ONE}appointments/<int:pk>.ics",
        case_views.body_appointment,
        name="body_appointment",
    ),
]
