from django.urls import path

from . import mailbox

urlpatterns = [
    path("", mailbox.listing, name="mailbox"),
    path("<int:key>/", mailbox.mail, name="mailbox_mail"),
    path("<int:key>/<str:part>/", mailbox.part, name="mailbox_part"),
]
