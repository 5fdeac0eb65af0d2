"""Climbing the objective of any member of the family: accelerated EM on the tables, skill by skill.

All rows of all tables lie side by side in one vector; `owner` says which skill a row belongs to.
Skills share no row, so each takes its own leaps and stops when it has arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .objective import EDGE
from .sequences import Floats, Integers
from .tables import Indexed, Tables, count

ROUNDS = 300  # of two EM steps each
GAIN = 1e-5  # of a round in log-posterior below which a skill has arrived
LONGEST_LEAP = 64.0  # EM steps that one leap may stand for
SMALLEST = 1e-12


@dataclass(frozen=True)
class Rows:
    """What the climb needs to know of every row of the five tables, laid side by side.

    sizes      rows of each table
    owner      [row] the skill, which is also the job that counts it
    successes  [row] pseudo-counts beside the expected counts
    failures   [row]
    upper      [row] upper bound
    free       [row] whether it is fitted at all
    """

    sizes: tuple[int, ...]
    owner: Integers
    successes: Floats
    failures: Floats
    upper: Floats
    free: NDArray[np.bool_]

    def tables(self, values: Floats) -> Tables:
        """The vector cut into its tables."""
        return Tables(*np.split(values, np.cumsum(self.sizes)[:-1]))


class Point(NamedTuple):
    """A place on the hill: logits [row], its height [skill], and where EM leads from it [row]."""

    logits: Floats
    height: Floats
    onward: Floats


class Ascent:
    """The climb on one set of responses."""

    def __init__(self, indexed: Indexed, rows: Rows) -> None:
        self.indexed = indexed
        self.rows = rows
        self.skills = len(indexed.job_starts) - 1

    def climb(self, values: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """The rows' values at the top [row], starting from `values`, and who arrived [skill].

        No round lowers the objective of any skill.
        """
        here = self.at(self.logits(values), np.arange(self.skills))
        climbing = np.ones(self.skills, dtype=np.bool_)
        for _ in range(ROUNDS):
            which = np.flatnonzero(climbing)
            step = self.at(here.onward, which)
            leap = self.at(self.leap(here, step), which)
            best = self.merged(leap.height >= step.height, leap, step)
            gained = best.height - here.height
            here = self.merged(climbing, best, here)
            climbing &= gained >= GAIN
            if not climbing.any():
                break
        return self.values(here.logits), ~climbing

    def at(self, logits: Floats, which: Integers) -> Point:
        """The point at `logits`; only its entries for the skills `which` mean anything."""
        values = self.values(logits)
        found = count(self.indexed, self.rows.tables(values), which)
        counts = np.concatenate(found.counts)
        height = np.full(self.skills, -np.inf)
        height[which] = found.log_likelihood
        successes = counts[:, 0] + self.rows.successes
        total = counts.sum(axis=1) + self.rows.successes + self.rows.failures
        onward = np.where(total > 0.0, successes / np.maximum(total, SMALLEST), values)
        return Point(logits, height + self.log_prior(values), self.logits(onward, keep=logits))

    def log_prior(self, values: Floats) -> Floats:
        """Log prior of each skill's rows, up to a constant, [skill]."""
        rows = self.rows
        terms = rows.successes * np.log(np.maximum(values, EDGE))
        terms += rows.failures * np.log1p(-np.minimum(values, 1.0 - EDGE))
        return np.asarray(
            np.bincount(rows.owner, weights=terms * rows.free, minlength=self.skills),
            dtype=np.float64,
        )

    def gradient(self, values: Floats, counts: Floats) -> Floats:
        """Derivative with respect to the scaled logits, [row]."""
        rows = self.rows
        room = 1.0 - values / rows.upper
        slope = (counts[:, 0] + rows.successes) * room
        slope -= (counts[:, 1] + rows.failures) * values * room / (1.0 - values)
        return np.where(rows.free, slope, 0.0)

    def slopes(self, logits: Floats, group: Integers) -> Floats:
        """The gradient at `logits`, summed by skill and group of rows, [skill, group]."""
        values = self.values(logits)
        found = count(self.indexed, self.rows.tables(values), np.arange(self.skills))
        gradient = self.gradient(values, np.concatenate(found.counts))
        cell = self.rows.owner * len(self.rows.sizes) + group
        cells = self.skills * len(self.rows.sizes)
        summed = np.bincount(cell, weights=gradient, minlength=cells).astype(np.float64)
        return summed.reshape(self.skills, -1)

    def leap(self, here: Point, step: Point) -> Floats:
        """Where three successive points of EM seem to lead (SQUAREM), skill by skill."""
        first = here.onward - here.logits
        bend = step.onward - here.onward - first
        owner, skills = self.rows.owner, self.skills
        length = np.sqrt(
            np.bincount(owner, weights=first**2, minlength=skills)
            / np.maximum(np.bincount(owner, weights=bend**2, minlength=skills), SMALLEST)
        )
        stretch = np.clip(length, 1.0, LONGEST_LEAP)[owner]
        return here.logits + 2.0 * stretch * first + stretch**2 * bend

    def merged(self, chosen: NDArray[np.bool_], one: Point, other: Point) -> Point:
        """`one` for the chosen skills, `other` for the rest."""
        rows = chosen[self.rows.owner]
        return Point(
            np.where(rows, one.logits, other.logits),
            np.where(chosen, one.height, other.height),
            np.where(rows, one.onward, other.onward),
        )

    def values(self, logits: Floats) -> Floats:
        """Parameters of scaled logits; a fixed row's logit is its value."""
        inside = self.rows.upper / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0)))
        return np.where(self.rows.free, self.within(inside), logits)

    def logits(self, values: Floats, keep: Floats | None = None) -> Floats:
        """Inverse of `values`; a fixed row keeps what it is."""
        inside = self.within(values)
        fixed = values if keep is None else keep
        return np.where(self.rows.free, np.log(inside) - np.log(self.rows.upper - inside), fixed)

    def within(self, values: Floats) -> Floats:
        return np.asarray(np.clip(values, EDGE, self.rows.upper * (1.0 - EDGE)))
