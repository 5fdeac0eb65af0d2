"""A class's policy, read and set; advice on its approach; the plan of a lesson."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from data.store import Principal
from engine.errors import InvalidInput, NotFound

from ..auth import Grouper
from ..concerned import speaker
from ..context import Context, InContext
from ..documented import GUARDED, WRITTEN, problems
from ..groupings.endpoints import visible_grouping
from ..identifiers import MAX_LENGTH, Identifier
from ..reach import visible_class
from ..recommendations.schemas import Replay
from ..versions import EXPECTED_HEADERS, Expected, tagged, version_seen
from .planning import KIND, approach, check_policy, kept_policy
from .plans import make_plan, outcome, replay
from .schemas import Advice, Policy, SessionPlan, SessionRequest, StoredPolicy

router = APIRouter(prefix="/v1/classes/{id}", tags=["lessons"])
plans = APIRouter(prefix="/v1/session-plans", tags=["lessons"])
DEFAULTS = Policy.model_validate({}).model_dump(mode="json")
JUDGEMENT = (
    "The constants of this formula are judgement, not measurement: it orders what you know of the "
    "class, and you decide. Personal learning needs no devices: goals, mentoring, projects and "
    "hands-on work count as well."
)
Objective = Annotated[
    str | None, Query(max_length=MAX_LENGTH, description="What the class works on.")
]


@router.get(
    "/policy",
    summary="Get how a class works",
    response_model=StoredPolicy,
    responses={200: {"headers": EXPECTED_HEADERS}, **problems(*GUARDED, 404, 503)},
)
def get_policy(id: Identifier, caller: Grouper, context: InContext) -> Response:
    """As it was last set; the defaults, at version 0, where nobody has."""
    visible_class(context, caller, id)
    return tagged(policy_of(context, caller, id))


@router.put(
    "/policy",
    summary="Set how a class works",
    response_model=StoredPolicy,
    responses={
        201: {"model": StoredPolicy, "description": "Set for the first time."},
        **problems(*WRITTEN, 404, 412, 428, 503),
    },
)
def put_policy(
    id: Identifier, policy: Policy, caller: Grouper, context: InContext, expected: Expected
) -> Response:
    """Which objectives are worked on in tiers and which by each alone, shares of time, and what the
    advice goes by. Fields left out take their defaults."""
    visible_class(context, caller, id)
    before = context.store.get(caller.tenant, KIND, id)
    seen = version_seen(caller, expected, before)
    fact, created = set_policy(context, caller, id, policy, expected=seen)
    return tagged(fact, 201 if created else 200)


@router.get(
    "/approach",
    summary="Ask which approach fits",
    response_model=Advice,
    responses=problems(*GUARDED, 404, 503),
)
def get_approach(
    id: Identifier, caller: Grouper, context: InContext, objective: Objective = None
) -> Response:
    """Work by tiers, personal learning or a blend of both: with the numbers behind it, what was
    taken where nobody knows, and for each input what would change the advice."""
    visible_class(context, caller, id)
    if objective is None:
        raise InvalidInput.at("objective", "nothing", "what the class works on: an objective's id")
    policy = policy_of(context, caller, id)
    conditions, advice, habits = approach(context.reading(caller.tenant), id, objective, policy)
    found = {
        "class": id,
        "objective": objective,
        "judgement": JUDGEMENT,
        "conditions": asdict(conditions),
        "independence": {
            **{name: one._asdict() for name, one in habits.items()},
            "rating": policy["independence"],
        },
        **asdict(advice),
        "terms": [one._asdict() for one in advice.terms],
        "would_change": [one._asdict() for one in advice.would_change],
    }
    return JSONResponse(found)


@router.post(
    "/session-plan",
    summary="Plan a lesson",
    status_code=201,
    response_model=SessionPlan,
    responses=problems(*WRITTEN, 404, 503),
)
def plan(id: Identifier, request: SessionRequest, caller: Grouper, context: InContext) -> Response:
    """Who does what when, and where the teacher is: first together, then in groups, then each
    alone, last a check; the class's policy says how much of each. The plan is kept whole."""
    visible_class(context, caller, id)
    document = grouping_for(context, caller, id, request.grouping)
    objective = request.objective or (document["objective"] if document else None)
    if objective is None or (document and document["objective"] != objective):
        wanted = f"{document['objective']}, that of the grouping" if document else "an objective"
        raise InvalidInput.at("objective", objective, wanted)
    document = make_plan(
        context.reading(caller.tenant),
        id,
        objective,
        minutes=request.minutes,
        policy=policy_of(context, caller, id),
        grouping=request.grouping,
    )
    headers = {"Location": f"/v1/session-plans/{document['id']}"}
    whole = {**document, "outcome": outcome(context.reading(caller.tenant), document)}
    return JSONResponse(whole, status_code=201, headers=headers)


@plans.get(
    "/{id}",
    summary="Get the plan of a lesson as it was decided",
    response_model=SessionPlan,
    responses=problems(*GUARDED, 404, 503),
)
def get_plan(id: Identifier, caller: Grouper, context: InContext) -> Response:
    """As it was decided, never recomputed, with what came of it: who did what was planned."""
    found = _visible_plan(context, caller, id)
    return JSONResponse({**found, "outcome": outcome(context.reading(caller.tenant), found)})


@plans.post(
    "/{id}:replay",
    summary="Decide the plan of a lesson again, from what it was decided from",
    response_model=Replay,
    responses=problems(*GUARDED, 404, 409, 503),
)
def replay_plan(id: Identifier, caller: Grouper, context: InContext) -> Response:
    """The facts as they stood then, under the model in force: the same plan, bit for bit, or the
    fields that differ. 409 if it was decided by another model."""
    found = _visible_plan(context, caller, id)
    return JSONResponse(replay(context.store, context.champion.bundle(), caller.tenant, found))


def _visible_plan(context: Context, caller: Principal, id: str) -> dict[str, Any]:
    found = context.store.session_plan(caller.tenant, id)
    if found is None:
        raise NotFound("session plan", id)
    visible_class(context, caller, found["class"])
    return found


def policy_of(context: Context, caller: Principal, class_id: str) -> dict[str, Any]:
    """The class's policy as it stands."""
    return kept_policy(context.reading(caller.tenant), class_id, DEFAULTS)


def set_policy(
    context: Context, caller: Principal, class_id: str, policy: Policy, *, expected: int | None
) -> tuple[dict[str, Any], bool]:
    """The policy as kept, and whether it is the first."""
    reading = context.reading(caller.tenant)
    body = {**policy.model_dump(mode="json"), "class": class_id}
    check_policy(reading, body)
    fact, created = context.store.put(
        caller.tenant,
        KIND,
        class_id,
        body,
        now=reading.now,
        author=speaker(caller),
        expected=expected,
    )
    return {**DEFAULTS, **fact}, created


def grouping_for(
    context: Context, caller: Principal, class_id: str, grouping: str | None
) -> dict[str, Any] | None:
    """The grouping named, which must be of this class; None where none is named."""
    if grouping is None:
        return None
    found = visible_grouping(context, caller, grouping)
    if found["class"] != class_id:
        raise InvalidInput.at("grouping", grouping, f"a grouping of the class {class_id}")
    return found
