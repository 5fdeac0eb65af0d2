"""Fitting classic BKT: EM from several starts side by side, then Newton to the very top.

EM finds the right hill from anywhere but creeps; Newton's method on the scaled logits, with the
Hessian from differences of the exact gradient, ends where the gradient is zero. All skills are
fitted together: each step is one batch of passes over their tries and a little linear algebra.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.tables import Floats, Integers

from .curvature import LEAST_CURVATURE, at_a_bound, covariance_of, steps_from, symmetric
from .expectation import expect, scratch_for
from .hills import Hills, distinct
from .lanes import LANES
from .objective import Objective
from .sequences import Sequences
from .trie import MUCH, Tries, tries_of

EM_ROUNDS = 6  # of two EM steps and an extrapolation, from each start
SAMPLE = 4_000
"""Of a skill that MUCH times as many students answered, SAMPLE students find the hills, and all of
them climb on from the tops of those: so many students lead to the same ones."""
NEAR = 0.3  # in logits: a Newton step shorter than this is taken without looking around
LONGEST_LEAP = 16.0  # EM steps that one extrapolation may stand for
NEWTON_STEPS = 60
LOOKING_AROUND = (2, 5, 10, 15, 20, 30)
FAITH, HOPE = 100.0, 2.0
"""Newton steps after which hills that have met go on as one, and those give up that could not be
the highest even if they gained FAITH times what their step promises, and HOPE more."""
DIFFERENCE = 1e-4  # step in logits for differences of the gradient
GAIN = 1e-7  # a Newton step that promises less than this in log-likelihood ends the climb
ROUNDING = 1e-14  # of a log-likelihood
CONVERGED = 1e-4  # log-likelihood still to be gained, by the quadratic model, at a true top


class Fit(NamedTuple):
    """What a fit found for every skill.

    parameters      [skill, 5]
    log_likelihood  [skill] without the prior
    covariance      [skill, 5, 5] of the scaled logits, from the observed information
    gradient        [skill] largest absolute component at the solution, in expected counts
    converged       [skill]
    """

    parameters: Floats
    log_likelihood: Floats
    covariance: Floats
    gradient: Floats
    converged: NDArray[np.bool_]


def fit(tries: Tries, goal: Objective, starts: Floats, *, sample: Tries | None = None) -> Fit:
    """The parameters of every skill that maximise `goal`.

    `starts`, shape [restart, 5], are tried on every skill, LANES at a time. Skills of which
    `sample`, the tries of some of the students, has less than all find their way on that.
    """
    ahead = _Climb(tries if sample is None else sample, goal)
    hills = ahead.climb(ahead.explore(starts))
    if sample is None:
        return ahead.report(hills.highest())
    climb, worth = _Climb(tries, goal), hills.of(hills.worth(goal))
    return climb.report(climb.climb((worth.skill, worth.logits)).highest())


def sample_of(sequences: Sequences) -> Tries | None:
    """The tries with SAMPLE students of each skill that many more answered; None without such."""
    if sequences.students_of().max(initial=0) < MUCH * SAMPLE:
        return None
    return tries_of(sequences, students=SAMPLE)


class _Seen(NamedTuple):
    """The best that each lane has seen: value [skill, lane], and logits there."""

    value: Floats
    logits: Floats

    def learn_of(self, value: Floats, logits: Floats) -> None:
        better = value > self.value
        self.value[better], self.logits[better] = value[better], logits[better]


class _Climb:
    """One fit under way: the tries, the goal, and the room that passes share."""

    def __init__(self, tries: Tries, goal: Objective) -> None:
        self.tries = tries
        self.goal = goal
        self.scratch = scratch_for(tries)
        # the largest skills first, so that no thread is left alone with one at the end
        self.everything: Integers = np.argsort(-tries.sizes(), kind="stable")

    def evaluate(self, which: Integers, parameters: Floats) -> tuple[Floats, Floats]:
        """Objective [skill, lane] and its gradient [skill, lane, 5]."""
        found = expect(self.tries, which, parameters, self.scratch)
        goal = self.goal.of(which)
        value = goal.value(found.log_likelihood, parameters)
        return value, goal.gradient(found.counts, parameters)

    def explore(self, starts: Floats) -> tuple[Integers, Floats]:
        """Where a few rounds of accelerated EM lead from every start: skills, and logits."""
        which, seen = self.everything, []
        for batch in _batches(starts):
            x = self.goal.of(which).begin(np.tile(batch, (len(which), 1, 1)))
            best = _Seen(np.full(x.shape[:2], -np.inf), x.copy())
            self.em_step(which, self.rounds(which, x, EM_ROUNDS, best), best)
            seen.append(best)
        value, logits = (np.concatenate(part, axis=1) for part in zip(*seen, strict=True))
        keep = distinct(value, logits, self.goal.of(which))
        return np.repeat(which, keep.sum(axis=1)), logits[keep]

    def rounds(self, which: Integers, x0: Floats, count: int, seen: _Seen) -> Floats:
        """Where so many rounds of EM lead from `x0` [skill, lane, 5]."""
        for _ in range(count):
            x1 = self.em_step(which, x0, seen)
            x2 = self.em_step(which, x1, seen)
            x0 = _extrapolated(x0, x1, x2)
        return x0

    def em_step(self, which: Integers, logits: Floats, seen: _Seen) -> Floats:
        """One exact EM step from `logits` [skill, lane, 5]; `seen` learns of it."""
        goal = self.goal.of(which)
        parameters = goal.parameters(logits)
        found = expect(self.tries, which, parameters, self.scratch)
        seen.learn_of(goal.value(found.log_likelihood, parameters), logits)
        return goal.logits(goal.best_given(found.counts, parameters))

    def climb(self, begin: tuple[Integers, Floats]) -> Hills:
        """The tops of the hills at these skills and logits, where no Newton step promises anything.

        Near a top the Newton step itself is the next place to look from: one pass a step.
        Elsewhere, and where such a step did not climb, a pass among several steps comes before.
        """
        found = self.local(*begin)
        hope = np.full(len(found.skill), np.inf)
        climbing, cautious = np.arange(len(found.skill)), np.zeros(len(found.skill), dtype=np.bool_)
        for step in range(NEWTON_STEPS):
            if step in LOOKING_AROUND:
                worth = found.worth(self.goal) & (found.value + hope >= found.summit())
                climbing = climbing[worth[climbing]]
            if not len(climbing):
                break
            here = found.of(climbing)
            free = self.goal.of(here.skill).free & ~at_a_bound(here.logits, here.gradient)
            steps, promise = steps_from(here.gradient, here.hessian, free)
            hope[climbing] = HOPE + FAITH * promise
            near = (np.abs(steps[:, 0]).max(axis=1) < NEAR) & ~cautious[climbing]
            there, gained = here.logits + steps[:, 0], np.ones(len(climbing))
            far = np.flatnonzero(~near)
            there[far], gained[far] = self.best_step(here.of(far), steps[far])
            after = self.local(here.skill, there)
            # the last step gains less than rounding hides: it is taken for its gradient
            hidden = np.where(promise < GAIN, ROUNDING * np.abs(here.value), 0.0)
            rose = after.value >= here.value - hidden
            found.put(climbing[rose], after.of(rose))
            cautious[climbing] = ~rose
            climbing = climbing[(promise >= GAIN) & (gained > 0.0)]
        return self.right_way_up(found)

    def right_way_up(self, top: Hills) -> Hills:
        """The same tops, with the states of each skill named as the objective has them."""
        named = self.goal.of(top.skill).right_way_up(top.logits)
        turned = np.flatnonzero((named != top.logits).any(axis=1))
        if len(turned):
            top.put(turned, self.local(top.skill[turned], named[turned]))
        return top

    def local(self, which: Integers, logits: Floats) -> Hills:
        """Objective, gradient and Hessian of the skills `which` at `logits` [hill, 5], in one
        pass."""
        points = np.repeat(logits[:, None, :], LANES, axis=1)
        points[:, 1:6] += DIFFERENCE * np.eye(5)
        value, gradient = self.evaluate(which, self.goal.of(which).parameters(points))
        hessian = (gradient[:, 1:6] - gradient[:, :1]) / DIFFERENCE
        return Hills(which, logits, value[:, 0], gradient[:, 0], symmetric(hessian))

    def best_step(self, here: Hills, steps: Floats) -> tuple[Floats, Floats]:
        """Where the step [hill, lane, 5] leads that gains most, and what; none that would lose."""
        if not len(here.skill):
            return here.logits, here.value
        points = here.logits[:, None, :] + steps
        height = self.evaluate(here.skill, self.goal.of(here.skill).parameters(points))[0]
        lane = height.argmax(axis=1)
        gained = np.take_along_axis(height, lane[:, None], 1)[:, 0] - here.value
        moved = np.take_along_axis(points, lane[:, None, None], 1)[:, 0]
        return np.where(gained[:, None] > 0.0, moved, here.logits), gained

    def report(self, top: Hills) -> Fit:
        """What there is to say about the top."""
        parameters = self.goal.parameters(top.logits)
        _, promise = steps_from(top.gradient, top.hessian, self.goal.free)
        return Fit(
            parameters=parameters,
            log_likelihood=top.value - self.goal.value(np.zeros(len(parameters)), parameters),
            covariance=covariance_of(top.hessian, self.goal.free),
            gradient=np.abs(top.gradient).max(axis=1),
            converged=promise < CONVERGED,
        )


def _batches(starts: Floats) -> Floats:
    """The starts in batches of LANES, shape [batch, LANES, 5]; the last is filled by repetition."""
    rows = np.arange(-(-len(starts) // LANES) * LANES) % len(starts)
    return starts[rows].reshape(-1, LANES, 5)


def _extrapolated(x0: Floats, x1: Floats, x2: Floats) -> Floats:
    """Where EM seems to be heading from three successive points (SQUAREM, Varadhan & Roland 2008).

    It may overshoot; nothing is lost, because the best point met is what counts in the end.
    """
    first = x1 - x0
    bend = x2 - x1 - first
    length = np.sqrt((first**2).sum(-1) / np.maximum((bend**2).sum(-1), LEAST_CURVATURE))
    length = np.clip(length, 1.0, LONGEST_LEAP)[..., None]
    return np.asarray(x0 + 2.0 * length * first + length**2 * bend)
