"""What moves the rates of a response, and the rates that follow: sums of effects, as logits.

    prior   the skill
    learn   the skill, the time since it was last practised, how often it was practised
    forget  the skill, the time since it was last practised
    guess   the skill, the item, the past, the skill just before and how that went
    known   likewise; of one who has mastered it: slip = σ(−known)

What item, past and order add is the same for guess and known: they shift how hard a right answer
is, not what mastery is worth. So guess + slip < 1 holds in every row if it holds for the skill.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from .ability import Rates
from .contexts import TIME, gap_classes, lag_classes
from .history import History, Past
from .tables import Floats, Integers
from .touches import Touches, alone

OPPORTUNITIES = 12
"""Practice of a skill beyond this often counts as this often: learning is as slow from there on."""


class Situations(NamedTuple):
    """What the rates of each response depend on, [touch]: for every skill that it touches. Item,
    past and pair are those of the response at its first touch, and unknown at the others, whose
    guess and known are not read.

    skill        row of `Effects.skill`
    item         row of `Effects.item`; the last row stands for all items that are not known
    gap          class of the time since the skill was last practised
    opportunity  responses to the skill before, at most `OPPORTUNITIES`
    covariates   [event, covariate] what is known of the past (`engine.history`)
    pair         row of `Effects.pair`; the last row stands for a student's first response
    """

    skill: Integers
    item: Integers
    gap: Integers
    opportunity: Integers
    covariates: Floats
    pair: Integers

    def at(self, places: Any) -> Situations:
        """Those at these places, in that order."""
        return Situations(*(column[places] for column in self))


class Effects(NamedTuple):
    """Every effect, as logits.

    skill        [skill, 5] prior, learn, forget, guess, known of the average student and item
    loadings     [skill, 5] what one standard deviation of ability adds to each
    item         [item + 1] how much easier than the skill's average; the last is 0
    past         [covariate] weights on guess and known
    gap_learn, gap_forget   [gap class]
    opportunity  [OPPORTUNITIES + 1] on learn
    pair         [pair + 1] how much easier right after that skill and outcome; the last is 0
    """

    skill: Floats
    loadings: Floats
    item: Floats
    past: Floats
    gap_learn: Floats
    gap_forget: Floats
    opportunity: Floats
    pair: Floats


def situations_of(
    history: History,
    past: Past,
    gaps: str,
    *,
    items: int,
    pair: Integers,
    pairs: int = 0,
    touches: Touches | None = None,
) -> Situations:
    """What the rates of each response depend on; the gap of a first response is not read."""
    if gaps == TIME:
        gap = gap_classes(np.nan_to_num(np.maximum(past.pause, 0.0)))
    else:
        gap = lag_classes(past.between)
    touches = touches or alone(history.starts, history.skill)
    lead, size = touches.lead, len(touches.skill)
    found = Situations(
        skill=touches.skill,
        item=np.full(size, items),
        gap=gap,
        opportunity=np.minimum(past.opportunity, OPPORTUNITIES),
        covariates=np.zeros((size, past.covariates.shape[1])),
        pair=np.full(size, pairs),
    )
    found.item[lead] = np.where(history.item >= 0, history.item, items)
    found.covariates[lead], found.pair[lead] = past.covariates, pair
    return found


def rates_of(effects: Effects, situations: Situations) -> Rates:
    """The logits of every response at ability 0."""
    events = len(situations.skill)
    prior, learn, forget, guess, known = np.empty((5, events))
    rates = Rates(prior, learn, forget, guess, known, effects.loadings)
    _sum(effects, situations, rates)
    return rates


@njit(cache=True, nogil=True)
def _sum(effects: Effects, situations: Situations, rates: Rates) -> None:
    for event in range(len(situations.skill)):
        skill = effects.skill[situations.skill[event]]
        gap, row = situations.gap[event], situations.covariates[event]
        ease = effects.item[situations.item[event]] + effects.pair[situations.pair[event]]
        for at in range(len(row)):
            ease += row[at] * effects.past[at]
        rates.prior[event] = skill[0]
        rates.learn[event] = (
            skill[1] + effects.gap_learn[gap] + effects.opportunity[situations.opportunity[event]]
        )
        rates.forget[event] = skill[2] + effects.gap_forget[gap]
        rates.guess[event] = skill[3] + ease
        rates.known[event] = skill[4] + ease
