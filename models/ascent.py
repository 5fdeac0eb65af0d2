"""Climbing the objective of any member of the family, event by event, skill by skill.

All parameters of all tables lie side by side in one vector; `owner` says which skill one belongs
to. Skills share none, so each takes its own steps and stops when it has arrived. Accelerated EM
finds the way from anywhere; then L-BFGS, with EM's own step as its first guess of the curvature
(Lange 1995), goes on until the gradient is zero.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from engine.tables import Floats, Indexed, Integers

from .coordinates import Coordinates
from .counts import count
from .curvature import symmetric
from .division import Division, divided
from .objective import EDGE, slope_in_logits

ROUNDS = 60  # of two EM steps each, before L-BFGS
COARSE_GAIN = 1e-2  # of a round in log-posterior below which EM hands over to L-BFGS
STEPS = 400  # of L-BFGS
FLAT = 1e-3  # largest component of the gradient, in expected counts, where a skill has arrived
MEMORY = 12  # steps that L-BFGS learns the curvature from
HALVINGS = 12  # of a step that does not climb
LONGEST_STEP = 4.0  # in logits
LONGEST_LEAP = 64.0  # EM steps that one leap may stand for
LEAST_WEIGHT = 1e-2
"""Answers that curvature is taken to be worth at least: near a bound, where there is next to none,
steps must stay finite, yet long enough to get there."""
SMALLEST = 1e-12


class Point(NamedTuple):
    """A place on the hill.

    logits    [parameter]
    height    [skill]
    gradient  [parameter] by the logits
    onward    [parameter] logits to which EM leads from here
    ease      [parameter] how far EM goes for a unit of gradient
    """

    logits: Floats
    height: Floats
    gradient: Floats
    onward: Floats
    ease: Floats


class Ascent:
    """The climb on one set of responses."""

    def __init__(self, indexed: Indexed, skill_starts: Integers, coordinates: Coordinates) -> None:
        self.indexed = indexed
        self.coordinates = coordinates
        self.skills = len(skill_starts) - 1
        self.skill_of = np.repeat(np.arange(self.skills), np.diff(skill_starts))
        groups = np.arange(indexed.sequences + 1)
        self.division: Division = divided(indexed, groups, self.skill_of)
        first = self.division.block_starts[:-1]
        self.block_of = self.skill_of[first] if len(self.skill_of) else first

    def climb(self, values: Floats) -> tuple[Point, NDArray[np.bool_]]:
        """The top, starting from `values` [parameter], and which skills arrived there [skill].

        No step lowers the objective of any skill.
        """
        here = self.at(self.coordinates.logits(values), np.arange(self.skills))
        return self.finish(self.explore(here))

    def explore(self, here: Point) -> Point:
        """Where rounds of accelerated EM lead, as long as they are worth it."""
        climbing = np.ones(self.skills, dtype=np.bool_)
        for _ in range(ROUNDS):
            which = np.flatnonzero(climbing)
            step = self.at(here.onward, which)
            leap = self.at(self.leap(here, step), which)
            best = self.merged(leap.height >= step.height, leap, step)
            gained = best.height - here.height
            here = self.merged(climbing & (gained >= 0.0), best, here)
            climbing &= gained >= COARSE_GAIN
            if not climbing.any():
                break
        return here

    def finish(self, here: Point) -> tuple[Point, NDArray[np.bool_]]:
        """The top, and who arrived: where no component of the gradient is left, or no step up."""
        memory: list[tuple[Floats, Floats]] = []
        climbing = self.steepness(here) > FLAT
        for _ in range(STEPS):
            if not climbing.any():
                break
            there = self.onwards(here, self.direction(here, memory), climbing)
            moved = there.height > here.height
            memory.append((there.logits - here.logits, here.gradient - there.gradient))
            memory = memory[-MEMORY:]
            here = there
            climbing &= moved & (self.steepness(here) > FLAT)
        return here, self.steepness(here) <= FLAT

    def steepness(self, here: Point) -> Floats:
        """The largest component of the gradient, [skill]."""
        found = np.zeros(self.skills)
        np.maximum.at(found, self.coordinates.owner, np.abs(here.gradient))
        return found

    def onwards(self, here: Point, direction: Floats, climbing: NDArray[np.bool_]) -> Point:
        """The first of ever shorter steps that climbs, each skill on its own."""
        owner = self.coordinates.owner
        slope = self.dot(here.gradient, direction)
        open_ = climbing.copy()
        length = np.ones(self.skills)
        for _ in range(HALVINGS):
            tried = self.at(here.logits + length[owner] * direction, np.flatnonzero(open_))
            enough = open_ & (tried.height >= here.height + 1e-4 * length * slope)
            here = self.merged(enough, tried, here)
            open_ &= ~enough
            if not open_.any():
                break
            length = np.where(open_, length * 0.4, length)
        return here

    def direction(self, here: Point, memory: list[tuple[Floats, Floats]]) -> Floats:
        """L-BFGS's direction (Nocedal 1980), from EM's step as the first guess of the curvature."""
        moved, bent = np.array(memory or np.empty((0, 2, len(here.logits)))).swapaxes(0, 1)
        owner = self.coordinates.owner
        return _direction(here.gradient, here.ease, moved, bent, owner, self.skills)

    def dot(self, one: Floats, other: Floats) -> Floats:
        """Inner products, [skill]."""
        return _dot(one, other, self.coordinates.owner, self.skills)

    def at(self, logits: Floats, which: Integers) -> Point:
        """The point at `logits`; only its entries for the skills `which` mean anything."""
        coordinates = self.coordinates
        values = coordinates.values(logits)
        log_likelihood, counts = self.counted(values, which)
        height = np.full(self.skills, -np.inf)
        height[which] = log_likelihood[which]
        successes = counts[:, 0] + coordinates.successes
        failures = counts[:, 1] + coordinates.failures
        total = successes + failures
        onward = np.where(total > 0.0, successes / np.maximum(total, SMALLEST), values)
        bounds = coordinates.lower, coordinates.upper
        slope = slope_in_logits(successes, failures, values, *bounds)
        ease = 1.0 / (total * values * (1.0 - values) + LEAST_WEIGHT)
        free = coordinates.free
        return Point(
            logits,
            height + self.log_prior(values),
            np.where(free, slope, 0.0),
            coordinates.logits(onward),
            np.where(free, ease, 0.0),
        )

    def counted(self, values: Floats, which: Integers) -> tuple[Floats, Floats]:
        """Log-likelihood [skill] and expected counts [parameter, 2] of the skills `which`."""
        wanted = np.zeros(self.skills, dtype=np.bool_)
        wanted[which] = True
        blocks = np.flatnonzero(wanted[self.block_of])
        tables = self.coordinates.tables(values)
        found = count(self.indexed, self.division, tables, blocks=blocks)
        height = np.bincount(self.skill_of, weights=found.log_likelihood, minlength=self.skills)
        return height.astype(np.float64), self.coordinates.gathered(found.counts)

    def log_prior(self, values: Floats) -> Floats:
        """Log prior of each skill's parameters, up to a constant, [skill]."""
        coordinates = self.coordinates
        terms = coordinates.successes * np.log(np.maximum(values, EDGE))
        terms += coordinates.failures * np.log1p(-np.minimum(values, 1.0 - EDGE))
        return self.dot(terms, coordinates.free.astype(np.float64))

    def leap(self, here: Point, step: Point) -> Floats:
        """Where three successive points of EM seem to lead (SQUAREM), skill by skill."""
        first = here.onward - here.logits
        bend = step.onward - here.onward - first
        length = np.sqrt(self.dot(first, first) / np.maximum(self.dot(bend, bend), SMALLEST))
        stretch = np.clip(length, 1.0, LONGEST_LEAP)[self.coordinates.owner]
        return here.logits + 2.0 * stretch * first + stretch**2 * bend

    def merged(self, chosen: NDArray[np.bool_], one: Point, other: Point) -> Point:
        """`one` for the chosen skills, `other` for the rest."""
        rows = chosen[self.coordinates.owner]
        return Point(
            *(
                np.where(chosen if name == "height" else rows, mine, theirs)
                for name, mine, theirs in zip(Point._fields, one, other, strict=True)
            )
        )

    def information(self, here: Point, table: Integers, step: float) -> Floats:
        """Curvature in the directions in which a whole table of a skill moves, [skill, 5, 5].

        `table` is the number of each parameter's table, [parameter].
        """
        hessian, level = np.empty((self.skills, 5, 5)), self.slopes(here, table)
        for moved in range(5):
            shift = step * ((table == moved) & self.coordinates.free)
            ahead = self.at(here.logits + shift, np.arange(self.skills))
            hessian[:, moved] = (self.slopes(ahead, table) - level) / step
        return symmetric(hessian)

    def slopes(self, here: Point, table: Integers) -> Floats:
        """The gradient, summed by skill and table, [skill, 5]."""
        cell = self.coordinates.owner * 5 + table
        summed = np.bincount(cell, weights=here.gradient, minlength=self.skills * 5)
        return summed.astype(np.float64).reshape(self.skills, 5)


@njit(cache=True)
def _direction(
    gradient: Floats, ease: Floats, moved: Floats, bent: Floats, owner: Integers, skills: int
) -> Floats:
    """Two loops over what is remembered, `moved` and `bent` [step, parameter]; uphill in every
    skill, and no longer than LONGEST_STEP."""
    found = gradient.copy()
    share, weight = np.empty((len(moved), skills)), np.empty((len(moved), skills))
    for step in range(len(moved) - 1, -1, -1):
        curvature = _dot(moved[step], bent[step], owner, skills)
        inner = _dot(moved[step], found, owner, skills)
        for skill in range(skills):
            known = curvature[skill] > SMALLEST
            weight[step, skill] = 1.0 / curvature[skill] if known else 0.0
            share[step, skill] = weight[step, skill] * inner[skill]
        for one in range(len(found)):
            found[one] -= share[step, owner[one]] * bent[step, one]
    found *= ease
    for step in range(len(moved)):
        inner = _dot(bent[step], found, owner, skills)
        for one in range(len(found)):
            skill = owner[one]
            found[one] += (share[step, skill] - weight[step, skill] * inner[skill]) * moved[
                step, one
            ]
    rise, longest = _dot(found, gradient, owner, skills), np.zeros(skills)
    for one in range(len(found)):
        if rise[owner[one]] <= 0.0:
            found[one] = ease[one] * gradient[one]
        longest[owner[one]] = max(longest[owner[one]], abs(found[one]))
    for one in range(len(found)):
        found[one] *= min(1.0, LONGEST_STEP / max(longest[owner[one]], SMALLEST))
    return found


@njit(cache=True)
def _dot(one: Floats, other: Floats, owner: Integers, skills: int) -> Floats:
    """Inner products, [skill]."""
    found = np.zeros(skills)
    for place in range(len(one)):
        found[owner[place]] += one[place] * other[place]
    return found
