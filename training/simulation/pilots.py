"""The logs of two years, and what is learnt from them, as a school would.

In the first year, before there is a log, a skill counts as learnt by knowledge tracing with stock
parameters; half of the students go on when it says so and half at a fixed pace, every activity
inside a skill is chosen by chance, and one in ten is a warm-up on a skill begun before. In the
second year the index rule decides by what the first taught. Both logs together then say what
teaches, what needs what, how many levels a skill has and how much students differ.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from data.worlds import STEPS, Course, World
from data.worlds.course import Bools, Floats, Integers
from models.following import Follower, Spread
from models.ladder import IN_PART, Ladder
from models.teaching import Catalogue, Log, Teaching, fit_teaching

from .fitted import Fitted
from .playing import Recorded, play
from .rules import Individual

STUDENTS = 400
STOCK_PRIOR, STOCK_LEARN, STOCK_GUESS, STOCK_SLIP, STOCK_BAR = 0.2, 0.1, 0.2, 0.1, 0.95
AT_FIXED_PACE, EACH = 0.5, 5
WARM_UP = 0.1
STARTS, SPEEDS, STUCKS, TRUSTS = (0.0, 0.8), (0.0, 0.4), (0.03, 0.1, 0.2), (1.0, 0.8, 0.6)
DOUBTED_FROM = 0.2
"""Share of wrong answers by those who hold a skill, from which they do not: on courses that rules
were chosen on it was found as .24 where knowledge is continuous (and truly .09), at most .17
elsewhere."""
USUAL_SPREAD = Spread(0.8, 0.4, 0.1)  # before the log says
CHECKED = 100  # students whose log settles how much students differ


def fit_pilot(world: World, *, seed: int, students: int | None = None) -> Fitted:
    """What two years' logs in this world teach about its course, so many students each year."""
    course, size = world.course, STUDENTS if students is None else students
    catalogue = Catalogue(course.skill_of, course.kind, course.listed, course.layer)
    first = pilot_log(world, seed=seed, students=size)
    log = _joined(first, _second_year(world, fit_teaching(first, catalogue), seed, size))
    tracing = fit_teaching(log, catalogue)
    found = {2: tracing, 3: fit_teaching(log, catalogue, shares=IN_PART, given=tracing)}
    fits = {levels: one.log_likelihood for levels, one in found.items()}
    ladder = found[max(fits, key=lambda levels: fits[levels])]
    return Fitted(course, tracing, ladder, _spread(ladder, log, course), fits)


def _second_year(world: World, teaching: Teaching, seed: int, students: int) -> Log:
    """The log of a year under the index rule, with what the first year taught."""
    kept = Recorded(world)
    fitted = Fitted(world.course, teaching, teaching, USUAL_SPREAD, {})
    play(kept, Individual(), fitted, students=students, seed=seed + 1)
    return kept.log()


def _joined(first: Log, second: Log) -> Log:
    return Log(
        np.concatenate([first.activities, second.activities]),
        np.concatenate([first.correct, second.correct]),
    )


def _spread(teaching: Teaching, log: Log, course: Course) -> Spread:
    """The spread under which answers are likeliest, each predicted from the student's own past.

    One thing after the other: how much students differ, how often they are stuck, then trust.
    """
    every = max(len(log.activities) // CHECKED, 1)
    part = Log(log.activities[::every], log.correct[::every])

    def best(spreads: Iterable[Spread]) -> Spread:
        return max(spreads, key=lambda one: _predicted(teaching, part, course, one))

    differing = best(Spread(a, b, STUCKS[0]) for a in STARTS for b in SPEEDS)
    stuck = best(differing._replace(stuck=share) for share in STUCKS)
    if slips(teaching.ladder, course.asks) < DOUBTED_FROM:
        return stuck
    return best(stuck._replace(trust=trust) for trust in TRUSTS[1:])


def slips(ladder: Ladder, asks: Bools) -> float:
    """How often those who hold a skill are wrong, over all activities that ask."""
    return float(ladder.slip[asks].mean())


def _predicted(teaching: Teaching, log: Log, course: Course, spread: Spread) -> float:
    """The log-likelihood of all answers, each from its own past."""
    follower = Follower(teaching, course.skill_of, students=len(log.activities), spread=spread)
    for activities, correct in zip(log.activities.T, log.correct.T, strict=True):
        follower.observe(np.ascontiguousarray(activities), np.ascontiguousarray(correct))
    return float(follower.log_likelihood.sum())


def pilot_log(world: World, *, seed: int, students: int) -> Log:
    """Who did what in the first year, and the answers."""
    world.reset(students, seed)
    rng = np.random.default_rng([seed, students])
    mastery = np.full((students, world.course.skills), STOCK_PRIOR)
    paced = rng.random(students) < AT_FIXED_PACE
    activities: list[Integers] = []
    correct: list[Floats] = []
    for step in range(STEPS):
        skill = np.where(paced, (step // EACH) % world.course.skills, _first_open(world, mastery))
        if step:
            begun = _begun(world.course, np.array(activities).T, rng)
            skill = np.where(rng.random(students) < WARM_UP, begun, skill)
        can = world.candidates() & world.course.on_skill[skill]
        chosen = np.argmax(np.where(can, rng.random(can.shape), -1.0), axis=1)
        answer = world.step(chosen)
        _stock_update(mastery, skill, answer)
        activities.append(chosen)
        correct.append(answer)
    return Log(np.array(activities).T, np.array(correct).T)


def _first_open(world: World, mastery: Floats) -> Integers:
    """The first skill below the bar whose listed prerequisites are above it."""
    below = mastery < STOCK_BAR
    waits = below.astype(float) @ world.course.listed.T.astype(float) > 0
    return np.asarray(np.argmax(2.0 * below - 1.0 * (below & waits), axis=1))


def _begun(course: Course, activities: Integers, rng: np.random.Generator) -> Integers:
    """A skill of an activity done before, any one of them."""
    students, steps = activities.shape
    at = rng.integers(steps, size=students)
    return np.asarray(course.skill_of[activities[np.arange(students), at]])


def _stock_update(mastery: Floats, skill: Integers, correct: Floats) -> None:
    rows: Bools | Integers = np.arange(len(skill))
    p = mastery[rows, skill]
    right = p * (1 - STOCK_SLIP) / (p * (1 - STOCK_SLIP) + (1 - p) * STOCK_GUESS)
    wrong = p * STOCK_SLIP / (p * STOCK_SLIP + (1 - p) * (1 - STOCK_GUESS))
    known = np.where(np.isnan(correct), p, np.where(correct > 0.5, right, wrong))
    mastery[rows, skill] = known + (1 - known) * STOCK_LEARN
