"""Next activities for a student, decided now, and any decision made before."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from data.store import Principal
from engine.errors import NotFound, Unavailable

from ..auth import Recommender
from ..context import Context, InContext
from ..decisions import make_recommendation
from ..documented import GUARDED, WRITTEN, problems
from ..identifiers import Identifier
from ..reach import require_reach, require_student
from .outcome import movement, outcome
from .replaying import replay
from .schemas import Recommendation, RecommendationRequest, Replay

router = APIRouter(prefix="/v1", tags=["recommendations"])


@router.post(
    "/students/{id}/recommendations",
    summary="Recommend next activities",
    status_code=201,
    response_model=Recommendation,
    responses=problems(*WRITTEN, 404, 503),
)
def recommend(
    id: Identifier, request: RecommendationRequest, caller: Recommender, context: InContext
) -> Response:
    """Decides what the student should do next, stores the decision whole, and says why.

    The status tells `complete` from `nothing_available`, and neither from an outage.
    """
    with context.store.at_once(caller.tenant):
        require_student(context, caller, id)
        reading = context.reading(caller.tenant).gather([id])
    document = make_recommendation(reading, id, request.asked())
    untouched = {**outcome(document, [], context.clock()), "p_mastery": None}
    whole = {**document, "outcome": untouched}
    return JSONResponse(whole, status_code=201, headers=_location(document["id"]))


@router.get(
    "/recommendations/{id}",
    summary="Get a recommendation as it was decided",
    response_model=Recommendation,
    responses=problems(*GUARDED, 404),
)
def get(id: Identifier, caller: Recommender, context: InContext) -> Response:
    """The decision as it was stored, never recomputed, with what has become of it since."""
    found = _visible(context, caller, id)
    return JSONResponse({**found, "outcome": _outcome(context, caller.tenant, found)})


@router.post(
    "/recommendations/{id}:replay",
    summary="Decide a recommendation again, from what it was decided from",
    response_model=Replay,
    responses=problems(*GUARDED, 404, 409, 503),
)
def replay_recommendation(id: Identifier, caller: Recommender, context: InContext) -> Response:
    """The facts as they stood then, under the model in force: the same answer, bit for bit, or the
    fields that differ. 409 if it was decided by another model."""
    found = _visible(context, caller, id)
    bundle = context.champion.bundle()
    return JSONResponse(replay(context.store, bundle, caller.tenant, found))


def _visible(context: Context, caller: Principal, id: str) -> dict[str, Any]:
    found = context.store.recommendation(caller.tenant, id)
    if found is None:
        raise NotFound("recommendation", id)
    require_reach(context, caller, found["student"])
    return found


def _outcome(context: Context, tenant: str, document: dict[str, Any]) -> dict[str, Any]:
    """What became of it; how mastery moved is left out while there is no model."""
    answers = context.store.answers_to(tenant, [document["id"]])[document["id"]]
    found = outcome(document, answers, context.clock())
    try:
        moved = movement(context.reading(tenant), document, found) if answers else None
    except Unavailable:
        moved = None
    return {**found, "p_mastery": moved}


def _location(identifier: str) -> dict[str, str]:
    return {"Location": f"/v1/recommendations/{identifier}"}
