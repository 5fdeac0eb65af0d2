"""Laplace's approximation: how sure the fit is of every effect, and draws that are as unsure.

Everything but the items is uncertain together, with the outer product of students' scores as the
information and the standard normal priors beside it. Every item is uncertain on its own, given the
rest.
"""

from __future__ import annotations

import numpy as np
import torch
from numba import njit

from engine.ability import REACH, grid
from engine.effects import Situations, rates_of
from engine.history import Flags
from engine.tables import Floats, Integers

from .fitting import Fitted, numbers, tensors
from .kernel import Chains, Slopes, marginals
from .responses import Laid
from .story import SLACK, SPREAD, Shape, effects_of

DRAWS = 20
"""Parameter sets beside the estimate, in opposite pairs. Each is followed on every node of ability,
so that an interval rests on hundreds of weighted values."""
MOST_TOGETHER = 3_000
"""Effects that are uncertain together; beyond, every effect is uncertain on its own."""
SHARED = ("population", "loading", "past", "gap_learn", "gap_forget", "opportunity")
TOGETHER = (*SHARED, "single", "combination", "sensitivity")


def drawn(fitted: Fitted, laid: Laid, shape: Shape, *, draws: int = DRAWS, seed: int = 0) -> Floats:
    """Values of the sites of `TOGETHER` around the top, flat, [draw, effect]."""
    centre = np.concatenate([fitted.values[site].ravel() for site in TOGETHER])
    normals = np.random.default_rng(seed).standard_normal((draws // 2, len(centre)))
    normals = np.concatenate([normals, -normals])
    if len(centre) > MOST_TOGETHER:
        own = np.concatenate([fitted.information[site].ravel() for site in TOGETHER])
        return np.asarray(centre + normals / np.sqrt(1.0 + own))
    precision = _precision(fitted, laid, shape, len(centre))
    root = np.linalg.cholesky(precision)
    return np.asarray(centre + np.linalg.solve(root.T, normals.T).T)


def sites_of(flat: Floats, shape: Shape) -> dict[str, Floats]:
    """The sites of one flat draw."""
    found, at = {}, 0
    for site in TOGETHER:
        size = int(np.prod(shape.sites[site]))
        found[site] = flat[at : at + size].reshape(shape.sites[site])
        at += size
    return found


def item_errors(fitted: Fitted) -> Floats:
    """Standard error of every item's easiness, in logits."""
    return np.asarray(fitted.scales.item / np.sqrt(1.0 + fitted.information["item"]))


def _precision(fitted: Fitted, laid: Laid, shape: Shape, size: int) -> Floats:
    """The information that students' scores give, and that of the priors, [effect, effect]."""
    with torch.no_grad():
        effects = numbers(effects_of(tensors(fitted.values), fitted.scales, shape))
    chained = laid.chained
    slopes = marginals(laid.chains, rates_of(effects, chained), *grid(fitted.nodes)).slopes
    most = (effects.skill[:, 4] - effects.skill[:, 3]) / REACH
    share = np.divide(effects.loadings[:, 3], most, out=np.zeros_like(most), where=most > 0.0)
    felt = np.stack([effects.skill[:, 3], effects.skill[:, 4], most, share], axis=1)
    steps = np.concatenate(
        [SPREAD["population"], SPREAD["loading"], fitted.scales.single, fitted.scales.combination]
    )
    widths = np.array([fitted.scales.past, SLACK, SLACK, SLACK, fitted.scales.sensitivity])
    begins = np.cumsum([0, *(int(np.prod(shape.sites[site])) for site in TOGETHER)])
    found = np.eye(size)
    _outer(
        slopes, chained, laid.chains, *shape.parts, shape.joined, felt, steps, widths, begins, found
    )
    return np.asarray(np.tril(found) + np.tril(found, -1).T)


@njit(cache=True, nogil=True)
def _outer(
    slopes: Slopes,
    situations: Situations,
    chains: Chains,
    part_starts: Integers,
    part: Integers,
    joined: Floats,
    felt: Floats,
    steps: Floats,
    widths: Floats,
    begins: Integers,
    found: Floats,
) -> None:
    """Adds the outer product of every student's score to the lower triangle of `found`."""
    score = np.zeros(len(found))
    touched, there = np.empty(len(found), dtype=np.int64), np.zeros(len(found), dtype=np.bool_)
    shared = begins[6]
    for student in range(len(chains.students) - 1):
        score[:shared] = 0.0
        count = shared
        for at in range(shared):
            touched[at] = at
        for chain in range(chains.students[student], chains.students[student + 1]):
            skill = chains.skill[chain]
            own = np.zeros(5)
            for event in range(chains.starts[chain], chains.starts[chain + 1]):
                ease = slopes.guess[event] + slopes.known[event]
                gap = situations.gap[event]
                own[0] += slopes.prior[event]
                own[1] += slopes.learn[event]
                own[2] += slopes.forget[event]
                own[3] += slopes.guess[event]
                own[4] += slopes.known[event]
                for at in range(begins[3] - begins[2]):
                    score[begins[2] + at] += situations.covariates[event, at] * ease * widths[0]
                score[begins[3] + gap] += slopes.learn[event] * widths[1]
                score[begins[4] + gap] += slopes.forget[event] * widths[2]
                score[begins[5] + situations.opportunity[event]] += slopes.learn[event] * widths[3]
            guess, known, most, share = felt[skill]
            load = slopes.loadings[chain]
            # ability's pull on guess is a share of known − guess, so it moves with both
            own[3] = (own[3] - load[3] * share / REACH) * guess
            own[4] = (own[4] + load[3] * share / REACH) * known
            bend = load[3] * most * share * (1.0 - share)
            for p in range(5):
                score[p] += own[p] * steps[p]
            for p in range(3):
                score[5 + p] += load[p] * steps[5 + p]
            score[8] += bend * steps[8]
            size = part_starts[skill + 1] - part_starts[skill]
            for at in range(part_starts[skill], part_starts[skill + 1]):
                for p in range(5):
                    place = begins[6] + part[at] * 5 + p
                    count = _add(score, touched, there, count, place, own[p] * steps[9 + p] / size)
            if joined[skill] > 0.0:
                for p in range(5):
                    place = begins[7] + skill * 5 + p
                    count = _add(score, touched, there, count, place, own[p] * steps[14 + p])
            count = _add(score, touched, there, count, begins[8] + skill, bend * widths[4])
        for i in range(count):
            for j in range(count):
                if touched[j] <= touched[i]:
                    found[touched[i], touched[j]] += score[touched[i]] * score[touched[j]]
        for i in range(count):
            score[touched[i]], there[touched[i]] = 0.0, False


@njit(cache=True, nogil=True)
def _add(
    score: Floats, touched: Integers, there: Flags, count: int, place: int, value: float
) -> int:
    """Adds to a score, remembering places not met before; gives how many are remembered."""
    if not there[place]:
        touched[count], there[place] = place, True
        count += 1
    score[place] += value
    return count
