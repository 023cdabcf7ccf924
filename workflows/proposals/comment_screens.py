"""The team's screens of comments: what waits to be looked at, and showing or hiding one
once the mail to who wrote it was seen."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from workflows.engine.access import units_of
from workflows.engine.models import Case
from workflows.staff.views.case import OneCase
from workflows.staff.views.steps import rehearse, sent

from . import commenting
from .models import Comment, CommentQuerySet

State = Comment.State

PER_PAGE = 20


class CommentsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What waits to be looked at, the oldest first; then what was written last."""

    model = Case
    permission_required = "change"
    template_name = "proposals/comments.html"
    page_title = _("Comments on proposals")
    header_icon = "comment"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hers = comments_of(self.request.user).select_related(
            "proposal__case", "user", "body"
        )
        others = hers.exclude(state=State.WAITING)
        return {
            **super().get_context_data(**kwargs),
            "waiting": hers.waiting().order_by("pk")[:PER_PAGE],
            "others": Paginator(others, PER_PAGE).get_page(self.request.GET.get("p")),
        }

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


def comments_of(user: Any) -> CommentQuerySet:
    """Those under the proposals that `user` looks after."""
    return Comment.objects.filter(proposal__case__unit__in=units_of(user))


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is hidden"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who wrote it reads it."),
        error_messages={"required": _("Write why: who wrote it is told.")},
    )


class CommentView(OneCase, WagtailAdminTemplateMixin, View):
    """One comment: showing it, or hiding it for a reason."""

    permission_required = "change"
    header_icon = "comment"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Comment.objects.select_related("proposal__case", "user", "body")
        under = rows.filter(proposal__case=self.case)
        self.comment: Comment = get_object_or_404(under, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return gettext("Comment") if self.comment.user_id else gettext("What was added")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._ask(HideForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        hides = "hide" in request.POST
        form = HideForm(request.POST if hides else None)
        if "back" in request.POST or (hides and not form.is_valid()):
            return self._ask(form, 200 if "back" in request.POST else 422)
        if "confirm" not in request.POST:
            return self._page(
                "cases/confirm.html",
                question=self.get_page_title(),
                mails=rehearse(self.case, lambda: self._do(form)),
                sent=sent(request.POST),
                yes=_("Hide it") if hides else _("Show it to everybody"),
                is_serious=hides,
            )
        if not self._do(form):
            messages.info(request, _("It was so already: nothing changed."))
        elif hides:
            messages.success(request, _("Hidden: nobody reads it any more."))
        else:
            messages.success(request, _("Shown: everybody reads it."))
        return redirect("proposal_comments:index")

    def _do(self, form: HideForm) -> bool:
        by = self.request.user
        if form.is_bound:
            return commenting.hide(self.comment, form.cleaned_data["reason"], by)
        return commenting.show(self.comment, by)

    def _ask(self, form: HideForm, status: int = 200) -> HttpResponse:
        hers = Comment.objects.filter(user=self.comment.user_id)
        return self._page(
            "proposals/comment.html",
            status,
            form=form,
            shown=hers.shown().count(),
            hidden=hers.hidden().count(),
        )

    def _page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context = {
            **self.get_context_data(),
            "case": self.case,
            "comment": self.comment,
            "back_url": reverse("proposal_comments:index"),
            **context,
        }
        return TemplateResponse(self.request, template, context, status=status)


class CommentsViewSet(ViewSet):
    name = "proposal_comments"
    url_prefix = "proposals/comments"
    icon = "comment"
    menu_label = _("Comments on proposals")

    def get_urlpatterns(self) -> list:
        return [
            path("", CommentsView.as_view(), name="index"),
            path("<slug:number>/<int:pk>/", CommentView.as_view(), name="comment"),
        ]
