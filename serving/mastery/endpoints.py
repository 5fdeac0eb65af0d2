"""Mastery of a student and of a class."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse

from ..answers import class_mastery, student_mastery
from ..auth import ClassMasteryReader, StudentMasteryReader
from ..context import InContext
from ..documented import GUARDED, problems
from ..fields import Id, Instant
from ..identifiers import Identifier
from ..negotiation import CSV, JSON, VARY, chosen
from ..reach import require_student
from . import schemas
from .pseudonyms import pseudonymous
from .views import class_document, class_table, student_document

router = APIRouter(prefix="/v1", tags=["mastery"])

AsOf = Annotated[
    Instant | None, Query(description="Answers up to this time count; all of them if absent.")
]
Format = Annotated[
    Literal["json", "csv"] | None, Query(description="Instead of `Accept`, for plain links.")
]
FORMATS = {"json": JSON, "csv": CSV}
CSV_RESPONSE = {CSV: {"schema": {"type": "string"}}}


@router.get(
    "/students/{id}/mastery",
    summary="What is believed of a student",
    response_model=schemas.StudentMastery,
    responses=problems(*GUARDED, 404, 503),
)
def of_student(
    id: Identifier,
    caller: StudentMasteryReader,
    context: InContext,
    as_of: AsOf = None,
    skill: Annotated[list[Id], Query(max_length=1000, description="Only these skills.")] = [],  # noqa: B006
) -> Response:
    """A belief for every skill of the curriculum and every other skill practised.

    A pure function of the answers and the model: order of arrival and repeats change nothing.
    """
    require_student(context, caller, id)
    reading = context.reading(caller.tenant)
    return JSONResponse(student_document(student_mastery(reading, id, as_of=as_of, skills=skill)))


@router.get(
    "/classes/{id}/mastery",
    summary="What is believed of a class",
    response_model=schemas.ClassMastery,
    responses={
        200: {"content": CSV_RESPONSE, "description": "By `Accept` or `format`: JSON or CSV."},
        **problems(*GUARDED, 404, 406, 503),
    },
)
def of_class(
    id: Identifier,
    caller: ClassMasteryReader,
    context: InContext,
    objective: Annotated[Id | None, Query(description="Only the skills it involves.")] = None,
    as_of: AsOf = None,
    format: Format = None,
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Every student of the class in every skill. `data` keys see pseudonyms and no names."""
    form = FORMATS[format] if format else chosen(accept, [JSON, CSV])
    reading = context.reading(caller.tenant)
    mastery = class_mastery(reading, id, objective=objective, as_of=as_of)
    if caller.role == "data":
        mastery = pseudonymous(mastery, caller.tenant, context.settings.pseudonym_secret)
    if form == CSV:
        return Response(class_table(mastery), media_type=f"{CSV}; charset=utf-8", headers=VARY)
    return JSONResponse(class_document(mastery), headers=VARY)
