"""Next activities for a student, decided now, and any decision made before."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from engine.errors import NotFound

from ..auth import Recommender
from ..context import InContext
from ..decisions import make_recommendation
from ..documented import GUARDED, WRITTEN, problems
from ..identifiers import Identifier
from ..reach import require_reach, require_student
from .schemas import Recommendation, RecommendationRequest

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
    require_student(context, caller, id)
    document = make_recommendation(context.reading(caller.tenant), id, request.asked())
    return JSONResponse(document, status_code=201, headers=_location(document["id"]))


@router.get(
    "/recommendations/{id}",
    summary="Get a recommendation as it was decided",
    response_model=Recommendation,
    responses=problems(*GUARDED, 404),
)
def get(id: Identifier, caller: Recommender, context: InContext) -> Response:
    """The decision as it was stored: never recomputed."""
    found = context.store.recommendation(caller.tenant, id)
    if found is None:
        raise NotFound("recommendation", id)
    require_reach(context, caller, found["student"])
    return JSONResponse(found)


def _location(identifier: str) -> dict[str, str]:
    return {"Location": f"/v1/recommendations/{identifier}"}
