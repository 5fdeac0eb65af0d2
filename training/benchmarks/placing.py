"""How well eight questions place a student on twelve skills, over the graph and without it.

The graph has four layers of three skills. A skill is held with P = `ready` where all it builds
on is held, and with .05 otherwise. A question is guessed with .2 and missed with .1. Accuracy is
the share of skills classified right as held or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from engine.placement import (
    Noise,
    Placement,
    answered,
    begin,
    best_question,
    bits,
    gains,
    next_question,
)
from engine.planning import Graph

NEEDS = ((), (), (), (0, 1), (1,), (1, 2), (3,), (3, 4), (5,), (6, 7), (7, 8), (8,))
"""The graph: what each of the twelve skills builds on."""
READY = (0.6, 0.7, 0.8, 0.9)
QUESTIONS, MANY = 8, 24
NOISE = Noise(guess=0.2, slip=0.1)
SKILLS = len(NEEDS)


class Placed(NamedTuple):
    """Accuracy under one prior: before any question; after 8 chosen over the graph, by bits and at
    the end by skills classified right, by bits alone, and by skills classified right alone; with
    the stop rule (and how many it asked); after 8 and 24 at random on independent skills."""

    ready: float
    before: float
    chosen: float
    chosen_se: float
    by_bits: float
    by_gain: float
    stopped: float
    asked: float
    random_8: float
    random_24: float

    def as_dict(self) -> dict[str, Any]:
        return self._asdict()


def place_students(*, students: int = 500, seed: int = 0) -> list[Placed]:
    """Accuracy under each prior of `READY`."""
    return [_placed(ready, students, seed) for ready in READY]


def _placed(ready: float, students: int, seed: int) -> Placed:
    graph = Graph.of([[(need, 0.6) for need in needs] for needs in NEEDS])
    start = begin(graph, np.full(SKILLS, ready))
    rng = np.random.default_rng([seed, round(100 * ready)])
    true = start.sets[rng.choice(len(start.sets), size=students, p=start.weights)]
    luck = rng.random((students, MANY))
    order = np.argsort(rng.random((students, 2, SKILLS)), axis=2).reshape(students, -1)
    chosen, by_bits, by_gain = (
        [_chosen(start, held, u, rule) for held, u in zip(true, luck, strict=True)]
        for rule in (_best, _telling, _gaining)
    )
    stopped = [_stopped(start, held, u) for held, u in zip(true, luck, strict=True)]
    alone = [_alone(start, true, luck, order[:, :n]) for n in (QUESTIONS, MANY)]
    accuracy = np.array([_right(one, held) for one, held in zip(chosen, true, strict=True)])
    return Placed(
        ready=ready,
        before=start.right / SKILLS,
        chosen=float(accuracy.mean()),
        chosen_se=float(accuracy.std(ddof=1) / np.sqrt(students)),
        by_bits=_mean(_right(one, held) for one, held in zip(by_bits, true, strict=True)),
        by_gain=_mean(_right(one, held) for one, held in zip(by_gain, true, strict=True)),
        stopped=_mean(_right(one, held) for one, held in zip(stopped, true, strict=True)),
        asked=_mean(len(one.asked) for one in stopped),
        random_8=alone[0],
        random_24=alone[1],
    )


Held = np.ndarray[Any, np.dtype[np.bool_]]
Luck = np.ndarray[Any, np.dtype[np.float64]]


Rule = Callable[[Placement, int], int]


def _chosen(start: Placement, held: Held, luck: Luck, rule: Rule) -> Placement:
    placement = start
    for asked, u in enumerate(luck[:QUESTIONS]):
        placement = _asked(placement, rule(placement, QUESTIONS - asked), held, u)
    return placement


def _best(placement: Placement, left: int) -> int:
    return best_question(placement, [NOISE] * SKILLS, left=left)


def _telling(placement: Placement, left: int) -> int:
    return int(np.argmax(bits(placement, [NOISE] * SKILLS)))


def _gaining(placement: Placement, left: int) -> int:
    return int(np.argmax(gains(placement, [NOISE] * SKILLS)))


def _stopped(start: Placement, held: Held, luck: Luck) -> Placement:
    placement = start
    for u in luck:
        skill = next_question(placement, [NOISE] * SKILLS)
        if skill is None:
            break
        placement = _asked(placement, skill, held, u)
    return placement


def _asked(placement: Placement, skill: int, held: Held, u: float) -> Placement:
    correct = u < (1.0 - NOISE.slip if held[skill] else NOISE.guess)
    return answered(placement, skill, correct=bool(correct), noise=NOISE)


def _alone(start: Placement, true: Held, luck: Luck, asked: np.ndarray[Any, Any]) -> float:
    """Accuracy of random questions where every skill is judged by its own answers alone."""
    odds = np.tile(start.held / (1.0 - start.held), (len(true), 1))
    rows = np.arange(len(true))
    for number, skill in enumerate(asked.T):
        knows = true[rows, skill]
        right = luck[:, number] < np.where(knows, 1.0 - NOISE.slip, NOISE.guess)
        ratio = (1.0 - NOISE.slip) / NOISE.guess, NOISE.slip / (1.0 - NOISE.guess)
        odds[rows, skill] *= np.where(right, *ratio)
    return float(((odds > 1.0) == true).mean())


def _right(placement: Placement, held: Held) -> float:
    return float(((placement.held > 0.5) == held).mean())


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
