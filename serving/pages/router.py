"""The addresses of the pages. Each finds what it is about, builds one value, and prints it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from engine.errors import NotFound

from ..auth import ClassPagesReader, Grouper, RosterReader
from ..context import InContext
from ..identifiers import MAX_LENGTH, Identifier
from ..reach import visible_class
from . import sessions
from .rendering import ASSETS, asset, rendered
from .student_page import Place
from .views import class_view, classes_view, student_view

FOREVER = "public, max-age=31536000, immutable"  # an asset's address changes with its content
LONGEST_SKILL = 1000  # characters: several ids joined

Objective = Annotated[str | None, Query(max_length=MAX_LENGTH)]
Skill = Annotated[str | None, Query(max_length=LONGEST_SKILL)]

router = APIRouter(include_in_schema=False)
router.include_router(sessions.router)


@router.get("/")
def classes(caller: RosterReader, context: InContext) -> Response:
    """The caller's classes, and how many in each need support now."""
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


@router.get("/assets/{name}")
def assets(name: str) -> Response:
    """The style sheet and the picture."""
    if name not in ASSETS:
        raise NotFound("asset", name)
    return Response(asset(name), media_type=ASSETS[name], headers={"Cache-Control": FOREVER})
