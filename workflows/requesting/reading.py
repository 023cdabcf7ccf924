"""Who of a body reads its requests, and where."""

from collections.abc import Iterable

from django.urls import reverse

from community.models import Membership, User
from workflows.engine.kinds import OfBody
from workflows.engine.models import Case


def page(case: Case) -> str:
    """Where the people of the body find it, in the active language."""
    return reverse("body_request", args=[case.body.code, case.number])


def readers(case: Case) -> Iterable[User]:
    """Whoever sent something of it and still acts for the body or, if nobody of them
    does, all who represent it."""
    sent = case.request.submissions.values("by")
    acting = Membership.objects.active().filter(body=case.body)
    acting = acting.select_related("user").order_by("pk")
    found = acting.filter(user__in=sent) or acting.representatives()
    return [membership.user for membership in found]


OF_BODY = OfBody(page, readers)
