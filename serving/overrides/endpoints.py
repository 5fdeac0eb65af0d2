"""Overrides: said or previewed, listed, reported on, withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from data.store import About, Deed, Principal, a_student, override_of
from engine.errors import Conflict, NotFound, Outdated, Unavailable
from engine.overrides import Override

from ..answers import Reading
from ..auth import Overrider, OverrideReader, Recommender
from ..concerned import Whom, drop, paged, require_concern, speaker, visible
from ..context import Context, InContext
from ..documented import GUARDED, WRITTEN, problems
from ..facts.endpoints import After, Limit, named_by_field
from ..facts.schemas import Listing
from ..groupings.endpoints import visible_grouping
from ..identifiers import Identifier, quoted
from ..reach import require_student
from ..versions import Expected, tag, tagged
from .effect import effect
from .preview import displaced, preview
from .schemas import Done, OverrideReport, OverrideRequest, Preview, SaidOverride, StoredOverride
from .seats import check_move, seat_as_said

router = APIRouter(prefix="/v1/overrides", tags=["overrides"])
KIND = "overrides"
SET_BY_TIME = ("said_at", "expires_at", "by", "done")


@router.post(
    "",
    summary="Override the model, or preview it",
    status_code=201,
    response_model=SaidOverride,
    responses={
        200: {
            "model": Preview | StoredOverride,
            "description": "With `dry_run`: what it would change. Else: said before already.",
        },
        **problems(*WRITTEN, 404, 409, 503),
    },
)
def say(request: OverrideRequest, caller: Overrider, context: InContext) -> Response:
    """From now until it expires it wins over the model in every decision, and its reason stays on
    record. It never becomes something the student did: the estimates stay as they are.

    Of two that contradict each other the newer holds.
    """
    if request.dry_run:
        _, changes = preview_override(context, caller, request)
        return JSONResponse(changes)
    return keep_override(context, caller, request)


def keep_override(context: Context, caller: Principal, request: OverrideRequest) -> Response:
    """It holds from now on. Raises as `say` answers."""
    body = _body(context, caller, request)
    kept = _kept(context, caller, body, request)
    if request.grouping is not None and kept.status_code == 201:
        reading = context.reading(caller.tenant)
        seat_as_said(reading, override_of(body["id"], body), by=speaker(caller, request.by))
    _note(context, caller, Deed.OVERRIDE, body)
    return kept


def preview_override(
    context: Context, caller: Principal, request: OverrideRequest
) -> tuple[Override, dict[str, Any]]:
    """The override as it would be, and the document of what it would change; nothing is kept."""
    body = _body(context, caller, request)
    reading = context.reading(caller.tenant)
    supposed = override_of(body["id"], body).checked(reading.curriculum)
    changes = preview(reading, supposed, _students(context, caller, supposed))
    return supposed, {"dry_run": True, "override": body, **changes}


def _body(context: Context, caller: Principal, request: OverrideRequest) -> dict[str, Any]:
    id, by = request.id or f"ovr_{uuid4().hex}", speaker(caller, request.by)
    body = request.said(id=id, by=by, now=context.clock())
    require_concern(context, caller, body)
    if request.grouping is not None:
        visible_grouping(context, caller, request.grouping)
        check_move(context.reading(caller.tenant), override_of(id, body))
    return body


@router.post(
    "/{id}:done",
    summary="Say that a student has done what was pinned",
    response_model=StoredOverride,
    responses=problems(*WRITTEN, 404),
)
def done(id: Identifier, said: Done, caller: Recommender, context: InContext) -> Response:
    """The pin no longer comes first for the student. Needed only for what asks no questions (a
    video, a project): answers say so by themselves. It is no evidence of what they know."""
    require_student(context, caller, said.student)
    found = context.store.get(caller.tenant, KIND, id)
    if found is None or said.student not in _students(context, caller, override_of(id, found)):
        raise NotFound("override", id)
    override = override_of(id, found)
    if override.kind != "pin":
        raise Conflict(f"the override {id} is no pin: there is nothing to be done about it")
    body = {**found, "done": sorted({*override.done, said.student})}
    fact, _ = context.store.put(
        caller.tenant,
        KIND,
        id,
        body,
        now=context.clock(),
        author=speaker(caller),
        expected=found["version"],
    )
    return tagged(fact)


@router.get(
    "",
    summary="List overrides",
    response_model=Listing[StoredOverride],
    responses=problems(*GUARDED, 404),
)
def list_overrides(
    caller: OverrideReader,
    context: InContext,
    whom: Whom,
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """Those that are the caller's to see, in the order of their ids; expired ones too."""
    return JSONResponse(paged(context, caller, KIND, whom, after=after, limit=limit))


@router.get(
    "/{id}",
    summary="Get an override and what came of it",
    response_model=OverrideReport,
    responses=problems(*GUARDED, 404),
)
def get_override(id: Identifier, caller: OverrideReader, context: InContext) -> Response:
    """As it was said, whether it holds, and the answers since beside what the model expected."""
    found = visible(context, caller, KIND, id)
    report = {**found, **_report(context, caller, found)}
    return JSONResponse(report, headers={"ETag": tag(found["version"])})


@router.delete(
    "/{id}",
    summary="Withdraw an override",
    status_code=204,
    responses=problems(*GUARDED, 404, 412),
)
def withdraw(id: Identifier, caller: Overrider, context: InContext, expected: Expected) -> None:
    """The model decides again. What was said stays in the history."""
    withdraw_override(context, caller, id, expected=expected.version)


def withdraw_override(
    context: Context, caller: Principal, id: str, *, expected: int | None = None
) -> None:
    """It holds no more. Raises as `withdraw` answers."""
    found = visible(context, caller, KIND, id)
    drop(context, caller, KIND, id, expected=expected)
    _note(context, caller, Deed.WITHDRAW_OVERRIDE, found)


def _note(context: Context, caller: Principal, deed: Deed, body: dict[str, Any]) -> None:
    """That somebody overrode the model is in the audit log; why, is with the override itself."""
    student, now = body["student"], context.clock()
    whom = About("class", body["class"]) if student is None else a_student(caller.tenant, student)
    context.store.note(deed, now, by=caller, about=whom, detail=body["kind"])


def _kept(
    context: Context, caller: Principal, body: dict[str, Any], request: OverrideRequest
) -> Response:
    """The override as it is kept now; the same said again under the same id is kept once."""
    id = body["id"]
    try:
        with named_by_field(f"{KIND} {id}, "):
            fact, _ = context.store.put(
                caller.tenant,
                KIND,
                id,
                body,
                now=context.clock(),
                author=speaker(caller),
                expected=0,
            )
    except Outdated:
        before = visible(context, caller, KIND, id)
        if _content(before, request) != _content(body, request):
            raise Conflict(f"another override is kept under the id {id!r}") from None
        return tagged(before)
    override = override_of(id, fact)
    students = _students(context, caller, override)
    said = {**fact, "displaces": displaced(context.store, caller.tenant, override, students)}
    headers = {"Location": f"/v1/overrides/{quoted(id)}", "ETag": tag(fact["version"])}
    return JSONResponse(said, status_code=201, headers=headers)


def _content(body: dict[str, Any], request: OverrideRequest) -> dict[str, Any]:
    """What the caller said, without what the time of saying it adds."""
    said = request.model_fields_set | {"class"}
    names = StoredOverride.model_fields.keys() - {"version", "updated_at", "class_", *SET_BY_TIME}
    kept = {name: body.get(name) for name in names | {"class"}}
    return {**kept, **{name: body[name] for name in SET_BY_TIME if name in said}}


def _students(context: Context, caller: Principal, override: Override) -> list[str]:
    if override.student is not None:
        return [override.student]
    found = context.store.get(caller.tenant, "classes", override.class_id or "")
    return list(found["students"]) if found else []


def _report(context: Context, caller: Principal, fact: dict[str, Any]) -> dict[str, Any]:
    override = override_of(fact["id"], fact)
    students = _students(context, caller, override)
    try:
        reading = context.reading(caller.tenant)
    except Unavailable:
        return {**_standing(None, override, students, context), "effect": None}
    return {
        **_standing(reading, override, students, context),
        "effect": effect(reading, override, students),
    }


def _standing(
    reading: Reading | None, override: Override, students: list[str], context: Context
) -> dict[str, Any]:
    """Whether it holds, and if not, why."""
    if context.clock() >= override.expires_at:
        return {"status": "expired", "displaced_by": None}
    newer = {
        one.newer.id
        for student in students
        if reading is not None
        for one in reading.rulings(student).displaced
        if one.older.id == override.id
    }
    return {
        "status": "displaced" if newer else "in_force",
        "displaced_by": min(newer, default=None),
    }
