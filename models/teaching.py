"""What teaches, and what needs what: learnt from the logs of one course.

From who did what and answered how, by expectation and maximisation: how often each activity
teaches (shrunk towards its kind and its skill), its guess and slip, what is known at the start,
how fast it is forgotten, and how much the lack of each prerequisite takes away (shrunk towards
what the curriculum says). Logs identify what teaches where activities inside a skill were chosen
by chance, and prerequisites where some students went on without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from engine.errors import InvalidInput
from engine.tables import Floats, Integers
from engine.tiring import Tiring

from .differences import Differences, alike, speeds, starts
from .ladder import KNOWN_OR_NOT, Expected, Ladder, Strands, begun_by, expect
from .prerequisites import Edge, Opportunities, Priors, strengths
from .tiring import MEMORIES, loads, tiring

Bools = NDArray[np.bool_]

ROUNDS, FIRST_ROUNDS, GIVEN_ROUNDS = 44, 8, 16
OWN_SHAPE, SKILL_SHAPE = 4.0, 10.0
"""Shapes of the gamma priors of teaching: an activity's own rate spreads by about .5 in logs around
its kind's and skill's, a skill's by about .3. Judgement."""
NOISE_ANSWERS, START_STUDENTS = 20.0, 10.0  # worth of the usual guess, slip and start
GUESS, SLIP, TEACH, START, LAPSE = 0.2, 0.1, 0.1, 0.15, 0.004  # where the climb begins
LEAST, MOST_NOISE = 1e-4, 0.45


@dataclass(frozen=True, eq=False)
class Log:
    """Who did what: [student, step] activities and answers (1, 0, NaN: nothing asked).

    Students do not all do as much: an activity of −1 is a step that was not taken.
    """

    activities: Integers
    correct: Floats


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What the log is about: skill and kind of each activity, the edges as listed [skill, skill],
    and the unit of each skill, counted from 0 in the order of teaching."""

    skill_of: Integers
    kind: Integers
    listed: Bools
    unit: Integers

    @property
    def skills(self) -> int:
        return len(self.listed)

    @property
    def unlisted(self) -> Bools:
        """What might be needed though nobody says so: the unit before."""
        just_before = self.unit[:, None] - 1 == self.unit[None, :]
        return np.asarray(just_before & ~self.listed)


@dataclass(frozen=True, eq=False)
class Teaching:
    """What a log says about its course.

    needs     [skill, skill] what lacking the column takes from learning the row, listed or not
    edges     the listed edges
    students  how those of the log differ
    tiring    how much less is learnt of a skill that was just worked on
    """

    ladder: Ladder
    needs: Floats
    edges: tuple[Edge, ...]
    students: Differences
    tiring: Tiring
    log_likelihood: float


def fit_teaching(
    log: Log,
    catalogue: Catalogue,
    *,
    shares: Floats = KNOWN_OR_NOT,
    given: Teaching | None = None,
) -> Teaching:
    """What the log says about the course. Raises `InvalidInput` for an empty one.

    `shares` are the levels of knowledge, by how much is known at each. `given` has been learnt from
    the same log: its edges, its forgetting, its tiring and its students are kept.
    """
    if not (log.activities >= 0).any():
        raise InvalidInput.at("log", "no activities", "at least one student and one step")
    order = _Order(log, catalogue)
    around = _supposed(catalogue, len(log.activities)) if given is None else _kept(given)
    lapse = None if given is None else given.ladder.lapse
    model, strands = _begun(catalogue, shares, lapse), order.strands
    for turn in range(ROUNDS if given is None else GIVEN_ROUNDS):
        found = expect(strands, model, catalogue.skill_of)
        model = _maximised(found, strands, catalogue, model, lapse)
        knows = order.knows(found, model, around.students)
        if given is None and turn >= FIRST_ROUNDS:
            around = order.renewed(around, found, model, knows, edges=turn % 3 == 0)
        strands = order.followed(knows, around)
    return Teaching(model, *around[:4], log_likelihood=found.log_likelihood)


class _Around(NamedTuple):
    """What learning depends on besides the activity."""

    needs: Floats
    edges: tuple[Edge, ...]
    students: Differences
    tiring: Tiring
    priors: Priors = Priors()


def _supposed(catalogue: Catalogue, students: int) -> _Around:
    """What to begin with. Unlisted edges too: the climb cannot find what it begins without."""
    needs = np.where(catalogue.listed, 0.6, np.where(catalogue.unlisted, 0.3, 0.0))
    return _Around(needs, (), alike(students), Tiring())


def _kept(given: Teaching) -> _Around:
    return _Around(given.needs, given.edges, given.students, given.tiring)


class _Order:
    """The log, strand by strand, and back."""

    def __init__(self, log: Log, catalogue: Catalogue) -> None:
        students, steps = log.activities.shape
        self.catalogue, self.shape = catalogue, (students, steps, catalogue.skills)
        taken = np.flatnonzero(log.activities.ravel() >= 0)
        activity = log.activities.ravel()[taken]
        student, step = np.divmod(taken, steps)
        order = np.lexsort((step, catalogue.skill_of[activity], student))
        self.student, self.step = student[order], step[order]
        self.places = np.full((students, steps), -1)
        self.places[self.student, self.step] = np.arange(len(order))
        self.skill = catalogue.skill_of[activity][order]
        key = self.student * catalogue.skills + self.skill
        new = np.flatnonzero(np.r_[True, np.diff(key) != 0])
        self.strands = Strands(
            starts=np.r_[new, len(key)],
            activity=activity[order],
            correct=log.correct.ravel()[taken][order].astype(np.float64),
            ready=np.ones(len(key)),
            gap=_gaps(self.step, new),
            shift=np.zeros(len(new)),
        )

        self.number = np.arange(len(key)) - np.repeat(new, np.diff(self.strands.starts))
        self.loads = [loads(self.places, self.skill, catalogue.skills, one) for one in MEMORIES]

    def knows(self, found: Expected, model: Ladder, students: Differences) -> Floats:
        """How far up each skill the student is at each event, before it, [event, skill]."""
        begun = begun_by(model.start, students.start) @ model.shares
        first = self.strands.starts[:-1]
        begun[self.student[first], self.skill[first]] = found.start @ model.shares
        return _knows(self.places, self.skill, found.after, begun)

    def renewed(
        self, around: _Around, found: Expected, model: Ladder, knows: Floats, *, edges: bool
    ) -> _Around:
        """What the expected counts say of the students and of tiring, and of the edges if asked."""
        rate = found.liftable * model.teach[self.strands.activity]
        ready = readiness_of(self.skill, around.needs, knows)
        full = rate * ready * self._rested(around.tiring)
        students = self._students(around.students, found, model, full)
        own = students.speed[self.student]
        tired = tiring(found.lifted, rate * ready * own, self.number, self.loads)
        around = around._replace(students=students, tiring=tired)
        if not edges:
            return around
        chances = Opportunities(
            self.skill, 1.0 - knows, found.lifted, rate * own * self._rested(tired)
        )
        listed, unlisted = self.catalogue.listed, self.catalogue.unlisted
        weighed, needs, priors = strengths(chances, around.needs, listed, unlisted, around.priors)
        return around._replace(needs=needs, edges=weighed, priors=priors)

    def _students(
        self, known: Differences, found: Expected, model: Ladder, expected: Floats
    ) -> Differences:
        """How the students differ, by how often each learnt and by where each began."""
        students, first = self.shape[0], self.strands.starts[:-1]
        lifted = totals(self.student, found.lifted, students)
        speed, shape = speeds(lifted, totals(self.student, expected, students))
        usual = np.clip(model.start @ model.shares, LEAST, 1.0 - LEAST)
        begun = np.log(usual / (1.0 - usual))[self.skill[first]]
        start, sd = starts(self.student[first], begun, found.start @ model.shares, known)
        return Differences(start, speed, sd, shape)

    def _rested(self, tired: Tiring) -> Floats:
        """The share of full speed that the load of its skill leaves each event."""
        return np.asarray(np.exp(-tired.rate * self.loads[MEMORIES.index(tired.memory)]))

    def followed(self, knows: Floats, around: _Around) -> Strands:
        """The strands, each event at the speed of its student and of what was known there."""
        ready = readiness_of(self.skill, around.needs, knows) * self._rested(around.tiring)
        first = self.strands.starts[:-1]
        return self.strands._replace(
            ready=ready * around.students.speed[self.student],
            shift=around.students.start[self.student[first]],
        )


@njit(cache=True)
def readiness_of(skill: Integers, needs: Floats, knows: Floats) -> Floats:
    """The share of full speed at each event that its skill's prerequisites leave."""
    found = np.ones(len(skill))
    for t in range(len(skill)):
        for j in range(len(needs)):
            if needs[skill[t], j] > 0.0:
                found[t] *= 1.0 - needs[skill[t], j] * (1.0 - knows[t, j])
    return found


def _gaps(step: Integers, new: Integers) -> Floats:
    gaps = np.diff(step, prepend=0).astype(np.float64)
    gaps[new] = step[new]
    return gaps


@njit(cache=True)
def _knows(places: Integers, skill: Integers, after: Floats, begun: Floats) -> Floats:
    """What each student knows before each event; `places` [student, step]: the event, or −1."""
    students, steps = places.shape
    found = np.empty((len(skill), begun.shape[1]))
    for student in range(students):
        now = begun[student].copy()
        for step in range(steps):
            event = places[student, step]
            if event < 0:
                continue
            found[event] = now
            now[skill[event]] = after[event]
    return found


def _begun(catalogue: Catalogue, shares: Floats, lapse: float | None) -> Ladder:
    levels = len(shares)
    start = np.full((catalogue.skills, levels), START / (levels - 1))
    start[:, 0] = 1.0 - START
    ones = np.ones(len(catalogue.skill_of))
    lost = LAPSE if lapse is None else lapse
    return Ladder(start, TEACH * (levels - 1) * ones, GUESS * ones, SLIP * ones, lost, shares)


def _maximised(
    found: Expected, strands: Strands, catalogue: Catalogue, model: Ladder, lapse: float | None
) -> Ladder:
    """The model that the expected counts speak for, shrunk."""
    guess, slip = _noise(found, strands, len(catalogue.skill_of))
    return Ladder(
        start=_starts(found, strands, catalogue, model),
        teach=_rates(found, strands, catalogue),
        guess=guess,
        slip=slip,
        lapse=_lapse(found) if lapse is None else lapse,
        shares=model.shares,
    )


def _starts(found: Expected, strands: Strands, catalogue: Catalogue, model: Ladder) -> Floats:
    of_skill, levels = catalogue.skill_of[strands.activity[strands.starts[:-1]]], model.levels
    counts = np.zeros((catalogue.skills, levels))
    np.add.at(counts, of_skill, found.start)
    usual = counts.sum(axis=0) / counts.sum()
    counts = counts + START_STUDENTS * np.maximum(usual, LEAST)
    odds = model.start[of_skill] * np.exp(np.outer(strands.shift, np.linspace(0.0, 1.0, levels)))
    expected = START_STUDENTS * model.start
    np.add.at(expected, of_skill, odds / odds.sum(axis=1, keepdims=True))
    scaled = model.start * counts / expected  # iterative scaling: students' own shifts are given
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def _rates(found: Expected, strands: Strands, catalogue: Catalogue) -> Floats:
    """Gamma–Poisson shrinkage: an activity's rate towards kind × skill, a skill's towards 1."""
    n = len(catalogue.skill_of)
    lifted = totals(strands.activity, found.lifted, n)
    exposed = totals(strands.activity, found.liftable * strands.ready, n)
    usual = kind_by_skill(lifted, exposed, catalogue)
    rates = (lifted + OWN_SHAPE) / (exposed + OWN_SHAPE / usual)
    return np.asarray(np.clip(rates, LEAST, 0.9))


def kind_by_skill(lifted: Floats, exposed: Floats, catalogue: Catalogue) -> Floats:
    """The rate of each activity's kind times its skill's, from counts by activity."""
    kind, skill = catalogue.kind, catalogue.skill_of
    by_kind, by_skill = np.ones(kind.max() + 1), np.ones(catalogue.skills)
    for _ in range(5):
        of_kind = np.bincount(kind, exposed * by_skill[skill])
        by_kind = (np.bincount(kind, lifted) + 1.0) / (of_kind + 1.0 / TEACH)
        of_skill = np.bincount(skill, exposed * by_kind[kind], catalogue.skills)
        risen = np.bincount(skill, lifted, catalogue.skills)
        by_skill = (risen + SKILL_SHAPE) / (of_skill + SKILL_SHAPE)
    return np.asarray(by_kind[kind] * by_skill[skill])


def _noise(found: Expected, strands: Strands, n: int) -> tuple[Floats, Floats]:
    asked = ~np.isnan(strands.correct)
    act, right = strands.activity[asked], strands.correct[asked]
    knew = found.knew[asked]
    guessing, knowing = totals(act, 1.0 - knew, n), totals(act, knew, n)
    guessed, slipped = totals(act, (1.0 - knew) * right, n), totals(act, knew * (1.0 - right), n)
    return _shrunk(guessed, guessing, GUESS), _shrunk(slipped, knowing, SLIP)


def totals(of: Integers, values: Floats, n: int) -> Floats:
    """The sum of the values of each of n things.

    >>> totals(np.array([0, 1, 1]), np.array([1.0, 2.0, 3.0]), 3)
    array([1., 5., 0.])
    """
    return np.bincount(of, values, n).astype(np.float64)


def _shrunk(counts: Floats, of: Floats, usual: float) -> Floats:
    mean = (counts.sum() + NOISE_ANSWERS * usual) / (of.sum() + NOISE_ANSWERS)
    shares = (counts + NOISE_ANSWERS * mean) / (of + NOISE_ANSWERS)
    return np.asarray(np.clip(shares, LEAST, MOST_NOISE))


def _lapse(found: Expected) -> float:
    return float(np.clip(found.fell.sum() / (found.held.sum() + 1000.0), 0.0, 0.1))
