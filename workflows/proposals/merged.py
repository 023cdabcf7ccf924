"""A local body goes on as another: those who supported something for it, or wrote under
it, did so for the other."""

from typing import Any

from community.models import LocalBody

from . import supporting
from .models import Comment, Proposal, Support


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger."""
    Comment.objects.filter(body=body).update(body=into)
    theirs = Support.objects.filter(body=body)
    keys = list(theirs.values_list("proposal", flat=True).distinct())
    rows = Proposal.objects.select_for_update().order_by("pk").filter(pk__in=keys)
    for proposal in list(rows):
        theirs.filter(proposal=proposal).update(body=into)
        supporting.recount(proposal)
