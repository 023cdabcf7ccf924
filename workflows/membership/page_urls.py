"""Under the prefix of each language."""

from django.urls import path

from . import body_page, people, public_page, views

OF_A_BODY = "my-bodies/of/<str:code>/"

urlpatterns = [
    path("my-bodies/", views.my_bodies, name="my_bodies"),
    path("my-bodies/act/", views.act_for_body, name="act_for_body"),
    path(OF_A_BODY, body_page.my_body, name="my_body"),
    path(f"{OF_A_BODY}sessions/", body_page.body_sessions, name="body_sessions"),
    path(f"{OF_A_BODY}cases/", body_page.body_cases, name="body_cases"),
    path(f"{OF_A_BODY}public/", body_page.body_publicity, name="body_publicity"),
    path(f"{OF_A_BODY}people/", people.body_people, name="body_people"),
    path(f"{OF_A_BODY}invite/", people.invite, name="invite_colleague"),
    path(
        f"{OF_A_BODY}invite/<int:pk>/",
        people.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path(f"{OF_A_BODY}people/<int:pk>/", people.change_role, name="change_role"),
    path(f"{OF_A_BODY}people/<int:pk>/end/", people.end, name="end_membership"),
    path(f"{OF_A_BODY}asked/<slug:number>/", people.decide, name="decide_membership"),
    path("bodies/", public_page.public_bodies, name="public_bodies"),
    path("bodies/<str:code>/", public_page.public_body, name="public_body"),
]
