"""A local body goes on as another: what names it here names the other from then on."""

from typing import Any

from community.models import LocalBody

from .models import Circular, Registration, Session


def go_on(body: LocalBody, into: LocalBody, **kwargs: Any) -> None:
    """Called in the transaction of the merger."""
    Registration.objects.filter(body=body).update(body=into)
    Circular.objects.filter(body=body).update(body=into)
    chosen = Session.bodies.through.objects.filter(localbody=body)
    chosen.filter(session__in=Session.objects.filter(bodies=into)).delete()
    chosen.update(localbody=into)
