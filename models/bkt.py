"""Bayesian knowledge tracing with a face like scikit-learn's: fit a table, trace a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from engine.bundle import Bundle, versioned
from engine.errors import InvalidInput
from engine.parameters import PARAMETER_NAMES, Emission, SkillEstimate
from engine.tracing import trace_intervals, trace_sequences

from .bundles import read_bundle, write_bundle
from .fitting import fit
from .items import emissions_by_skill, fit_items, has_items, indexed_by_item, item_column
from .objective import Objective, objective
from .sequences import Floats, Sequences, codes_of, sequences_of
from .starts import SHAPES, starts
from .trie import tries_of
from .uncertainty import estimates, pooled


class BKT:
    """The BKT family; options, not subclasses.

    items     every item has a guess and slip of its own, shrunk towards its skill's
    forgets   a mastered skill may be lost again between two responses
    map       weak priors, and guess and slip at most one half; False: plain maximum likelihood
    restarts  starting points for every skill
    seed      of the starting points beyond the first eight

    >>> events = pd.DataFrame({"student": list("aaabbb"), "skill": "ratio",
    ...                        "correct": [0, 1, 1, 0, 0, 1]})
    >>> model = BKT().fit(events)
    >>> model.trace(events).columns.tolist()[:3]
    ['source_row', 'p_correct', 'p_mastery']
    >>> bool(model.params.loc["ratio", "slip"] < 0.5)
    True
    """

    def __init__(
        self,
        *,
        items: bool = False,
        forgets: bool = False,
        map: bool = True,
        restarts: int = len(SHAPES),
        seed: int = 0,
    ) -> None:
        if restarts < 1:
            raise InvalidInput.at("restarts", restarts, "a whole number from 1")
        if seed < 0:
            raise InvalidInput.at("seed", seed, "a whole number from 0")
        self.items = items
        self.forgets = forgets
        self.map = map
        self.restarts = restarts
        self.seed = seed
        self._bundle: Bundle | None = None

    @property
    def name(self) -> str:
        """The model's name on the command line."""
        return ("items" if self.items else "classic") + ("+forgets" if self.forgets else "")

    @property
    def bundle(self) -> Bundle:
        """The fitted parameters, ready to travel. Raises `InvalidInput` before `fit`."""
        if self._bundle is None:
            raise InvalidInput.at("model", "not fitted", "a model on which fit(events) was called")
        return self._bundle

    def fit(self, events: pd.DataFrame) -> Self:
        """Learns the parameters of every skill in `events`; returns the model itself.

        Columns: student, skill (several joined by `~~` count as one), correct, perhaps time, and
        item where items are to have a guess and slip of their own.
        Raises `InvalidInput` naming what is missing or unusable.
        """
        sequences = sequences_of(events)
        if not sequences.events:
            raise InvalidInput.at("events", "no rows", "at least one response")
        goal = self._objective()
        found = fit(tries_of(sequences), goal, starts(self.restarts, goal, seed=self.seed))
        emissions: dict[str, dict[str, Emission]] = {}
        if self.items:
            indexed, rows = indexed_by_item(sequences, item_column(events))
            by_item = fit_items(indexed, rows, goal, found.parameters)
            found, emissions = by_item.fit, emissions_by_skill(by_item, rows, sequences.skills)
        facts = {
            **_facts(sequences),
            "log_likelihood": float(found.log_likelihood.sum()),
            "converged": bool(found.converged.all()),
            "largest_gradient": float(found.gradient.max()),
            "map": self.map,
            "restarts": self.restarts,
            "seed": self.seed,
        }
        self._bundle = versioned(
            Bundle(
                model=self.name,
                skills=estimates(found, goal, sequences, emissions),
                pooled=pooled(found, goal, sequences),
                facts=facts,
            )
        )
        return self

    def trace(self, events: pd.DataFrame, *, intervals: bool = True) -> pd.DataFrame:
        """One row per response, in the order of the table.

        source_row   the row's number in its source
        p_correct    from the student's earlier responses alone
        p_mastery    given the responses up to and including this one
        p_mastery_low, p_mastery_high   90 % interval (left out with `intervals=False`)
        pooled       an average stands in: of skills where the model never saw the skill, of the
                     skill's items where it never saw the item
        """
        sequences = sequences_of(events)
        known = [self.bundle.estimate(skill) for skill in sequences.skills]
        tables = np.array([estimate.parameters for estimate, _ in known]).reshape(-1, 5)
        layout = (sequences.order, sequences.starts, sequences.skill_of, sequences.correct)
        own = self._emissions(sequences, events, [estimate for estimate, _ in known])
        traced = trace_sequences(*layout, tables, own)
        columns: dict[str, Any] = {
            "source_row": events.get("source_row", pd.Series(np.arange(len(events)))).to_numpy(),
            "p_correct": traced.p_correct,
            "p_mastery": traced.p_mastery,
        }
        if intervals:
            draws = np.array([estimate.draws for estimate, _ in known]).reshape(len(known), -1, 5)
            upper = np.array(self.bundle.pooled.upper)
            low, high = trace_intervals(*layout, draws, tables, own, upper)
            columns["p_mastery_low"] = np.minimum(low, traced.p_mastery)
            columns["p_mastery_high"] = np.maximum(high, traced.p_mastery)
        unseen = _per_event(sequences, np.array([stands_in for _, stands_in in known], dtype=bool))
        columns["pooled"] = unseen | np.isnan(own[:, 0]) if len(own) else unseen
        return pd.DataFrame(columns)

    @property
    def params(self) -> pd.DataFrame:
        """The parameters of every skill, one row each: estimates, standard errors, flags."""
        rows = {
            skill: {
                **estimate.parameters._asdict(),
                **{
                    f"{name}_se": getattr(estimate.standard_errors, name)
                    for name in PARAMETER_NAMES
                },
                "responses": estimate.responses,
                "students": estimate.students,
                "flags": "; ".join(estimate.flags),
            }
            for skill, estimate in self.bundle.skills.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("skill")

    def predict(self, events: pd.DataFrame) -> Floats:
        """P(correct) for every response from the student's earlier ones, in table order."""
        return self.trace(events, intervals=False)["p_correct"].to_numpy(dtype=np.float64)

    def save(self, folder: str | Path) -> Path:
        """The folder holds the bundle, whole; what it held before is replaced at once."""
        return write_bundle(Path(folder), self.bundle)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """The model saved in a folder. Raises `NotFound`, or `InvalidInput` if it is damaged."""
        return cls.of_bundle(read_bundle(Path(folder)))

    @classmethod
    def of_bundle(cls, bundle: Bundle) -> Self:
        """The fitted model that a bundle holds."""
        model = cls(
            items=bundle.model.startswith("items"),
            forgets=bundle.model.endswith("+forgets"),
            map=bool(bundle.facts.get("map", True)),
            restarts=int(bundle.facts.get("restarts", len(SHAPES))),
            seed=int(bundle.facts.get("seed", 0)),
        )
        model._bundle = bundle
        return model

    def _emissions(
        self, sequences: Sequences, events: pd.DataFrame, known: list[SkillEstimate]
    ) -> Floats:
        """The guess and slip of every event's item, [event, 2]; NaN where its skill's hold."""
        if not (self.items and has_items(events)):
            return np.full((len(events) if self.items else 0, 2), np.nan)
        codes, names = codes_of(item_column(events))
        skill = _per_event(sequences, np.arange(len(known)))
        pairs, row = np.unique(skill * (len(names) + 1) + codes + 1, return_inverse=True)
        found = np.full((len(pairs), 2), np.nan)
        for at, (of, code) in enumerate(zip(*np.divmod(pairs, len(names) + 1), strict=True)):
            own = known[of].items.get(str(names[code - 1])) if code else None
            if own is not None:
                found[at] = own
        return np.asarray(found[row])

    def _objective(self) -> Objective:
        return objective(map_estimate=self.map, forgets=self.forgets)


def _facts(sequences: Sequences) -> dict[str, int]:
    return {
        "events": sequences.events,
        "students": sequences.students,
        "skills": len(sequences.skills),
    }


def _per_event(sequences: Sequences, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A value per skill, repeated for every event, in the order of the table."""
    found = np.empty(sequences.events, dtype=values.dtype)
    found[sequences.order] = np.repeat(values, sequences.responses_of())
    return found
