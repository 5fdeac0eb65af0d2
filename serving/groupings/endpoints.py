"""Groups of a class on an objective, decided now, and any grouping made before."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from engine.errors import NotFound

from ..auth import Grouper
from ..context import InContext
from ..decisions import make_grouping
from ..documented import GUARDED, WRITTEN, problems
from ..identifiers import Identifier
from ..reach import require_class
from .schemas import Grouping, GroupingRequest

router = APIRouter(prefix="/v1", tags=["groupings"])


@router.post(
    "/classes/{id}/groupings",
    summary="Group a class by need",
    status_code=201,
    response_model=Grouping,
    responses=problems(*WRITTEN, 404, 503),
)
def group(
    id: Identifier, request: GroupingRequest, caller: Grouper, context: InContext
) -> Response:
    """Decides who needs support, is on level or ahead, stores the decision whole, and says why.

    Thin evidence makes a seat provisional; no evidence leaves a student unplaced, with a
    diagnostic to start from.
    """
    document = make_grouping(context.reading(caller.tenant), id, request.objective)
    location = f"/v1/groupings/{document['id']}"
    return JSONResponse(document, status_code=201, headers={"Location": location})


@router.get(
    "/groupings/{id}",
    summary="Get a grouping as it was decided",
    response_model=Grouping,
    responses=problems(*GUARDED, 404),
)
def get(id: Identifier, caller: Grouper, context: InContext) -> Response:
    """The decision as it was stored: never recomputed."""
    found = context.store.grouping(caller.tenant, id)
    if found is None:
        raise NotFound("grouping", id)
    require_class(context, caller, found["class"])
    return JSONResponse(found)
