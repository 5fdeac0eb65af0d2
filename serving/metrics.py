"""What the server counts of itself, for Prometheus: never who, only what and how much.

One registry per application. Several workers of one server count together, in files of a folder
that the server made for them, so that a scrape sees the whole server whichever worker it meets.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable
from typing import NamedTuple

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from data.store import Outcome

from .champion import ModelState

MEDIA_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
TOGETHER = values.ValueClass is not values.MutexValue
"""Whether several workers count in files: the library decides when it is imported."""
OTHER = "other"  # whatever callers make up must not become a new series each


class Answered(NamedTuple):
    """A request that has been answered: its route's template, never its address."""

    method: str
    route: str
    status: int
    seconds: float


class Metrics:
    """The counts of one application.

    >>> metrics = Metrics()
    >>> metrics.answered(Answered("GET", "/healthz", 200, 0.001))
    >>> "trellis_requests_total" in metrics.text().decode()
    True
    """

    def __init__(self) -> None:
        self._shown = ("", "")
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "trellis_requests",
            "Requests answered, by route template.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "trellis_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._events = Counter(
            "trellis_events", "Events delivered, by outcome.", ("status",), registry=self._registry
        )
        self._model = Gauge(
            "trellis_model_info",
            "1 for the model in force.",
            ("model", "version"),
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        self._refused = Gauge(
            "trellis_model_refused",
            "1 while the newest bundle in the model folder cannot be used.",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        if not TOGETHER:
            ProcessCollector(registry=self._registry)

    def answered(self, request: Answered) -> None:
        """A request is counted under its route."""
        method = request.method if request.method in METHODS else OTHER
        self._requests.labels(method, request.route, str(request.status)).inc()
        self._seconds.labels(request.route).observe(request.seconds)

    def delivered(self, outcomes: Iterable[Outcome]) -> None:
        """Events are counted by what became of them."""
        for status, count in Tally(outcome.status for outcome in outcomes).items():
            self._events.labels(status).inc(count)

    def serving(self, state: ModelState) -> None:
        """The model in force is the one that is shown."""
        bundle = state.bundle
        found = (bundle.model, bundle.version) if bundle else ("", "")
        if found != self._shown:
            self._model.labels(*self._shown).set(0)
            self._model.labels(*found).set(1)
            self._shown = found
        self._refused.set(state.refusal is not None and state.bundle is not None)

    def text(self) -> bytes:
        """Every count, in Prometheus' text format."""
        if not TOGETHER:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
