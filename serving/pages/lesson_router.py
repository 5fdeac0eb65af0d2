"""The addresses of the pages about lesson plans and the approach."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from data.store import Principal
from engine.curriculum import Curriculum
from engine.errors import InvalidInput, Outdated

from ..answers import Facts, objective_scope
from ..auth import Grouper
from ..context import Context, InContext
from ..identifiers import MAX_LENGTH, Identifier
from ..lessons.endpoints import JUDGEMENT, grouping_for, policy_of, set_policy
from ..lessons.planning import approach, lesson
from ..lessons.schemas import Policy
from ..reach import visible_class
from ..versions import Unseen, version_seen
from .approach_page import ApproachPage, about, approach_page, objective_options
from .form_fields import names_of, sent_to, version_in, wrong_words
from .lesson_pages import PlanPage, plan_page
from .rendering import address, rendered
from .views import reading_of, working_on

USUAL_LESSON = 45.0  # minutes
NUMBERS = ("tiered_share", "adults", "devices", "independence", "age", "preparation")

Objective = Annotated[str | None, Query(max_length=MAX_LENGTH)]
Minutes = Annotated[float, Query(ge=0, le=24 * 60)]

router = APIRouter(include_in_schema=False, prefix="/classes/{class_id}")


@router.get("/plan")
def plan(
    caller: Grouper,
    context: InContext,
    class_id: Identifier,
    objective: Objective = None,
    minutes: Minutes = USUAL_LESSON,
    grouping: Objective = None,
) -> Response:
    """A lesson, minute by minute, to look at or to print."""
    found = visible_class(context, caller, class_id)
    reading = reading_of(context, caller)
    document = grouping_for(context, caller, class_id, grouping or None)
    curriculum = context.store.curriculum(caller.tenant)
    if document and objective and document["objective"] != objective:
        document = None  # another objective was chosen on the page
    chosen = objective or (document["objective"] if document else None)
    chosen = chosen or (working_on(reading, found["students"]) if reading else None)
    if reading is None or chosen is None:
        return rendered("plan.html", _no_plan(found, curriculum, minutes, reading is None))
    objective_scope(curriculum, chosen)
    policy = policy_of(context, caller, class_id)
    made = lesson(reading, class_id, chosen, minutes=minutes, policy=policy, document=document)
    return rendered(
        "plan.html", plan_page(found, curriculum, names_of(context, caller, found), made)
    )


@router.get("/approach")
def advice(
    caller: Grouper, context: InContext, class_id: Identifier, objective: Objective = None
) -> Response:
    """Which approach fits the class, and what would change that."""
    return _advice(context, caller, class_id, objective or None)


@router.post("/approach")
async def state(
    request: Request,
    caller: Grouper,
    context: InContext,
    class_id: Identifier,
    objective: Objective = None,
) -> Response:
    """States how the class works, and shows the advice that follows."""
    fields = parse_qsl((await request.body()).decode("utf-8", "replace"))
    return await run_in_threadpool(_stated, context, caller, class_id, objective, dict(fields))


def _no_plan(class_: Facts, curriculum: Curriculum, minutes: float, no_model: bool) -> PlanPage:
    facts = about(class_, curriculum, None)
    return PlanPage(
        name=facts["name"],
        href=facts["href"],
        action=address("classes", class_["id"], "plan"),
        objective="",
        objectives=objective_options(curriculum, None),
        minutes=f"{minutes:g}",
        grouping="",
        blocks=(),
        silence="Choose an objective to plan a lesson for.",
        no_model=no_model,
    )


def _advice(
    context: Context, caller: Principal, class_id: str, objective: str | None, wrong: str = ""
) -> Response:
    class_ = visible_class(context, caller, class_id)
    reading = reading_of(context, caller)
    curriculum = context.store.curriculum(caller.tenant)
    objective_scope(curriculum, objective)
    chosen = objective or (working_on(reading, class_["students"]) if reading else None)
    if reading is None or chosen is None:
        page = ApproachPage(
            **about(class_, curriculum, None), no_model=reading is None, no_objective=True
        )
        return rendered("approach.html", page)
    policy = policy_of(context, caller, class_id)
    found = approach(reading, class_id, chosen, policy)
    page = approach_page(
        class_, curriculum, chosen, policy, found, judgement=JUDGEMENT, wrong=wrong
    )
    return rendered("approach.html", page, status=422 if wrong else 200)


def _stated(
    context: Context,
    caller: Principal,
    class_id: str,
    objective: str | None,
    said: dict[str, str],
) -> Response:
    visible_class(context, caller, class_id)
    before = policy_of(context, caller, class_id)
    kept = {name: before[name] for name in ("differentiated", "personal")}
    stated = {name: _number(said[name]) for name in NUMBERS if said.get(name, "").strip()}
    try:
        policy = Policy.model_validate(
            {**kept, **stated, "fixed_curriculum": "fixed_curriculum" in said}
        )
        kept_before = before if before["version"] else None
        seen = version_seen(caller, version_in(said), kept_before)
        set_policy(context, caller, class_id, policy, expected=seen)
    except (ValidationError, InvalidInput, Outdated, Unseen) as error:
        return _advice(context, caller, class_id, objective, wrong_words(error))
    return sent_to(address("classes", class_id, "approach", objective=objective))


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
