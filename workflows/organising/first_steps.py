"""What there is to do on a site where no session was made yet."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from cms.models import HomePage, SeriesPage
from community.models import User
from events.models import Series, Session


class Step(NamedTuple):
    """Something to do first: `url` is where, for who may; "" for the others."""

    words: str
    done: bool
    url: str


class FirstStepsPanel(Component):
    """From the first administrator to the first session. Empty once there is one."""

    name = "first_steps"
    template_name = "organising/first_steps.html"
    order = 30

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"steps": [] if Session.objects.exists() else self._steps()}

    def _steps(self) -> list[Step]:
        others = Group.objects.exclude(name="Administrators")
        return [
            self._step(
                _("Write down who works here, each with a role and a unit"),
                User.objects.filter(groups__in=others).exists(),
                "community.add_user",
                "wagtailusers_users:add",
            ),
            self._step(
                _("Make a series: what your sessions are of"),
                Series.objects.exists(),
                "events.add_series",
                "series:add",
            ),
            self._page_step(),
            self._step(
                _("Make the first session, and announce it"),
                False,
                "events.add_session",
                "sessions:add",
            ),
        ]

    def _step(self, words: str, done: bool, permission: str, name: str) -> Step:
        return Step(
            words, done, reverse(name) if self.user.has_perm(permission) else ""
        )

    def _page_step(self) -> Step:
        done = SeriesPage.objects.exists()
        home = HomePage.objects.order_by("path").first()
        may = home and home.permissions_for_user(self.user).can_add_subpage()
        url = ""
        if may:
            kind = (SeriesPage._meta.app_label, SeriesPage._meta.model_name)
            url = reverse("wagtailadmin_pages:add", args=(*kind, home.pk))
        return Step(_("Make the page of the series, and publish it"), done, url)
