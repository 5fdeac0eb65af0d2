"""What an answer says of the skills that it touches, given a node of ability.

`known` holds P(mastered) of every skill touched, `unknown` what it lacks to 1: both are carried, so
that neither is ever a difference.
"""

from __future__ import annotations

from numba import njit

from .tables import Floats

LEAST = 1e-290  # of a state, which carries both of its probabilities


@njit(cache=True, nogil=True)
def decisive(shares: Floats, all_needed: bool, known: Floats) -> float:
    """P(what an answer takes is mastered), of skills mastered with these probabilities."""
    if all_needed:
        every = 1.0
        for i in range(len(known)):
            every *= known[i] if shares[i] > 0.0 else 1.0
        return every
    mean = 0.0
    for i in range(len(known)):
        mean += shares[i] * known[i]
    return mean


@njit(cache=True, nogil=True, error_model="numpy")
def answered(
    in_known: float,
    in_unknown: float,
    shares: Floats,
    all_needed: bool,
    known: Floats,
    unknown: Floats,
    scratch: Floats,
) -> float:
    """P(answer), given its probability if what it takes is mastered and if not; leaves P(mastered)
    of every skill after it, and what that lacks to 1. `scratch` is room for a number a skill.

    >>> import numpy as np
    >>> known, unknown = np.array([0.5]), np.array([0.5])
    >>> answered(0.9, 0.3, np.ones(1), False, known, unknown, np.empty(1)), known.round(2)
    (0.6, array([0.75]))
    """
    if len(known) == 1:
        in_known, in_unknown = known[0] * in_known, unknown[0] * in_unknown
        seen = in_known + in_unknown
        known[0], unknown[0] = max(in_known / seen, LEAST), max(in_unknown / seen, LEAST)
        return seen
    if all_needed:
        return _needed(in_known, in_unknown, shares, known, unknown, scratch)
    return _deciding(in_known, in_unknown, shares, known, unknown, scratch)


@njit(cache=True, nogil=True, error_model="numpy")
def _deciding(
    in_known: float,
    in_unknown: float,
    shares: Floats,
    known: Floats,
    unknown: Floats,
    likely: Floats,
) -> float:
    """`answered` where one of the skills decides: each may have, or another did."""
    seen, size = 0.0, len(known)
    for i in range(size):
        likely[i] = shares[i] * (known[i] * in_known + unknown[i] * in_unknown)
        seen += likely[i]
    for i in range(size):
        others = 0.0
        for j in range(size):
            others += likely[j] if j != i else 0.0
        known[i] = max(known[i] * (shares[i] * in_known + others) / seen, LEAST)
        unknown[i] = max(unknown[i] * (shares[i] * in_unknown + others) / seen, LEAST)
    return seen


@njit(cache=True, nogil=True, error_model="numpy")
def _needed(
    in_known: float,
    in_unknown: float,
    shares: Floats,
    known: Floats,
    unknown: Floats,
    likely: Floats,
) -> float:
    """`answered` where every skill with a share is needed."""
    every, lacking = _all_but(-1, shares, known, unknown)
    seen = every * in_known + lacking * in_unknown
    for i in range(len(known)):
        others, lacking = _all_but(i, shares, known, unknown)
        likely[i] = others * in_known + lacking * in_unknown
    for i in range(len(known)):
        if shares[i] > 0.0:
            known[i] = max(known[i] * likely[i] / seen, LEAST)
            unknown[i] = max(unknown[i] * in_unknown / seen, LEAST)
    return seen


@njit(cache=True, nogil=True)
def _all_but(but: int, shares: Floats, known: Floats, unknown: Floats) -> tuple[float, float]:
    """P(every needed skill but one is mastered), and what it lacks to 1, without a difference."""
    every, lacking = 1.0, 0.0
    for i in range(len(known)):
        if i != but and shares[i] > 0.0:
            lacking += every * unknown[i]
            every *= known[i]
    return every, lacking
