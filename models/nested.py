"""Members of the family inside one another: more freedom must never mean a lower likelihood.

A climb finds a top, not always the highest. Whatever a simpler member reached, a richer one can
reach too, with rows that are all alike; so under plain likelihood, where that comparison means
something, a member also looks at the tops of the members one step simpler, and those at theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from engine.contexts import SKILL_ALONE, Contexts
from engine.tables import Floats, Integers

from .fitting import Fit
from .layout import Layout, layout_of
from .objective import Objective
from .sequences import Sequences
from .variants import VariantFit, fit_variants

WORDS = ("items", "resources", "order", "priors")


class Member(NamedTuple):
    """One member of the family: what its rows depend on, and whether skills are forgotten."""

    contexts: Contexts
    forgets: bool

    def simpler(self) -> Iterator[Member]:
        """The members one step simpler.

        >>> [member.forgets for member in Member(Contexts(gaps="time"), forgets=True).simpler()]
        [True]
        """
        for word in WORDS:
            if getattr(self.contexts, word):
                yield self._replace(contexts=_without(self.contexts, word))
        if self.contexts.gaps:
            yield self._replace(contexts=replace(self.contexts, gaps=""))
        elif self.forgets:
            yield self._replace(forgets=False)


def _without(contexts: Contexts, word: str) -> Contexts:
    return Contexts(**{**asdict(contexts), word: False})


class Found(NamedTuple):
    """The top of a member: the rows that responses read, and their values."""

    layout: Layout
    variant: VariantFit


class Lattice:
    """The fits of a member and of all simpler ones, each made once.

    `goal` and `alone` give the objective, and the fit without any rows, with and without
    forgetting.
    """

    def __init__(
        self,
        sequences: Sequences,
        events: pd.DataFrame,
        goal: Callable[[bool], Objective],
        alone: Callable[[bool], Fit],
    ) -> None:
        self.sequences = sequences
        self.events = events
        self.goal = goal
        self.alone = alone
        self.found: dict[Member, Found] = {}

    def only(self, member: Member) -> Found:
        """The top that a member reaches on its own, from what its skills are without rows."""
        layout, start = self._layout(member), self.alone(member.forgets)
        goal = self.goal(member.forgets)
        return Found(layout, fit_variants(layout, self.sequences, goal, start.parameters))

    def top(self, member: Member) -> Found:
        """The top of a member, at least as high as that of any simpler one."""
        if member not in self.found:
            self.found[member] = self._climbed(member)
        return self.found[member]

    def _climbed(self, member: Member) -> Found:
        layout, start = self._layout(member), self.alone(member.forgets)
        if member.contexts == SKILL_ALONE:
            values = tuple(np.ascontiguousarray(column) for column in start.parameters.T)
            return Found(layout, VariantFit(start, values))
        known = [as_rows_of(layout, self.top(simpler)) for simpler in member.simpler()]
        goal = self.goal(member.forgets)
        variant = fit_variants(layout, self.sequences, goal, start.parameters, known=known)
        return Found(layout, variant)

    def _layout(self, member: Member) -> Layout:
        return layout_of(self.sequences, self.events, member.contexts)


def as_rows_of(layout: Layout, simpler: Found) -> list[Floats]:
    """The values of a simpler member in the rows of a richer one, by what responses read."""
    own, other = _rows_read(layout), _rows_read(simpler.layout)
    found = []
    for number, rows in enumerate(layout.rows):
        values = simpler.variant.fit.parameters[rows.skill, number]
        values[own[number]] = simpler.variant.values[number][other[number]]
        found.append(values)
    return found


def _rows_read(layout: Layout) -> tuple[Integers, ...]:
    """The rows of each parameter that the responses read, in the order of the sequences."""
    indexed = layout.indexed
    step = indexed.transition[indexed.transition >= 0]
    learn, forget = layout.learn_of[step], layout.forget_of[step]
    return indexed.prior, learn, forget, indexed.emission, indexed.emission
