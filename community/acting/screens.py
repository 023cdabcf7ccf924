"""The staff's screens of a body: who acts for it, its domains, and merging it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from community.messages.compose import html_of
from community.models import (
    BodyDomain,
    LocalBody,
    Membership,
    Role,
)

from . import domains, mails, memberships, merging
from .listing import ROLE


def body_url(pk: int) -> str:
    return reverse("memberships:body", args=[pk])


class Screen(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One of the screens under the list; `between` is what lies between them."""

    model = Membership
    header_icon = "group"
    permission_required = "change"

    def get_breadcrumbs_items(self) -> list[dict]:
        home = {"url": reverse("memberships:index"), "label": _("Acting for a body")}
        items = [*self.breadcrumbs_items, home, *self.between()]
        return [*items, {"url": "", "label": self.get_page_title()}]

    def between(self) -> list[dict]:
        return []

    def answer(self, status: int = 200, **context: Any) -> HttpResponse:
        found = self.get_context_data(**context)
        return self.render_to_response(found, status=status)


class _OfBody(Screen):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.body = get_object_or_404(LocalBody, pk=kwargs["pk"])

    def between(self) -> list[dict]:
        return [{"url": body_url(self.body.pk), "label": self.body.name}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "body": self.body, "back_url": body_url(self.body.pk)}


class DomainForm(forms.Form):
    domain = forms.CharField(
        label=_("Domain of its addresses"),
        max_length=253,
        help_text=_("What comes after the @, such as ajuntament.cat."),
    )


class BodyView(_OfBody):
    """A body: who acts for it, who is asked to, and the domains of its addresses."""

    permission_required = None
    any_permission_required = ("view", "change")
    template_name = "community/acting/body.html"

    def get_page_title(self) -> str:
        return self.body.name

    def between(self) -> list[dict]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        body = self.body
        people = Membership.objects.filter(body=body, user__erased=None)
        return {
            **super().get_context_data(**kwargs),
            "form": kwargs.get("form") or DomainForm(),
            "people": people.active().select_related("user"),
            "past": people.exclude(ended=None).select_related("user", "ended_by"),
            "invitations": body.membership_invitations.open().select_related("by"),
            "domains": [(row, _others(row)) for row in body.domains.all()],
            "may_change": self.user_has_permission("change"),
        }


class AddDomainView(BodyView):
    permission_required = "change"
    any_permission_required = None
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = DomainForm(request.POST)
        if form.is_valid():
            try:
                domains.add(self.body, form.cleaned_data["domain"], by=request.user)
            except ValidationError as refusal:
                form.add_error("domain", refusal)
            else:
                messages.success(request, _("The domain is written down."))
                return redirect(body_url(self.body.pk))
        return self.answer(422, form=form)


def _others(row: BodyDomain) -> list[LocalBody]:
    """The other bodies that have the domain."""
    rows = BodyDomain.objects.filter(domain=row.domain).exclude(pk=row.pk)
    return [other.body for other in rows.select_related("body")]


class RemoveDomainView(_OfBody):
    page_title = _("Remove a domain")
    template_name = "community/acting/remove_domain.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = get_object_or_404(self.body.domains, pk=kwargs["domain"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "domain": self.row}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        domains.remove(self.row, by=request.user)
        messages.success(request, _("The domain is removed."))
        return redirect(body_url(self.body.pk))


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=ROLE,
        choices=Role.choices,
        widget=forms.RadioSelect,
    )


class _OfMembership(_OfBody):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Membership.objects.standing().filter(body=self.body)
        rows = rows.select_related("user", "body")
        self.membership = get_object_or_404(rows, pk=kwargs["membership"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "membership": self.membership,
            "is_last": memberships.is_last(self.membership),
        }


class RoleView(_OfMembership):
    page_title = _("Change the role")
    template_name = "community/acting/role.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or RoleForm(initial={"role": self.membership.role})
        return {**super().get_context_data(**kwargs), "form": form}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = RoleForm(request.POST)
        if not form.is_valid():
            return self.answer(422, form=form)
        role = form.cleaned_data["role"]
        if request.POST.get("seen") != role and role != self.membership.role:
            self.membership.role = role
            mail = mails.preview(mails.ROLE, self.membership)
            return self.answer(
                form=form,
                mail=mail,
                mail_html=html_of(mail),
                sent=[("role", role)],
                seen=role,
            )
        if memberships.change_role(self.membership, role, by=request.user):
            messages.success(request, _("The role is changed; a mail says so."))
        return redirect(body_url(self.body.pk))


class EndView(_OfMembership):
    page_title = _("End it")
    template_name = "community/acting/end.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mail = mails.preview(mails.ENDED, self.membership)
        context = super().get_context_data(**kwargs)
        return {**context, "mail": mail, "mail_html": html_of(mail)}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if memberships.end(self.membership, by=request.user):
            words = gettext("%(person)s does not act for “%(body)s” any more.")
            names = {"person": self.membership.user, "body": self.body}
            messages.success(request, words % names)
        return redirect(body_url(self.body.pk))


# Merging ----------------------------------------------------------------------------


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        LocalBody.objects.all(),
        label=_("The body that goes on with it"),
        widget=forms.Select,
    )

    def __init__(self, *args: Any, body: LocalBody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = LocalBody.objects.standing().exclude(pk=body.pk)
        self.fields["into"].queryset = others


class MergeView(_OfBody):
    """A body goes on as another: what that changes is shown first, and then done."""

    page_title = _("Merge it into another")
    template_name = "community/acting/merge.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or MergeForm(body=self.body)
        return {**super().get_context_data(**kwargs), "form": form}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = MergeForm(request.POST, body=self.body)
        if not form.is_valid():
            return self.answer(422, form=form)
        into = form.cleaned_data["into"]
        is_seen = request.POST.get("seen") == str(into.pk)
        try:
            outcome = merging.merge(
                self.body, into, by=request.user, dry_run=not is_seen
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.answer(422, form=form)
        if not is_seen:
            sent = [("into", str(into.pk))]
            return self.answer(would=outcome, into=into, sent=sent, seen=into.pk)
        words = gettext("“%(body)s” goes on as “%(into)s”.")
        messages.success(request, words % {"body": self.body, "into": into})
        return redirect(body_url(into.pk))
