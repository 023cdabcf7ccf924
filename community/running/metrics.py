"""Figures for Prometheus at `/metrics`, for operators alone.

What requests took is counted by each process of the web server for itself, and a
scrape meets one of them: the label `process` says which, so that rates add up. What
the database knows is looked up when asked, and is the same whichever process answers.
"""

from collections.abc import Callable, Iterator

from django.db import Error
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.cache import add_never_cache_headers
from prometheus_client import CONTENT_TYPE_LATEST, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from community.models import Message

from . import health, traffic
from .caller import is_operator

# How many of something there are, by state.
CountByState = Callable[[], dict[str, int]]

_counts: dict[str, tuple[str, CountByState]] = {}


def register(name: str, words: str, count: CountByState) -> None:
    """Have `/metrics` tell how many of `name` (in English, in the plural) there are.
    A room calls it at start-up."""
    _counts[name] = words, count


class Rows(Collector):
    """What the database knows. Asked at each scrape, and never before one."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("placa_database_up", "Whether the database answers.")
        try:
            found = [*_ages(), _outbox(), *_registered()]
        except Error:
            found = []
        up.add_metric([], float(bool(found)))
        yield up
        yield from found


def _ages() -> Iterator[Metric]:
    found = health.vitals()
    beats = GaugeMetricFamily(
        "placa_heartbeat_age_seconds",
        "Since when a process has not been seen.",
        labels=["process"],
    )
    for name, at in (("worker", found.worker), ("sweeper", found.sweeper)):
        if at:
            beats.add_metric([name], (found.now - at).total_seconds())
    yield beats
    waits = (found.now - found.oldest).total_seconds() if found.oldest else 0
    yield GaugeMetricFamily(
        "placa_outbox_oldest_seconds",
        "For how long the mail waits that waits longest.",
        value=waits,
    )


def _outbox() -> Metric:
    State = Message.State
    # Those that are done with are many, and nobody has to act on them.
    told = (*Message.WAITING, State.RUNNING, State.FAILED, State.HELD)
    rows = Message.objects.filter(state__in=told).order_by().values_list("state")
    counts = dict(rows.annotate(count=Count("pk")))
    return _by_state(
        "outbox_messages",
        "Mails that wait, were given up or are on hold.",
        {str(state): counts.get(state, 0) for state in told},
    )


def _registered() -> Iterator[Metric]:
    for name, (words, count) in _counts.items():
        yield _by_state(name, words, count())


def _by_state(name: str, words: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"placa_{name}", words, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family


traffic.registry.register(Rows())


class MetricsMiddleware:
    """Answers `/metrics` before anything else sees the request, as for `/health/`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/metrics":
            return self.get_response(request)
        if not is_operator(request):
            return HttpResponseNotFound()
        response = HttpResponse(
            generate_latest(traffic.registry), content_type=CONTENT_TYPE_LATEST
        )
        add_never_cache_headers(response)
        return response
