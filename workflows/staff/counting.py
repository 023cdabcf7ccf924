from django.http import HttpRequest

from workflows.engine import inbox


def waiting(request: HttpRequest) -> dict[str, int]:
    """How many cases wait for who asks: counted once for the menu and the page."""
    if not hasattr(request, "cases_waiting"):
        request.cases_waiting = inbox.counts(request.user)
    return request.cases_waiting
