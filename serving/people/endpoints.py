"""`GET /v1/audit`, and one-time links for people who forgot their password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from data.store import Deed, Noted, Principal
from data.store.resets import RESET_LIFE

from ..auth import Permission
from ..context import InContext
from ..documented import GUARDED, problems
from ..facts.endpoints import Limit
from ..fields import Id, Instant
from ..identifiers import Identifier
from ..roles import Action
from .schemas import AuditPage, ResetLink

AuditReader = Annotated[Principal, Depends(Permission(Action.READ_AUDIT))]
PasswordResetter = Annotated[Principal, Depends(Permission(Action.RESET_PASSWORDS))]
After = Annotated[
    str | None, Query(pattern=r"^\d{1,18}$", description="The `next` of the page before.")
]

router = APIRouter(prefix="/v1", tags=["people"])


@router.get(
    "/audit",
    summary="Read who did what",
    response_model=AuditPage,
    responses=problems(*GUARDED),
)
def audit(
    caller: AuditReader,
    context: InContext,
    student: Annotated[Id | None, Query(description="What was done to this student.")] = None,
    user: Annotated[Id | None, Query(description="By somebody, or to their credentials.")] = None,
    deed: Annotated[Deed | None, Query(description="Only deeds of this kind.")] = None,
    since: Annotated[Instant | None, Query(description="Only from then on.")] = None,
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """Sign-ins, credentials, exports, erasures, overrides, changes of role, and which of the staff
    looked at whom (once an hour), oldest first. It names nobody, and outlives who is erased."""
    found = context.store.audit(
        caller.tenant,
        after=int(after or 0),
        limit=limit + 1,
        deed=deed,
        student=student,
        user=user,
        since=since,
    )
    following = str(found[limit - 1].sequence) if len(found) > limit else None
    return JSONResponse({"results": [_shown(one) for one in found[:limit]], "next": following})


@router.post(
    "/accounts/{id}:reset",
    summary="Let somebody choose a new password",
    response_model=ResetLink,
    responses=problems(*GUARDED, 404, 409),
)
def reset(
    id: Identifier, caller: PasswordResetter, context: InContext, request: Request
) -> Response:
    """A link that works once, for a day; one made before opens nothing any more. The sessions there
    are end when it is used."""
    now = context.clock()
    token = context.store.create_reset(id, now, by=caller)
    base = context.settings.public_url or str(request.base_url)
    found = {
        "account": id,
        "link": f"{base.rstrip('/')}/reset?token={token}",
        "expires_at": (now + RESET_LIFE).isoformat(),
    }
    return JSONResponse(found)


def _shown(one: Noted) -> dict[str, object]:
    return {
        "id": str(one.sequence),
        "at": one.at.isoformat(),
        "deed": one.deed,
        "role": one.role,
        "actor": one.actor,
        "about": one.about,
        "about_kind": one.kind,
        "detail": one.detail,
    }
