"""The models by the names that people know them by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.bundle import Bundle
from engine.errors import InvalidInput

from .baselines import Mean
from .bkt import BKT

Kind = TypeVar("Kind")


class Model(Protocol):
    """What every model does: learn from a table of responses, then predict another's."""

    @property
    def name(self) -> str: ...

    def fit(self, events: pd.DataFrame) -> Self: ...

    def predict(self, events: pd.DataFrame) -> NDArray[np.float64]: ...


BKT_MODELS: dict[str, Callable[[int], BKT]] = {
    "classic": lambda seed: BKT(seed=seed),
    "classic+forgets": lambda seed: BKT(forgets=True, seed=seed),
    "items": lambda seed: BKT(items=True, seed=seed),
    "items+forgets": lambda seed: BKT(items=True, forgets=True, seed=seed),
}
"""The members of the BKT family: what can be fitted into a bundle and served."""
MODELS: dict[str, Callable[[int], Model]] = {**BKT_MODELS, "mean": lambda seed: Mean()}
"""Everything that can be evaluated."""


def make(name: str, *, seed: int = 0) -> Model:
    """A fresh model of that name. Raises `InvalidInput` naming those there are.

    >>> make("classic").name
    'classic'
    >>> make("oracle")
    Traceback (most recent call last):
    engine.errors.InvalidInput: model: got 'oracle', expected one of classic, classic+forgets,
    items, items+forgets, mean
    """
    return _named(MODELS, name)(seed)


def make_bkt(name: str, *, seed: int = 0) -> BKT:
    """A fresh member of the BKT family, which can become a bundle; a baseline cannot.

    >>> make_bkt("mean")
    Traceback (most recent call last):
    engine.errors.InvalidInput: model: got 'mean', expected one of classic, classic+forgets, items,
    items+forgets
    """
    return _named(BKT_MODELS, name)(seed)


def from_bundle(bundle: Bundle) -> BKT:
    """The fitted model that a bundle holds."""
    return BKT.of_bundle(bundle)


def _named(found: Mapping[str, Callable[[int], Kind]], name: str) -> Callable[[int], Kind]:
    if name not in found:
        raise InvalidInput.at("model", name, f"one of {', '.join(found)}")
    return found[name]
