"""How much the responses say about each effect: squared scores of chains, summed.

At the top the outer product of independent scores estimates the curvature (Berndt, Hall, Hall &
Hausman 1974). A chain, one student's responses to one skill, counts as one observation.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from engine.effects import Effects, Situations

from .chains import Chains, Slopes


def chain_information(
    slopes: Slopes, situations: Situations, chains: Chains, effects: Effects
) -> Effects:
    """Σ over chains of (Σ of a chain's slopes)², for every effect.

    `slopes` and `situations` lie in the order of the chains.
    """
    found = Effects(*(np.zeros_like(effect) for effect in effects))
    _square(slopes, situations, chains, found)
    return found


@njit(cache=True, nogil=True)
def _square(slopes: Slopes, situations: Situations, chains: Chains, found: Effects) -> None:
    covariates, gaps = len(found.past), len(found.gap_learn)
    opportunities = len(found.opportunity)
    for chain in range(len(chains.skill)):
        own, past = np.zeros(5), np.zeros(covariates)
        gap_learn, gap_forget = np.zeros(gaps), np.zeros(gaps)
        opportunity = np.zeros(opportunities)
        for event in range(chains.starts[chain], chains.starts[chain + 1]):
            ease = slopes.guess[event] + slopes.known[event]
            gap = situations.gap[event]
            own[0] += slopes.prior[event]
            own[1] += slopes.learn[event]
            own[2] += slopes.forget[event]
            own[3] += slopes.guess[event]
            own[4] += slopes.known[event]
            gap_learn[gap] += slopes.learn[event]
            gap_forget[gap] += slopes.forget[event]
            opportunity[situations.opportunity[event]] += slopes.learn[event]
            found.item[situations.item[event]] += ease**2
            found.pair[situations.pair[event]] += ease**2
            for at in range(covariates):
                past[at] += situations.covariates[event, at] * ease
        found.skill[chains.skill[chain]] += own**2
        found.loadings[chains.skill[chain]] += slopes.loadings[chain] ** 2
        found.past[:] += past**2
        found.gap_learn[:] += gap_learn**2
        found.gap_forget[:] += gap_forget**2
        found.opportunity[:] += opportunity**2
