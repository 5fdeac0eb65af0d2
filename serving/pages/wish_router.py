"""Forms of a student's pages: goals, help, and a teacher's overrides. Each ends where it began."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError
from starlette.responses import RedirectResponse, Response

from data.store import Principal
from engine.errors import Fault, InvalidInput, NotFound

from ..auth import GoalSetter, HelpReader, Overrider
from ..concerned import drop, require_concern, speaker, visible
from ..context import Context, InContext
from ..help.requests import answered, ask
from ..identifiers import MAX_LENGTH, Identifier, writable
from ..overrides.endpoints import keep_override, preview_override, withdraw_override
from ..overrides.schemas import OverrideRequest
from ..problems import fault_of
from ..reach import require_student, visible_class
from ..roles import Action, allowed
from ..versions import Precondition, version_seen
from .form_fields import version_in
from .override_page import (
    FIELDS,
    OverridePage,
    changes_in,
    in_words,
    last_day,
    override_page,
    said_in,
)
from .rendering import address, rendered
from .views import name_of
from .wishes import said_of

router = APIRouter(include_in_schema=False)
LONGEST = 1000
Short = Annotated[str, StringConstraints(max_length=MAX_LENGTH), AfterValidator(writable)]
Long = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(writable)]
Field = Annotated[Short, Form()]
TextField = Annotated[Long, Form()]


class OverrideForm(BaseModel):
    """The form as it is sent: texts, each maybe empty."""

    kind: Short = ""
    first: Long = ""
    out: Long = ""
    skill: Short = ""
    state: Short = ""
    objective: Short = ""
    tier: Short = ""
    skip: Short = ""
    reason: Long = ""
    until: Short = ""
    step: Short = ""
    withdraw: Short = ""


@router.post("/students/{student_id}/goals")
def set_goal(
    student_id: Identifier,
    caller: GoalSetter,
    context: InContext,
    target: TextField = "",
    deadline: Field = "",
    drop: Field = "",
    version: Field = "",
    class_id: Field = "",
) -> Response:
    """A new goal, or one dropped as the page showed it."""
    require_student(context, caller, student_id)
    if drop:
        _drop(context, caller, "goals", drop, shown=version_in({"version": version}))
    else:
        body = {"student": student_id, **_target(target), "deadline": _deadline(deadline)}
        body["by"] = speaker(caller)
        id = f"goal_{uuid4().hex}"
        context.store.put(
            caller.tenant, "goals", id, body, now=context.clock(), author=speaker(caller)
        )
    return _back(student_id, class_id)


@router.post("/students/{student_id}/help")
def ask_or_take_back(
    student_id: Identifier,
    caller: HelpReader,
    context: InContext,
    skill: Field = "",
    message: TextField = "",
    withdraw: Field = "",
    answer: Field = "",
    class_id: Field = "",
) -> Response:
    """Help asked for or no longer needed, by a student; looked after, by a teacher."""
    require_student(context, caller, student_id)
    now = context.clock()
    if answer and allowed(caller.role, Action.ANSWER_HELP):
        found = visible(context, caller, "help", answer)
        answered(context.store, caller.tenant, found, by=speaker(caller), text=message, now=now)
    elif withdraw and allowed(caller.role, Action.ASK_FOR_HELP):
        _drop(context, caller, "help", withdraw)
    elif allowed(caller.role, Action.ASK_FOR_HELP):
        said = {"skill": skill or None, "activity": None, "message": message, "by": speaker(caller)}
        ask(context.store, caller.tenant, student_id, said, now=now)
    return _back(student_id, class_id)


@router.get("/classes/{class_id}/students/{student_id}/override")
def override_form(
    caller: Overrider, context: InContext, class_id: Identifier, student_id: Identifier
) -> Response:
    """The form, empty."""
    return rendered("override.html", _page(context, caller, class_id, student_id, {}))


@router.post("/classes/{class_id}/students/{student_id}/override")
def override_said(
    form: Annotated[OverrideForm, Form()],
    caller: Overrider,
    context: InContext,
    class_id: Identifier,
    student_id: Identifier,
) -> Response:
    """The preview of what the form says; with `step=say` it holds from now on; with `withdraw`
    one holds no more."""
    typed = {name: value for name, value in form.model_dump().items() if value}
    filled = {name: typed[name] for name in FIELDS if name in typed}
    page = _page(context, caller, class_id, student_id, filled)
    if form.withdraw:
        withdraw_override(context, caller, form.withdraw)
        return _back(student_id, class_id)
    try:
        return _previewed_or_said(context, caller, page, student_id, class_id, typed)
    except InvalidInput as error:
        shown = replace(page, wrong=in_words(error.faults))
        return rendered("override.html", shown, status=422)


def _previewed_or_said(
    context: Context,
    caller: Principal,
    page: OverridePage,
    student: str,
    class_id: str,
    typed: dict[str, str],
) -> Response:
    said = _request(said_in(typed, student=student))
    if typed.get("step") == "say":
        keep_override(context, caller, said)
        return _back(student, class_id)
    override, changes = preview_override(context, caller, said)
    curriculum = context.store.curriculum(caller.tenant)
    found = {"override": changes["override"], **changes["students"][0]}
    shown = replace(
        page,
        said=said_of(curriculum, override),
        until=last_day(changes["override"]),
        changes=tuple(changes_in(curriculum, found)),
    )
    return rendered("override.html", shown)


def _request(said: dict[str, Any]) -> OverrideRequest:
    try:
        return OverrideRequest.model_validate(said)
    except ValidationError as error:
        raise InvalidInput(fault_of(one, skip=0) for one in error.errors()) from None


def _page(
    context: Context, caller: Principal, class_id: str, student: str, typed: dict[str, str]
) -> OverridePage:
    found = visible_class(context, caller, class_id)
    if student not in found["students"]:
        raise NotFound("student in this class", student)
    return override_page(
        context.store.curriculum(caller.tenant),
        name=name_of(context, caller, student),
        class_id=class_id,
        class_name=found.get("name") or class_id,
        student=student,
        typed=typed,
        now=context.clock(),
    )


def _target(text: str) -> dict[str, str]:
    kind, _, id = text.partition(":")
    if kind not in ("skill", "objective") or not id:
        raise InvalidInput([Fault("target", text, "a skill or an objective")])
    return {kind: id}


def _deadline(day: str) -> str | None:
    """The end of the day."""
    if not day:
        return None
    try:
        date = datetime.fromisoformat(day).date()
    except ValueError:
        raise InvalidInput.at("deadline", day, "a day, as 2026-12-18") from None
    return datetime.combine(date, time(23, 59, 59), UTC).isoformat()


def _drop(
    context: Context, caller: Principal, kind: str, id: str, *, shown: Precondition | None = None
) -> None:
    """It is gone; where a version was shown, only that one."""
    found = visible(context, caller, kind, id)
    require_concern(context, caller, found)
    seen = version_seen(caller, shown, found) if shown else None
    drop(context, caller, kind, id, expected=seen)


def _back(student: str, class_id: str) -> Response:
    """To the page that the form stood on."""
    path = address("classes", class_id, "students", student) if class_id else "/"
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
