"""What mails link to: the person's own pages, in the person's language."""

from django.urls import path

from . import mine, news, substituting

urlpatterns = [
    path("r/<slug:token>/", mine.my_registration, name="my_registration"),
    path(
        "r/<slug:token>/cancel/", mine.cancel_registration, name="cancel_registration"
    ),
    path(
        "r/<slug:token>/correct/",
        mine.correct_registration,
        name="correct_registration",
    ),
    path("r/<slug:token>/accept/", mine.accept_offer, name="accept_offer"),
    path("r/<slug:token>/again/", mine.ask_again, name="ask_again"),
    path("r/<slug:token>/send/", mine.ask_colleague, name="ask_colleague"),
    path("r/<slug:token>/instead/", substituting.substitution, name="substitution"),
    path("r/<slug:token>/not-me/", mine.not_me, name="not_me"),
    path("f/<slug:token>/", news.following, name="following"),
]
