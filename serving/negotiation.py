"""Which of several forms a caller prefers, by its `Accept` header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.errors import TrellisError

JSON, HTML, CSV = "application/json", "text/html", "text/csv"
VARY = {"Vary": "Accept"}
SHOWN = 80  # characters of a header that a message repeats


class NotAcceptable(TrellisError):
    """The caller takes none of the forms that there are: HTTP 406."""


def chosen(accept: str, offered: Sequence[str]) -> str:
    """The form that an Accept header likes best; among equals the one offered first.

    Raises `NotAcceptable` naming what there is.

    >>> [chosen(accept, [JSON, CSV]) for accept in ("text/csv;q=.5, */*", "", "text/*")]
    ['application/json', 'application/json', 'text/csv']
    """
    wanted = dict(map(_range, accept.split(","))) if accept.strip() else {"*/*": 1.0}
    liking = {form: _liking(form, wanted) for form in offered}
    best = max(offered, key=liking.__getitem__)
    if liking[best] <= 0:
        raise NotAcceptable(f"Accept: got {accept[:SHOWN]!r}, expected one of {', '.join(offered)}")
    return best


def _range(part: str) -> tuple[str, float]:
    kind, _, parameters = part.partition(";")
    return kind.strip().lower(), _quality(parameters)


def _liking(form: str, wanted: Mapping[str, float]) -> float:
    """How much a form is wanted: the range that names it most closely counts."""
    ranges = (form, f"{form.partition('/')[0]}/*", "*/*")
    return next((wanted[one] for one in ranges if one in wanted), 0.0)


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
