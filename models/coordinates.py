"""Where a member of the family stands: the parameters of all its tables in one vector.

A climb moves in scaled logits; tables hold probabilities, and a row of the learn or forget table
may be read by several transitions. This is the way from one to the other and back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tables import Floats, Integers, Tables

from .objective import EDGE


@dataclass(frozen=True)
class Coordinates:
    """What the climb needs to know of every parameter.

    sizes      parameters of each table
    owner      [parameter] the skill
    successes  [parameter] pseudo-counts beside the expected counts
    failures   [parameter]
    lower      [parameter] bounds
    upper      [parameter]
    given      [parameter] its value where it is not fitted, else NaN
    learn_of   [transition row] place in the learn parameters
    forget_of  [transition row]
    """

    sizes: tuple[int, ...]
    owner: Integers
    successes: Floats
    failures: Floats
    lower: Floats
    upper: Floats
    given: Floats
    learn_of: Integers
    forget_of: Integers

    @property
    def free(self) -> NDArray[np.bool_]:
        return np.isnan(self.given)

    def parts(self, values: Floats) -> list[Floats]:
        """The vector cut by table."""
        return np.split(values, np.cumsum(self.sizes)[:-1])

    def tables(self, values: Floats) -> Tables:
        """The tables, each [row, 1]."""
        prior, learn, forget, guess, slip = self.parts(values)
        rows = (prior, learn[self.learn_of], forget[self.forget_of], guess, slip)
        return Tables(*(table[:, None] for table in rows))

    def gathered(self, counts: Tables) -> Floats:
        """Counts of the rows, [row, 1, 2], as counts of the parameters, [parameter, 2]."""
        prior, learn, forget, guess, slip = (table[:, 0] for table in counts)
        learn = _summed(learn, self.learn_of, self.sizes[1])
        forget = _summed(forget, self.forget_of, self.sizes[2])
        return np.concatenate([prior, learn, forget, guess, slip])

    def values(self, logits: Floats) -> Floats:
        """Parameters of scaled logits."""
        spread = (self.upper - self.lower) / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0)))
        return np.where(self.free, self.within(self.lower + spread), self.given)

    def logits(self, values: Floats) -> Floats:
        """Inverse of `values`; those of given parameters are 0."""
        inside = self.within(values)
        found = np.log(inside - self.lower) - np.log(self.upper - inside)
        return np.where(self.free, found, 0.0)

    def within(self, values: Floats) -> Floats:
        """The values, kept inside their bounds."""
        margin = EDGE * (self.upper - self.lower)
        return np.asarray(np.clip(values, self.lower + margin, self.upper - margin))


def _summed(rows: Floats, of: Integers, size: int) -> Floats:
    columns = [np.bincount(of, weights=rows[:, side], minlength=size) for side in (0, 1)]
    return np.stack(columns, axis=1).astype(np.float64)
