"""What the form of every page asks besides its text."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from cms.models.reviews import Review
from community.models import User

from . import reviews


class PageForm(WagtailAdminPageForm):
    """Asks who looks after the page and when somebody looks at it again. Both hold
    from when they are sent, also where the text stays a draft."""

    review_by = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=AdminDateInput,
        help_text=_(
            "On this day whoever looks after the page is asked whether it still holds."
            " A page that is published gets a day in a year’s time."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        if page.pk and "review_by" in self.fields:
            review = Review.objects.filter(page_id=page.pk).first()
            self.initial["review_by"] = review and review.by
        self._say_hours()
        if "owner" in self.fields:
            self.fields["owner"].queryset = _writers(page)
            self.fields["owner"].empty_label = _("Nobody")

    def _say_hours(self) -> None:
        """In our words: these two are in a panel of Wagtail's own."""
        for name, label, help_text in (
            ("go_live_at", _("Publish on"), _("Left empty, when you publish it.")),
            ("expire_at", _("Take away on"), _("Left empty, it stays.")),
        ):
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = help_text

    def save(self, commit: bool = True) -> Page:
        page = super().save(commit)
        if page.pk and "owner" in self.changed_data:
            reviews.hand_over(page, page.owner, by=self.for_user)
        if "review_by" in self.changed_data:
            # A page that is not there yet gets it as soon as it is.
            page.review_by = self.cleaned_data["review_by"]
            if page.pk:
                reviews.plan(page, page.review_by)
        return page


def _writers(page: Page) -> QuerySet[User]:
    """Who may look after `page`: those who write pages, and who does so now."""
    writers = page_permission_policy.users_with_any_permission({"add", "change"})
    found = User.objects.filter(Q(pk__in=writers.values("pk")) | Q(pk=page.owner_id))
    return found.order_by("name", "email")
