"""Under the prefix of each language."""

from django.urls import path

from . import my_data, my_registrations, news, proof, views

urlpatterns = [
    path("s/<slug:code>/register/", views.register, name="register"),
    path("s/<slug:code>/register/group/", views.register_group, name="register_group"),
    path("s/<slug:code>/registered/", views.registered, name="registered"),
    path("series/<slug:code>/follow/", news.follow, name="follow"),
    path(
        "my-registrations/", my_registrations.my_registrations, name="my_registrations"
    ),
    path("my-registrations/calendar/", my_registrations.calendar, name="my_calendar"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/open/<str:token>/", proof.open_link, name="my_data_open"),
    path("my-data/close/", proof.close, name="my_data_close"),
    path("my-data/file/", my_data.my_data_download, name="my_data_download"),
    path("my-data/files/<int:pk>/", my_data.my_data_file, name="my_data_file"),
    path("my-data/correct/", my_data.my_data_correct, name="my_data_correct"),
    path("my-data/leave/", my_data.my_data_leave, name="my_data_leave"),
    path("my-data/left/", my_data.my_data_left, name="my_data_left"),
]
