"""The way back: the slope of the log-likelihood by every logit, response by response."""

from __future__ import annotations

import numpy as np
from numba import njit

from engine.tables import Floats, Integers

from .chains import AFTER, BESIDE, FORGET, GUESS, LEARN, RIGHT, Chains, K, P, Slopes, U, likelihood


@njit(cache=True, nogil=True)
def back_over(
    chains: Chains,
    abilities: Floats,
    student: int,
    posterior: Floats,
    room: Floats,
    back: Floats,
    slopes: Slopes,
    at: int,
    stop: int,
) -> None:
    """One response on the way back: its slopes, and `back` for the touches before it.

    back  [chain, node] slope of the log-likelihood by P(mastered) after the touch, times the
          posterior of the node
    """
    first, last = chains.students[student], chains.students[student + 1]
    begins = chains.starts[first]
    visits = chains.visits[begins + at : begins + stop]
    whose = chains.whose[begins + at : begins + stop]
    lead = visits[0]
    correct, here = chains.correct[begins + lead], room[lead]
    if len(visits) == 1:
        _answer_back(correct, posterior, here, back[whose[0]])
    else:
        share = chains.share[begins : chains.starts[last]]
        _together_back(correct, visits, whose, share, chains.all_needed, posterior, room, back)
    event, into = begins + lead, slopes.loadings[first + whose[0]]
    by_guess, along_guess, by_known, along_known = _summed(here[GUESS], here[RIGHT], abilities)
    slopes.guess[event], slopes.known[event] = by_guess, by_known
    into[3] += along_guess
    into[4] += along_known
    for i in range(len(visits)):
        place, chain = visits[i], first + whose[i]
        event, into, here = begins + place, slopes.loadings[chain], room[place]
        if event == chains.starts[chain]:
            by, along = _begin_back(here, abilities, back[whose[i]])
            slopes.prior[event] = by
            into[0] += along
        else:
            by_learn, along_learn, by_forget, along_forget = _move_back(
                room[place - 1], here, abilities, back[whose[i]]
            )
            slopes.learn[event], slopes.forget[event] = by_learn, by_forget
            into[1] += along_learn
            into[2] += along_forget


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _answer_back(correct: float, posterior: Floats, here: Floats, back: Floats) -> None:
    """From after the answer to before it; slopes by guess and known take their rates' place."""
    for n in range(len(back)):
        k, u, slope, weight = here[AFTER, n], here[BESIDE, n], back[n], posterior[n]
        guess, right = here[GUESS, n], here[RIGHT, n]
        in_known, in_unknown = likelihood(correct, right), likelihood(correct, guess)
        here[RIGHT, n] = k * (weight + slope * u) * (correct - right)
        here[GUESS, n] = u * (weight - slope * k) * (correct - guess)
        moved = slope * (in_known * u + in_unknown * k)
        back[n] = (weight * (in_known - in_unknown) + moved) / here[P, n]


@njit(cache=True, nogil=True, error_model="numpy")
def _together_back(
    correct: float,
    visits: Integers,
    whose: Integers,
    share: Floats,
    all_needed: bool,
    posterior: Floats,
    room: Floats,
    back: Floats,
) -> None:
    """The same of a response that touches several."""
    lead, size = room[visits[0]], len(visits)
    known, slope, shares = np.empty(size), np.empty(size), share[visits]
    for n in range(len(posterior)):
        guess, right, p = lead[GUESS, n], lead[RIGHT, n], lead[P, n]
        in_known, in_unknown = likelihood(correct, right), likelihood(correct, guess)
        by_p = posterior[n] / p
        for i in range(size):
            known[i], slope[i] = room[visits[i], K, n], back[whose[i], n] / p
            by_p -= slope[i] * room[visits[i], AFTER, n]
        if all_needed:
            by_known, by_unknown = _needed_back(in_known, in_unknown, p, by_p, shares, known, slope)
        else:
            by_known, by_unknown = _deciding_back(
                in_known, in_unknown, p, by_p, shares, known, slope
            )
        lead[RIGHT, n] = by_known * in_known * (correct - right)
        lead[GUESS, n] = by_unknown * in_unknown * (correct - guess)
        for i in range(size):
            back[whose[i], n] = slope[i]


@njit(cache=True, nogil=True)
def _deciding_back(
    in_known: float,
    in_unknown: float,
    p: float,
    by_p: float,
    share: Floats,
    known: Floats,
    slope: Floats,
) -> tuple[float, float]:
    """Slopes by the likelihoods of an answer that one of the skills decides.

    `slope` comes as that by P(mastered, answer), and goes as that by P(mastered) before it.
    """
    together = 0.0
    for i in range(len(known)):
        together += slope[i] * known[i]
    by_known = by_unknown = 0.0
    for i in range(len(known)):
        k, own = known[i], slope[i]
        of_answer = share[i] * (by_p + together - own * k)
        likely = share[i] * (k * in_known + (1.0 - k) * in_unknown)
        by_known += k * (own * share[i] + of_answer)
        by_unknown += (1.0 - k) * of_answer
        slope[i] = own * (share[i] * in_known + p - likely) + of_answer * (in_known - in_unknown)
    return by_known, by_unknown


@njit(cache=True, nogil=True)
def _needed_back(
    in_known: float,
    in_unknown: float,
    p: float,
    by_p: float,
    share: Floats,
    known: Floats,
    slope: Floats,
) -> tuple[float, float]:
    """The same of an answer that takes every skill with a share."""
    every, together = 1.0, 0.0
    for i in range(len(known)):
        if share[i] > 0.0:
            every *= known[i]
            together += slope[i]
        else:
            by_p += slope[i] * known[i]
    by_every = by_p + together
    by_known, by_unknown = by_every * every, by_p * (1.0 - every)
    for i in range(len(known)):
        if share[i] > 0.0:
            others = 1.0
            for j in range(len(known)):
                others *= known[j] if j != i and share[j] > 0.0 else 1.0
            by_unknown += slope[i] * (known[i] - every)
            slope[i] = slope[i] * in_unknown + by_every * others * (in_known - in_unknown)
        else:
            slope[i] *= p
    return by_known, by_unknown


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _begin_back(here: Floats, abilities: Floats, back: Floats) -> tuple[float, float]:
    """Slopes by the logit of a prior, and by its loading."""
    by = along = 0.0
    for n in range(len(back)):
        slope = back[n] * here[K, n] * here[U, n]
        by += slope
        along += slope * abilities[n]
    return by, along


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _move_back(
    before: Floats, here: Floats, abilities: Floats, back: Floats
) -> tuple[float, float, float, float]:
    """Slopes by the logits of learn and forget, and by their loadings; `back` goes to the touch
    before."""
    by_learn = by_forget = along_learn = along_forget = 0.0
    for n in range(len(back)):
        learn, forget = here[LEARN, n], here[FORGET, n]
        slope_learn = before[BESIDE, n] * learn * (1.0 - learn) * back[n]
        slope_forget = -before[AFTER, n] * forget * (1.0 - forget) * back[n]
        by_learn += slope_learn
        by_forget += slope_forget
        along_learn += slope_learn * abilities[n]
        along_forget += slope_forget * abilities[n]
        back[n] *= 1.0 - forget - learn
    return by_learn, along_learn, by_forget, along_forget


@njit(cache=True, nogil=True, error_model="numpy", fastmath=True)
def _summed(guess: Floats, known: Floats, abilities: Floats) -> tuple[float, float, float, float]:
    """Slopes summed over the nodes, and along ability."""
    by_guess = by_known = along_guess = along_known = 0.0
    for n in range(len(abilities)):
        by_guess += guess[n]
        by_known += known[n]
        along_guess += guess[n] * abilities[n]
        along_known += known[n] * abilities[n]
    return by_guess, along_guess, by_known, along_known
