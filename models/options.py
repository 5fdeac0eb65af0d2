"""The options of the BKT family, and the words by which a model's name turns them on."""

from __future__ import annotations

from typing import Any

from engine.errors import Fault, InvalidInput
from engine.touches import USUAL

from .starts import SHAPES

WORDS = {
    "items": "items",
    "resources": "resources",
    "order": "item_order",
    "priors": "priors",
    "gaps": "gaps",
    "forgets": "forgets",
}
"""What each word of a model's name turns on; `classic` is none of them."""
FLAGSHIP = "hierarchical"
"""The name of the family with ability, items and forgetting; `-word` leaves an ingredient out,
`+word` treats several skills on one item otherwise."""
SETTINGS = ("map", "fixed", "bounds", "restarts", "seed")
OPTIONS = (*WORDS.values(), "ability", "without", "together", "inference", *SETTINGS)
RESTARTS = len(SHAPES)


def options_of(name: str) -> dict[str, Any]:
    """The options that a model's name turns on.

    >>> options_of("hierarchical-gaps")["without"], options_of("items+gaps")["gaps"]
    (('gaps',), True)
    >>> options_of("hierarchical+conjunctive-gaps")["together"]
    'conjunctive'
    """
    first, *missing = name.split("-")
    family, *together = first.split("+")
    if family == FLAGSHIP:
        switched = {word: word not in missing for word in ("items", "forgets", "ability")}
        left_out = tuple(word for word in missing if word not in switched)
        return {**switched, "without": left_out, "together": "+".join(together) or USUAL}
    return {option: word in name.split("+") for word, option in WORDS.items()}


def check_numbers(*, restarts: int, seed: int) -> None:
    """Raises `InvalidInput` naming each number that cannot be.

    >>> check_numbers(restarts=0, seed=0)
    Traceback (most recent call last):
    engine.errors.InvalidInput: restarts: got '0', expected a whole number from 1
    """
    faults = [
        Fault(name, str(value), f"a whole number from {least}")
        for name, value, least in (("restarts", restarts, 1), ("seed", seed, 0))
        if value < least
    ]
    if faults:
        raise InvalidInput(faults)
