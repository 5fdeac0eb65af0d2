"""Query parameters: one that an endpoint does not know is refused, not ignored.

A mistyped `?skil=ratio` would otherwise be answered with every skill, and look right.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from engine.errors import Fault, InvalidInput


def only_known_parameters(request: Request) -> None:
    """Raises `InvalidInput` naming every query parameter that the endpoint does not have."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not request.query_params:
        return
    known = list(_names(route.dependant))
    expected = f"one of {', '.join(known)}" if known else "no query parameters here"
    faults = [
        Fault(f"query parameter {name}", value, expected)
        for name, value in request.query_params.multi_items()
        if name not in known
    ]
    if faults:
        raise InvalidInput(faults)


def _names(dependant: Dependant) -> Iterator[str]:
    """The query parameters of an endpoint and of everything it depends on."""
    yield from (field.alias for field in dependant.query_params)
    for needed in dependant.dependencies:
        yield from _names(needed)
