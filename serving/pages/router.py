"""The addresses of the pages. Each finds what it is about, builds one value, and prints it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from data.store import Principal
from engine.errors import NotFound

from ..auth import ClassPagesReader, ClassReportReader, Grouper, HomeReader, StudentReportReader
from ..context import Context, InContext
from ..identifiers import MAX_LENGTH, Identifier
from ..reach import require_student, visible_class
from ..reports.views import class_report, student_report
from . import group_router, lesson_router, passwords, provider, sessions, wish_router
from .rendering import ASSETS, asset, rendered
from .report_pages import class_report_page, family_page, no_model_page, student_report_page
from .shown import objective_name
from .student_page import Place
from .views import (
    child_reports,
    class_view,
    classes_view,
    name_of,
    own_choices,
    reading_of,
    student_view,
)

FOREVER = "public, max-age=31536000, immutable"  # an asset's address changes with its content
LONGEST_SKILL = 1000  # characters: several ids joined

Objective = Annotated[str | None, Query(max_length=MAX_LENGTH)]
Skill = Annotated[str | None, Query(max_length=LONGEST_SKILL)]

router = APIRouter(include_in_schema=False)
router.include_router(sessions.router)
router.include_router(passwords.router)
router.include_router(group_router.router)
router.include_router(lesson_router.router)
router.include_router(provider.router)
router.include_router(wish_router.router)


@router.get("/")
def home(caller: HomeReader, context: InContext) -> Response:
    """Where each begins: a teacher with their classes, a student with what they are learning, a
    family with its children."""
    if caller.role == "student":
        return _own_page(caller, context)
    if caller.role == "family":
        return family_page(child_reports(context, caller), caller)
    return rendered("classes.html", classes_view(context, caller))


@router.get("/classes/{class_id}")
def class_(
    caller: Grouper,
    context: InContext,
    class_id: Identifier,
    objective: Objective = None,
    sort: Literal["need", "name"] = "need",
) -> Response:
    """A class on an objective: tiers, and students × skills."""
    found = visible_class(context, caller, class_id)
    page = class_view(context, caller, found, objective=objective or None, order=sort)
    return rendered("class.html", page)


@router.get("/classes/{class_id}/students/{student_id}")
def student(
    caller: ClassPagesReader,
    context: InContext,
    class_id: Identifier,
    student_id: Identifier,
    objective: Objective = None,
    skill: Skill = None,
) -> Response:
    """A student of a class: skills, the evidence for one of them, and what is next."""
    found = visible_class(context, caller, class_id)
    if student_id not in found["students"]:
        raise NotFound("student in this class", student_id)
    place = Place(class_id, found.get("name") or class_id, student_id, objective or None)
    return rendered("student.html", student_view(context, caller, place, skill=skill or None))


@router.get("/students/{student_id}/report")
def report(caller: StudentReportReader, context: InContext, student_id: Identifier) -> Response:
    """How a student is doing, in plain language, to read or to print."""
    require_student(context, caller, student_id)
    reading = reading_of(context, caller)
    if reading is None:
        return no_model_page(name_of(context, caller, student_id), caller)
    found = student_report(reading, student_id)
    if caller.role != "student":
        return student_report_page(found, caller)
    wishes, choices = own_choices(context, caller, reading)
    return student_report_page(found, caller, wishes=wishes, choices=choices)


@router.get("/classes/{class_id}/report")
def class_report_(
    caller: ClassReportReader,
    context: InContext,
    class_id: Identifier,
    objective: Objective = None,
) -> Response:
    """How a class is doing, to read or to print."""
    visible_class(context, caller, class_id)
    reading = context.reading(caller.tenant)
    found = class_report(reading, class_id, objective or None)
    name = objective_name(reading.curriculum, objective) if objective else ""
    return class_report_page(found, name, caller)


@router.get("/assets/{name}")
def assets(name: str) -> Response:
    """The style sheet and the picture."""
    if name not in ASSETS:
        raise NotFound("asset", name)
    return Response(asset(name), media_type=ASSETS[name], headers={"Cache-Control": FOREVER})


def _own_page(caller: Principal, context: Context) -> Response:
    if not caller.user:
        raise NotFound("student", "of this credential")
    return report(caller, context, caller.user)
