"""The addresses of the pages about groups."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from data.store import Principal
from engine.errors import Conflict, InvalidInput, NotFound, Outdated, TrellisError

from ..answers import Facts, objective_scope
from ..auth import Grouper
from ..concerned import speaker
from ..context import Context, InContext
from ..group_record import recent_groupings
from ..groupings.changing import change_grouping
from ..groupings.endpoints import visible_grouping
from ..groupings.making import make_grouping
from ..groupings.schemas import GroupingChange, GroupingRequest
from ..identifiers import MAX_LENGTH, Identifier
from ..problems import of_error
from ..reach import visible_class
from ..versions import Unseen, version_seen
from .form_fields import names_of, sent_to, version_in, whole, wrong_words
from .group_pages import NOWHERE, forming_page, groups_page
from .rendering import address, rendered
from .views import reading_of, working_on

ROWS = ("1", "2", "3")  # wishes of each kind that the form has room for

Objective = Annotated[str | None, Query(max_length=MAX_LENGTH)]
Fields = list[tuple[str, str]]

router = APIRouter(include_in_schema=False, prefix="/classes/{class_id}")


@router.get("/groups")
def forming(
    caller: Grouper, context: InContext, class_id: Identifier, objective: Objective = None
) -> Response:
    """Where groups of every kind are formed."""
    return _forming(context, caller, visible_class(context, caller, class_id), objective or None)


@router.post("/groups")
async def form(
    request: Request, caller: Grouper, context: InContext, class_id: Identifier
) -> Response:
    """Forms the groups and shows them; what is wrong with the form is said on it."""
    fields = parse_qsl((await request.body()).decode("utf-8", "replace"))
    return await run_in_threadpool(_formed, context, caller, class_id, fields)


@router.get("/groups/{id}")
def groups(caller: Grouper, context: InContext, class_id: Identifier, id: Identifier) -> Response:
    """Groups as they stand."""
    return _groups(context, caller, class_id, id)


@router.post("/groups/{id}")
async def change(
    request: Request, caller: Grouper, context: InContext, class_id: Identifier, id: Identifier
) -> Response:
    """Moves, locks, confirms or ends; what could not be done is said on the page."""
    fields = parse_qsl((await request.body()).decode("utf-8", "replace"))
    return await run_in_threadpool(_changed, context, caller, class_id, id, fields)


def _forming(
    context: Context, caller: Principal, class_: Facts, objective: str | None, wrong: str = ""
) -> Response:
    reading = reading_of(context, caller)
    curriculum = context.store.curriculum(caller.tenant)
    objective_scope(curriculum, objective)
    chosen = objective or (working_on(reading, class_["students"]) if reading else None)
    recent = recent_groupings(reading, class_["id"]) if reading else []
    page = forming_page(
        class_,
        curriculum,
        names_of(context, caller, class_),
        recent,
        objective=chosen,
        no_model=reading is None,
        wrong=wrong,
    )
    return rendered("groups_form.html", page, status=422 if wrong else 200)


def _formed(context: Context, caller: Principal, class_id: str, fields: Fields) -> Response:
    class_ = visible_class(context, caller, class_id)
    said = dict(fields)
    try:
        asked = GroupingRequest.model_validate(_asked(said, class_))
        made = make_grouping(context.reading(caller.tenant), class_id, asked)
    except (ValidationError, InvalidInput) as error:
        known = said.get("objective") in context.store.curriculum(caller.tenant).objectives
        objective = said.get("objective") if known else None
        return _forming(context, caller, class_, objective, wrong_words(error))
    return sent_to(address("classes", class_id, "groups", made["id"]))


def _asked(said: dict[str, str], class_: Facts) -> dict[str, Any]:
    """The request that the form stands for."""
    kind = said.get("kind", "need")
    asked: dict[str, Any] = {"objective": said.get("objective", ""), "kind": kind}
    if kind == "mixed" and said.get("size", "").strip():
        asked["size"] = whole(said["size"])
    if kind in ("mixed", "pairs"):
        for wish in ("apart", "together"):
            pairs = [[said.get(f"{wish}-{row}-{side}", "") for side in "ab"] for row in ROWS]
            asked[wish] = [pair for pair in pairs if all(pair)]
    if kind == "manual":
        count = min(_number_of_groups(said), max(len(class_["students"]), 1))
        asked["members"] = [[] for _ in range(count)]
    return asked


def _number_of_groups(said: dict[str, str]) -> int:
    found = whole(said.get("groups") or "3")
    if not isinstance(found, int) or found < 1:
        raise InvalidInput.at("groups", said.get("groups", ""), "a whole number of 1 or more")
    return found


def _groups(
    context: Context, caller: Principal, class_id: str, id: str, wrong: str = "", status: int = 200
) -> Response:
    class_ = visible_class(context, caller, class_id)
    document = visible_grouping(context, caller, id)
    if document["class"] != class_id:
        raise NotFound("grouping of this class", id)
    everybody = [s["student"] for g in document["groups"] for s in g["students"]]
    names = names_of(context, caller, class_, [*everybody, *_left(document)])
    curriculum = context.store.curriculum(caller.tenant)
    page = groups_page(class_, curriculum, names, document, wrong=wrong)
    return rendered("groups.html", page, status=status)


def _left(document: dict[str, Any]) -> list[str]:
    return [one["student"] for one in document["unplaced"]]


def _changed(
    context: Context, caller: Principal, class_id: str, id: str, fields: Fields
) -> Response:
    document = visible_grouping(context, caller, id)
    if document["class"] != class_id:
        raise NotFound("grouping of this class", id)
    said = dict(fields)
    try:
        wanted = GroupingChange.model_validate(_wanted(document, said))
        reading = context.reading(caller.tenant)
        seen = version_seen(caller, version_in(said), document)
        change_grouping(reading, document, wanted, by=speaker(caller), expected=seen)
    except (ValidationError, InvalidInput, Conflict, Outdated, Unseen) as error:
        status = of_error(error).status if isinstance(error, TrellisError) else 422
        return _groups(context, caller, class_id, id, wrong_words(error), status)
    return sent_to(address("classes", class_id, "groups", id))


def _wanted(document: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    """The change that the form stands for: what differs from the groups as they are."""
    moves: list[dict[str, Any]] = []
    lock: list[str] = []
    unlock: list[str] = []
    support: list[str] = []
    for number, seats in _places(document):
        for seat in seats:
            student = seat["student"]
            to = said.get(f"to-{student}", _choice(number))
            if to != _choice(number):
                moves.append({"student": student, "to": None if to == NOWHERE else whole(to)})
            locked = f"lock-{student}" in said
            if number is not None and f"seen-{student}" in said and locked != seat["locked"]:
                (lock if locked else unlock).append(student)
            if f"support-{student}" in said and student not in document["confirmed_support"]:
                support.append(student)
    status = {"confirm": "confirmed", "end": "ended"}.get(said.get("do", ""))
    return {
        "moves": moves,
        "lock": lock,
        "unlock": unlock,
        "confirm_support": support,
        "status": status,
        "reason": said.get("reason", ""),
    }


def _places(document: dict[str, Any]) -> list[tuple[int | None, list[dict[str, Any]]]]:
    placed = [(group["number"], group["students"]) for group in document["groups"]]
    return [*placed, (None, document["unplaced"])]


def _choice(number: int | None) -> str:
    return NOWHERE if number is None else str(number)
