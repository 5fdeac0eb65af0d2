"""Which kinds of activity teach one student better or worse than their others: only where it shows.

A student's rate of learning in an activity is its usual rate × e^(speed + effect of its kind). The
speed is the student's own, the same in everything; an effect is how far one kind departs from that.
Both are weighed on a grid against the student's own answers (an exact posterior on that grid), with
priors that a whole school's log has taught. An effect is used only where nearly all of the
posterior is on one side of none. It is a multiplier of a rate, shrunk to 1, and no "style": it
says nothing of the student beyond the activities that it was measured on, and it goes as it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from .bundle import Bundle
from .curriculum import Curriculum
from .parameters import GUESS, LEARN, SLIP
from .responses import Response
from .tables import Floats, Integers

SPEEDS = np.linspace(-2.1, 2.1, 8)
"""log of a student's speed, as a multiple of the usual."""
SPEED_SD = 0.8
"""Judgement, and wide: two of three students learn between .45 and 2.2 times as fast as usual. The
speed is that of the student's other kinds, so it has their effects in it."""
EFFECTS = np.linspace(-2.7, 2.7, 19)
"""log of what a kind's rate is multiplied by for one student."""
FASTEST = 0.95  # P(learnt) at one opportunity, whatever it is multiplied by
SURE = 0.975
"""Posterior probability of being above (or below) 1 from which a multiplier is used: both tails of
a 95 % interval."""
LEAST_ANSWERS = 12
"""Answers that follow activities of the kind on the same skill, below which none is looked for."""


class KindPrior(NamedTuple):
    """What a school's log says of a kind: how its effect lies over students, on the log scale."""

    mean: float
    spread: float


class Multiplier(NamedTuple):
    """How many times as well a kind teaches one student, beside what their other kinds do, as it
    teaches others so; with a 95 % interval, from so many opportunities."""

    kind: str
    factor: float
    low: float
    high: float
    answers: int


NO_MULTIPLIERS: Mapping[str, Multiplier] = {}


class Chains(NamedTuple):
    """A student's answers as the filter reads them, skill after skill, each in order of time.

    first      whether the chain of a skill begins
    right      what was right of it; `guess`, `slip`, `learn` as they hold for the answer's activity
    kind       number of the activity's kind; −1: none
    prior      of the skill
    """

    first: Integers
    right: Floats
    guess: Floats
    slip: Floats
    learn: Floats
    prior: Floats
    kind: Integers


def multipliers(
    history: Sequence[Response],
    bundle: Bundle,
    curriculum: Curriculum,
    priors: Mapping[str, KindPrior],
) -> Mapping[str, Multiplier]:
    """The kinds that clearly teach this student better or worse than they teach others.

    `priors` are those of the kinds in which students were found to differ; of no other kind
    anything is said.
    """
    if not priors or not history:
        return NO_MULTIPLIERS
    kinds = tuple(priors)
    chains = chains_of(history, bundle, curriculum, kinds)
    found = {}
    for number, kind in enumerate(kinds):
        taught = opportunities(chains, number)
        if taught >= LEAST_ANSWERS:
            one = _multiplier(kind, log_likelihoods(chains, number), priors[kind], taught)
            if one is not None:
                found[kind] = one
    return found


def chains_of(
    history: Sequence[Response], bundle: Bundle, curriculum: Curriculum, kinds: Sequence[str]
) -> Chains:
    """The answers on one skill alone, ordered for the filter."""
    alone = [one for one in history if len(set(one.skills)) == 1]
    ordered = sorted(alone, key=lambda one: (one.skill, one.occurred_at, one.id))
    first = [n == 0 or one.skill != ordered[n - 1].skill for n, one in enumerate(ordered)]
    rows = [_row(one, bundle, curriculum, kinds) for one in ordered]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    right, guess, slip, learn, prior = (np.array(c, dtype=np.float64) for c in columns[:5])
    kind = np.array(columns[5], dtype=np.int64)
    return Chains(np.array(first, dtype=np.int64), right, guess, slip, learn, prior, kind)


def _row(
    response: Response, bundle: Bundle, curriculum: Curriculum, kinds: Sequence[str]
) -> tuple[float, float, float, float, float, int]:
    estimate = bundle.estimate(response.skill)[0]
    average = estimate.parameters
    own = {p: estimate.own(p, response.item) for p in (GUESS, SLIP)}
    learn = estimate.own(LEARN, response.activity)
    activity = curriculum.activities.get(response.activity or "")
    kind = activity.modality if activity else ""
    return (
        response.correct,
        average.guess if own[GUESS] is None else float(own[GUESS] or 0.0),
        average.slip if own[SLIP] is None else float(own[SLIP] or 0.0),
        average.learn if learn is None else learn,
        average.prior,
        kinds.index(kind) if kind in kinds else -1,
    )


@njit(cache=True)
def opportunities(chains: Chains, kind: int) -> int:
    """How many answers in activities of the kind were followed by another on the same skill."""
    found = 0
    for n in range(len(chains.kind) - 1):
        if chains.kind[n] == kind and chains.first[n + 1] == 0:
            found += 1
    return found


def log_likelihoods(chains: Chains, kind: int) -> Floats:
    """log P(the student's answers | speed, effect of the kind), [speed, effect]."""
    return _log_likelihoods(chains, kind, SPEEDS, EFFECTS)


@njit(cache=True)
def _log_likelihoods(chains: Chains, kind: int, speeds: Floats, effects: Floats) -> Floats:
    found = np.zeros((len(speeds), len(effects)))
    for i in range(len(speeds)):
        for j in range(len(effects)):
            usual, special = np.exp(speeds[i]), np.exp(speeds[i] + effects[j])
            total, p = 0.0, 0.0
            for n in range(len(chains.right)):
                if chains.first[n]:
                    p = chains.prior[n]
                right, guess, slip = chains.right[n], chains.guess[n], chains.slip[n]
                known = right * (1.0 - slip) + (1.0 - right) * slip
                unknown = right * guess + (1.0 - right) * (1.0 - guess)
                chance = p * known + (1.0 - p) * unknown
                total += np.log(chance)
                p = p * known / chance
                times = special if chains.kind[n] == kind else usual
                p += (1.0 - p) * min(FASTEST, chains.learn[n] * times)
            found[i, j] = total
    return found


def over_speeds(likelihoods: Floats) -> Floats:
    """log P(the student's answers | effect), the speed integrated out, [effect]."""
    weight = -0.5 * (SPEEDS / SPEED_SD) ** 2
    weighed = likelihoods + (weight - np.log(np.exp(weight).sum()))[:, None]
    top = weighed.max(axis=0)
    return np.asarray(top + np.log(np.exp(weighed - top).sum(axis=0)))


def prior_weights(prior: KindPrior) -> Floats:
    """P(effect) over the grid, as a school's log has it: a normal, cut off at the grid's ends."""
    weight = np.exp(-0.5 * ((EFFECTS - prior.mean) / prior.spread) ** 2)
    return np.asarray(weight / weight.sum())


def _multiplier(kind: str, likelihoods: Floats, prior: KindPrior, taught: int) -> Multiplier | None:
    """The student's departure from what is usual of the kind; None where it may well be none."""
    log_weight = over_speeds(likelihoods) + np.log(prior_weights(prior))
    posterior = np.exp(log_weight - log_weight.max())
    posterior /= posterior.sum()
    away = EFFECTS - prior.mean
    above, below = posterior[away > 0.0].sum(), posterior[away < 0.0].sum()
    if max(above, below) < SURE:
        return None
    middles = posterior.cumsum() - posterior / 2.0  # a point of the grid stands for its cell
    low, high = (float(np.interp(q, middles, away)) for q in (1.0 - SURE, SURE))
    factor, low, high = map(float, np.exp([posterior @ away, low, high]))
    return Multiplier(kind, factor, low, high, taught)
