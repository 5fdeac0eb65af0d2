"""The models by the names that people know them by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.bundle import BUNDLE_FILE, Bundle
from engine.errors import InvalidInput

from .baselines import LR, PFA, Baseline, LRHints, LRPace, LRPairs, Mean
from .baselines.saved import BASELINE_FILE, read_baseline
from .bkt import BKT
from .bundles import read_bundle
from .objective import Bounds, Given
from .options import FLAGSHIP, RESTARTS, WORDS, options_of


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


def _dkt(name: str) -> type[Baseline]:
    """The deep ones bring torch with them, so they are imported by whoever names them."""
    from .baselines.dkt import DKT, DKTItems

    return {"dkt": DKT, "dkt-items": DKTItems}[name]


BASELINES: dict[str, Callable[[], type[Baseline]]] = {
    "mean": lambda: Mean,
    "pfa": lambda: PFA,
    "lr": lambda: LR,
    "lr+pairs": lambda: LRPairs,
    "lr+hints": lambda: LRHints,
    "lr+pace": lambda: LRPace,
    "dkt": lambda: _dkt("dkt"),
    "dkt-items": lambda: _dkt("dkt-items"),
}
"""Models without mastery: they can be fitted, traced and evaluated, but not served. `lr+…` are the
logistic one with one kind of what long logs hold, to measure what there is to learn from it."""
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
        return BASELINES[name]()(seed=seed)
    return BKT(**_words_of(name, MODELS), seed=seed)


def make_bkt(
    name: str,
    *,
    seed: int = 0,
    map: bool = True,
    fixed: Given | None = None,
    bounds: Bounds | None = None,
    restarts: int = RESTARTS,
    inference: str = "map",
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
        inference=inference,
        seed=seed,
    )


def from_bundle(bundle: Bundle) -> BKT:
    """The fitted model that a bundle holds."""
    return BKT.of_bundle(bundle)


def saved_model(folder: Path) -> BKT | Baseline:
    """The fitted model that a folder holds: one of the family, or a baseline.

    Raises `NotFound` where it holds neither, `InvalidInput` where what it holds is damaged.
    """
    if not (folder / BASELINE_FILE).exists() or (folder / BUNDLE_FILE).exists():
        return from_bundle(read_bundle(folder))
    saved = read_baseline(folder)
    name = str(saved.about.get("model"))
    if name not in BASELINES:
        raise InvalidInput.at(f"{folder}, model", name, f"one of {', '.join(BASELINES)}")
    return BASELINES[name]().of_saved(saved)


class Predictions(NamedTuple):
    """What a model says of every response, in table order.

    p_correct  from the student's earlier responses
    p_mastery  given the response too; None for a model that knows no mastery
    """

    p_correct: NDArray[np.float64]
    p_mastery: NDArray[np.float64] | None


def predictions(model: Model, events: pd.DataFrame) -> Predictions:
    """A fitted model's word on every response.

    >>> events = pd.DataFrame({"student": list("aabb"), "skill": "x", "correct": [0, 1, 1, 1]})
    >>> predictions(make("mean").fit(events), events).p_mastery is None
    True
    """
    if not isinstance(model, BKT):
        return Predictions(model.predict(events), None)
    traced = model.trace(events, intervals=False)
    correct, mastery = (traced[name].to_numpy(dtype=np.float64) for name in Predictions._fields)
    return Predictions(correct, mastery)


def _words_of(name: str, known: Sequence[str]) -> dict[str, Any]:
    """The options that a name turns on."""
    if name.split("-")[0].split("+")[0] == FLAGSHIP:
        return options_of(name)
    words = name.split("+")
    options = [word for word in words if word != "classic"]
    if len(set(words)) < len(words) or not set(options) <= set(WORDS):
        combined = f"or words of {', '.join(WORDS)} joined by +"
        raise InvalidInput.at("model", name, f"one of {', '.join(known)}, {combined}")
    return {WORDS[word]: True for word in options}
