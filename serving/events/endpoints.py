"""`POST /v1/events`: the one way answers come in over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ..auth import EventSender
from ..context import InContext
from ..documented import WRITTEN, Responses, problems
from .answers import answer, require_any
from .schemas import Delivery, Results

router = APIRouter(prefix="/v1/events", tags=["events"])

MIXED: Responses = {
    207: {"model": Results, "description": "Not every event was accepted: see each status."}
}


@router.post(
    "",
    summary="Send answers",
    response_model=Results,
    responses={**MIXED, **problems(*WRITTEN, 409, 503)},
)
def send(delivery: Delivery, caller: EventSender, context: InContext) -> Response:
    """Keeps 1 to 1,000 answers; once this replies they survive a power cut.

    Sending an event again is safe: the same content is a `duplicate`, other content under the same
    id a `conflict`. 200 when every event was accepted or a duplicate, else 207; a single event
    that conflicts is a 409, and one that nothing can be read from a 422.
    """
    require_any(delivery)
    outcomes = context.store.append(caller.tenant, delivery.facts(), context.clock())
    context.metrics.delivered(outcomes)
    return answer(delivery, outcomes)
