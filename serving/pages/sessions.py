"""Signing in by a link, a password or another provider, and out by a button."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from data.store import Principal

from ..auth import SESSION_COOKIE, TooMany, Unauthenticated
from ..context import Context, InContext
from .rendering import rendered

SESSION_SECONDS = 12 * 60 * 60
"""A school day and its preparation; the store ends the session no later than this."""
WRONG = "This name and password do not belong together. Please try again."
LONGEST = 300  # characters of a name or a password that are read at all

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form to sign in with: what was typed before, and what was wrong with it."""

    name: str = ""
    wrong: str = ""
    provider: str = ""


@router.get("/sign-in")
def sign_in(
    request: Request,
    context: InContext,
    token: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Trades a link's token for a session cookie; without one, shows the form.

    401 when the link is unknown or has expired.
    """
    if not token:
        return _form(context)
    secret = context.store.create_session(token, context.clock())
    if secret is None:
        raise Unauthenticated("this sign-in link is not valid, or has expired")
    return _signed_in(request, context, secret)


@router.post("/sign-in")
def sign_in_by_password(
    request: Request,
    context: InContext,
    name: Annotated[str, Form(max_length=LONGEST)] = "",
    password: Annotated[str, Form(max_length=LONGEST)] = "",
) -> Response:
    """Trades a name and password for a session cookie; 429 after too many wrong ones."""
    person = tried(request, context, name, password)
    if person is None:
        return _form(context, name=name, wrong=WRONG, status=401)
    return signed_in_as(person, request, context)


@router.post("/sign-out")
def sign_out(request: Request, context: InContext) -> Response:
    """Ends the session, and not only the cookie."""
    _end(request, context)
    response = _home("/sign-in")
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return response


def tried(request: Request, context: Context, name: str, password: str) -> Principal | None:
    """Whom a name and password sign in, if anybody. Raises `TooMany` after too many wrong ones."""
    now, address = context.clock(), request.client.host if request.client else ""
    wait = context.store.begin_try(name, address, now).total_seconds()
    if wait > 0:
        seconds = ceil(wait)
        raise TooMany(f"too many wrong passwords: try again in {seconds} seconds", seconds=seconds)
    person = context.store.signed_in(name, password)
    if person is None:
        context.store.note_wrong_password(name, address, now)
    else:
        context.store.forget_tries(name)
    return person


def signed_in_as(person: Principal, request: Request, context: Context) -> Response:
    """The way home of somebody who has just proved who they are, with a new session."""
    return _signed_in(request, context, context.store.open_session(person, context.clock()))


def _signed_in(request: Request, context: Context, secret: str) -> Response:
    """A session of before ends: whoever knew its secret knows nothing of this one."""
    _end(request, context)
    response = _home("/")
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


def _form(context: Context, *, name: str = "", wrong: str = "", status: int = 200) -> Response:
    page = SignInPage(name, wrong, provider=urlsplit(context.settings.oidc_issuer).hostname or "")
    return rendered("sign_in.html", page, status=status, signed_in=False)


def _end(request: Request, context: Context) -> None:
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        context.store.end_session(secret)


def _home(path: str) -> RedirectResponse:
    """Always to an address of ours: where somebody came from is not asked, so nobody can be sent
    astray."""
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(path, status_code=303, headers=headers)
