"""The log of a first year, and what is learnt from it, as a school would.

Before there is a log, a skill counts as learnt by knowledge tracing with stock parameters; half
of the pilot students go on when it says so and half at a fixed pace, every activity inside
a skill is chosen by chance, and one in ten is a warm-up on a skill begun before. The log decides
how many levels a skill has, how much students differ, and so which rule is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.worlds import STEPS, Course, World
from data.worlds.course import Bools, Floats, Integers
from engine.indices import IndexTable, Shelf, index_table
from models.following import Follower, Spread
from models.teaching import Catalogue, Log, Teaching, fit_teaching

STUDENTS = 400
STOCK_PRIOR, STOCK_LEARN, STOCK_GUESS, STOCK_SLIP, STOCK_BAR = 0.2, 0.1, 0.2, 0.1, 0.95
AT_FIXED_PACE, EACH = 0.5, 5
WARM_UP = 0.1
LEVELS = (2, 3, 5)
SPREADS = tuple(
    Spread(start, speed, stuck)
    for start in (0.0, 0.8)
    for speed in (0.0, 0.4)
    for stuck in (0.03, 0.1, 0.2)
)
CHECKED = 100  # students whose log settles how much students differ


@dataclass(frozen=True, eq=False)
class Fitted:
    """What the pilot taught.

    tracing    knowledge tracing: two levels, students alike
    ladder     the number of levels that the log speaks for
    spread     how much students differ, by the same log
    fits       log-likelihood by number of levels
    """

    course: Course
    tracing: Teaching
    ladder: Teaching
    spread: Spread
    fits: dict[int, float]

    def __str__(self) -> str:
        fits = ", ".join(f"{levels}: {fit:.0f}" for levels, fit in self.fits.items())
        contradicted = sum(edge.contradicted for edge in self.tracing.edges)
        return (
            f"log-likelihood by levels {fits}; students differ by {tuple(self.spread)}; "
            f"{contradicted} of {len(self.tracing.edges)} edges contradicted"
        )

    @cached_property
    def tables(self) -> tuple[IndexTable, ...]:
        """The index table of every skill, for the ladder."""
        model, levels = self.ladder.ladder, self.ladder.ladder.levels
        # somebody who is not at the top knows in part: half of what lies between, on the average
        share = 0.5 * (levels - 2) / (levels - 1)
        seems = model.guess + share * (1.0 - model.slip - model.guess)
        return tuple(
            index_table(
                Shelf(
                    model.teach[on], seems[on], model.slip[on], self.course.asks[on].astype(float)
                )
            )
            for on in self.course.on_skill
        )


def fit_pilot(world: World, *, seed: int, students: int | None = None) -> Fitted:
    """What such a pilot in this world teaches about its course."""
    log = pilot_log(world, seed=seed, students=STUDENTS if students is None else students)
    course = world.course
    catalogue = Catalogue(course.skill_of, course.kind, course.listed, course.layer)
    found = {2: fit_teaching(log, catalogue)}
    for levels in LEVELS[1:]:
        found[levels] = fit_teaching(log, catalogue, levels=levels, given=found[2])
    fits = {levels: one.log_likelihood for levels, one in found.items()}
    ladder = found[max(fits, key=lambda levels: fits[levels])]
    return Fitted(course, found[2], ladder, _spread(ladder, log, course), fits)


def _spread(teaching: Teaching, log: Log, course: Course) -> Spread:
    """The spread under which the first students' answers are likeliest."""
    part = Log(log.activities[:CHECKED], log.correct[:CHECKED])

    def likelihood(spread: Spread) -> float:
        follower = Follower(teaching, course.skill_of, students=len(part.activities), spread=spread)
        for activities, correct in zip(part.activities.T, part.correct.T, strict=True):
            follower.observe(np.ascontiguousarray(activities), np.ascontiguousarray(correct))
        return float(follower.log_likelihood.sum())

    return max(SPREADS, key=likelihood)


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
