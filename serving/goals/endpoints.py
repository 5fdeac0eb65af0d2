"""`PUT`, `GET`, `DELETE` and lists of goals, each by whoever may speak for its student or class."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from ..auth import GoalReader, GoalSetter
from ..concerned import Whom, drop, known, paged, require_concern, speaker, visible
from ..context import InContext
from ..documented import GUARDED, WRITTEN, problems
from ..facts.endpoints import After, Limit, named_by_field, require_same
from ..facts.schemas import Listing
from ..identifiers import Identifier
from ..versions import UNCHANGED, Expected, Known, read, tagged, version_seen
from .schemas import Goal, StoredGoal

router = APIRouter(prefix="/v1/goals", tags=["goals"])
KIND = "goals"


@router.get(
    "", summary="List goals", response_model=Listing[StoredGoal], responses=problems(*GUARDED, 404)
)
def list_goals(
    caller: GoalReader,
    context: InContext,
    whom: Whom,
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """The goals that are the caller's to see, in the order of their ids."""
    return JSONResponse(paged(context, caller, KIND, whom, after=after, limit=limit))


@router.get(
    "/{id}",
    summary="Get a goal",
    response_model=StoredGoal,
    responses={**UNCHANGED, **problems(*GUARDED, 404)},
)
def get_goal(id: Identifier, caller: GoalReader, context: InContext, had: Known = None) -> Response:
    """As it was last put, with its version."""
    return read(visible(context, caller, KIND, id), had)


@router.put(
    "/{id}",
    summary="Set or change a goal",
    response_model=StoredGoal,
    responses={
        201: {"model": StoredGoal, "description": "Created."},
        **problems(*WRITTEN, 404, 412, 428),
    },
)
def put_goal(
    id: Identifier, goal: Goal, caller: GoalSetter, context: InContext, expected: Expected
) -> Response:
    """From the next decision on, what leads to it counts more. A deadline that has passed is
    reported with every decision and is no error."""
    require_same(id, goal)
    before = known(context, caller, KIND, id)
    body = goal.model_dump(mode="json", by_alias=True, exclude={"id"})
    require_concern(context, caller, body)
    body["by"] = speaker(caller, goal.by)
    seen = version_seen(caller, expected, before)
    with named_by_field(f"{KIND} {id}, "):
        fact, created = context.store.put(
            caller.tenant,
            KIND,
            id,
            body,
            now=context.clock(),
            author=speaker(caller),
            expected=seen,
        )
    return tagged(fact, 201 if created else 200)


@router.delete(
    "/{id}", summary="Drop a goal", status_code=204, responses=problems(*GUARDED, 404, 412, 428)
)
def delete_goal(id: Identifier, caller: GoalSetter, context: InContext, expected: Expected) -> None:
    """It counts no more. What it was stays in its history."""
    found = visible(context, caller, KIND, id)
    drop(context, caller, KIND, id, expected=version_seen(caller, expected, found))
