"""What a sender of events is told: the one form that every way in answers with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fastapi import Response

from data.store import Outcome
from engine.errors import Conflict, Fault, InvalidInput

from .schemas import Delivery, Malformed

KEPT = frozenset({"accepted", "duplicate"})
JSON_TYPE = "application/json"

Result = dict[str, Any]


def require_any(delivery: Delivery) -> None:
    """Raises `InvalidInput` with every fault when not one event can be read."""
    malformed = [event for event in delivery.judged() if isinstance(event, Malformed)]
    if len(malformed) == len(delivery.events):
        raise InvalidInput(
            Fault(
                f"events[{i}]{'.' if fault.place else ''}{fault.place}", fault.value, fault.expected
            )
            for i, event in enumerate(malformed)
            for fault in event.faults
        )


def answer(delivery: Delivery, outcomes: Sequence[Outcome]) -> Response:
    """What became of every event, in the order sent; `outcomes` are those of the readable ones.

    Raises `Conflict` or `InvalidInput` for a single event that was not kept.
    """
    kept = iter(outcomes)
    results = [
        _rejected(event) if isinstance(event, Malformed) else next(kept)._asdict()
        for event in delivery.judged()
    ]
    if len(results) == 1:
        _require_kept(results[0])
    mixed = any(result["status"] not in KEPT for result in results)
    content = json.dumps({"results": results}, ensure_ascii=False, separators=(",", ":"))
    return Response(content.encode(), status_code=207 if mixed else 200, media_type=JSON_TYPE)


def _require_kept(result: Result) -> None:
    """A single event that was not kept is an error of its own."""
    if result["status"] == "conflict":
        raise Conflict(f"event {result['id']}: {result['reason']}")
    if result["status"] == "rejected":
        raise InvalidInput.at("events[0]", result["id"], result["reason"])


def _rejected(event: Malformed) -> Result:
    named = (fault._replace(place=fault.place or "event") for fault in event.faults)
    reason = "; ".join(map(str, named))
    return Outcome(event.id or "", "rejected", reason)._asdict() | {"id": event.id}
