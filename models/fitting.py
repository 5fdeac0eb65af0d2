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

from .expectation import expect, scratch_for
from .lanes import LANES
from .objective import Objective
from .trie import Tries

EM_ROUNDS = 6  # of two EM steps and an extrapolation, from each start
LONGEST_LEAP = 16.0  # EM steps that one extrapolation may stand for
NEWTON_STEPS = 60
DIFFERENCE = 1e-4  # step in logits for differences of the gradient
GAIN = 1e-7  # a Newton step that promises less than this in log-likelihood ends the climb
LONGEST_STEP = 8.0  # in logits
STRETCH = np.array([1.0, 2.0, 4.0, 8.0, 0.5, 0.1])
"""Multiples of the Newton step tried at once. Long ones matter where the best value is a bound:
there the logit runs to infinity and plain Newton gains one unit a step."""
LEAST_CURVATURE = 1e-9
DETERMINED = 1e-3  # information in a logit below which the data leave it undetermined
CONVERGED = 1e-4  # log-likelihood still to be gained, by the quadratic model, at a true top
DAMPING = np.array([1.0, 30.0])  # two damped steps, as a share of the mean curvature


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


def fit(tries: Tries, goal: Objective, starts: Floats) -> Fit:
    """The parameters of every skill that maximise `goal`.

    `starts`, shape [restart, 5], are tried on every skill, LANES at a time.
    """
    climb = _Climb(tries, goal)
    return climb.report(goal.right_way_up(climb.finish(climb.explore(starts))))


class Moved(NamedTuple):
    """Where a step led, [skill, 5], and what it gained, [skill]."""

    logits: Floats
    gained: Floats


class _Top(NamedTuple):
    """The best value seen for each skill, and where."""

    value: Floats
    logits: Floats

    def learn_of(self, value: Floats, logits: Floats) -> None:
        """Takes note of points [skill, lane, 5] with their values [skill, lane]."""
        lane = value.argmax(axis=1)
        best = np.take_along_axis(value, lane[:, None], 1)[:, 0]
        better = best > self.value
        self.value[better] = best[better]
        self.logits[better] = np.take_along_axis(logits, lane[:, None, None], 1)[better, 0]


class _Climb:
    """One fit under way: the tries, the goal, and the room that passes share."""

    def __init__(self, tries: Tries, goal: Objective) -> None:
        self.tries = tries
        self.goal = goal
        self.scratch = scratch_for(tries)
        # the largest skills first, so that no thread is left alone with one at the end
        self.everything: Integers = np.argsort(-np.diff(tries.node_starts), kind="stable")
        self.largest_first = goal.of(self.everything)

    def evaluate(self, which: Integers, parameters: Floats) -> tuple[Floats, Floats]:
        """Objective [skill, lane] and its gradient [skill, lane, 5]."""
        found = expect(self.tries, which, parameters, self.scratch)
        goal = self.goal.of(which)
        value = goal.value(found.log_likelihood, parameters)
        return value, goal.gradient(found.counts, parameters)

    def explore(self, starts: Floats) -> Floats:
        """The best parameters [skill, 5] met in a few rounds of accelerated EM from every start."""
        top = _Top(np.full(len(self.everything), -np.inf), np.zeros((len(self.everything), 5)))
        for batch in _batches(starts):
            x0 = self.largest_first.logits(np.tile(batch, (len(self.everything), 1, 1)))
            for _ in range(EM_ROUNDS):
                x1 = self.em_step(x0, top)
                x2 = self.em_step(x1, top)
                x0 = _extrapolated(x0, x1, x2)
            self.em_step(x0, top)
        logits = np.empty_like(top.logits)
        logits[self.everything] = top.logits
        return logits

    def em_step(self, logits: Floats, top: _Top) -> Floats:
        """One exact EM step from `logits` [skill, lane, 5]; `top` learns of the best seen."""
        goal = self.largest_first
        parameters = goal.parameters(logits)
        found = expect(self.tries, self.everything, parameters, self.scratch)
        top.learn_of(goal.value(found.log_likelihood, parameters), logits)
        return goal.logits(goal.best_given(found.counts, parameters))

    def finish(self, logits: Floats) -> Floats:
        """Logits [skill, 5] from which no Newton step promises anything, beginning anywhere."""
        logits = logits.copy()
        climbing = self.everything
        for _ in range(NEWTON_STEPS):
            here = logits[climbing]
            value, gradient, hessian = self.local(climbing, here)
            steps, promise = _steps(gradient, hessian, self.goal.of(climbing).free)
            moved, gained = self.best_step(climbing, here, steps, value)
            logits[climbing] = moved
            climbing = climbing[(promise >= GAIN) & (gained > 0.0)]
            if not len(climbing):
                break
        return logits

    def local(self, which: Integers, logits: Floats) -> tuple[Floats, Floats, Floats]:
        """Objective, gradient and Hessian at `logits` [skill, 5], in one pass."""
        points = np.repeat(logits[:, None, :], LANES, axis=1)
        points[:, 1:6] += DIFFERENCE * np.eye(5)
        value, gradient = self.evaluate(which, self.goal.of(which).parameters(points))
        hessian = (gradient[:, 1:6] - gradient[:, :1]) / DIFFERENCE
        return value[:, 0], gradient[:, 0], _symmetric(hessian)

    def best_step(self, which: Integers, logits: Floats, steps: Floats, value: Floats) -> Moved:
        """The step [skill, lane, 5] that gains most, taken; none that would lose."""
        points = logits[:, None, :] + steps
        height = self.evaluate(which, self.goal.of(which).parameters(points))[0]
        lane = height.argmax(axis=1)
        gained = np.take_along_axis(height, lane[:, None], 1)[:, 0] - value
        moved = np.take_along_axis(points, lane[:, None, None], 1)[:, 0]
        return Moved(np.where(gained[:, None] > 0.0, moved, logits), gained)

    def report(self, logits: Floats) -> Fit:
        """What there is to say about the top, with the information from central differences."""
        which, goal = self.everything, self.largest_first
        points = np.repeat(logits[which][:, None, :], LANES, axis=1)
        points[:, 1:6] += DIFFERENCE * np.eye(5)
        parameters = goal.parameters(points)
        found = expect(self.tries, which, parameters, self.scratch)
        ahead = goal.gradient(found.counts, parameters)
        points[:, 1:6] -= 2.0 * DIFFERENCE * np.eye(5)
        behind = self.evaluate(which, goal.parameters(points))[1]
        hessian = _symmetric((ahead[:, 1:6] - behind[:, 1:6]) / (2.0 * DIFFERENCE))
        gradient = ahead[:, 0]
        _, promise = _steps(gradient, hessian, goal.free)
        back = np.argsort(which)
        return Fit(
            parameters=parameters[back, 0],
            log_likelihood=found.log_likelihood[back, 0],
            covariance=covariance_of(hessian, goal.free)[back],
            gradient=np.abs(gradient).max(axis=1)[back],
            converged=(promise < CONVERGED)[back],
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


def _symmetric(matrices: Floats) -> Floats:
    return np.asarray((matrices + matrices.transpose(0, 2, 1)) / 2.0)


def _steps(gradient: Floats, hessian: Floats, free: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Steps to try, [skill, lane, 5], and what the Newton step promises to gain, [skill].

    Negative curvature is taken by its absolute value, so that every step climbs.
    """
    curvature, axes = np.linalg.eigh(_information(hessian, free))
    curvature = np.maximum(np.abs(curvature), LEAST_CURVATURE)
    along = np.einsum("sij,si->sj", axes, gradient)
    newton = np.einsum("sij,sj->si", axes, along / curvature)
    damping = DAMPING[None, :, None] * curvature.mean(axis=1)[:, None, None]
    damped = np.einsum("sij,slj->sli", axes, along[:, None] / (curvature[:, None] + damping))
    steps = np.concatenate([STRETCH[:, None] * newton[:, None], damped], axis=1)
    longest = np.abs(steps).max(axis=2, keepdims=True)
    return steps * np.minimum(1.0, LONGEST_STEP / np.maximum(longest, LEAST_CURVATURE)), (
        gradient * newton
    ).sum(axis=1) / 2.0


def _information(hessian: Floats, free: NDArray[np.bool_]) -> Floats:
    """The observed information, −Hessian; fixed parameters stand apart with information 1."""
    both_free = free[..., :, None] & free[..., None, :]
    return np.where(both_free, -hessian, np.eye(5) * ~free[..., None])


def covariance_of(hessian: Floats, free: NDArray[np.bool_]) -> Floats:
    """Inverse of the information [skill, 5, 5]; NaN for what the data leave undetermined.

    A parameter at its bound has no curvature in its logit: it is set aside, as if it were fixed.
    """
    information = _information(hessian, free)
    result = np.full_like(information, np.nan)
    of_skill = np.broadcast_to(free, information.shape[:2])
    for matrix, fitted, found in zip(information, of_skill, result, strict=True):
        determined = fitted & (np.diag(matrix) > DETERMINED)
        inner = np.ix_(determined, determined)
        if np.linalg.eigvalsh(matrix[inner]).min(initial=np.inf) > DETERMINED:
            found[inner] = np.linalg.inv(matrix[inner])
    return result
