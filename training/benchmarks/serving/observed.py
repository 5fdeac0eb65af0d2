"""What the server says of its own times: counted inside it, so that no generator can delay them."""

from __future__ import annotations

from collections import Counter
from http.client import HTTPConnection
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

BUCKETS = "trellis_request_seconds_bucket"

Buckets = Counter[float]
"""Bound in seconds → requests that took no longer than it."""


def buckets_of(port: int, route: str) -> Buckets:
    """How many requests of a route have been answered within each bound so far."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return read(text, route)


def read(text: str, route: str) -> Buckets:
    """The buckets of a route in Prometheus' text format.

    >>> said = f'{BUCKETS}{{le="0.025",route="/r"}} 3.0\\n{BUCKETS}{{le="+Inf",route="/r"}} 4.0\\n'
    >>> read(f"# TYPE trellis_request_seconds histogram\\n{said}", "/r")
    Counter({inf: 4, 0.025: 3})
    """
    found: Buckets = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == BUCKETS and sample.labels["route"] == route:
                found[float(sample.labels["le"])] += int(sample.value)
    return found


def between(before: Buckets, after: Buckets) -> dict[str, Any]:
    """The share of the requests in between that took no longer than each bound of interest.

    >>> between(Counter({0.025: 1, 0.05: 1, float("inf"): 1}),
    ...         Counter({0.025: 2, 0.05: 5, float("inf"): 5}))
    {'server_within_25_ms': 0.25, 'server_within_50_ms': 1.0}
    """
    total = after[float("inf")] - before[float("inf")]
    return {
        f"server_within_{bound * 1000:g}_ms": round((after[bound] - before[bound]) / total, 4)
        for bound in (0.025, 0.05)
        if total
    }
