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
from .sequences import Sequences
from .trie import Tries, tries_of

EM_ROUNDS = 6  # of two EM steps and an extrapolation, from each start
MANY = 8_000
SAMPLE = 2_000
"""Of a skill that more than MANY students answered, SAMPLE students find the hill, and all of them
then climb it from all starts: so many students lead to the same one."""
NEAR = 0.3  # in logits: a Newton step shorter than this is taken without looking around
LONGEST_LEAP = 16.0  # EM steps that one extrapolation may stand for
NEWTON_STEPS = 60
DIFFERENCE = 1e-4  # step in logits for differences of the gradient
GAIN = 1e-7  # a Newton step that promises less than this in log-likelihood ends the climb
ROUNDING = 1e-14  # of a log-likelihood
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


def fit(tries: Tries, goal: Objective, starts: Floats, *, sample: Tries | None = None) -> Fit:
    """The parameters of every skill that maximise `goal`.

    `starts`, shape [restart, 5], are tried on every skill, LANES at a time. Skills of which
    `sample`, the tries of some of the students, has less than all find their way on that.
    """
    climb = _Climb(tries, goal)
    return climb.report(climb.finish(climb.explore(starts, sample or tries)))


def sample_of(sequences: Sequences) -> Tries | None:
    """The tries of SAMPLE students of each skill; None where no skill has many more."""
    if sequences.students_of().max(initial=0) < MANY:
        return None
    return tries_of(sequences, students=SAMPLE)


class _Place(NamedTuple):
    """Logits [skill, 5], and the objective, its gradient and its Hessian there."""

    logits: Floats
    value: Floats
    gradient: Floats
    hessian: Floats

    def of(self, which: Integers | NDArray[np.bool_]) -> _Place:
        return _Place(*(array[which] for array in self))

    def put(self, which: Integers, other: _Place) -> None:
        for mine, new in zip(self, other, strict=True):
            mine[which] = new


class _Top(NamedTuple):
    """The best value seen for each skill, and where."""

    value: Floats
    logits: Floats

    @classmethod
    def nothing(cls, skills: int) -> _Top:
        return cls(np.full(skills, -np.inf), np.zeros((skills, 5)))

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
        self.everything: Integers = np.argsort(-tries.sizes(), kind="stable")

    def evaluate(self, which: Integers, parameters: Floats) -> tuple[Floats, Floats]:
        """Objective [skill, lane] and its gradient [skill, lane, 5]."""
        found = expect(self.tries, which, parameters, self.scratch)
        goal = self.goal.of(which)
        value = goal.value(found.log_likelihood, parameters)
        return value, goal.gradient(found.counts, parameters)

    def explore(self, starts: Floats, sample: Tries) -> Floats:
        """The best logits [skill, 5] met in a few rounds of accelerated EM from every start."""
        logits = np.empty((len(self.everything), 5))
        part = (sample.students() < self.tries.students())[self.everything]
        for which, ahead in ((self.everything[part], sample), (self.everything[~part], None)):
            if len(which):
                logits[which] = self._explored(which, starts, ahead)
        return logits

    def _explored(self, which: Integers, starts: Floats, sample: Tries | None) -> Floats:
        """As `explore`, for some skills; with a `sample`, most of the way on that."""
        top = _Top.nothing(len(which))
        for batch in _batches(starts):
            x = self.goal.of(which).begin(np.tile(batch, (len(which), 1, 1)))
            if sample is None:
                x = self.rounds(which, x, EM_ROUNDS, top)
            else:
                ahead = _Climb(sample, self.goal)
                x = ahead.rounds(which, x, EM_ROUNDS, _Top.nothing(len(which)))
                x = self.em_step(which, x, top)
            self.em_step(which, x, top)
        return top.logits

    def rounds(self, which: Integers, x0: Floats, count: int, top: _Top) -> Floats:
        """Where so many rounds of EM lead from `x0` [skill, lane, 5]."""
        for _ in range(count):
            x1 = self.em_step(which, x0, top)
            x2 = self.em_step(which, x1, top)
            x0 = _extrapolated(x0, x1, x2)
        return x0

    def em_step(self, which: Integers, logits: Floats, top: _Top) -> Floats:
        """One exact EM step from `logits` [skill, lane, 5]; `top` learns of the best seen."""
        goal = self.goal.of(which)
        parameters = goal.parameters(logits)
        found = expect(self.tries, which, parameters, self.scratch)
        top.learn_of(goal.value(found.log_likelihood, parameters), logits)
        return goal.logits(goal.best_given(found.counts, parameters))

    def finish(self, logits: Floats) -> _Place:
        """The top of every skill, from which no Newton step promises anything.

        Near it the Newton step itself is the next place to look from: one pass a step. Elsewhere,
        and where such a step did not climb, a pass among several steps comes before.
        """
        found = self.local(np.arange(len(logits)), logits)
        climbing, cautious = self.everything, np.zeros(len(logits), dtype=np.bool_)
        for _ in range(NEWTON_STEPS):
            here = found.of(climbing)
            steps, promise = _steps(here.gradient, here.hessian, self.goal.of(climbing).free)
            near = (np.abs(steps[:, 0]).max(axis=1) < NEAR) & ~cautious[climbing]
            there, gained = here.logits + steps[:, 0], np.ones(len(climbing))
            far = np.flatnonzero(~near)
            there[far], gained[far] = self.best_step(climbing[far], here.of(far), steps[far])
            after = self.local(climbing, there)
            # the last step gains less than rounding hides: it is taken for its gradient
            hidden = np.where(promise < GAIN, ROUNDING * np.abs(here.value), 0.0)
            rose = after.value >= here.value - hidden
            found.put(climbing[rose], after.of(rose))
            cautious[climbing] = ~rose
            climbing = climbing[(promise >= GAIN) & (gained > 0.0)]
            if not len(climbing):
                break
        return self.right_way_up(found)

    def right_way_up(self, top: _Place) -> _Place:
        """The same tops, with the states of each skill named as the objective has them."""
        named = self.goal.right_way_up(top.logits)
        turned = np.flatnonzero((named != top.logits).any(axis=1))
        if len(turned):
            top.put(turned, self.local(turned, named[turned]))
        return top

    def local(self, which: Integers, logits: Floats) -> _Place:
        """Objective, gradient and Hessian at `logits` [skill, 5], in one pass."""
        points = np.repeat(logits[:, None, :], LANES, axis=1)
        points[:, 1:6] += DIFFERENCE * np.eye(5)
        value, gradient = self.evaluate(which, self.goal.of(which).parameters(points))
        hessian = (gradient[:, 1:6] - gradient[:, :1]) / DIFFERENCE
        return _Place(logits, value[:, 0], gradient[:, 0], _symmetric(hessian))

    def best_step(self, which: Integers, here: _Place, steps: Floats) -> tuple[Floats, Floats]:
        """Where the step [skill, lane, 5] leads that gains most, and what; none that would lose."""
        if not len(which):
            return here.logits, here.value
        points = here.logits[:, None, :] + steps
        height = self.evaluate(which, self.goal.of(which).parameters(points))[0]
        lane = height.argmax(axis=1)
        gained = np.take_along_axis(height, lane[:, None], 1)[:, 0] - here.value
        moved = np.take_along_axis(points, lane[:, None, None], 1)[:, 0]
        return np.where(gained[:, None] > 0.0, moved, here.logits), gained

    def report(self, top: _Place) -> Fit:
        """What there is to say about the top."""
        parameters = self.goal.parameters(top.logits)
        _, promise = _steps(top.gradient, top.hessian, self.goal.free)
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
    diagonal = np.diagonal(information, axis1=1, axis2=2)
    determined = np.broadcast_to(free, diagonal.shape) & (diagonal > DETERMINED)
    both = determined[:, :, None] & determined[:, None, :]
    apart = np.where(both, information, np.eye(5))
    known = np.isfinite(apart).all(axis=(1, 2))
    apart[~known] = np.eye(5)
    known &= np.linalg.eigvalsh(apart)[:, 0] > DETERMINED
    apart[~known] = np.eye(5)
    return np.where(both & known[:, None, None], np.linalg.inv(apart), np.nan)
