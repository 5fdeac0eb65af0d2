"""From the slopes of responses to those of the effects behind them: the transpose of `rates_of`."""

from __future__ import annotations

import numpy as np
from numba import njit

from engine.effects import Effects, Situations

from .chains import Chains, Slopes


def collected(slopes: Slopes, situations: Situations, chains: Chains, effects: Effects) -> Effects:
    """Derivatives by every effect, in the shapes of `effects`."""
    found = Effects(*(np.zeros_like(effect) for effect in effects))
    _collect(slopes, situations, chains, found)
    found.item[-1] = found.pair[-1] = 0.0  # an unknown item's easiness is given
    return found


@njit(cache=True, nogil=True)
def _collect(slopes: Slopes, situations: Situations, chains: Chains, found: Effects) -> None:
    for chain in range(len(chains.skill)):
        found.loadings[chains.skill[chain]] += slopes.loadings[chain]
    for event in range(len(situations.skill)):
        into = found.skill[situations.skill[event]]
        gap, row = situations.gap[event], situations.covariates[event]
        by_learn, by_ease = slopes.learn[event], slopes.guess[event] + slopes.known[event]
        into[0] += slopes.prior[event]
        into[1] += by_learn
        into[2] += slopes.forget[event]
        into[3] += slopes.guess[event]
        into[4] += slopes.known[event]
        found.gap_learn[gap] += by_learn
        found.gap_forget[gap] += slopes.forget[event]
        found.opportunity[situations.opportunity[event]] += by_learn
        found.item[situations.item[event]] += by_ease
        found.pair[situations.pair[event]] += by_ease
        for at in range(len(row)):
            found.past[at] += row[at] * by_ease
