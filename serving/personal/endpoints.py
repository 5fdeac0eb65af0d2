"""`POST /v1/students/{id}:export` and `:erase`: what a family may ask a school for."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from data.store import Deed, a_student

from ..answers import student_mastery
from ..auth import StudentEraser, StudentExporter
from ..context import Context, InContext
from ..documented import GUARDED, problems
from ..identifiers import Identifier
from ..mastery.views import student_document
from . import schemas

router = APIRouter(prefix="/v1", tags=["students"])
FORMAT = "trellis-student-1"


@router.post(
    "/students/{id}:export",
    summary="Everything that is kept about a student",
    response_model=schemas.Export,
    responses=problems(*GUARDED, 404),
)
def export(id: Identifier, caller: StudentExporter, context: InContext) -> Response:
    """The student's whole record in one document: facts, events, decisions, beliefs.

    Nobody else's data is in it: of a class only that the student sits in it, of a grouping only
    the student's own part.
    """
    whom = a_student(caller.tenant, id)
    record = context.store.personal_record(caller.tenant, id)
    context.store.note(Deed.EXPORT_STUDENT, context.clock(), by=caller, about=whom)
    found = {
        "format": FORMAT,
        "student": id,
        "exported_at": context.clock().isoformat(),
        **record,
        "beliefs": _beliefs(context, caller.tenant, id),
    }
    headers = {"Content-Disposition": 'attachment; filename="student.json"'}
    return JSONResponse(found, headers=headers)


@router.post(
    "/students/{id}:erase",
    summary="Erase a student for good",
    response_model=schemas.Erased,
    responses=problems(*GUARDED, 404),
)
def erase(id: Identifier, caller: StudentEraser, context: InContext) -> Response:
    """Takes the student out of every table; asking again changes nothing.

    Events that arrive later are `rejected`, and a roster that names the student is a 409. In other
    people's records a mark that leads to nobody takes the student's place. Backups made before
    still hold the data: erase again after restoring one.
    """
    done = context.store.erase_student(caller.tenant, id, context.clock(), by=caller)
    found = {"student": id, "erased_at": done.erased_at.isoformat(), "events": done.events}
    return JSONResponse(found)


def _beliefs(context: Context, tenant: str, student: str) -> dict[str, Any] | None:
    if context.champion.state().bundle is None:
        return None
    return student_document(student_mastery(context.reading(tenant), student))
