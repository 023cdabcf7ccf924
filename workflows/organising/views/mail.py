"""Every mail that left, or should: what became of it and what its reader sees."""

import re
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import registry as logs

from community.messages import outbox, suppressions
from community.messages.kinds import is_secret, known
from community.messages.reading import parsed_mail, part_of
from community.models import Message
from events import mails
from events.models import Registration
from workflows.organising import disclosure, labels, post
from workflows.organising.access import ALL_UNITS, messages_of

from .listing import CellColumn, LabelledColumn

# RFC 5545, 3.1: a long line goes on after a break and a space.
FOLD = re.compile(r"\r?\n[ \t]")


def is_hidden(row: Message) -> bool:
    """Whether nobody but its reader may see what `row` says."""
    return is_secret(row) and not settings.OUTBOX_KEEPS_SECRETS


class MailAccess(PermissionCheckedMixin):
    """For those who see people, and for those who look after every unit."""

    permission_required = "view"
    any_permission_required = None

    def user_has_permission(self, permission: str) -> bool:
        user = self.request.user
        if permission == "view":
            return user.has_perm("events.view_registration") or user.has_perm(ALL_UNITS)
        return user.has_perm("events.change_registration")


class MessageFilterSet(WagtailFilterSet):
    needs = django_filters.ChoiceFilter(
        label=_("Failures"),
        method="filter_needs",
        choices=(("yes", _("Only those that need a person")),),
        widget=forms.RadioSelect,
        empty_label=_("All of them"),
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=[(state, words) for state, words in labels.MAIL.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"),
        choices=lambda: [(kind.name, kind.label) for kind in known()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Message
        fields = ("needs", "state", "kind")

    def filter_needs(self, rows: Any, name: str, value: str) -> QuerySet[Message]:
        return rows.needing_somebody()


class MailStateColumn(CellColumn):
    def get_cell_context_data(self, instance: Message, parent_context) -> dict:
        return {
            **super().get_cell_context_data(instance, parent_context),
            "words": labels.MAIL[instance.state],
            "tone": labels.MAIL_TONES.get(instance.state, ""),
        }


class SubjectColumn(CellColumn):
    def get_cell_context_data(self, instance: Message, parent_context) -> dict:
        return {
            **super().get_cell_context_data(instance, parent_context),
            "subject": _subject(instance),
        }


class MessagesView(MailAccess, generic.IndexView):
    """The mails that one may see, the latest first."""

    model = Message
    page_title = _("Messages")
    header_icon = "mail"
    index_url_name = "messages:index"
    index_results_url_name = "messages:index_results"
    filterset_class = MessageFilterSet
    is_searchable = True
    paginate_by = 50
    default_ordering = "-pk"
    table_classname = "listing staff-table"
    columns = (
        SubjectColumn("mail_subject", label=_("Mail")),
        LabelledColumn("kind", label=_("Kind"), accessor=labels.mail_kind),
        LabelledColumn("recipient", label=pgettext_lazy("mail", "To")),
        MailStateColumn("mail_state", label=_("State"), sort_key="state"),
        LabelledColumn("attempts", label=_("Attempts"), sort_key="attempts"),
        CellColumn("mail_when", label=_("When")),
    )
    add_url_name = None

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        url = reverse("messages:without")
        return [Button(_("Addresses without mail"), url, icon_name="warning")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        disclosure.mails_listed(by=request.user)
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[Message]:
        return messages_of(self.request.user).defer("mime")

    def order_queryset(self, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.order_by(self.ordering, "-pk")

    def search_queryset(self, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if not self.is_searching:
            return queryset
        return queryset.filter(recipient__icontains=self.search_query)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "can_add": False}


class OneMessage(MailAccess):
    """A view of one of the mails that one may see: others are not found."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row = get_object_or_404(messages_of(request.user), pk=kwargs["pk"])

    @property
    def message_url(self) -> str:
        return reverse("messages:message", args=[self.row.pk])


class MessageView(OneMessage, WagtailAdminTemplateMixin, TemplateView):
    """One mail: what became of it, and what its reader sees."""

    template_name = "organising/message.html"
    header_icon = "mail"

    def get_page_title(self) -> str:
        return _subject(self.row) or labels.mail_kind(self.row)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("messages:index"), "label": gettext("Messages")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        may_act = self.user_has_permission("change")
        entries = logs.get_logs_for_instance(row).select_related("user", "content_type")
        entries = entries.exclude(action__in=disclosure.ACTIONS)
        mail, registration = self._mail(), self._registration()
        suppression = suppressions.suppression_of(row.recipient)
        if mail:
            disclosure.mail_read(row, registration, by=self.request.user)
        return {
            **super().get_context_data(**kwargs),
            "row": row,
            "kind": labels.mail_kind(row),
            "words": labels.MAIL[row.state],
            "tone": labels.MAIL_TONES.get(row.state, ""),
            "hidden": is_hidden(row),
            "mail": mail,
            "registration": registration,
            "suppression": suppression,
            "suppression_words": suppression and labels.SUPPRESSION[suppression.reason],
            "may_act": may_act,
            "can_send_again": may_act
            and suppression is None
            and outbox.can_send_again(row),
            "can_put_aside": may_act
            and row.state in (Message.State.FAILED, Message.State.HELD),
            "history": list(entries),
        }

    def _mail(self) -> dict[str, str | None] | None:
        """What the reader sees, part by part; None if there is nothing to show."""
        if is_hidden(self.row):
            return None
        mail = parsed_mail(self.row)
        if mail is None:
            return None
        parts = {name: part_of(mail, name) for name in ("html", "text", "calendar")}
        parts["calendar"] = parts["calendar"] and FOLD.sub("", parts["calendar"])
        return {
            name: text and post.without_tokens(text) for name, text in parts.items()
        }

    def _registration(self) -> Registration | None:
        found = Registration.objects.select_related("session")
        return found.filter(pk=mails.registration_key(self.row)).first()


class SendAgainView(OneMessage, View):
    """Has a mail written and sent once more."""

    permission_required = "change"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not outbox.can_send_again(self.row):
            messages.error(request, _("This mail cannot be sent again."))
            return redirect(self.message_url)
        fresh = outbox.send_again(self.row, by=request.user)
        if fresh is None:
            messages.info(request, _("One like it is about to leave already."))
            return redirect(self.message_url)
        words = gettext("A new mail to %(recipient)s is about to leave.")
        messages.success(request, words % {"recipient": fresh.recipient})
        return redirect("messages:message", fresh.pk)


class PutAsideView(OneMessage, View):
    """Says that nothing is to be done about a mail that could not be sent."""

    permission_required = "change"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if outbox.put_aside(self.row, by=request.user):
            messages.success(request, _("Put aside: it needs nobody any more."))
        return redirect(self.message_url)


def _subject(row: Message) -> str:
    return gettext("hidden") if is_hidden(row) else row.subject
