"""What can be done with several cases of a list at once. Each is done or not: one that
somebody else has does not keep the others from it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from community.models import User
from workflows.engine import desk, inbox
from workflows.engine.access import CHANGE, cases_of, workers_of
from workflows.engine.models import Case

from .views import lists

# What a column of keys can hold.
KEY = re.compile("[0-9]{1,18}")


class _Cases(BulkAction):
    """On the cases that one looks after; of others nothing is said."""

    models = (Case,)
    template_name = "cases/bulk.html"

    @property
    def question(self) -> str:
        raise NotImplementedError

    def get_queryset(self, model: type[Case], object_ids: list) -> QuerySet[Case]:
        keys = [key for key in map(str, object_ids) if KEY.fullmatch(key)]
        mine = cases_of(self.request.user).filter(pk__in=keys).order_by("process")
        return inbox.with_steps(mine)

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> QuerySet:
        # Wagtail's own would be every case there is, whatever the list shows.
        found = lists.listed_in(self.request, self.next_url)
        return found.values_list("pk", flat=True)

    def check_perm(self, obj: Case) -> bool:
        return self.request.user.has_perm(CHANGE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "action": self}

    def get_execution_context(self) -> dict[str, Any]:
        return {"action": self}

    @classmethod
    def execute_action(
        cls, objects: list[Case], action: "_Cases", **kwargs: Any
    ) -> tuple[int, int]:
        return sum(action.do(case) for case in objects), 0

    def do(self, case: Case) -> bool:
        """Whether it was done with any step of `case`."""
        done = False
        for step in case.process.open_steps:
            if step.flow_task_type == "HUMAN":
                try:
                    done |= self.act(step)
                except (desk.Taken, desk.Gone, PermissionDenied):
                    continue
        return done

    def act(self, step: Any) -> bool:
        raise NotImplementedError


class ClaimMany(_Cases):
    display_name = _("Claim")
    action_type = "claim"
    aria_label = _("Claim the selected cases")
    action_priority = 10
    question = _("Do you want to claim these cases?")
    yes = _("Yes, claim them")
    no = _("No, leave them")

    def act(self, step: Any) -> bool:
        return desk.claim(step, self.request.user)

    def get_success_message(self, done: int, _children: int) -> str:
        words = ngettext(
            "%d case is yours: it is in your inbox.",
            "%d cases are yours: they are in your inbox.",
            done,
        )
        return words % done


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Who goes on with them"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people


class AssignMany(_Cases):
    display_name = _("Assign")
    action_type = "assign"
    aria_label = _("Assign the selected cases to somebody")
    action_priority = 20
    form_class = AssignForm
    question = _("To whom do you assign these cases?")
    yes = _("Assign them")
    no = _("Leave them as they are")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": self._people()}

    def _people(self) -> QuerySet[User]:
        """Who works on any of the units of the cases; each case asks again."""
        cases, _not_mine = self.get_actionable_objects()
        return workers_of(*{case.unit_id for case in cases})

    def act(self, step: Any) -> bool:
        return desk.hand_over(
            step, self.cleaned_form.cleaned_data["to"], self.request.user
        )

    def get_success_message(self, done: int, _children: int) -> str:
        words = ngettext("%d case assigned.", "%d cases assigned.", done)
        return words % done
