"""Groups of a class on an objective: decided now, read again, changed by the teacher, ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse

from data.store import Principal
from engine.errors import NotFound

from ..auth import Grouper
from ..concerned import speaker
from ..context import Context, InContext
from ..documented import GUARDED, WRITTEN, problems
from ..identifiers import Identifier
from ..negotiation import CSV, JSON, VARY, chosen
from ..reach import require_class
from ..tables import csv_text
from ..versions import EXPECTED_HEADERS, Expected, tag, version_seen
from .changing import change_grouping, status_at
from .making import KIND, make_grouping
from .schemas import Grouping, GroupingChange, GroupingRequest

router = APIRouter(prefix="/v1", tags=["groupings"])
COLUMNS = ("group", "tier", "student", "name", "provisional", "locked", "diagnostic", "reasons")
Document = dict[str, Any]


@router.post(
    "/classes/{id}/groupings",
    summary="Group a class",
    status_code=201,
    response_model=Grouping,
    responses=problems(*WRITTEN, 404, 503),
)
def group(
    id: Identifier, request: GroupingRequest, caller: Grouper, context: InContext
) -> Response:
    """Decides the groups, stores the decision whole, and says why: by need, mixed, in pairs, or as
    named. It is a draft until the teacher confirms it.

    By need: thin evidence makes a seat provisional; no evidence leaves a student unplaced, with a
    diagnostic to start from. Wishes that cannot be had are named in `unmet`, never an error.
    """
    document = make_grouping(context.reading(caller.tenant), id, request)
    headers = {"Location": f"/v1/groupings/{document['id']}", "ETag": tag(document["version"])}
    return JSONResponse(document, status_code=201, headers=headers)


@router.get(
    "/groupings/{id}",
    summary="Get a grouping",
    response_model=Grouping,
    responses={
        200: {
            "content": {CSV: {"schema": {"type": "string"}}},
            "headers": EXPECTED_HEADERS,
            "description": "As it stands now; as CSV one line for each student.",
        },
        **problems(*GUARDED, 404),
    },
)
def get(
    id: Identifier,
    caller: Grouper,
    context: InContext,
    format: Annotated[Literal["json", "csv"] | None, Query(description="Else by `Accept`.")] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """As it was decided, with what the teacher has changed since: never recomputed."""
    found = visible_grouping(context, caller, id)
    headers = {"ETag": tag(found["version"]), **VARY}
    form = {"json": JSON, "csv": CSV}.get(format or "") or chosen(accept, [JSON, CSV])
    if form == CSV:
        return Response(
            csv_text(COLUMNS, rows(context, caller, found)), media_type=CSV, headers=headers
        )
    return JSONResponse(found, headers=headers)


@router.patch(
    "/groupings/{id}",
    summary="Move, lock, confirm or end",
    response_model=Grouping,
    responses={200: {"headers": EXPECTED_HEADERS}, **problems(*WRITTEN, 404, 409, 412, 428, 503)},
)
def patch(
    id: Identifier,
    change: GroupingChange,
    caller: Grouper,
    context: InContext,
    expected: Expected,
) -> Response:
    """What the teacher says wins. A move between tiers needs a reason, is kept as an override and
    holds at the next review; a locked student stays until unlocked."""
    found = visible_grouping(context, caller, id)
    reading = context.reading(caller.tenant)
    by, seen = speaker(caller), version_seen(caller, expected, found)
    changed = change_grouping(reading, found, change, by=by, expected=seen)
    return JSONResponse(changed, headers={"ETag": tag(changed["version"])})


def visible_grouping(context: Context, caller: Principal, id: str) -> Document:
    """The grouping as it stands, if it exists and its class is the caller's; else `NotFound`."""
    found = context.store.get(caller.tenant, KIND, id)
    if found is None:
        raise NotFound("grouping", id)
    require_class(context, caller, found["class"])
    return {**found, "status": status_at(found, context.clock())}


def rows(context: Context, caller: Principal, document: Document) -> Iterator[tuple[object, ...]]:
    """One line for each student, those in no group last."""
    everybody = [s["student"] for g in document["groups"] for s in g["students"]]
    everybody += [one["student"] for one in document["unplaced"]]
    names = {
        student: fact["name"]
        for student, fact in context.store.get_many(caller.tenant, "students", everybody).items()
    }
    for group in document["groups"]:
        for seat in group["students"]:
            yield (group["number"] + 1, group["tier"] or "", *_line(seat, names))
    for left in document["unplaced"]:
        yield ("", "unplaced", *_line({"provisional": "", "locked": "", **left}, names))


def _line(seat: Document, names: dict[str, str]) -> tuple[object, ...]:
    said = " ".join(reason["text"] for reason in seat["reasons"])
    student = seat["student"]
    flags = seat["provisional"], seat["locked"], seat["diagnostic"]
    return (student, names.get(student, ""), *flags, said)
