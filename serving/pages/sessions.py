"""Signing in by a link and out by a button."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from ..auth import SESSION_COOKIE, Unauthenticated
from ..context import Context, InContext

SESSION_SECONDS = 12 * 60 * 60
"""A school day and its preparation; the store ends the session no later than the link."""

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in(context: InContext, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Trades the link's token for a session cookie; 401 when the link is unknown or has expired."""
    secret = context.store.create_session(token, context.clock()) if token else None
    if secret is None:
        raise Unauthenticated("this sign-in link is not valid, or has expired")
    response = _back_to_classes()
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=context.settings.secure_cookies,
        path="/",
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, context: InContext) -> Response:
    """Ends the session. The cookie is SameSite=Lax, so no foreign form can do this."""
    _end(request, context)
    response = _back_to_classes()
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _end(request: Request, context: Context) -> None:
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        context.store.end_session(secret)


def _back_to_classes() -> RedirectResponse:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse("/", status_code=303, headers=headers)
