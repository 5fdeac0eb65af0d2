"""A new password: chosen by who is signed in and knows the old one, or by a one-time link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from data.store import Principal
from engine.errors import InvalidInput

from ..auth import Permission
from ..context import Context, InContext
from ..roles import Action
from .rendering import rendered
from .sessions import LONGEST, signed_in_as, tried

OwnPassword = Annotated[Principal, Depends(Permission(Action.CHANGE_OWN_PASSWORD))]
Typed = Annotated[str, Form(max_length=LONGEST)]
WRONG = "The password you have now is another. Please try again."
DIFFERENT = "The two new passwords differ. Please type the same one twice."

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """The form for a new password. Without a `name` there is no account to change; with a `token`
    the link stands for the old password; `spent`: it does so no more."""

    name: str
    token: str = ""
    wrong: str = ""
    spent: bool = False


SPENT = PasswordPage("", spent=True)


@router.get("/password")
def form(caller: OwnPassword, context: InContext) -> Response:
    """The form for who is signed in."""
    return rendered("password.html", _own(context, caller))


@router.post("/password")
def change(
    request: Request,
    caller: OwnPassword,
    context: InContext,
    old: Typed = "",
    new: Typed = "",
    again: Typed = "",
) -> Response:
    """The password is changed, every other session ended, and this browser signed in anew."""
    page = _own(context, caller)
    if not page.name:
        return rendered("password.html", page, status=409)
    if new != again:
        return _wrong(page, DIFFERENT)
    if tried(request, context, page.name, old) is None:
        return _wrong(page, WRONG, status=401)
    try:
        account, _ = context.store.set_password(page.name, new, context.clock(), by=caller)
    except InvalidInput as error:
        return _wrong(page, _sentence(error))
    return signed_in_as(account.person, request, context)


@router.get("/reset")
def reset_form(context: InContext, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form behind a one-time link, which looking at does not use up. 401 for a used one."""
    page = _linked(context, token)
    return rendered("password.html", page, status=401 if page.spent else 200, signed_in=False)


@router.post("/reset")
def reset(
    request: Request,
    context: InContext,
    token: Annotated[str, Form(max_length=200)] = "",
    new: Typed = "",
    again: Typed = "",
) -> Response:
    """The password is the new one, the link used up, and its person signed in."""
    page = _linked(context, token)
    if page.name and new != again:
        return _wrong(page, DIFFERENT)
    try:
        account = context.store.use_reset(token, new, context.clock())
    except InvalidInput as error:
        return _wrong(page, _sentence(error))
    if account is None:
        return rendered("password.html", SPENT, status=401, signed_in=False)
    context.store.forget_tries(account.name)
    return signed_in_as(account.person, request, context)


def _own(context: Context, caller: Principal) -> PasswordPage:
    account = context.store.account_of(caller) if caller.key_id is None and caller.user else None
    return PasswordPage(account.name if account else "")


def _linked(context: Context, token: str) -> PasswordPage:
    account = context.store.account_to_reset(token, context.clock())
    return SPENT if account is None else PasswordPage(account.name, token)


def _wrong(page: PasswordPage, words: str, status: int = 422) -> Response:
    shown = replace(page, wrong=words)
    return rendered("password.html", shown, status=status, signed_in=not page.token)


def _sentence(error: InvalidInput) -> str:
    [fault] = error.faults
    return f"This cannot be a password: {fault.value}. It needs {fault.expected}."
