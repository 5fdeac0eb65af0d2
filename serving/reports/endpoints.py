"""Reports of a student and of a class, as JSON, as CSV, and as a page to print."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse

from ..auth import ClassReportReader, StudentReportReader
from ..context import InContext
from ..documented import GUARDED, Responses, problems
from ..fields import Id
from ..identifiers import Identifier
from ..negotiation import CSV, HTML, JSON, VARY, chosen
from ..pages.report_pages import class_report_page, student_report_page
from ..pages.shown import objective_name
from ..reach import require_student, visible_class
from . import schemas
from .forms import class_document, class_table, student_document, student_table
from .views import class_report, student_report

router = APIRouter(prefix="/v1", tags=["reports"])

FORMATS = {"json": JSON, "html": HTML, "csv": CSV}
Format = Annotated[
    Literal["json", "html", "csv"] | None,
    Query(description="Instead of `Accept`, for plain links."),
]
Accept = Annotated[str, Header(include_in_schema=False)]
TEXT = {"schema": {"type": "string"}}
FORMS: Responses = {
    200: {
        "content": {HTML: TEXT, CSV: TEXT},
        "description": "By `Accept` or `format`: JSON, a page to print, or CSV.",
    }
}


@router.get(
    "/students/{id}/report",
    summary="A student's report in plain language",
    response_model=schemas.StudentReport,
    responses={**FORMS, **problems(*GUARDED, 404, 406, 503)},
)
def of_student(
    id: Identifier,
    caller: StudentReportReader,
    context: InContext,
    format: Format = None,
    accept: Accept = "",
) -> Response:
    """What the student knows well, is learning and has ahead, and what would help next.

    For families and students: no tiers, no ranks, nobody else's name.
    """
    form = _form(format, accept)
    require_student(context, caller, id)
    report = student_report(context.reading(caller.tenant), id)
    if form == HTML:
        return student_report_page(report, caller)
    if form == CSV:
        return _csv(student_table(report))
    return JSONResponse(student_document(report), headers=VARY)


@router.get(
    "/classes/{id}/report",
    summary="A class's report",
    response_model=schemas.ClassReport,
    responses={**FORMS, **problems(*GUARDED, 404, 406, 503)},
)
def of_class(
    id: Identifier,
    caller: ClassReportReader,
    context: InContext,
    objective: Annotated[Id | None, Query(description="Only the skills it involves.")] = None,
    format: Format = None,
    accept: Accept = "",
) -> Response:
    """How many students are how far in each skill, and each student in how many skills."""
    form = _form(format, accept)
    visible_class(context, caller, id)
    reading = context.reading(caller.tenant)
    report = class_report(reading, id, objective)
    if form == HTML:
        name = objective_name(reading.curriculum, objective) if objective else ""
        return class_report_page(report, name, caller)
    if form == CSV:
        return _csv(class_table(report))
    return JSONResponse(class_document(report), headers=VARY)


def _form(format: str | None, accept: str) -> str:
    return FORMATS[format] if format else chosen(accept, list(FORMATS.values()))


def _csv(text: str) -> Response:
    return Response(text, media_type=f"{CSV}; charset=utf-8", headers=VARY)
