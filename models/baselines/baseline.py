"""What every baseline can do: learn from a table, predict another's, travel as a folder.

They have no idea of mastery: their traces hold `p_correct` alone, and nothing can be served from
one. They are here to be beaten.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from engine.errors import InvalidInput
from engine.tables import Floats

from .histories import UNSEEN, Histories, Vocabulary, histories_of, numbered, vocabulary
from .saved import Saved, read_baseline, write_baseline


class Baseline(ABC):
    """A model of responses without mastery.

    A kind says how it learns from histories (`_learn`) and predicts them (`_answers`), leaving
    what it found in `_arrays` and `_numbers`, from which alone it predicts.
    """

    name: ClassVar[str]
    uses_items: ClassVar[bool] = True

    def __init__(self, *, seed: int = 0) -> None:
        if seed < 0:
            raise InvalidInput.at("seed", seed, "a whole number from 0")
        self.seed = seed
        self._fitted = False
        self._skills: Vocabulary = {}
        self._items: Vocabulary = {}
        self._facts: dict[str, Any] = {}
        self._numbers: dict[str, Any] = {}
        self._arrays: dict[str, Any] = {}

    def fit(self, events: pd.DataFrame) -> Self:
        """Learns from a table of responses; returns the model itself.

        Columns as for `BKT.fit`; an item where known. Raises `InvalidInput` for what is unusable.
        """
        histories = histories_of(events)
        self._skills = vocabulary(histories.skills)
        self._items = vocabulary(histories.items if self.uses_items else ())
        self._numbers, self._arrays = {}, {}
        self._learn(histories)
        self._fitted = True
        p = self._answers(histories)
        right = histories.correct * np.log(p) + (1.0 - histories.correct) * np.log1p(-p)
        self._facts = {
            "log_likelihood": float(right.sum()),
            "events": histories.events,
            "students": len(histories.starts) - 1,
            "skills": len(histories.skills),
        }
        return self

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the fit was of: log_likelihood, events, students, skills, converged."""
        return {**self._facts, "converged": self._numbers.get("converged", True)}

    @property
    def skills(self) -> tuple[str, ...]:
        """The skills and combinations that it learnt from."""
        return tuple(self._skills)

    def predict(self, events: pd.DataFrame) -> Floats:
        """P(correct) for every response from the student's earlier ones, in table order."""
        self._check_fitted()
        histories = histories_of(events)
        return histories.in_table_order(self._answers(histories))

    def trace(self, events: pd.DataFrame) -> pd.DataFrame:
        """One row per response, in the order of the table; no mastery, since there is none.

        source_row   the row's number in its source
        p_correct    from the student's earlier responses alone
        pooled       whether the model never saw the skill or, where it uses items, the item
        """
        self._check_fitted()
        histories = histories_of(events)
        unseen = numbered(histories.skills, self._skills)[histories.skill] == UNSEEN
        if self.uses_items:
            unseen |= numbered(histories.items, self._items)[histories.item] == UNSEEN
        return pd.DataFrame(
            {
                "source_row": events.get("source_row", pd.Series(range(len(events)))).to_numpy(),
                "p_correct": histories.in_table_order(self._answers(histories)),
                "pooled": histories.in_table_order(unseen).astype(bool),
            }
        )

    def save(self, folder: str | Path) -> Path:
        """The folder holds the model, whole; what it held before is replaced at once."""
        self._check_fitted()
        about = {
            "model": self.name,
            "seed": self.seed,
            "skills": list(self._skills),
            "items": list(self._items),
            "facts": self._facts,
            "numbers": self._numbers,
        }
        return write_baseline(Path(folder), about, self._arrays)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """The model saved in a folder. Raises `NotFound`, or `InvalidInput` if it is damaged."""
        return cls.of_saved(read_baseline(Path(folder)))

    @classmethod
    def of_saved(cls, saved: Saved) -> Self:
        """The fitted model that a file held. Raises `InvalidInput` if it is of another kind."""
        about = saved.about
        if about.get("model") != cls.name:
            raise InvalidInput.at("baseline, model", about.get("model"), cls.name)
        model = cls(seed=about["seed"])
        model._skills, model._items = vocabulary(about["skills"]), vocabulary(about["items"])
        model._facts, model._numbers, model._arrays = about["facts"], about["numbers"], saved.arrays
        model._fitted = True
        return model

    @abstractmethod
    def _learn(self, histories: Histories) -> None:
        """Leaves what was learnt in `_arrays` and `_numbers`."""

    @abstractmethod
    def _answers(self, histories: Histories) -> Floats:
        """P(correct) of every event, strictly between 0 and 1, in the order of the histories."""

    def _check_fitted(self) -> None:
        if not self._fitted:
            raise InvalidInput.at("model", "not fitted", "a model on which fit(events) was called")
