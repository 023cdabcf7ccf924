"""Under the prefix of each language."""

from django.urls import URLPattern, path

from . import feeds, opendata
from .kits import blank_views
from .kits import views as kit_views
from .map import views as map_views
from .practices import adapt_views, sheet
from .sides import chronicle_views, evaluate_views, host_views, offer_views, stop_views

urlpatterns: list[URLPattern] = []

# Good practices, and what is public of the stops.
urlpatterns += [
    path("caravan/stops.ics", feeds.feed, name="caravan_feed"),
    path("caravan/data/<slug:what>.<slug:how>", opendata.data, name="caravan_data"),
    path(
        "caravan/practices/<uuid:key>.pdf", sheet.practice_sheet, name="practice_sheet"
    ),
    path(
        "caravan/practices/<uuid:key>/adapt/", adapt_views.adapt, name="caravan_adapt"
    ),
    path(
        "caravan/stops/<uuid:key>/evaluate/",
        evaluate_views.evaluate,
        name="caravan_evaluate",
    ),
]

urlpatterns += [path("caravan/map/", map_views.caravan_map, name="caravan_map")]

# What both sides write.
OF_A_BODY = "b/<str:code>/caravan/"
OF_A_DRAFT = f"{OF_A_BODY}<uuid:key>/"
OF_A_STOP = "caravan/stops/<uuid:key>/"

urlpatterns += [
    path("caravan/host/", host_views.caravan_as_host, name="caravan_as_host"),
    path(
        "caravan/rapporteur/",
        host_views.caravan_as_rapporteur,
        name="caravan_as_rapporteur",
    ),
    path(OF_A_BODY, host_views.caravan_body, name="caravan_body"),
    path(f"{OF_A_BODY}new/", host_views.caravan_begin, name="caravan_begin"),
    path(f"{OF_A_BODY}offer/", offer_views.caravan_offer, name="caravan_offer"),
    path(
        f"{OF_A_BODY}offer/withdraw/",
        offer_views.caravan_unoffer,
        name="caravan_unoffer",
    ),
    path(f"{OF_A_DRAFT}edit/", host_views.caravan_draft, name="caravan_draft"),
    path(f"{OF_A_DRAFT}files/", host_views.caravan_add_file, name="caravan_add_file"),
    path(
        f"{OF_A_DRAFT}files/<int:pk>/",
        host_views.caravan_draft_file,
        name="caravan_draft_file",
    ),
    path(f"{OF_A_DRAFT}discard/", host_views.caravan_discard, name="caravan_discard"),
    path(OF_A_STOP, stop_views.caravan_stop, name="caravan_stop"),
    path(
        f"{OF_A_STOP}visit.ics",
        stop_views.caravan_stop_calendar,
        name="caravan_stop_calendar",
    ),
    path(
        f"{OF_A_STOP}files/<int:pk>/",
        stop_views.caravan_stop_file,
        name="caravan_stop_file",
    ),
    path(f"{OF_A_STOP}answer/", stop_views.caravan_answer, name="caravan_answer"),
    path(f"{OF_A_STOP}dates/", stop_views.caravan_dates, name="caravan_dates"),
    path(f"{OF_A_STOP}validate/", stop_views.caravan_validate, name="caravan_validate"),
    path(f"{OF_A_STOP}leave/", stop_views.caravan_leave, name="caravan_leave"),
    path(f"{OF_A_STOP}withdraw/", stop_views.caravan_withdraw, name="caravan_withdraw"),
    path(
        f"{OF_A_STOP}chronicle/",
        chronicle_views.caravan_chronicle,
        name="caravan_chronicle",
    ),
    path(
        f"{OF_A_STOP}photographs/",
        chronicle_views.caravan_photographs,
        name="caravan_photographs",
    ),
    path(
        f"{OF_A_STOP}photographs/<int:pk>/",
        chronicle_views.caravan_photograph,
        name="caravan_photograph",
    ),
    path(
        f"{OF_A_STOP}photographs/<int:pk>/file/",
        chronicle_views.caravan_picture,
        name="caravan_picture",
    ),
]

# The tools of the kit, blank, for everybody.
urlpatterns += [
    path("caravan/kit.zip", blank_views.blank_kit, name="caravan_blank_kit"),
    path(
        "caravan/kit/<slug:code>.<slug:kind>",
        blank_views.blank_tool,
        name="caravan_blank_tool",
    ),
]

# The kit of a stop, for both sides and the office.
urlpatterns += [
    path(f"{OF_A_STOP}kit/", kit_views.caravan_kit, name="caravan_kit"),
    path(f"{OF_A_STOP}kit/all.zip", kit_views.caravan_kit_zip, name="caravan_kit_zip"),
    path(
        f"{OF_A_STOP}kit/<int:pk>.<slug:kind>",
        kit_views.caravan_kit_file,
        name="caravan_kit_file",
    ),
]
