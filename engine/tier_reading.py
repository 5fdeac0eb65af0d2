"""How a model's beliefs are to be read before tiers are judged by them.

A model may be surer than it should be, above all where knowledge comes in degrees and not in two
states. How much surer shows in the log: in how students went on answering after a belief was held.
`models.tier_reading` learns a reading from that; this applies it. Without one, beliefs are taken
at their word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from .tier_odds import Floats, tier_probabilities

NODES = 9  # of the integral over what the skills of a student have in common
LIMIT = 1e-3  # a probability nearer to 0 or 1 than this is no stronger evidence: log-odds within 7
AT, WEIGHT = np.polynomial.hermite_e.hermegauss(NODES)
WEIGHT = WEIGHT / WEIGHT.sum()


@dataclass(frozen=True, slots=True)
class TierReading:
    """P(held) of a skill as a logistic function of what is believed of it and of the others.

    by      what is read: `mastery` (the skill is a state) or `answers` (a level: the next answer)
    shift, own, others   intercept, and slopes on the log-odds of the skill and the others' mean
    shared  sd of what the student's skills have in common beyond that, in log-odds
    early   the same while nothing is answered yet; its square falls off with the answers given
    """

    by: Literal["mastery", "answers"]
    shift: float
    own: float
    others: float
    shared: float = 0.0
    early: float = 0.0

    def spread(self, answers: Floats) -> Floats:
        """The sd of what skills have in common, given the answers so far: [student] to [student].

        >>> TierReading("answers", 0, 1, 0, shared=3.0, early=4.0).spread(np.array([1.0, 1e9]))
        array([5., 3.])
        """
        return np.asarray(np.hypot(self.shared, self.early / np.sqrt(np.maximum(answers, 1.0))))


class Read(NamedTuple):
    """Beliefs once read: P(tier) as [student, 3] and P(held) as [student, skill]."""

    tiers: Floats
    held: Floats


def log_odds_features(p: Floats) -> Floats:
    """What a reading looks at: 1, the skill's log-odds, the other skills' mean; [..., skill, 3].

    >>> log_odds_features(np.array([[0.5, 0.9]])).round(1)[0, 0]
    array([1. , 0. , 2.2])
    """
    inside = np.clip(p, LIMIT, 1.0 - LIMIT)
    own = np.log(inside) - np.log1p(-inside)
    skills = p.shape[-1]
    others = (own.sum(axis=-1, keepdims=True) - own) / max(skills - 1, 1)
    return np.stack([np.ones_like(own), own, others], axis=-1)


def read(reading: TierReading, p: Floats, answers: Floats, *, prerequisites: int) -> Read:
    """Tiers and skills as the reading has them.

    `p` is [student, skill], prerequisites first: mastery or P(next answer right), as the reading
    asks for. Given what a student's skills share, each is held independently of the others.
    """
    score = log_odds_features(p) @ np.array([reading.shift, reading.own, reading.others])
    spread = reading.spread(answers)[:, None]
    held = np.stack([_logistic(score + spread * z) for z in AT])
    split = held[..., :prerequisites], held[..., prerequisites:]
    tiers = np.tensordot(WEIGHT, tier_probabilities(*split), axes=1)
    return Read(tiers, np.tensordot(WEIGHT, held, axes=1))


def _logistic(x: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
