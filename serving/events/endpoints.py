"""`POST /v1/events`: the one way answers come in over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Response

from data.store import Outcome
from engine.errors import Conflict, Fault, InvalidInput

from ..auth import EventSender
from ..context import InContext
from ..documented import WRITTEN, Responses, problems
from .schemas import Delivery, Malformed, Result, Results

router = APIRouter(prefix="/v1/events", tags=["events"])

KEPT = frozenset({"accepted", "duplicate"})
MIXED: Responses = {
    207: {"model": Results, "description": "Not every event was accepted: see each status."}
}


@router.post(
    "",
    summary="Send answers",
    response_model=Results,
    responses={**MIXED, **problems(*WRITTEN, 409)},
)
def send(
    delivery: Delivery, caller: EventSender, context: InContext, response: Response
) -> Results:
    """Keeps 1 to 1,000 answers; once this replies they survive a power cut.

    Sending an event again is safe: the same content is a `duplicate`, other content under the same
    id a `conflict`. 200 when every event was accepted or a duplicate, else 207; a single event
    that conflicts is a 409, and one that nothing can be read from a 422.
    """
    judged = delivery.judged()
    _require_any(judged)
    kept = iter(
        context.store.append(
            caller.tenant,
            [event.fact() for event in judged if not isinstance(event, Malformed)],
            context.clock(),
        )
    )
    results = [
        _rejected(event) if isinstance(event, Malformed) else _result(next(kept))
        for event in judged
    ]
    if len(results) == 1:
        _require_kept(results[0])
    if any(result.status not in KEPT for result in results):
        response.status_code = 207
    return Results(results=results)


def _require_any(judged: Sequence[object]) -> None:
    """Raises `InvalidInput` with every fault when not one event can be read."""
    malformed = [event for event in judged if isinstance(event, Malformed)]
    if len(malformed) == len(judged):
        raise InvalidInput(
            Fault(
                f"events[{i}]{'.' if fault.place else ''}{fault.place}", fault.value, fault.expected
            )
            for i, event in enumerate(malformed)
            for fault in event.faults
        )


def _require_kept(result: Result) -> None:
    """A single event that was not kept is an error of its own."""
    if result.status == "conflict":
        raise Conflict(f"event {result.id}: {result.reason}")
    if result.status == "rejected":
        raise InvalidInput.at("events[0]", result.id, result.reason)


def _rejected(event: Malformed) -> Result:
    return Result(
        id=event.id,
        status="rejected",
        reason="; ".join(map(str, event.faults)),
        unmapped=False,
    )


def _result(outcome: Outcome) -> Result:
    return Result(
        id=outcome.id, status=outcome.status, reason=outcome.reason, unmapped=outcome.unmapped
    )
