"""Bayesian knowledge tracing with a face like scikit-learn's: fit a table, trace a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from engine.bundle import Bundle, versioned
from engine.contexts import SKILL_ALONE, TIME, Contexts
from engine.errors import Fault, InvalidInput
from engine.tables import Floats
from engine.touches import USUAL

from .bundles import bundled, read_bundle, write_bundle
from .fitting import Fit, fit, sample_of
from .hierarchical.ingredients import METHODS, Ingredients, ingredients_of
from .layout import clocked
from .nested import Lattice, Member
from .objective import Bounds, Given, Objective, objective
from .onesided import exact
from .options import FLAGSHIP, OPTIONS, RESTARTS, SETTINGS, WORDS, check_numbers, options_of
from .reading import traced
from .sequences import sequences_of
from .showing import rows_shown, skills_shown
from .starts import starts
from .trie import tries_of


class BKT:
    """The BKT family; options, not subclasses, and any of them together.

    items       every item has a guess and slip of its own
    forgets     a mastered skill may be lost again between two responses
    gaps        and the more so the longer the time between them (`forgets` is then implied)
    resources   learning depends on the activity just done
    item_order  learning depends on which item follows which
    priors      mastery before the first response depends on the student's record so far
    ability     every student has an ability, the same in all skills, and skills, items and
                combinations of skills share what they have in common: the hierarchical model
    without     ingredients of the hierarchical model to leave out: gaps, history, combinations
    together    of the hierarchical model, where an item carries several skills: apart (each
                combination is a skill of its own), shared (its answers move the single skills
                too), compensatory or conjunctive (the single skills alone)
    inference   of the hierarchical model: map, laplace, svi or nuts
    map         weak priors, rows shrunk towards their skill, guess and slip at most one half, and
                forgetting at most .1 (.5 over gaps by the clock); False: plain maximum likelihood
    fixed       values of parameters that are not fitted: {"forget": 0.02} or, skill by skill,
                {"guess": {"ratio": 0.25}}
    bounds      ranges of parameters: {"guess": (0.0, 0.3)}
    restarts    starting points for every skill
    seed        of the starting points beyond the first eight

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
        gaps: bool = False,
        resources: bool = False,
        item_order: bool = False,
        priors: bool = False,
        ability: bool = False,
        without: Sequence[str] = (),
        together: str = USUAL,
        inference: str = "map",
        map: bool = True,
        fixed: Given | None = None,
        bounds: Bounds | None = None,
        restarts: int = RESTARTS,
        seed: int = 0,
    ) -> None:
        self.items = items
        self.forgets = forgets
        self.gaps = gaps
        self.resources = resources
        self.item_order = item_order
        self.priors = priors
        self.ability = ability
        self.without = tuple(without)
        self.together = together
        self.inference = inference
        self.map = map
        self.fixed = fixed
        self.bounds = bounds
        self.restarts = restarts
        self.seed = seed
        self._bundle: Bundle | None = None
        if self._ingredients() is None:
            self._objective()  # refuses what cannot be

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The options, as scikit-learn's `clone` and searches ask for them.

        >>> BKT(items=True).get_params()["items"]
        True
        """
        return {name: getattr(self, name) for name in OPTIONS}

    def set_params(self, **options: Any) -> Self:
        """Changes options and forgets what was fitted. Raises `InvalidInput` for unknown ones.

        >>> BKT().set_params(gaps=True).name
        'classic+gaps'
        """
        unknown = [name for name in options if name not in OPTIONS]
        if unknown:
            expected = f"one of {', '.join(OPTIONS)}"
            raise InvalidInput(Fault("option", name, expected) for name in unknown)
        type(self).__init__(self, **{**self.get_params(), **options})
        return self

    @property
    def name(self) -> str:
        """The model's name on the command line.

        >>> BKT().name, BKT(items=True, gaps=True).name, BKT(item_order=True).name
        ('classic', 'items+gaps', 'classic+order')
        >>> BKT(items=True, ability=True, forgets=True).name, BKT(items=True, ability=True).name
        ('hierarchical', 'hierarchical-forgets')
        """
        ingredients = self._ingredients()
        if ingredients is not None:
            other = [] if self.together == USUAL else [self.together]
            return "-".join(["+".join([FLAGSHIP, *other]), *ingredients.missing])
        words = [word for word, option in WORDS.items() if getattr(self, option)]
        return "+".join(words if self.items or self.resources else ["classic", *words])

    @property
    def bundle(self) -> Bundle:
        """The fitted parameters, ready to travel. Raises `InvalidInput` before `fit`."""
        if self._bundle is None:
            raise InvalidInput.at("model", "not fitted", "a model on which fit(events) was called")
        return self._bundle

    def fit(self, events: pd.DataFrame) -> Self:
        """Learns the parameters of every skill in `events`; returns the model itself.

        Columns: student, skill (several joined by `~~` count as one), correct, perhaps time, and
        what the options need: item (items, item_order), activity (resources).
        Raises `InvalidInput` naming what is missing or unusable.
        """
        ingredients = self._ingredients()
        if ingredients is not None:
            from .hierarchical.model import fit_hierarchical

            self._bundle = fit_hierarchical(
                events,
                name=self.name,
                ingredients=ingredients,
                inference=self.inference,
                seed=self.seed,
            )
            return self
        sequences = sequences_of(events)
        if not sequences.events:
            raise InvalidInput.at("events", "no rows", "at least one response")
        contexts = clocked(self._contexts(), events)
        tries, sample = tries_of(sequences), sample_of(sequences)
        begin = starts(self.restarts, seed=self.seed)

        def goal(forgets: bool) -> Objective:
            return self._objective(sequences.skills, forgets=forgets, clock=contexts.gaps == TIME)

        @cache
        def alone(forgets: bool) -> Fit:
            found = fit(tries, goal(forgets), begin, sample=sample)
            return exact(found, tries, sequences, goal(forgets))

        member = Member(contexts, self.forgets or self.gaps)
        if contexts == SKILL_ALONE:
            found, rows = alone(member.forgets), None
        else:
            family = Lattice(sequences, events, goal, alone)
            rows = family.only(member) if self.map else family.top(member)
            found = rows.variant.fit
        settings = {name: getattr(self, name) for name in SETTINGS}
        self._bundle = bundled(self.name, settings, found, goal(member.forgets), sequences, rows)
        return self

    def trace(
        self, events: pd.DataFrame, *, intervals: bool = True, smoothed: bool = False
    ) -> pd.DataFrame:
        """One row per response, in the order of the table.

        source_row   the row's number in its source
        p_correct    from the student's earlier responses alone
        p_mastery    given the responses up to and including this one
        p_mastery_low, p_mastery_high   90 % interval (left out with `intervals=False`)
        p_mastery_smoothed   given the student's later responses too (only with `smoothed=True`)
        pooled       an average stands in: of skills where the model never saw the skill, of the
                     skill's items, activities, … where it never saw this one
        """
        how = {"intervals": intervals, "smoothed": smoothed}
        if self.bundle.hierarchy is not None:
            from .hierarchical.model import trace_hierarchical

            return _tabled(trace_hierarchical(events, self.bundle.hierarchy, **how), events)
        return _tabled(traced(events, self.bundle, **how), events)

    @property
    def params(self) -> pd.DataFrame:
        """The parameters of every skill, one row each: estimates, standard errors, flags."""
        return skills_shown(self.bundle)

    @property
    def rows(self) -> pd.DataFrame:
        """What depends on more than the skill: skill, parameter, key (item, activity, …), value."""
        return rows_shown(self.bundle)

    def predict(self, events: pd.DataFrame) -> Floats:
        """P(correct) for every response from the student's earlier ones, in table order."""
        return self.trace(events, intervals=False)["p_correct"].to_numpy(dtype=np.float64)

    def with_items(self, events: pd.DataFrame) -> Self:
        """This model with the items of `events` that came after its fit, each as hard as its
        first answers say. Raises `InvalidInput` for a model that is not hierarchical."""
        from .hierarchical.newcomers import with_newcomers

        if self.bundle.hierarchy is None:
            raise InvalidInput.at("model", self.name, "a hierarchical model: others refit instead")
        hierarchy = with_newcomers(self.bundle.hierarchy, events)
        return self.of_bundle(versioned(replace(self.bundle, hierarchy=hierarchy)))

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
        options = options_of(bundle.model)
        settings = {name: bundle.facts[name] for name in SETTINGS if name in bundle.facts}
        model = cls(**options, **settings, inference=bundle.facts.get("inference", "map"))
        model._bundle = bundle
        return model

    def _ingredients(self) -> Ingredients | None:
        """What the hierarchical model is made of; None for the rest of the family.

        Raises `InvalidInput` for options that do not go with it.
        """
        if self.inference not in METHODS:
            raise InvalidInput.at("inference", self.inference, f"one of {', '.join(METHODS)}")
        if not self.ability and not self.without:
            if self.inference != "map":
                raise InvalidInput.at("inference", self.inference, "map, or a hierarchical model")
            return None
        left_out = [*self.without, *(n for n in ("items", "forgets") if not getattr(self, n))]
        others = ("resources", "item_order", "priors", "fixed", "bounds")
        return ingredients_of(
            left_out if self.ability else ["ability", *left_out],
            others=[name for name in others if getattr(self, name)],
            map_estimate=self.map,
            together=self.together,
        )

    def _contexts(self) -> Contexts:
        return Contexts(
            items=self.items,
            resources=self.resources,
            order=self.item_order,
            priors=self.priors,
            gaps=TIME if self.gaps else "",
        )

    def _objective(
        self,
        skills: Sequence[str] | None = None,
        *,
        forgets: bool | None = None,
        clock: bool = False,
    ) -> Objective:
        """What a fit of these skills maximises. Raises `InvalidInput` for impossible options."""
        check_numbers(restarts=self.restarts, seed=self.seed)
        return objective(
            map_estimate=self.map,
            forgets=self.forgets or self.gaps if forgets is None else forgets,
            fixed=self.fixed,
            bounds=self.bounds,
            skills=skills,
            clock=clock,
        )


def _tabled(columns: dict[str, Any], events: pd.DataFrame) -> pd.DataFrame:
    """The columns, each in the order of the table, beside the number of each row."""
    source = events.get("source_row", pd.Series(np.arange(len(events))))
    return pd.DataFrame({"source_row": source.to_numpy(), **columns})
