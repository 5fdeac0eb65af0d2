"""The models by the names that people know them by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.bundle import Bundle
from engine.errors import InvalidInput

from .baselines import Mean
from .bkt import BKT, FLAGSHIP, RESTARTS, WORDS, options_of
from .objective import Bounds, Given


class Model(Protocol):
    """What every model does: learn from a table of responses, then predict another's."""

    @property
    def name(self) -> str: ...

    def fit(self, events: pd.DataFrame) -> Self: ...

    def predict(self, events: pd.DataFrame) -> NDArray[np.float64]: ...


BKT_MODELS = (
    "classic",
    "classic+forgets",
    "classic+gaps",
    "classic+priors",
    "classic+order",
    "items",
    "items+forgets",
    "items+gaps",
    "resources",
    FLAGSHIP,
)
"""Members of the BKT family, which can be fitted into a bundle and served: these, and any other
words of `WORDS` joined by `+`."""
BASELINES: dict[str, Callable[[int], Model]] = {"mean": lambda seed: Mean()}
MODELS = (*BKT_MODELS, *BASELINES)
"""Everything that can be evaluated."""


def make(name: str, *, seed: int = 0) -> Model:
    """A fresh model of that name. Raises `InvalidInput` naming those there are.

    >>> make("classic").name
    'classic'
    >>> make("oracle")
    Traceback (most recent call last):
    engine.errors.InvalidInput: model: got 'oracle', expected one of classic, ...
    """
    if name in BASELINES:
        return BASELINES[name](seed)
    return BKT(**_words_of(name, MODELS), seed=seed)


def make_bkt(
    name: str,
    *,
    seed: int = 0,
    map: bool = True,
    fixed: Given | None = None,
    bounds: Bounds | None = None,
    restarts: int = RESTARTS,
) -> BKT:
    """A fresh member of the BKT family, which can become a bundle; a baseline cannot.

    >>> make_bkt("resources+gaps", map=False).gaps
    True
    """
    return BKT(
        **_words_of(name, BKT_MODELS),
        map=map,
        fixed=fixed,
        bounds=bounds,
        restarts=restarts,
        seed=seed,
    )


def from_bundle(bundle: Bundle) -> BKT:
    """The fitted model that a bundle holds."""
    return BKT.of_bundle(bundle)


def _words_of(name: str, known: Sequence[str]) -> dict[str, Any]:
    """The options that a name turns on."""
    if name.split("-")[0] == FLAGSHIP:
        return options_of(name)
    words = name.split("+")
    options = [word for word in words if word != "classic"]
    if len(set(words)) < len(words) or not set(options) <= set(WORDS):
        combined = f"or words of {', '.join(WORDS)} joined by +"
        raise InvalidInput.at("model", name, f"one of {', '.join(known)}, {combined}")
    return {WORDS[word]: True for word in options}
