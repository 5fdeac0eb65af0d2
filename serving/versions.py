"""Versions over HTTP: an `ETag` with what is read, `If-Match` with what is changed (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Response
from fastapi.responses import JSONResponse

from data.store import Principal, Role
from engine.errors import InvalidInput, TrellisError

_TAG = re.compile(r'"(\d{1,9})"')


def tag(version: int) -> str:
    """The ETag of a version.

    >>> tag(3)
    '"3"'
    """
    return f'"{version}"'


def tagged(fact: dict[str, Any], status: int = 200) -> JSONResponse:
    """A fact as a response that says which version it is."""
    return JSONResponse(fact, status_code=status, headers={"ETag": tag(fact["version"])})


Known = Annotated[
    str | None,
    Header(alias="If-None-Match", description="The `ETag` of what the caller has: 304 if it is."),
]
"""The type of a reading endpoint's parameter that receives the versions the caller has."""
UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The caller has this version: `If-None-Match` names it."}
}


def read(fact: dict[str, Any], known: str | None) -> Response:
    """A fact as a response; without a body (304) for who has this version of it.

    >>> read({"version": 3}, 'W/"3"').status_code, read({"version": 3}, '"2"').status_code
    (304, 200)
    """
    own = tag(fact["version"])
    held = {one.strip().removeprefix("W/") for one in (known or "").split(",")}
    if own in held or "*" in held:
        return Response(status_code=304, headers={"ETag": own})
    return tagged(fact)


@dataclass(frozen=True, slots=True)
class Precondition:
    """The version that is to be changed: None for whichever there is, 0 for none at all."""

    version: int | None


def precondition(
    if_match: Annotated[
        str | None,
        Header(description="Only if it is still at this version: the `ETag` it was read with."),
    ] = None,
    if_none_match: Annotated[
        str | None, Header(description="`*`: only if there is none yet.")
    ] = None,
) -> Precondition:
    """What the headers ask for. Raises `InvalidInput` for what they cannot mean here.

    >>> precondition('"3"'), precondition(None, "*"), precondition()
    (Precondition(version=3), Precondition(version=0), Precondition(version=None))
    """
    if if_none_match is not None and if_none_match != "*":
        raise InvalidInput.at("If-None-Match", if_none_match, "*, for what must not exist yet")
    if if_match is None:
        return Precondition(None if if_none_match is None else 0)
    found = _TAG.fullmatch(if_match)
    if found is None or if_none_match is not None:
        raise InvalidInput.at("If-Match", if_match, 'one ETag as it was read, such as "3"')
    return Precondition(int(found[1]))


Expected = Annotated[Precondition, Depends(precondition)]
"""The type of an endpoint's parameter that receives the precondition."""

PEOPLE = frozenset({Role.TEACHER, Role.STUDENT, Role.FAMILY})
"""Who edits what they have in front of them. A platform or an admin's program states what is so,
again and again: to it a version is of use, and is not demanded."""


class Unseen(TrellisError):
    """Somebody would change what they do not say they have seen: HTTP 428 (RFC 6585)."""


def version_seen(
    caller: Principal, expected: Precondition, before: Mapping[str, Any] | None
) -> int | None:
    """The version that is to be changed: people may change only what they have seen.

    None, for whichever there is, is a program's alone; of people one who names no version sees
    none, which is right (0) while there is none. Else raises `Unseen`.

    >>> teacher, nothing = Principal("north", Role.TEACHER), Precondition(None)
    >>> version_seen(teacher, nothing, None), version_seen(teacher, Precondition(3), {"version": 3})
    (0, 3)
    """
    if expected.version is not None or caller.role not in PEOPLE:
        return expected.version
    if before is None:
        return 0
    raise Unseen(
        f"this exists, at version {before['version']}: read it, and send the `ETag` of what you "
        "saw as `If-Match`, so that nobody else's change is undone unseen"
    )


EXPECTED_HEADERS = {"ETag": {"description": "Its version.", "schema": {"type": "string"}}}
