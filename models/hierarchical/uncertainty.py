"""Laplace's approximation: how sure the fit is of every effect, and draws that are as unsure.

Everything but items and pairs is uncertain together, with the outer product of students' scores as
the information and the standard normal priors beside it. Every item and pair is uncertain on its
own, given the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numba import njit

from engine.ability import REACH, grid
from engine.effects import Situations, rates_of
from engine.errors import InvalidInput
from engine.history import Flags
from engine.tables import Floats, Integers

from .fitting import Fitted, numbers, tensors
from .kernel import Chains, Slopes, marginals
from .responses import Laid
from .story import SLACK, SPREAD, Shape, effects_of, log_joint

DRAWS = 20
"""Parameter sets beside the estimate, in opposite pairs. Each is followed on every node of ability,
so that an interval rests on hundreds of weighted values."""
TRUSTED = 0.55
"""Share of the data's information that counts beside the priors'. The top is not the middle of the
posterior, and items are held at theirs: counted in full, intervals of simulated schools of 300
students held the truth 86 % of the time in place of 90 %, those of 40 students 95 %."""
MOST_TOGETHER = 3_000
"""Effects that are uncertain together; beyond, every effect is uncertain on its own."""
MOST_CURVED = 1_000
"""Effects whose curvature is found by differences of gradients: two passes over all data each."""
STEP = 1e-3  # of a standard normal effect
LEAST_CURVATURE = 0.2
"""No effect is more uncertain than √5 prior standard deviations: the log joint is not curved
downwards everywhere along the grid of abilities."""
SHARED = ("population", "loading", "past", "gap_learn", "gap_forget", "opportunity")
TOGETHER = (*SHARED, "single", "combination", "sensitivity")
OWN = ("item", "pair")  # each effect uncertain on its own, by its standard error


def drawn(
    fitted: Fitted, laid: Laid, shape: Shape, *, draws: int = DRAWS, seed: int = 0
) -> tuple[list[dict[str, Floats]], dict[str, Floats]]:
    """Values of the sites of `TOGETHER` in draws around the top, and standard errors of `OWN`."""
    centre = np.concatenate([fitted.values[site].ravel() for site in TOGETHER])
    normals = _normals(draws, len(centre), seed)
    if len(centre) > MOST_TOGETHER:
        own = np.concatenate([fitted.information[site].ravel() for site in TOGETHER])
        flats = centre + normals / np.sqrt(1.0 + TRUSTED * own)
    else:
        root = np.linalg.cholesky(_precision(fitted, laid, shape, len(centre)))
        flats = centre + np.linalg.solve(root.T, normals.T).T
    return [sites_of(flat, shape) for flat in flats], own_errors(fitted)


def around(
    fitted: Fitted, laid: Laid, shape: Shape, *, draws: int = DRAWS, seed: int = 0
) -> tuple[list[dict[str, Floats]], dict[str, Floats]]:
    """As `drawn`, by the curvature of the log joint at the top, items together with the rest.

    The curvature is the difference of exact gradients on both sides of the top, effect by effect.
    Raises `InvalidInput` where there are too many effects for that.
    """
    sites = list(shape.sites)
    centre = np.concatenate([fitted.values[site].ravel() for site in sites])
    if len(centre) > MOST_CURVED:
        expected = f"map or svi: laplace takes at most {MOST_CURVED:,} effects"
        raise InvalidInput.at("inference", f"laplace with {len(centre):,} effects", expected)
    root = np.linalg.cholesky(_curvature(fitted, laid, shape, centre))
    flats = centre + np.linalg.solve(root.T, _normals(draws, len(centre), seed).T).T
    inverse = np.linalg.inv(root)
    errors = _split(np.sqrt((inverse**2).sum(axis=0)), shape, sites)
    own = {site: errors[site] * getattr(fitted.scales, site) for site in OWN}
    return [_split(flat, shape, sites) for flat in flats], own


def _normals(draws: int, size: int, seed: int) -> Floats:
    half = np.random.default_rng(seed).standard_normal((draws // 2, size))
    return np.concatenate([half, -half])


def _curvature(fitted: Fitted, laid: Laid, shape: Shape, centre: Floats) -> Floats:
    """−∂² log joint, [effect, effect], made positive definite where rounding left it not."""
    chained, sites = laid.chained, list(shape.sites)

    def slope(flat: Floats) -> Floats:
        z = {n: torch.tensor(v, requires_grad=True) for n, v in _split(flat, shape, sites).items()}
        log_joint(z, fitted.scales, shape, laid.chains, chained, fitted.nodes).backward()  # type: ignore[no-untyped-call]
        return np.concatenate([z[n].grad.numpy().ravel() for n in sites])  # type: ignore[union-attr]

    found = np.empty((len(centre), len(centre)))
    for at in range(len(centre)):
        step = np.zeros(len(centre))
        step[at] = STEP
        found[at] = (slope(centre - step) - slope(centre + step)) / (2.0 * STEP)
    prior = np.eye(len(centre))
    values, axes = np.linalg.eigh(prior + TRUSTED * ((found + found.T) / 2.0 - prior))
    return np.asarray((axes * np.maximum(values, LEAST_CURVATURE)) @ axes.T)


def _split(flat: Floats, shape: Shape, sites: Sequence[str]) -> dict[str, Floats]:
    found, at = {}, 0
    for site in sites:
        size = int(np.prod(shape.sites[site]))
        found[site] = flat[at : at + size].reshape(shape.sites[site])
        at += size
    return found


def sites_of(flat: Floats, shape: Shape) -> dict[str, Floats]:
    """The sites of one flat draw of those that are uncertain together."""
    return _split(flat, shape, TOGETHER)


def own_errors(fitted: Fitted) -> dict[str, Floats]:
    """Standard error of every item's and every pair's easiness, in logits."""
    return {
        site: getattr(fitted.scales, site) / np.sqrt(1.0 + TRUSTED * fitted.information[site])
        for site in OWN
    }


def scores(fitted: Fitted, laid: Laid, shape: Shape) -> Floats:
    """Every student's slope of the log-likelihood by the effects of `TOGETHER`, [student, effect]:
    what `_precision` sums the outer products of, kept apart."""
    size = sum(int(np.prod(shape.sites[site])) for site in TOGETHER)
    found = np.zeros((laid.students, size))
    _score(*_read(fitted, laid, shape), found, np.zeros((0, 0)))
    return found


def _precision(fitted: Fitted, laid: Laid, shape: Shape, size: int) -> Floats:
    """The information that students' scores give, and that of the priors, [effect, effect]."""
    found = np.zeros((size, size))
    _score(*_read(fitted, laid, shape), np.zeros((0, 0)), found)
    return np.asarray(np.eye(size) + TRUSTED * (np.tril(found) + np.tril(found, -1).T))


class Read(NamedTuple):
    """What the scores are made of.

    felt    [skill, 4] derivatives of guess and known logits by their logarithms, the most that
            ability may add to guess, and the share of it that it does
    steps   [19] what a standard normal effect of population, loading, single, combination is worth
    widths  [5] the same of past, gap_learn, gap_forget, opportunity, sensitivity
    begins  [site + 1] where each site begins
    """

    slopes: Slopes
    situations: Situations
    chains: Chains
    part_starts: Integers
    part: Integers
    joined: Floats
    felt: Floats
    steps: Floats
    widths: Floats
    begins: Integers


def _read(fitted: Fitted, laid: Laid, shape: Shape) -> Read:
    with torch.no_grad():
        effects = numbers(effects_of(tensors(fitted.values), fitted.scales, shape))
    chained, use = laid.chained, shape.ingredients
    slopes = marginals(laid.chains, rates_of(effects, chained), *grid(fitted.nodes)).slopes
    most = (effects.skill[:, 4] - effects.skill[:, 3]) / REACH * float(use.ability)
    share = np.divide(effects.loadings[:, 3], most, out=np.zeros_like(most), where=most > 0.0)
    felt = np.stack([effects.skill[:, 3], effects.skill[:, 4], most, share], axis=1)
    steps = np.concatenate(
        [SPREAD["population"], SPREAD["loading"], fitted.scales.single, fitted.scales.combination]
    )
    steps[[2, 11, 16]] *= float(use.forgets)
    steps[5:9] *= float(use.ability)
    gap, past = SLACK * float(use.gaps), fitted.scales.past * float(use.history)
    widths = np.array([past, gap, gap, SLACK, fitted.scales.sensitivity])
    begins = np.cumsum([0, *(int(np.prod(shape.sites[site])) for site in TOGETHER)])
    joined = shape.joined * float(use.combinations)
    return Read(slopes, chained, laid.chains, *shape.parts, joined, felt, steps, widths, begins)


@njit(cache=True, nogil=True)
def _score(
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
    apart: Floats,
    found: Floats,
) -> None:
    """Leaves every student's score in `apart`, or adds its outer product to the lower triangle of
    `found`, whichever has room."""
    size = begins[-1]
    score = np.zeros(size)
    touched, there = np.empty(size, dtype=np.int64), np.zeros(size, dtype=np.bool_)
    shared = begins[6]
    for student in range(len(chains.students) - 1):
        count = shared
        for at in range(shared):
            touched[at], there[at] = at, True
        for chain in range(chains.students[student], chains.students[student + 1]):
            skill, load = chains.skill[chain], slopes.loadings[chain]
            own = np.zeros(5)
            for event in range(chains.starts[chain], chains.starts[chain + 1]):
                ease = slopes.guess[event] + slopes.known[event]
                gap, learn = situations.gap[event], slopes.learn[event]
                own[0] += slopes.prior[event]
                own[1] += learn
                own[2] += slopes.forget[event]
                own[3] += slopes.guess[event]
                own[4] += slopes.known[event]
                for at in range(begins[3] - begins[2]):
                    score[begins[2] + at] += situations.covariates[event, at] * ease * widths[0]
                score[begins[3] + gap] += learn * widths[1]
                score[begins[4] + gap] += slopes.forget[event] * widths[2]
                score[begins[5] + situations.opportunity[event]] += learn * widths[3]
            guess, known, most, share = felt[skill]
            # ability's pull on guess is a share of known − guess, so it moves with both
            own[3] = (own[3] - load[3] * share / REACH) * guess
            own[4] = (own[4] + load[3] * share / REACH) * known
            bend = load[3] * most * share * (1.0 - share)
            for p in range(5):
                score[p] += own[p] * steps[p]
            for p in range(3):
                score[5 + p] += load[p] * steps[5 + p]
            score[8] += bend * steps[8]
            parts = part_starts[skill + 1] - part_starts[skill]
            for at in range(part_starts[skill], part_starts[skill + 1]):
                for p in range(5):
                    place = begins[6] + part[at] * 5 + p
                    value = own[p] * steps[9 + p] / parts
                    count = _add(score, touched, there, count, place, value)
            for p in range(5):
                place = begins[7] + skill * 5 + p
                value = own[p] * steps[14 + p] * joined[skill]
                count = _add(score, touched, there, count, place, value)
            count = _add(score, touched, there, count, begins[8] + skill, bend * widths[4])
        if len(apart):
            apart[student] = score
        else:
            _square(score, touched[:count], found)
        for i in range(count):
            score[touched[i]], there[touched[i]] = 0.0, False


@njit(cache=True, nogil=True)
def _square(score: Floats, touched: Integers, found: Floats) -> None:
    """Adds the outer product of a score, of which only some places are filled."""
    for row in touched:
        for column in touched:
            if column <= row:
                found[row, column] += score[row] * score[column]


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
