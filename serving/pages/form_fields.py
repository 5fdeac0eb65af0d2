"""What the forms of pages share: numbers read, faults said, names looked up, the way on."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from starlette.responses import RedirectResponse

from data.store import Principal
from engine.errors import InvalidInput

from ..answers import Facts
from ..context import Context
from ..problems import of_validation
from ..versions import Precondition


def whole(text: str) -> int | str:
    """A whole number of a form; text that is none stays, for the form to be told."""
    return int(text) if text.strip().isdecimal() else text


def version_in(said: Mapping[str, str]) -> Precondition:
    """The version that the page showed, which its form sends back in a hidden field.

    >>> version_in({"version": "3"}), version_in({})
    (Precondition(version=3), Precondition(version=None))
    """
    found = whole(said.get("version", ""))
    return Precondition(found if isinstance(found, int) else None)


def wrong_words(error: Exception) -> str:
    """What is wrong, in a sentence for the page."""
    if isinstance(error, ValidationError):
        faults = of_validation([dict(one, loc=("body", *one["loc"])) for one in error.errors()])
        return "; ".join(f"{f.place}: {f.expected}" for f in faults.faults)
    if isinstance(error, InvalidInput):
        return "; ".join(f"{f.place}: {f.expected}" for f in error.faults)
    return str(error)


def names_of(
    context: Context, caller: Principal, class_: Facts, more: list[str] | None = None
) -> dict[str, str]:
    """The names of the class's students, and of others who once sat in it."""
    ids = list(dict.fromkeys([*class_["students"], *(more or ())]))
    found = context.store.get_many(caller.tenant, "students", ids)
    return {one: fact["name"] for one, fact in found.items()}


def sent_to(place: str) -> RedirectResponse:
    """After a form: the page that shows what came of it."""
    return RedirectResponse(place, status_code=303, headers={"Cache-Control": "no-store"})
