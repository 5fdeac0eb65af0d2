"""A term in a world whose truth is known, as a model sees it: beliefs, and tiers read from them.

The model is fitted to the log of a year group before, as in practice, and the reading of its
beliefs is learnt from such a log alone: nothing here looks at the truth but what is kept of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.tier_worlds import PREREQUISITES, SKILLS, WORLDS, World
from engine.tier_odds import tier_odds, tier_probabilities
from engine.tier_reading import Read, TierReading, log_odds_features, read
from models import BKT
from models.tier_reading import FollowUps, learn_reading

from .tier_bounds import EXACT

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

WEEKS = 10
PILOTS = 500  # students of the year group that the model is fitted to
FOLLOWED = 5  # answers on a skill that count as what followed
TOGETHER = 4  # skills of a student followed at a time, to see what they have in common
BOUNDED = 400  # students whose exact posterior is worked out: a grid of a million numbers each
MOST_TELLING = 3  # skills that a diagnostic asks about


class Parameters(NamedTuple):
    """BKT's parameters, one array over the skills for each."""

    prior: Floats
    learn: Floats
    guess: Floats
    slip: Floats


class Term(NamedTuple):
    """What is believed and what is true at the end of each week: [student, week, …]."""

    believed: Floats  # P(tier), beliefs at their word
    read: Floats  # P(tier), beliefs as the reading has them
    answers: Integers
    true: Integers
    exact: Floats  # P(tier) as who knows the truth of the world has it; the first students' alone

    def bounded(self) -> Term:
        """The term of those students alone for whom the exact posterior is known."""
        known = slice(len(self.exact))
        return Term(
            self.believed[known],
            self.read[known],
            self.answers[known],
            self.true[known],
            self.exact,
        )


class Tracked:
    """What is believed of a year group, answer by answer, under one model."""

    def __init__(self, parameters: Parameters, students: int) -> None:
        self._parameters = parameters
        self.mastery: Floats = np.tile(parameters.prior, (students, 1))
        self.answers: Integers = np.zeros((students, SKILLS), np.int64)
        self._rows = np.arange(students)

    def now(self) -> Floats:
        """P(mastered) once the last answer has taught what it teaches."""
        learn = np.where(self.answers > 0, self._parameters.learn, 0.0)
        return self.mastery + (1.0 - self.mastery) * learn

    def next_right(self) -> Floats:
        """P(next answer right)."""
        p = self.now()
        return p * (1.0 - self._parameters.slip) + (1.0 - p) * self._parameters.guess

    def see(self, asked: Integers, correct: Flags) -> None:
        p = self.now()[self._rows, asked]
        known, unknown = _likelihoods(self._parameters, asked, correct)
        self.mastery[self._rows, asked] = p * known / (p * known + (1.0 - p) * unknown)
        self.answers[self._rows, asked] += 1


def term(name: str, seed: int, per_week: int, share: Fraction, students: int) -> Term:
    rng = np.random.default_rng([seed, 4])
    parameters = _fitted(WORLDS[name](seed, PILOTS), rng, per_week)
    reading = _reading(WORLDS[name](seed, PILOTS), parameters, rng, per_week, share)
    world = WORLDS[name](seed, students)
    tracked = Tracked(parameters, students)
    asked: list[Integers] = []
    correct: list[Flags] = []

    def note(skill: Integers, right: Flags) -> None:
        asked.append(skill)
        correct.append(right)

    weeks = []
    for _ in _taught(
        world, tracked, rng, per_week, share, lambda: _held(reading, tracked).held, note
    ):
        split = tracked.mastery[:, :PREREQUISITES], tracked.mastery[:, PREREQUISITES:]
        now = _held(reading, tracked)
        answers = tracked.answers.sum(axis=1)
        weeks.append((tier_probabilities(*split), now.tiers, answers, _true(world.held())))
    seen = (np.stack(values, axis=1) for values in zip(*weeks, strict=True))
    skills, right = np.stack(asked, axis=1)[:BOUNDED], np.stack(correct, axis=1)[:BOUNDED]
    exact = EXACT[name](world.truth, skills, right, per_week)
    believed, now_read, so_far, true = seen
    return Term(believed, now_read, so_far, true, exact)


def _held(reading: TierReading, tracked: Tracked) -> Read:
    p = tracked.mastery if reading.by == "mastery" else tracked.next_right()
    answers = tracked.answers.sum(axis=1).astype(np.float64)
    return read(reading, p, answers, prerequisites=PREREQUISITES)


def _true(held: Flags) -> Integers:
    """The tier that follows from the skills truly held: [student, skill] to [student]."""
    odds = held.astype(np.float64)
    tiers = tier_probabilities(odds[:, :PREREQUISITES], odds[:, PREREQUISITES:])
    return np.asarray(tiers.argmax(axis=1))


def _taught(
    world: World,
    tracked: Tracked,
    rng: np.random.Generator,
    per_week: int,
    share: Fraction,
    held: Callable[[], Floats],
    note: Callable[[Integers, Flags], None] = lambda asked, correct: None,
) -> Iterator[int]:
    """Week after week: first the diagnostic's share, then every skill in turn. What tells most is
    found at the start of a week; where all is the diagnostic's, anew after every answer."""
    rounds = rng.random((world.students, WEEKS * per_week, SKILLS)).argsort(axis=2)
    in_turn = iter(rounds.reshape(world.students, -1).T)
    for week in range(WEEKS):
        by_diagnostic = round(share * per_week)
        telling = _most_telling(held()) if by_diagnostic else None
        for turn in range(per_week):
            if share == 1 and turn:
                telling = np.repeat(_most_telling(held())[:, :1], SKILLS, axis=1)
            ask = telling is not None and turn < by_diagnostic
            asked = (
                telling[:, turn % MOST_TELLING] if ask and telling is not None else next(in_turn)
            )
            correct = world.answer(asked)
            tracked.see(asked, correct)
            note(asked, correct)
        yield week


def _most_telling(held: Floats) -> Integers:
    """The skills that would tell most about the tier, the most telling first; [student, skill]."""
    worth = tier_odds(held[:, :PREREQUISITES], held[:, PREREQUISITES:]).worth
    return np.argsort(-worth, axis=1, kind="stable")


def _fitted(world: World, rng: np.random.Generator, per_week: int) -> Parameters:
    """BKT as fitted to the pilots' log, questions spread evenly: one array over the skills each."""
    asked, correct = [], []
    rounds = rng.random((world.students, WEEKS * per_week, SKILLS)).argsort(axis=2)
    for turn in rounds.reshape(world.students, -1).T[: WEEKS * per_week]:
        asked.append(turn)
        correct.append(world.answer(turn))
    order = np.arange(world.students).repeat(len(asked))
    log = pd.DataFrame(
        {
            "student": order.astype(str),
            "skill": np.array(asked).T.ravel().astype(str),
            "correct": np.array(correct).T.ravel().astype(np.float64),
        }
    )
    bundle = BKT().fit(log).bundle
    rows = [bundle.estimate(str(skill))[0].parameters for skill in range(SKILLS)]
    return Parameters(
        *(np.array([getattr(row, name) for row in rows]) for name in Parameters._fields)
    )


def _reading(
    world: World,
    parameters: Parameters,
    rng: np.random.Generator,
    per_week: int,
    share: Fraction,
) -> TierReading:
    """Learnt from a log of pilots taught as the students will be."""
    tracked = Tracked(parameters, world.students)
    log: list[tuple[Integers, Flags]] = []
    states, levels, answers = [], [], []
    taught = _taught(
        world, tracked, rng, per_week, share, tracked.now, note=lambda a, c: log.append((a, c))
    )
    for _ in taught:
        states.append(log_odds_features(tracked.mastery))
        levels.append(log_odds_features(tracked.next_right()))
        answers.append(tracked.answers.sum(axis=1))
    asked, correct = (np.stack(column, axis=1) for column in zip(*log, strict=True))
    counts = _followed(parameters, asked, correct, per_week)
    row, week, skill = _chosen(rng, counts[1])
    at = row[:, None], week[:, None], skill
    features = np.stack(states, axis=1)[at], np.stack(levels, axis=1)[at]
    so_far = np.stack(answers, axis=1)[row, week].astype(np.float64)
    right, counted, held, lacked = (one[at] for one in counts)
    return learn_reading(FollowUps(*features, so_far, right, counted, held, lacked)).reading


def _chosen(rng: np.random.Generator, asked: Floats) -> tuple[Integers, Integers, Integers]:
    """One week for each student, and skills that were asked about at least twice thereafter."""
    followed = asked >= 2
    usable = followed.sum(axis=2) >= TOGETHER
    row = np.flatnonzero(usable.any(axis=1))
    week = np.where(usable[row], rng.random((len(row), WEEKS)), -1.0).argmax(axis=1)
    drawn = np.where(followed[row, week], rng.random((len(row), SKILLS)), -1.0)
    return row, week, np.argsort(-drawn, axis=1)[:, :TOGETHER]


def _followed(
    parameters: Parameters, asked: Integers, correct: Flags, per_week: int
) -> tuple[Floats, Floats, Floats, Floats]:
    """After each week, for each skill: right answers, answers, and P(answers | held), | lacked)."""
    shape = (len(asked), WEEKS, SKILLS)
    right, counted = np.zeros(shape), np.zeros(shape)
    likely = np.ones((2, *shape))
    for week in range(WEEKS):
        rest = slice((week + 1) * per_week, None)
        for skill in range(SKILLS):
            here = asked[:, rest] == skill
            here &= here.cumsum(axis=1) <= FOLLOWED
            counted[:, week, skill] = here.sum(axis=1)
            right[:, week, skill] = (here & correct[:, rest]).sum(axis=1)
            for case, mastered in enumerate((1.0, 0.0)):
                likely[case, :, week, skill] = _likelihood(
                    parameters, skill, here, correct[:, rest], mastered
                )
    return right, counted, likely[0], likely[1]


def _likelihood(
    parameters: Parameters, skill: int, here: Flags, correct: Flags, mastered: float
) -> Floats:
    """P(the answers marked) given mastery before the first; [student, turn] to [student]."""
    p, total = np.full(len(here), mastered), np.ones(len(here))
    for turn in range(here.shape[1]):
        asked = np.full(len(here), skill)
        known, unknown = _likelihoods(parameters, asked, correct[:, turn])
        chance = p * known + (1.0 - p) * unknown
        after = p * known / chance
        after += (1.0 - after) * parameters.learn[skill]
        total = np.where(here[:, turn], total * chance, total)
        p = np.where(here[:, turn], after, p)
    return total


def _likelihoods(parameters: Parameters, asked: Integers, correct: Flags) -> tuple[Floats, Floats]:
    """P(answer) of somebody who has mastered the skill, and of somebody who has not."""
    guess, slip = parameters.guess[asked], parameters.slip[asked]
    return np.where(correct, 1.0 - slip, slip), np.where(correct, guess, 1.0 - guess)
