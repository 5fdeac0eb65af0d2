"""Help over HTTP: asked for by or for a student, answered by a teacher, withdrawn."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from ..auth import HelpAnswerer, HelpReader, HelpSeeker
from ..concerned import drop, speaker, visible
from ..context import InContext
from ..documented import GUARDED, WRITTEN, problems
from ..fields import Id
from ..identifiers import Identifier, quoted
from ..reach import require_student, visible_class
from ..versions import tagged
from .requests import KIND, answered, ask, of_students
from .schemas import HelpAnswer, HelpList, HelpRequest, Status, StoredHelp

router = APIRouter(prefix="/v1", tags=["help"])


@router.post(
    "/students/{id}/help",
    summary="Ask for help",
    status_code=201,
    response_model=StoredHelp,
    responses={
        200: {"model": StoredHelp, "description": "Asked before already."},
        **problems(*WRITTEN, 404, 409),
    },
)
def ask_for_help(
    id: Identifier, request: HelpRequest, caller: HelpSeeker, context: InContext
) -> Response:
    """Is shown to the student's teachers until one answers or it is withdrawn. It says nothing of
    what the student knows."""
    require_student(context, caller, id)
    said = {**request.model_dump(exclude={"id"}), "by": speaker(caller, request.by)}
    fact, created = ask(context.store, caller.tenant, id, said, id=request.id, now=context.clock())
    response = tagged(fact, 201 if created else 200)
    response.headers["Location"] = f"/v1/help/{quoted(fact['id'])}"
    return response


@router.get(
    "/help",
    summary="List requests for help",
    response_model=HelpList,
    responses=problems(*GUARDED, 404),
)
def list_help(
    caller: HelpReader,
    context: InContext,
    student: Annotated[Id | None, Query(description="Of this student; or else `class`.")] = None,
    of_class: Annotated[Id | None, Query(alias="class", description="Of its students.")] = None,
    status: Annotated[Status | None, Query(description="Only those that are so.")] = None,
) -> Response:
    """The requests of a student or of a class, the oldest first; without either, the caller's own
    if they are a student, else none."""
    students: list[str] = []
    if of_class is not None:
        students = list(visible_class(context, caller, of_class)["students"])
    if student is not None:
        require_student(context, caller, student)
        students = [student] if of_class is None or student in students else []
    if student is None and of_class is None and caller.role == "student" and caller.user:
        students = [caller.user]
    found = of_students(context.store, caller.tenant, students, status=status)
    return JSONResponse({"results": found})


@router.get(
    "/help/{id}",
    summary="Get a request for help",
    response_model=StoredHelp,
    responses=problems(*GUARDED, 404),
)
def get_help(id: Identifier, caller: HelpReader, context: InContext) -> Response:
    """As it was asked, and what became of it."""
    return tagged(visible(context, caller, KIND, id))


@router.post(
    "/help/{id}:answer",
    summary="Answer a request for help",
    response_model=StoredHelp,
    responses=problems(*WRITTEN, 404),
)
def answer_help(
    id: Identifier, said: HelpAnswer, caller: HelpAnswerer, context: InContext
) -> Response:
    """It is looked after. The first answer stays."""
    found = visible(context, caller, KIND, id)
    done = answered(
        context.store,
        caller.tenant,
        found,
        by=speaker(caller),
        text=said.answer,
        now=context.clock(),
    )
    return tagged(done)


@router.delete(
    "/help/{id}",
    summary="Withdraw a request for help",
    status_code=204,
    responses=problems(*GUARDED, 404),
)
def withdraw_help(id: Identifier, caller: HelpSeeker, context: InContext) -> None:
    """It is no longer shown. That it was asked stays in its history."""
    visible(context, caller, KIND, id)
    drop(context, caller, KIND, id)
