"""What mails about cases link to: the applicant's own page, in her language."""

from django.urls import path

from . import files, views

urlpatterns = [
    path("c/<slug:token>/", views.my_case, name="my_case"),
    path("c/<slug:token>/send/", files.send_to_case, name="send_to_case"),
    path("c/<slug:token>/files/<int:pk>/", files.case_file, name="case_file"),
    path("c/<slug:token>/withdraw/", views.withdraw_case, name="withdraw_case"),
]
