"""Every student's score: the slope of the log-likelihood of that student by every effect.

At the top the outer product of the scores of independent students estimates the information that
they give (Berndt, Hall, Hall & Hausman 1974). A student meets few skills, items and pairs, so that
a score has few entries: it is kept by those.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numba import njit

from engine.ability import REACH, grid
from engine.effects import Effects, Situations, rates_of
from engine.tables import Floats, Integers

from .chains import Chains, Slopes
from .fitting import Fitted, numbers, tensors
from .kernel import marginals
from .responses import Laid
from .story import SLACK, SPREAD, Shape, effects_of


class Scores(NamedTuple):
    """The entries of every student's score, [entry], one student after the other.

    starts  [student + 1] where each student's entries begin
    column  the effect, counted through all sites of the shape in their order
    value   the slope
    size    how many effects there are
    """

    starts: Integers
    column: Integers
    value: Floats
    size: int

    def along(self, effects: Floats) -> Floats:
        """Every student's score along some directions: [effect, direction] to [student, direction].

        >>> two = Scores(np.array([0, 1, 2]), np.array([0, 1]), np.array([2.0, 3.0]), 2)
        >>> two.along(np.ones((2, 1))).ravel()
        array([2., 3.])
        """
        found = np.zeros((len(self.starts) - 1, effects.shape[1]))
        _along(self.starts, self.column, self.value, effects, found)
        return found

    def summed(self, weights: Floats) -> Floats:
        """Scores summed with weights: [student, direction] to [effect, direction]."""
        found = np.zeros((self.size, weights.shape[1]))
        _summed(self.starts, self.column, self.value, weights, found)
        return found

    def information(self) -> Floats:
        """Σ over students of the squared score, [effect]."""
        found = np.bincount(self.column, weights=self.value**2, minlength=self.size)
        return np.asarray(found, dtype=np.float64)


class _Entries:
    """Entries of scores as they are collected: whose, of which effect, how much."""

    def __init__(self, shape: Shape) -> None:
        sizes = [int(np.prod(size)) for size in shape.sites.values()]
        self.begins = dict(zip(shape.sites, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
        self.size = sum(sizes)
        self.found: list[tuple[Integers, Integers, Floats]] = []

    def add(self, site: str, student: Integers, column: Integers, value: Floats) -> None:
        """Takes entries of one site, [entry] each; `column` counts within the site."""
        there = value != 0.0
        self.found.append((student[there], column[there] + self.begins[site], value[there]))

    def add_rows(self, site: str, student: Integers, values: Floats, first: Integers) -> None:
        """Takes [row, column] values of a site, a row's columns from `first` on, [row]."""
        width = values.shape[1]
        column = first[:, None] + np.arange(width)
        self.add(site, np.repeat(student, width), column.ravel(), values.ravel())

    def scores(self, students: int) -> Scores:
        """All of them, each student's entries of one effect summed."""
        parts = zip(*self.found, strict=True)
        student, column, value = (np.concatenate(part) for part in parts)
        order = np.argsort(student, kind="stable")
        starts = np.searchsorted(student[order], np.arange(students + 1)).astype(np.int64)
        return Scores(*_joined(starts, column[order], value[order], self.size), self.size)


def scores_of(fitted: Fitted, laid: Laid, shape: Shape) -> Scores:
    """Every student's score at the top, the priors left out."""
    with torch.no_grad():
        effects = numbers(effects_of(tensors(fitted.values), fitted.scales, shape))
    chains, situations = laid.chains, laid.chained
    slopes = marginals(chains, rates_of(effects, situations), *grid(fitted.nodes)).slopes
    entries = _Entries(shape)
    of_chain = np.repeat(np.arange(laid.students), np.diff(chains.students))
    _of_skills(entries, of_chain, slopes, chains, effects, fitted, shape)
    _of_events(entries, of_chain, slopes, chains, situations, fitted, shape)
    return entries.scores(laid.students)


def _of_skills(
    entries: _Entries,
    student: Integers,
    slopes: Slopes,
    chains: Chains,
    effects: Effects,
    fitted: Fitted,
    shape: Shape,
) -> None:
    """What each chain says of population, loadings, its skill, and the skill's parts."""
    use, scales, skill = shape.ingredients, fitted.scales, chains.skill
    own, bend = _logarithms(slopes, chains, effects, ability=use.ability)
    by_ability = np.column_stack([slopes.loadings[:, :3], bend]) * float(use.ability)
    nothing = np.zeros(len(skill), dtype=np.int64)
    forgets = np.array([1.0, 1.0, float(use.forgets), 1.0, 1.0])
    own = own * forgets
    entries.add_rows("population", student, own * np.array(SPREAD["population"]), nothing)
    steps = np.array(SPREAD["loading"])
    entries.add_rows("loading", student, by_ability * steps, nothing)
    entries.add("sensitivity", student, skill, by_ability[:, 3] * scales.sensitivity)
    joined = shape.joined[skill] * float(use.combinations)
    beside = own * np.array(scales.combination) * joined[:, None]
    entries.add_rows("combination", student, beside, 5 * skill)
    starts, part = shape.parts
    sizes = np.diff(starts)[skill]
    chain = np.repeat(np.arange(len(skill)), sizes)
    within = np.arange(len(chain)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    shared = own[chain] * np.array(scales.single) / sizes[chain][:, None]
    single = part[starts[skill[chain]] + within]
    entries.add_rows("single", student[chain], shared, 5 * single)


def _logarithms(
    slopes: Slopes, chains: Chains, effects: Effects, *, ability: bool
) -> tuple[Floats, Floats]:
    """Each chain's slopes by what its skill starts from, [chain, 5] and [chain].

    By prior, learn, forget, log guess and log known; and by the logit of the share that ability
    on guess has of the most it may be.
    """
    by_logit = np.stack(slopes[:5], axis=1)
    own = np.add.reduceat(by_logit, chains.starts[:-1], axis=0)
    guess, known = effects.skill[chains.skill, 3], effects.skill[chains.skill, 4]
    most = (known - guess) / REACH * float(ability)
    pull = effects.loadings[chains.skill, 3]
    share = np.divide(pull, most, out=np.zeros_like(most), where=most > 0.0)
    along = slopes.loadings[:, 3]
    # ability's pull on guess is a share of known − guess, so it moves with both
    own[:, 3] = (own[:, 3] - along * share / REACH) * guess
    own[:, 4] = (own[:, 4] + along * share / REACH) * known
    return own, along * most * share * (1.0 - share)


def _of_events(
    entries: _Entries,
    of_chain: Integers,
    slopes: Slopes,
    chains: Chains,
    situations: Situations,
    fitted: Fitted,
    shape: Shape,
) -> None:
    """What each response says of the past, the gap, the opportunity, its item and its pair."""
    use, scales = shape.ingredients, fitted.scales
    student = np.repeat(of_chain, np.diff(chains.starts))
    ease, gap = slopes.guess + slopes.known, SLACK * float(use.gaps)
    past = situations.covariates * ease[:, None] * scales.past * float(use.history)
    first = np.searchsorted(student, np.arange(len(chains.students) - 1))
    whose = np.arange(len(first))
    entries.add_rows("past", whose, np.add.reduceat(past, first, axis=0), np.zeros_like(whose))
    entries.add("gap_learn", student, situations.gap, slopes.learn * gap)
    entries.add("gap_forget", student, situations.gap, slopes.forget * gap)
    entries.add("opportunity", student, situations.opportunity, slopes.learn * SLACK)
    for site, worth in (("item", float(use.items)), ("pair", float(use.history))):
        row, known = getattr(situations, site), getattr(situations, site) < shape.sites[site][0]
        step = getattr(scales, site) * worth
        entries.add(site, student[known], row[known], ease[known] * step)


@njit(cache=True, nogil=True)
def _joined(
    starts: Integers, column: Integers, value: Floats, size: int
) -> tuple[Integers, Integers, Floats]:
    """The same entries, those of one student and effect as one, in the order first met."""
    total, there = np.zeros(size), np.zeros(size, dtype=np.bool_)
    begins, columns, values = np.zeros_like(starts), np.empty_like(column), np.empty_like(value)
    count = 0
    for student in range(len(starts) - 1):
        begins[student] = count
        for at in range(starts[student], starts[student + 1]):
            if not there[column[at]]:
                columns[count], there[column[at]] = column[at], True
                count += 1
            total[column[at]] += value[at]
        for at in range(begins[student], count):
            values[at] = total[columns[at]]
            total[columns[at]], there[columns[at]] = 0.0, False
    begins[-1] = count
    return begins, columns[:count].copy(), values[:count].copy()


@njit(cache=True, nogil=True)
def _along(
    starts: Integers, column: Integers, value: Floats, effects: Floats, found: Floats
) -> None:
    for student in range(len(starts) - 1):
        for at in range(starts[student], starts[student + 1]):
            for direction in range(effects.shape[1]):
                found[student, direction] += value[at] * effects[column[at], direction]


@njit(cache=True, nogil=True)
def _summed(
    starts: Integers, column: Integers, value: Floats, weights: Floats, found: Floats
) -> None:
    for student in range(len(starts) - 1):
        for at in range(starts[student], starts[student + 1]):
            for direction in range(weights.shape[1]):
                found[column[at], direction] += value[at] * weights[student, direction]
