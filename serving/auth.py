"""Who is calling: an API key in `Authorization: Bearer`, or a session cookie set at sign-in.

An endpoint says what it needs in the type of its parameter:
`caller: Annotated[Principal, Depends(Permission(Action.GROUP))]`, or one of the names below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers
from starlette.types import Scope

from data.store import About, Deed, Principal, Role, a_student
from engine.errors import TrellisError

from .context import Context, InContext
from .identifiers import restored
from .permissions import OPEN, ROUTES, Rule
from .permissions import About as Concern
from .reach import require_class, require_reach
from .roles import Action, allowed, roles_for

SESSION_COOKIE = "trellis_session"
SAFE_METHODS = frozenset({"GET", "HEAD"})
"""In the API a session cookie counts for these alone. A page's form may change something, once
`pages.forms` has seen that it is our own."""
API_PREFIX = "/v1/"
STAFF = frozenset({Role.TEACHER, Role.ADMIN})
"""Whose looking at students is noted: people's, and neither programs' nor a student's own."""


class Unauthenticated(TrellisError):
    """Nobody known is calling: HTTP 401."""


class Forbidden(TrellisError):
    """The caller is known, and may not do this: HTTP 403."""


class TooMany(TrellisError):
    """The caller has to wait: HTTP 429, with `Retry-After` in whole seconds."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


_bearer = HTTPBearer(
    scheme_name="key",
    description="An API key, made by `trellis key create --tenant T --role R`.",
    auto_error=False,
)


def principal(request: Request, context: Context) -> Principal | None:
    """Whoever the key or, failing that, the session cookie stands for; None for nobody known."""
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        known = scheme.lower() == "bearer"
        return context.store.principal(secret.strip(), context.clock()) if known else None
    if request.method not in SAFE_METHODS and request.url.path.startswith(API_PREFIX):
        return None
    return signed_in(request, context)


def bearer(scope: Scope) -> str | None:
    """The secret in the `Authorization: Bearer` header of a request; None without one."""
    header = Headers(scope=scope).get("authorization", "")
    scheme, _, secret = header.partition(" ")
    return secret.strip() or None if scheme.lower() == "bearer" else None


def signed_in(request: Request, context: Context) -> Principal | None:
    """Whoever signed in on this browser; None when nobody did, or the session has ended."""
    secret = request.cookies.get(SESSION_COOKIE)
    return context.store.session(secret, context.clock()) if secret else None


@dataclass(frozen=True)
class Permission:
    """A dependency that yields the caller once they are known to be allowed the action."""

    action: Action

    def __call__(
        self,
        request: Request,
        context: InContext,
        _documented: Annotated[object, Depends(_bearer)] = None,
    ) -> Principal:
        caller = principal(request, context)
        if caller is None:
            raise Unauthenticated(
                "no valid credential: send `Authorization: Bearer KEY` with a key made by "
                "`trellis key create`, or sign in"
            )
        if not may(caller, self.action):
            raise Forbidden(_refusal(caller, self.action))
        _require_reach(request, context, caller, self.action)
        if caller.role in STAFF and request.method in SAFE_METHODS:
            _note_reading(request, context, caller, self.action)
        return caller


def _require_reach(request: Request, context: Context, caller: Principal, action: Action) -> None:
    """Raises `NotFound` for a class or student in the address that is beyond the caller's reach."""
    class_id, student_id = _named(request, action)
    if class_id is not None:
        require_class(context, caller, class_id)
    if student_id is not None:
        require_reach(context, caller, student_id)


def _note_reading(request: Request, context: Context, caller: Principal, action: Action) -> None:
    """Somebody of the staff looks at a student or, where none is named, at a class."""
    class_id, student_id = _named(request, action)
    if student_id is not None:
        whom = a_student(caller.tenant, student_id)
        context.note_reading(caller, Deed.READ_STUDENT, whom)
    elif class_id is not None:
        context.note_reading(caller, Deed.READ_CLASS, About("class", class_id))


def _named(request: Request, action: Action) -> tuple[str | None, str | None]:
    """The class and the student in the address."""
    about, named = _rule(request, action).about, request.path_params
    class_id = named.get("class_id", named.get("id") if about is Concern.CLASS else None)
    student_id = named.get("student_id", named.get("id") if about is Concern.STUDENT else None)
    return (
        None if class_id is None else restored(class_id),
        None if student_id is None else restored(student_id),
    )


def _rule(request: Request, action: Action) -> Rule:
    """The route's line in the matrix. One without a line is closed to everybody."""
    route = f"{request.method} {request.scope['route'].path}"
    rule = ROUTES.get(route)
    if rule is None or rule.action is not action or route in OPEN:
        raise Forbidden(f"{route} has no line in the matrix of permissions, so nobody may call it")
    return rule


def may(caller: Principal, action: Action) -> bool:
    """Whether the caller's role allows the action, and their key, if it is limited, too."""
    scoped = caller.scopes is None or action.scope in caller.scopes
    return scoped and allowed(caller.role, action)


def _refusal(caller: Principal, action: Action) -> str:
    if allowed(caller.role, action):
        return f"this key may not {action}: its scopes are {', '.join(sorted(caller.scopes or ()))}"
    able = ", ".join(roles_for(action))
    return f"the role {caller.role} may not {action}; roles that may: {able}"


CurriculumReader = Annotated[Principal, Depends(Permission(Action.READ_CURRICULUM))]
CurriculumWriter = Annotated[Principal, Depends(Permission(Action.WRITE_CURRICULUM))]
ClassPagesReader = Annotated[Principal, Depends(Permission(Action.OPEN_STUDENT_PAGES))]
RosterReader = Annotated[Principal, Depends(Permission(Action.READ_ROSTER))]
RosterWriter = Annotated[Principal, Depends(Permission(Action.WRITE_ROSTER))]
EventSender = Annotated[Principal, Depends(Permission(Action.SEND_EVENTS))]
StudentMasteryReader = Annotated[Principal, Depends(Permission(Action.READ_STUDENT_MASTERY))]
ClassMasteryReader = Annotated[Principal, Depends(Permission(Action.READ_CLASS_MASTERY))]
GoalReader = Annotated[Principal, Depends(Permission(Action.READ_GOALS))]
GoalSetter = Annotated[Principal, Depends(Permission(Action.SET_GOALS))]
HelpSeeker = Annotated[Principal, Depends(Permission(Action.ASK_FOR_HELP))]
HelpReader = Annotated[Principal, Depends(Permission(Action.READ_HELP))]
HelpAnswerer = Annotated[Principal, Depends(Permission(Action.ANSWER_HELP))]
OverrideReader = Annotated[Principal, Depends(Permission(Action.READ_OVERRIDES))]
Overrider = Annotated[Principal, Depends(Permission(Action.OVERRIDE))]
Recommender = Annotated[Principal, Depends(Permission(Action.RECOMMEND))]
Grouper = Annotated[Principal, Depends(Permission(Action.GROUP))]
ModelReader = Annotated[Principal, Depends(Permission(Action.READ_MODEL))]
StudentReportReader = Annotated[Principal, Depends(Permission(Action.READ_STUDENT_REPORT))]
ClassReportReader = Annotated[Principal, Depends(Permission(Action.READ_CLASS_REPORT))]
HomeReader = Annotated[Principal, Depends(Permission(Action.OPEN_HOME))]
StudentExporter = Annotated[Principal, Depends(Permission(Action.EXPORT_STUDENT))]
StudentEraser = Annotated[Principal, Depends(Permission(Action.ERASE_STUDENT))]
SnapshotTaker = Annotated[Principal, Depends(Permission(Action.TAKE_SNAPSHOT))]
JobReader = Annotated[Principal, Depends(Permission(Action.READ_JOBS))]
