"""Tiers judged where the truth is known: who is moved for nothing, and who sits badly wrong.

The benchmark: one objective with four prerequisite and four target skills, 4 or 10 answers a week,
reviewed weekly for 10 weeks, in a BKT world and in a continuous one (`data.tier_worlds`). The model
is fitted to a year group of its own before, as in practice, and the reading of its beliefs learnt
from that log alone. The true tier follows from the skills truly held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.tier_worlds import SKILLS, WORLDS
from engine.curriculum import LEVELS
from engine.tier_review import BARS, Bars, EarlierSeat, review

from .tier_terms import WEEKS, Term, term

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

ENOUGH = 24  # answers from which labels are judged
QUESTIONS = {
    "spread evenly": Fraction(0),
    "half by the diagnostic": Fraction(1, 2),
    "all by the diagnostic": Fraction(1),
}
SUREST = 0.80  # share of labels that the bound calls firm: as many as are asked for
PER_WEEK = (4, 10)


@dataclass(frozen=True, slots=True)
class TierScore:
    """How one rule did, as shares of student-weeks unless said otherwise.

    needless  moves into a tier that is not the true one; `moves`: all moves
    severe    support and advanced confused, in the worst of the ten weeks; `severe_mean` over all
    firm      labels not provisional, of those with 24 answers or more; `right`: those that are true
    loss      mean distance from the true tier, in steps
    """

    world: str
    answers_a_week: int
    questions: str
    rule: str
    needless: float
    moves: float
    severe: float
    severe_mean: float
    firm: float
    right: float
    loss: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def tier_scores(*, students: int, seeds: tuple[int, ...]) -> Iterator[TierScore]:
    """Every rule in every world, by answers a week and by how questions are chosen.

    Figures are means over the seeds: other skills, other pilots, other students each time.
    """
    for world in WORLDS:
        for per_week in PER_WEEK:
            for questions, share in QUESTIONS.items():
                terms = [term(world, seed, per_week, share, students) for seed in seeds]
                for rule, seat in RULES.items():
                    seen = [one.bounded() if seat is _bound else one for one in terms]
                    found = [scored(one, seat(one)) for one in seen]
                    mean = {key: float(np.mean([one[key] for one in found])) for key in found[0]}
                    yield TierScore(world, per_week, questions, rule, **mean)


Seats = tuple[Integers, Flags]  # the tier, and whether it is firm; [student, week]


def reviewed(term: Term, bars: Bars = BARS) -> Seats:
    """The rule in force. The teacher confirms whoever stays in support."""
    seats, firm = np.empty(term.true.shape, np.int64), np.empty(term.true.shape, np.bool_)
    for row, odds in enumerate(term.read):
        earlier: list[EarlierSeat] = []
        for week in range(WEEKS):
            answers = int(term.answers[row, week])
            found = review(odds[week], answers=answers, skills=SKILLS, earlier=earlier, bars=bars)
            seats[row, week], firm[row, week] = found.tier, not found.provisional
            earlier.append(EarlierSeat(LEVELS[found.tier], confirmed=True))
    return seats, firm


def _bound(term: Term) -> Seats:
    """The likeliest tier under the exact posterior, moved at once; the surest labels are firm."""
    seats, surety = term.exact.argmax(axis=2), term.exact.max(axis=2)
    judged = surety[term.answers >= ENOUGH]
    return seats, surety >= np.quantile(judged, 1.0 - SUREST)


def _most_probable(term: Term) -> Seats:
    return term.believed.argmax(axis=2), term.believed.max(axis=2) >= 0.6


def _with_hysteresis(term: Term) -> Seats:
    """The published prototype: least loss, provisional below .60 or 3 answers per 4 skills; a move
    at P ≥ .85, or where the loss falls by more than .25 at two reviews running."""
    seats, firm = np.empty(term.true.shape, np.int64), np.empty(term.true.shape, np.bool_)
    held, fell = np.ones(len(seats), np.int64), np.zeros(len(seats), np.bool_)
    rows, placed = np.arange(len(seats)), np.zeros(len(seats), np.bool_)
    for week in range(WEEKS):
        odds = term.believed[:, week]
        loss = odds @ np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
        best = loss.argmin(axis=1)
        doubtful = (odds.max(axis=1) < 0.6) | (term.answers[:, week] < 0.75 * SKILLS)
        large = loss[rows, held] - loss[rows, best] > 0.25
        goes = np.where(placed, (odds[rows, best] >= 0.85) | (large & fell), ~doubtful)
        fell, placed = large & ~goes, placed | ~doubtful
        held = np.where(goes, best, held)
        seats[:, week], firm[:, week] = held, ~doubtful & (odds[rows, held] >= 0.6)
    return seats, firm


RULES: dict[str, Callable[[Term], Seats]] = {
    "most probable tier": _most_probable,
    "published hysteresis": _with_hysteresis,
    "in force": reviewed,
    "bound: the truth of the world known": _bound,
}


def scored(term: Term, seats: Seats) -> dict[str, float]:
    tiers, firm = seats
    moved = tiers[:, 1:] != tiers[:, :-1]
    severe = (np.abs(tiers - term.true) == 2).mean(axis=0)
    judged = term.answers >= ENOUGH
    return {
        "needless": float((moved & (tiers[:, 1:] != term.true[:, 1:])).mean()),
        "moves": float(moved.mean()),
        "severe": float(severe.max()),
        "severe_mean": float(severe.mean()),
        "firm": float(firm[judged].mean()),
        "right": float((tiers == term.true)[judged & firm].mean()),
        "loss": float(np.abs(tiers - term.true).mean()),
    }
