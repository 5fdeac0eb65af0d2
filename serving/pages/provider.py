"""Signing in through a provider: there, and back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from engine.errors import NotFound

from ..auth import Unauthenticated
from ..context import Context, InContext
from ..openid import Begun, address_to_sign_in, person_signed_in
from ..providers import CALLBACK, Provider
from .sessions import signed_in_as

BEGUN_COOKIE = "trellis_begun"
MINUTES = 10
"""How long somebody may take at the provider."""

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/provider")
def begin(context: InContext) -> Response:
    """Sends the browser to the provider, and remembers in its cookie that it was."""
    begun = Begun.anew()
    address = address_to_sign_in(_provider(context), begun)
    response = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        BEGUN_COOKIE,
        begun.secret,
        max_age=MINUTES * 60,
        httponly=True,
        samesite="lax",
        secure=context.settings.secure_cookies,
        path="/sign-in/provider",
    )
    return response


@router.get(CALLBACK)
def come_back(request: Request, context: InContext) -> Response:
    """Trades the provider's answer for a session of our own."""
    provider = _provider(context)
    secret = request.cookies.get(BEGUN_COOKIE)
    if not secret:
        raise Unauthenticated("no sign-in was begun in this browser, or too long ago: begin again")
    now = context.clock()
    subject, person = person_signed_in(provider, Begun(secret), request.query_params, now)
    known = context.store.link_identity(provider.issuer, subject, person, now)
    if known is None:
        raise Unauthenticated("this account is not let in here any more")
    response = signed_in_as(known, request, context)
    response.delete_cookie(BEGUN_COOKIE, path="/sign-in/provider", httponly=True, samesite="lax")
    return response


def _provider(context: Context) -> Provider:
    found = context.settings.provider()
    if found is None:
        raise NotFound("way to sign in", "provider")
    return found
