"""How a model's beliefs ought to be read, learnt from how students went on answering.

Whatever is believed of a skill at some time, the next answers on it say how well founded that was.
Two stories are held against them, and the likelier one is taken:

- *states*: the skill is held or not, and answers go on as the model itself says for each case; the
  reading corrects how sure it is of the case.
- *levels*: a student gets some share of the answers right, logistic-normal around what the beliefs
  say, with a part that all skills of the student have in common; held means a share of `BAR`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from engine.tier_reading import AT, WEIGHT, TierReading

Floats = NDArray[np.float64]

BAR = 0.75
"""Share of the questions on a skill that somebody who holds it gets right: three of four."""
CLEARLY, CLEARLY_EACH = 10.0, 0.08
"""Nats, in all and for each student, by which states must be ahead. Of 24 schools of 500 simulated
students with levels (seeds 21 to 26) states were once ahead by 14.9, else by 5 at most; of 24 with
states they were ahead by 67 to 193."""
LOGISTIC = 1.702  # a normal of this sd is nearest to the standard logistic (Haley 1952)
ROUNDS = 60  # of L-BFGS; some thirty are enough


class FollowUps(NamedTuple):
    """For each student, some skills at one time: what was believed, and the answers thereafter.

    states, levels  [student, skill, 3] `engine.tier_reading.log_odds_features` of mastery, and of
                    P(next answer right)
    answers         [student] answers so far
    right, asked    [student, skill] right answers, and answers, that followed
    held, lacked    [student, skill] P(those answers) under the model, skill held and not held
    """

    states: Floats
    levels: Floats
    answers: Floats
    right: Floats
    asked: Floats
    held: Floats
    lacked: Floats


class Learnt(NamedTuple):
    """The reading, and how much log-likelihood states have over levels."""

    reading: TierReading
    states_ahead: float


def learn_reading(found: FollowUps) -> Learnt:
    """The reading under which the follow-ups are likeliest, of the two stories, priors included.

    Levels unless states are clearly likelier: to take levels for states leads to tiers that are far
    too sure, to take states for levels to some that are a little late.
    """
    states, by_states = _states(found)
    levels, by_levels = _levels(found)
    ahead = by_states - by_levels
    clearly = max(CLEARLY, CLEARLY_EACH * len(found.answers))
    return Learnt(states if ahead >= clearly else levels, ahead)


def _states(found: FollowUps) -> tuple[TierReading, float]:
    features, held, lacked = map(torch.as_tensor, (found.states, found.held, found.lacked))
    z, weight = torch.as_tensor(AT), torch.as_tensor(WEIGHT)

    def log_posterior(t: torch.Tensor) -> torch.Tensor:
        mastered = torch.sigmoid((features @ t[:3])[..., None] + t[3].exp() * z)
        answers = mastered * held[..., None] + (1.0 - mastered) * lacked[..., None]
        # at first the model is right: slope 1 on its own log-odds, nothing else
        prior = t[0] ** 2 + ((t[1] - 0.9) / 0.3) ** 2 + (t[2] / 0.3) ** 2 + (t[3].exp() / 0.5) ** 2
        return torch.log(answers.prod(dim=1) @ weight).sum() - prior / 2

    t, best = _climbed(log_posterior, [0.0, 0.9, 0.0, -1.5])
    return TierReading("mastery", t[0], t[1], t[2], shared=float(np.exp(t[3]))), best


def _levels(found: FollowUps) -> tuple[TierReading, float]:
    features = torch.as_tensor(found.levels)
    right, asked = torch.as_tensor(found.right), torch.as_tensor(found.asked)
    early = 1.0 / torch.as_tensor(found.answers).clamp(min=1.0)
    z, weight = torch.as_tensor(AT), torch.as_tensor(WEIGHT)

    def log_posterior(t: torch.Tensor) -> torch.Tensor:
        together = ((2 * t[4]).exp() + (2 * t[5]).exp() * early).sqrt()[:, None, None, None]
        share = (features @ t[:3])[..., None, None] + together * z[:, None] + t[3].exp() * z
        some = right[..., None, None] * torch.nn.functional.logsigmoid(share)
        rest = (asked - right)[..., None, None] * torch.nn.functional.logsigmoid(-share)
        answers = ((some + rest).exp() @ weight).prod(dim=1) @ weight
        slopes = ((t[1:3] - 0.3) / 0.5).square().sum()
        prior = slopes + (t[3:5] + 1.0).square().sum() + (t[5] - 0.5) ** 2
        return torch.log(answers).sum() - prior / 2

    t, best = _climbed(log_posterior, [0.0, 0.3, 0.3, -0.5, -1.0, 0.0])
    scale = LOGISTIC / np.exp(t[3])
    shift = (t[0] - log(BAR / (1.0 - BAR))) * scale
    shared, at_first = np.exp(t[4]) * scale, np.exp(t[5]) * scale
    return TierReading(
        "answers", float(shift), t[1] * scale, t[2] * scale, float(shared), float(at_first)
    ), best


def _climbed(
    log_posterior: Callable[[torch.Tensor], torch.Tensor], start: list[float]
) -> tuple[list[float], float]:
    """Where the posterior is highest, and its logarithm there."""
    t = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    climber = torch.optim.LBFGS([t], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        climber.zero_grad()
        found = -log_posterior(t)
        found.backward()  # type: ignore[no-untyped-call]
        return found

    climber.step(loss)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        return t.tolist(), float(log_posterior(t))
