"""Whether students differ in which kinds of activity teach them, learnt from a school's log.

For each kind: the mean of its effect over students, and how far students lie apart. Both are the
likeliest values on a grid, each student's own effect and speed integrated out. A spread is believed
only where the log says so clearly; where it does not, every student is taken to learn alike from
the kind, and decisions say nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.bundle import Bundle
from engine.curriculum import Curriculum
from engine.kinds import (
    LEAST_ANSWERS,
    KindPrior,
    chains_of,
    log_likelihoods,
    opportunities,
    over_speeds,
    prior_weights,
)
from engine.responses import Response
from engine.tables import Floats

MEANS = np.linspace(-0.9, 0.9, 7)
SPREADS = (0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3)
CLEARLY = 3.3
"""Nats by which a spread must be likelier than none: P ≈ .005 under none, whose likelihood-ratio
statistic is half a chi-square of one degree (the spread is at its bound; Self and Liang 1987)."""
ENOUGH_STUDENTS = 50
"""Students with enough answers in the kind, below which nothing is asked of it."""


class Learnt(NamedTuple):
    """A kind's effect over students, and how much likelier it is than all of them alike."""

    prior: KindPrior
    ahead: float
    students: int


def learn_kinds(
    histories: Iterable[Sequence[Response]], bundle: Bundle, curriculum: Curriculum
) -> Mapping[str, Learnt]:
    """The kinds in which students clearly differ, by the log. Students should be new to the model,
    or many beside its parameters."""
    kinds = sorted({activity.modality for activity in curriculum.activities.values()})
    rows: dict[str, list[Floats]] = {kind: [] for kind in kinds}
    for history in histories:
        chains = chains_of(history, bundle, curriculum, kinds)
        for number, kind in enumerate(kinds):
            if opportunities(chains, number) >= LEAST_ANSWERS:
                rows[kind].append(over_speeds(log_likelihoods(chains, number)))
    found = {kind: _learnt(np.array(some)) for kind, some in rows.items() if some}
    return {
        kind: one
        for kind, one in found.items()
        if one.students >= ENOUGH_STUDENTS and one.ahead >= CLEARLY
    }


def _learnt(rows: Floats) -> Learnt:
    """The likeliest mean and spread for students' log likelihoods [student, effect]."""
    alike = max(_total(rows, KindPrior(mean, NARROW)) for mean in MEANS)
    priors = [KindPrior(float(mean), spread) for mean in MEANS for spread in SPREADS]
    best = max(priors, key=lambda prior: _total(rows, prior))
    return Learnt(best, _total(rows, best) - alike, len(rows))


NARROW = 0.03
"""A spread that is none, to this grid: all its weight is on the point nearest to the mean."""


def _total(rows: Floats, prior: KindPrior) -> float:
    top = rows.max(axis=1)
    likelihood = np.exp(rows - top[:, None]) @ prior_weights(prior)
    return float((top + np.log(likelihood)).sum())
