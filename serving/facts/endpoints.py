"""`PUT`, `GET`, `DELETE` and lists of every kind of fact, under the caller's own ids."""

# No `from __future__ import annotations`: the routes' types are those of the kind at hand.

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from data.store import Principal
from engine.errors import InvalidInput, NotFound

from ..auth import Permission
from ..context import InContext
from ..documented import GUARDED, WRITTEN, problems
from ..fields import Id
from ..identifiers import Identifier
from ..versions import UNCHANGED, Expected, Known, read, tagged
from .kinds import KINDS, Kind, sight
from .schemas import Listing, Put

MAX_LISTED = 500
Limit = Annotated[int, Query(ge=1, le=MAX_LISTED)]
After = Annotated[Id | None, Query(description="The `next` of the page before.")]


def routes(kind: Kind) -> APIRouter:
    """The routes of one kind of fact."""
    router = APIRouter(prefix=f"/v1/{kind.plural}", tags=[kind.plural])
    _add_reading(router, kind)
    _add_writing(router, kind)
    return router


def _add_reading(router: APIRouter, kind: Kind) -> None:
    Reader = Annotated[Principal, Depends(Permission(kind.read))]  # noqa: N806
    stored = kind.stored

    @router.get(
        "",
        name=f"list_{kind.plural}",
        summary=f"List {kind.plural}",
        description=f"The {kind.plural} that are the caller's to see, in the order of their ids.",
        response_model=Listing[stored],  # type: ignore[valid-type]
        responses=problems(*GUARDED),
    )
    def _list(
        caller: Reader, context: InContext, after: After = None, limit: Limit = 100
    ) -> Response:
        found = context.store.list(caller.tenant, kind.plural, after=after, limit=limit + 1)
        page = found[:limit]
        sees = sight(context, caller, kind)
        following = page[-1]["id"] if len(found) > limit else None
        return JSONResponse({"results": [fact for fact in page if sees(fact)], "next": following})

    @router.get(
        "/{id}",
        name=f"get_{kind.one}",
        summary=f"Get one of the {kind.plural}",
        description="As it was last put, with its version.",
        response_model=stored,
        responses={**UNCHANGED, **problems(*GUARDED, 404)},
    )
    def _get(id: Identifier, caller: Reader, context: InContext, known: Known = None) -> Response:
        found = context.store.get(caller.tenant, kind.plural, id)
        if found is None or not sight(context, caller, kind)(found):
            raise NotFound(kind.one, id)
        return read(found, known)


def _add_writing(router: APIRouter, kind: Kind) -> None:
    Writer = Annotated[Principal, Depends(Permission(kind.write))]  # noqa: N806
    body_type = kind.body

    @router.put(
        "/{id}",
        name=f"put_{kind.one}",
        summary=f"Create or replace one of the {kind.plural}",
        description=f"{kind.body.__doc__} Fields left out take their defaults.",
        response_model=kind.stored,
        responses={
            201: {"model": kind.stored, "description": "Created."},
            **problems(*WRITTEN, 412),
        },
    )
    def _put(
        id: Identifier,
        body: body_type,  # type: ignore[valid-type]
        caller: Writer,
        context: InContext,
        expected: Expected,
    ) -> Response:
        require_same(id, body)
        fields = body.model_dump(mode="json", by_alias=True, exclude={"id"})  # type: ignore[attr-defined]
        with named_by_field(f"{kind.one} {id}, "):
            fact, created = context.store.put(
                caller.tenant,
                kind.plural,
                id,
                fields,
                now=context.clock(),
                author=caller.user or caller.role,
                expected=expected.version,
            )
        return tagged(fact, 201 if created else 200)

    @router.delete(
        "/{id}",
        name=f"delete_{kind.one}",
        summary=f"Delete one of the {kind.plural}",
        description="409, naming who, while others mention it. Answers stay in the log.",
        status_code=204,
        responses=problems(*GUARDED, 404, 409, 412),
    )
    def _delete(id: Identifier, caller: Writer, context: InContext, expected: Expected) -> None:
        gone = context.store.delete(
            caller.tenant,
            kind.plural,
            id,
            now=context.clock(),
            author=caller.user or caller.role,
            expected=expected.version,
        )
        if not gone:
            raise NotFound(kind.one, id)


@contextmanager
def named_by_field(place: str) -> Iterator[None]:
    """Faults name fields as the caller sent them, without the fact that they stand in."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(
            fault._replace(place=fault.place.removeprefix(place)) for fault in error.faults
        ) from None


def require_same(id: str, body: Put) -> None:
    """Raises `InvalidInput` for a body whose id is not the one in the address."""
    if body.id not in (None, id):
        raise InvalidInput.at("id", body.id, f"{id}, the id in the address, or none")


routers = [routes(kind) for kind in KINDS]
