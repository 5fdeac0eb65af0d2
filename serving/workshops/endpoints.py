"""Workshops over HTTP: set, read, their seats given out, given by hand and given up."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from data.store import workshop_of
from engine.errors import Conflict, InvalidInput

from ..answers import Reading
from ..auth import Grouper
from ..concerned import Whom, drop, known, paged, require_concern, speaker, visible
from ..context import InContext
from ..documented import GUARDED, WRITTEN, problems
from ..facts.endpoints import After, Limit, named_by_field, require_same
from ..facts.schemas import Listing
from ..identifiers import Identifier
from ..versions import EXPECTED_HEADERS, Expected, tag, version_seen
from .schemas import StoredWorkshop, Workshop
from .seats import KIND, as_document, give_out, give_up, seat, taken

router = APIRouter(prefix="/v1/workshops", tags=["workshops"])
Fact = dict[str, Any]


@router.get(
    "",
    summary="List workshops",
    response_model=Listing[StoredWorkshop],
    responses=problems(*GUARDED, 404, 503),
)
def list_workshops(
    caller: Grouper, context: InContext, whom: Whom, after: After = None, limit: Limit = 100
) -> Response:
    """Those of the caller's classes, or of the `class` named, in the order of their ids."""
    page = paged(context, caller, KIND, whom, after=after, limit=limit)
    reading = context.reading(caller.tenant)
    return JSONResponse({**page, "results": [as_document(reading, w) for w in page["results"]]})


@router.get(
    "/{id}",
    summary="Get a workshop and its seats",
    response_model=StoredWorkshop,
    responses={200: {"headers": EXPECTED_HEADERS}, **problems(*GUARDED, 404, 503)},
)
def get_workshop(id: Identifier, caller: Grouper, context: InContext) -> Response:
    """When it is, who has a seat and by what gain, and how many are free."""
    return _shown(context.reading(caller.tenant), visible(context, caller, KIND, id))


@router.put(
    "/{id}",
    summary="Set a workshop",
    response_model=StoredWorkshop,
    responses={
        201: {"model": StoredWorkshop, "description": "Set for the first time."},
        **problems(*WRITTEN, 404, 409, 412, 428, 503),
    },
)
def put_workshop(
    id: Identifier, workshop: Workshop, caller: Grouper, context: InContext, expected: Expected
) -> Response:
    """From a quarter of an hour before it begins, the first student of the class who asks has its
    seats given out: each to whoever gains most beyond what else they could do. Seats that are
    taken stay taken; 409 for fewer seats than that."""
    require_same(id, workshop)
    before = known(context, caller, KIND, id)
    body = workshop.model_dump(mode="json", by_alias=True, exclude={"id"})
    require_concern(context, caller, {"class": body["class"]})
    reading, seen = context.reading(caller.tenant), version_seen(caller, expected, before)
    with named_by_field(f"{KIND} {id}, "):
        supposed = workshop_of(id, body).checked(reading.curriculum)
        used, seats = len(taken(reading, supposed)["taken"]), supposed.capacity(reading.curriculum)
        if used > seats:
            raise Conflict(f"{used} seats are taken, and {seats} would be left: give some up first")
        fact, created = context.store.put(
            caller.tenant,
            KIND,
            id,
            {**body, "student": None, "by": speaker(caller)},
            now=context.clock(),
            author=speaker(caller),
            expected=seen,
        )
    return _shown(reading, fact, 201 if created else 200)


@router.delete(
    "/{id}",
    summary="Cancel a workshop",
    status_code=204,
    responses=problems(*GUARDED, 404, 412, 428),
)
def delete_workshop(
    id: Identifier, caller: Grouper, context: InContext, expected: Expected
) -> None:
    """It is offered to nobody any more."""
    found = visible(context, caller, KIND, id)
    drop(context, caller, KIND, id, expected=version_seen(caller, expected, found))


@router.post(
    "/{id}:seat",
    summary="Give out the free seats now",
    response_model=StoredWorkshop,
    responses=problems(*GUARDED, 404, 503),
)
def seat_all(id: Identifier, caller: Grouper, context: InContext) -> Response:
    """However long before it begins: each free seat to whoever gains most, none to who gains
    nothing."""
    reading, fact = context.reading(caller.tenant), visible(context, caller, KIND, id)
    give_out(reading, workshop_of(id, fact).checked(reading.curriculum))
    return _shown(reading, fact)


@router.put(
    "/{id}/seats/{student_id}",
    summary="Give a student a seat",
    response_model=StoredWorkshop,
    responses=problems(*GUARDED, 404, 409, 503),
)
def put_seat(
    id: Identifier, student_id: Identifier, caller: Grouper, context: InContext
) -> Response:
    """By the teacher's word, whatever the gain; 409 where none is free."""
    reading, fact = context.reading(caller.tenant), visible(context, caller, KIND, id)
    workshop = workshop_of(id, fact).checked(reading.curriculum)
    _require_classmate(reading, workshop.class_id, student_id)
    seat(reading, workshop, student_id, by=speaker(caller))
    return _shown(reading, fact)


@router.delete(
    "/{id}/seats/{student_id}",
    summary="Give a seat up",
    response_model=StoredWorkshop,
    responses=problems(*GUARDED, 404, 503),
)
def delete_seat(
    id: Identifier, student_id: Identifier, caller: Grouper, context: InContext
) -> Response:
    """If there was one, it is free for whoever gains most now; none is kept for this student
    unless a teacher says so."""
    reading, fact = context.reading(caller.tenant), visible(context, caller, KIND, id)
    workshop = workshop_of(id, fact)
    _require_classmate(reading, workshop.class_id, student_id)
    give_up(reading, workshop, student_id)
    return _shown(reading, fact)


def _require_classmate(reading: Reading, class_id: str, student: str) -> None:
    class_ = reading.store.get(reading.tenant, "classes", class_id)
    if class_ is None or student not in class_["students"]:
        raise InvalidInput.at("student", student, f"a student of the class {class_id}")


def _shown(reading: Reading, fact: Fact, status: int = 200) -> Response:
    headers = {"ETag": tag(fact["version"])}
    return JSONResponse(as_document(reading, fact), status_code=status, headers=headers)
