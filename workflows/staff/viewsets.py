"""The staff's screens of cases, and their addresses under /admin/cases/."""

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from workflows.engine.access import VIEW

from .counting import waiting
from .views import case, extending, files, lists, mending, steps, wordings


class CasesMenuItem(MenuItem):
    """With how many cases one has, in a badge."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW)

    def render_component(self, request: HttpRequest):
        component = super().render_component(request)
        if count := waiting(request)["mine"]:
            component.attrs = {**component.attrs, "data-cases": str(count)}
        return component


class CasesViewSet(ViewSet):
    name = "cases"
    icon = "folder-open-inverse"
    menu_label = _("Cases")
    menu_order = 40
    add_to_admin_menu = True
    menu_item_class = CasesMenuItem

    def get_urlpatterns(self) -> list:
        return [
            *self._lists(),
            *self._of_messages(),
            *self._of_a_case(),
            *self._of_a_step(),
        ]

    def _lists(self) -> list:
        found = []
        for address, view in (
            ("", lists.InboxView),
            ("queue/", lists.QueueView),
            ("all/", lists.AllView),
            ("archive/", lists.ArchiveView),
            ("problems/", lists.ProblemsView),
        ):
            results = view.as_view(results_only=True)
            found += [
                path(address, view.as_view(), name=view.name),
                path(f"{address}results/", results, name=f"{view.name}_results"),
            ]
        return found

    def _of_messages(self) -> list:
        view = wordings.WordingsView
        one = "messages/<slug:letter>/"
        return [
            path("messages/", view.as_view(), name="wordings"),
            path(
                "messages/results/",
                view.as_view(results_only=True),
                name="wordings_results",
            ),
            path(f"{one}switch/", wordings.SwitchView.as_view(), name="switch_wording"),
            path(
                f"{one}<slug:language>/",
                wordings.WordingView.as_view(),
                name="wording",
            ),
            path(
                f"{one}<slug:language>/change/",
                wordings.ChangeView.as_view(),
                name="change_wording",
            ),
        ]

    def _of_a_case(self) -> list:
        one = "<slug:number>/"
        return [
            path(one, case.CaseView.as_view(), name="case"),
            path(f"{one}note/", case.NoteView.as_view(), name="note"),
            path(f"{one}send/", files.SendView.as_view(), name="send"),
            path(f"{one}files/<int:pk>/", files.FileView.as_view(), name="file"),
            path(f"{one}close/", steps.CloseView.as_view(), name="close"),
            path(f"{one}extend/", extending.ExtendView.as_view(), name="extend"),
            path(f"{one}correct/", mending.CorrectView.as_view(), name="correct"),
            path(f"{one}diagram.svg", case.DiagramView.as_view(), name="diagram"),
        ]

    def _of_a_step(self) -> list:
        one = "<slug:number>/steps/<int:pk>/"
        return [
            path(one, steps.StepView.as_view(), name="step"),
            *(
                path(f"{one}{name}/", view.as_view(), name=name)
                for name, view in (
                    ("claim", steps.ClaimView),
                    ("return", steps.ReturnView),
                    ("hand_over", steps.HandOverView),
                    ("take_over", steps.TakeOverView),
                    ("try_again", steps.TryAgainView),
                    ("undo", mending.UndoView),
                )
            ),
        ]
