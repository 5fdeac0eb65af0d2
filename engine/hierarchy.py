"""The fitted hierarchical model as a value: what travels in a bundle, and what is read from it.

Population → skill → item. Every effect is there once for the estimate and once for each of a few
draws around it, which are as uncertain as the fit is; an item's draws are made from its standard
error. A skill never seen reads the population, a combination never seen the average of its single
skills, an item never seen the skill's average: each as uncertain as such things differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np

from .contexts import GAP_CLASSES, LAG, LAG_CLASSES, TIME
from .effects import OPPORTUNITIES, Effects
from .errors import InvalidInput
from .history import COVARIATES, Parts
from .pairs import coded
from .responses import SKILL_SEPARATOR
from .tables import Floats, Integers
from .touches import APART, Combining

DIGITS = 9  # of an effect in a bundle: beyond this it is the machine's, not the data's
PLASTIC = (0.7548776662466927, 0.5698402909980532)
"""Steps of Roberts's (2018) quasirandom R₂ sequence: 1/p and 1/p² of the plastic number p."""


_QUANTILES = np.array([NormalDist().inv_cdf((i + 0.5) / 1024) for i in range(1024)])
"""Normal quantiles of 1,024 equal shares."""


@dataclass(frozen=True)
class Hierarchy:
    """Effects of everything the fit has seen; the first axis is the estimate, then the draws.

    average      share of right answers to expect of a student of whom nothing is known
    gaps         whether gaps are counted by the clock (TIME) or by the answers between (LAG)
    nodes        points of the grid of abilities
    combining    what an answer to a combination of skills takes (`engine.touches`)
    drift        P(ability moves to a neighbouring point) between two answers
    skills       names of the skills, combinations among them, in the order of the arrays
    skill        [set, skill, 5] and `loadings` [set, skill, 5], as in `Effects`
    population   [set, 5] and `population_loadings` [set, 5]: what to expect of an unseen skill
    items        names of the items
    item         [item] and `item_se` [item]: easiness and how sure the fit is of it
    item_spread  standard deviation of items' easiness: what to expect of an unseen one
    pairs        [pair, 3] the skill just before and the skill, as rows, and whether the one
                 before was right
    pair         [pair] and `pair_se` [pair]: how much easier, and how sure the fit is of it
    pair_spread  standard deviation of pairs' easiness: what to expect of an unseen one
    past, gap_learn, gap_forget, opportunity   [set, …], as in `Effects`
    """

    average: float
    gaps: str
    combining: Combining
    nodes: int
    drift: float
    skills: tuple[str, ...]
    skill: Floats
    loadings: Floats
    population: Floats
    population_loadings: Floats
    items: tuple[str, ...]
    item: Floats
    item_se: Floats
    item_spread: float
    pairs: Integers
    pair: Floats
    pair_se: Floats
    pair_spread: float
    past: Floats
    gap_learn: Floats
    gap_forget: Floats
    opportunity: Floats

    @property
    def sets(self) -> int:
        """The estimate and the draws."""
        return len(self.population)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Where each skill stands."""
        return {name: row for row, name in enumerate(self.skills)}

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Where each item stands."""
        return {name: place for place, name in enumerate(self.items)}

    @cached_property
    def pair_codes(self) -> Integers:
        """One number for each pair, rising, and at the end one that no pair has."""
        before, now, right = self.pairs.T
        return np.append(coded(before, now, right, len(self.skills)), np.iinfo(np.int64).max)

    def rows(self, skills: Sequence[str]) -> Integers:
        """Where each of these skills stands; −1 for one never seen."""
        return np.array([self.row_of.get(name, -1) for name in skills], dtype=np.int64)

    def places(self, items: Sequence[str]) -> Integers:
        """Where each of these items stands; −1 for one never seen."""
        return np.array([self.place_of.get(name, -1) for name in items], dtype=np.int64)

    def orders(self, rows: Integers, pairs: Integers) -> Integers:
        """Where each of these pairs of skills, which stand in these rows, stands; −1 for one never
        seen."""
        before, now, right = rows[pairs[:, 0]], rows[pairs[:, 1]], pairs[:, 2]
        codes = coded(before, now, right, len(self.skills))
        found = np.searchsorted(self.pair_codes, codes)
        met = (self.pair_codes[found] == codes) & (before >= 0) & (now >= 0)
        return np.where(met, found, -1)

    def effects(
        self, number: int, skills: Sequence[str], items: Sequence[str], pairs: Integers
    ) -> Effects:
        """One set of effects, for these skills, items and pairs of skills, in this order."""
        rows, places = self.rows(skills), self.places(items)
        orders = self.orders(rows, pairs)
        return self.effects_at(number, skills, rows=rows, places=places, orders=orders)

    def effects_at(
        self,
        number: int,
        skills: Sequence[str],
        *,
        rows: Integers,
        places: Integers,
        orders: Integers,
    ) -> Effects:
        """The same once it is known where skills, items and pairs stand, for who asks of every
        set."""
        skill, loadings = np.empty((2, len(rows), 5))
        skill[rows >= 0] = self.skill[number, rows[rows >= 0]]
        loadings[rows >= 0] = self.loadings[number, rows[rows >= 0]]
        for place in np.flatnonzero(rows < 0).tolist():
            skill[place], loadings[place] = self._skill(number, skills[place])
        return Effects(
            skill=skill,
            loadings=loadings,
            item=self._ease(number, places),
            past=self.past[number],
            gap_learn=self.gap_learn[number],
            gap_forget=self.gap_forget[number],
            opportunity=self.opportunity[number],
            pair=self._order(number, orders),
        )

    def _skill(self, number: int, name: str) -> tuple[Floats, Floats]:
        """The skill's own effects, those of its parts on average, or the population's."""
        row = self.row_of.get(name)
        if row is not None:
            return self.skill[number, row], self.loadings[number, row]
        parts = name.split(SKILL_SEPARATOR)
        if len(parts) == 1:
            return self.population[number], self.population_loadings[number]
        found = [self._skill(number, part) for part in parts]
        return np.mean([f[0] for f in found], axis=0), np.mean([f[1] for f in found], axis=0)

    def _ease(self, number: int, places: Integers) -> Floats:
        """The items' easiness in one set, and that of an item never seen, [item + 1]."""
        places = np.append(places, -1)
        ease, spread = _looked_up(places, self.item, self.item_se, self.item_spread)
        return ease if number == 0 else np.asarray(ease + spread * _spread(number, places))

    def _order(self, number: int, places: Integers) -> Floats:
        """The pairs' easiness in one set, [pair + 1]; the last, of a first response, is 0."""
        ease, spread = _looked_up(places, self.pair, self.pair_se, self.pair_spread)
        if number:
            ease = ease + spread * _spread(number, places)
        return np.append(ease, 0.0)


def _looked_up(
    places: Integers, value: Floats, error: Floats, unseen: float
) -> tuple[Floats, Floats]:
    """Values and errors at these places; 0 and the error of an unseen one where a place is −1."""
    seen = places >= 0
    values, errors = np.zeros(len(places)), np.full(len(places), unseen)
    values[seen], errors[seen] = value[places[seen]], error[places[seen]]
    return values, errors


def _spread(number: int, places: Any) -> Floats:
    """Standard normal numbers, one for each place in a draw; the next draw has their opposites."""
    pair, side = (number - 1) // 2, 1.0 if number % 2 else -1.0
    uniform = (0.5 + PLASTIC[0] * (places + 2) + PLASTIC[1] * (pair + 1)) % 1.0
    return np.asarray(side * _QUANTILES[(uniform * len(_QUANTILES)).astype(np.int64)])


def parts_of(skills: Sequence[str]) -> Parts:
    """The single skills that each skill consists of, numbered as they come.

    >>> parts_of(["a", "a~~b"])
    Parts(starts=array([0, 1, 3]), part=array([0, 0, 1]))
    """
    numbers: dict[str, int] = {}
    split = [name.split(SKILL_SEPARATOR) for name in skills]
    part = [numbers.setdefault(one, len(numbers)) for parts in split for one in parts]
    starts = np.concatenate([[0], np.cumsum([len(parts) for parts in split])])
    return Parts(starts.astype(np.int64), np.array(part, dtype=np.int64))


def gap_count(gaps: str) -> int:
    """How many classes of gaps there are."""
    return len(GAP_CLASSES if gaps == TIME else LAG_CLASSES)


PAIRED: Mapping[str, Any] = {"pairs": [], "pair": [], "pair_se": [], "pair_spread": 0.0}
"""What a fit without pairs leaves out of its document, as bundles did before there were any."""


def as_document(hierarchy: Hierarchy) -> dict[str, Any]:
    """The value in plain JSON types."""
    without = [*(() if len(hierarchy.pairs) else PAIRED)]
    without += ["combining"] if hierarchy.combining.apart else []
    names = [one.name for one in fields(hierarchy) if one.name not in without]
    return {name: _plain(getattr(hierarchy, name)) for name in names}


def from_document(document: Mapping[str, Any]) -> Hierarchy:
    """The value that `as_document` wrote, now or before pairs were there. Raises `InvalidInput`
    naming what does not fit."""
    document = {**PAIRED, **document}
    found = Hierarchy(
        average=float(document["average"]),
        gaps=str(document["gaps"]),
        combining=_combining(document.get("combining", APART)),
        nodes=int(document["nodes"]),
        drift=float(document["drift"]),
        skills=tuple(map(str, document["skills"])),
        items=tuple(map(str, document["items"])),
        item_spread=float(document["item_spread"]),
        pairs=np.array(document["pairs"], dtype=np.int64).reshape(-1, 3),
        pair_spread=float(document["pair_spread"]),
        **{name: np.array(document[name], dtype=np.float64) for name in ARRAYS},
    )
    _check(found)
    return found


def _combining(given: Sequence[Any]) -> Combining:
    found = Combining(float(given[0]), bool(given[1]))
    if not 0.0 <= found.own <= 1.0:
        raise InvalidInput.at("bundle, hierarchy, combining", found.own, "a share from 0 to 1")
    return found


ARRAYS = (
    "skill",
    "loadings",
    "population",
    "population_loadings",
    "item",
    "item_se",
    "pair",
    "pair_se",
    "past",
    "gap_learn",
    "gap_forget",
    "opportunity",
)


def _check(found: Hierarchy) -> None:
    if found.gaps not in (TIME, LAG):
        raise InvalidInput.at("bundle, hierarchy, gaps", found.gaps, f"{TIME} or {LAG}")
    if not (found.nodes >= 1 and 0.0 <= found.drift <= 0.5 and 0.0 < found.average < 1.0):
        expected = "at least one node, drift from 0 to 0.5, average between 0 and 1"
        given = f"{found.nodes}, {found.drift}, {found.average}"
        raise InvalidInput.at("bundle, hierarchy", given, expected)
    sets, skills, items = found.sets, len(found.skills), len(found.items)
    wanted = {
        "skill": (sets, skills, 5),
        "loadings": (sets, skills, 5),
        "population": (sets, 5),
        "population_loadings": (sets, 5),
        "item": (items,),
        "item_se": (items,),
        "pair": (len(found.pairs),),
        "pair_se": (len(found.pairs),),
        "past": (sets, len(COVARIATES)),
        "gap_learn": (sets, gap_count(found.gaps)),
        "gap_forget": (sets, gap_count(found.gaps)),
        "opportunity": (sets, OPPORTUNITIES + 1),
    }
    in_range = (found.pairs >= 0) & (found.pairs < np.array([skills, skills, 2]))
    if not in_range.all() or (np.diff(found.pair_codes) <= 0).any():
        expected = f"rows of {skills} skills and 0 or 1, rising, each pair once"
        raise InvalidInput.at("bundle, hierarchy, pairs", found.pairs.tolist(), expected)
    for name, shape in wanted.items():
        values = getattr(found, name)
        if values.shape != shape or not np.isfinite(values).all():
            expected = f"finite numbers of shape {shape}"
            raise InvalidInput.at(f"bundle, hierarchy, {name}", values.shape, expected)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind == "i":
        return value.tolist()
    if isinstance(value, np.ndarray):
        return _rounded(value.tolist())
    return list(value) if isinstance(value, tuple) else value


def _rounded(value: Any) -> Any:
    """Nested lists of numbers, each to so many significant digits."""
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}")
