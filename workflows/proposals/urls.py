"""Under the prefix of each language."""

from django.urls import path

from . import comment_views, figures_views, list_views, opendata, views

urlpatterns = [
    path("series/<slug:code>/propose/", views.propose, name="propose"),
    path("proposals/", list_views.proposals, name="proposals"),
    path("proposals/feed.xml", list_views.feed, name="proposals_feed"),
    path("proposals/figures/", figures_views.figures, name="proposals_figures"),
    path("proposals/data.csv", opendata.data, {"how": "csv"}, name="proposals_csv"),
    path("proposals/data.json", opendata.data, {"how": "json"}, name="proposals_json"),
    path("proposals/sent/", views.proposed, name="proposed"),
    path("proposals/<slug:number>/", views.proposal, name="proposal"),
    path("proposals/<slug:number>/support/", views.support, name="support_proposal"),
    path(
        "proposals/<slug:number>/comment/",
        comment_views.comment,
        name="comment_proposal",
    ),
    path(
        "proposals/<slug:number>/comments/<int:pk>/remove/",
        comment_views.remove_comment,
        name="remove_comment",
    ),
]
