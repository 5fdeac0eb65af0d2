"""Knowledge tracing given a student's ability, which all skills share: the filter in time order.

Ability θ ~ N(0, 1) lives on a grid of nodes. What is carried from answer to answer is small: how
likely each node is, and for every skill practised P(mastered) given each node. An answer to one
skill moves the nodes, and so what is believed of every other skill.

Ability may drift: between two answers it moves to a neighbouring node with a small probability,
balanced so that N(0, 1) stays what an unknown student's ability is (a reversible Markov chain,
Metropolis et al. 1953). Without drift the filter is exact; with it, the mastery given a node is
taken to stay with the node.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit, prange

from .deciding import answered, decisive
from .history import Flags
from .tables import Floats, Integers
from .touches import Touches
from .tracing import Traced, likelihoods

FARTHEST = 30.0
"""A logit beyond this is taken for this: e³⁰ still squares without overflow."""
TINY = 1e-12
REACH = 3.2
"""Standard deviations up to which the grid reaches: one student in 700 lies beyond."""


class Rates(NamedTuple):
    """The logits of every response at ability 0, and what ability adds.

    prior, learn, forget, guess, known  [event]; prior is read at a skill's first response, learn
                                        and forget at the later ones
    loadings                            [skill, 5] what one standard deviation of ability adds
    """

    prior: Floats
    learn: Floats
    forget: Floats
    guess: Floats
    known: Floats
    loadings: Floats


def grid(nodes: int, reach: float = REACH) -> tuple[Floats, Floats]:
    """Evenly spaced abilities up to `reach` standard deviations, and their weights.

    >>> abilities, weights = grid(3, 1.0)
    >>> abilities, weights.round(3)
    (array([-1.,  0.,  1.]), array([0.274, 0.452, 0.274]))
    """
    abilities = np.linspace(-reach, reach, nodes) if nodes > 1 else np.zeros(1)
    weights = np.exp(-0.5 * abilities**2)
    return abilities, weights / weights.sum()


def follow(
    touches: Touches, correct: Floats, rates: Rates, *, nodes: int, drift: float = 0.0
) -> Traced:
    """P(correct) before and P(mastered) after every response; `rates` are those of touches.

    >>> from .touches import alone
    >>> one = Rates(*np.array([[0.0], [0.0], [0.0], [-1.5], [3.0]]), np.zeros((1, 5)))
    >>> found = follow(alone(np.array([0, 1]), np.array([0])), np.ones(1), one, nodes=3)
    >>> found.p_correct.round(3), found.p_mastery.round(3)
    (array([0.567]), array([0.839]))
    """
    abilities, weights = grid(nodes)
    factors = np.exp(rates.loadings[:, :, None] * abilities)
    predicted, mastered = np.empty(len(correct)), np.empty(len(touches.skill))
    _follow(touches, correct, rates, factors, weights, moves(weights, drift), predicted, mastered)
    return Traced(predicted, mastered[touches.lead])


class Standing(NamedTuple):
    """Where a student stands: how likely each node is, and P(mastered) given each node.

    nodes     [node]
    mastered  [skill met, node], in the order of `skills`
    skills    [skill met] numbers of the skills met, in the order met
    """

    nodes: Floats
    mastered: Floats
    skills: Integers


def standing(
    touches: Touches, correct: Floats, rates: Rates, *, nodes: int, drift: float = 0.0
) -> tuple[Standing, Traced]:
    """Where one student stands after all responses, and what `follow` finds on the way; P(mastered)
    is that of every touch: of a response's first touch what the answer took, else the skill."""
    _, weights = grid(nodes)
    place, met = places(touches.skill)
    state = unmet(met, weights)
    traced = moved_by(touches, correct, rates, state, nodes=nodes, drift=drift)
    skills = np.empty(met, dtype=np.int64)
    skills[place] = touches.skill
    return Standing(state.belief, state.known, skills), traced


def moved_by(
    touches: Touches, correct: Floats, rates: Rates, state: State, *, nodes: int, drift: float = 0.0
) -> Traced:
    """One student goes on from a state, whose rows are the skills in the order in which these
    responses touch them; it is moved along. Gives what `standing` does."""
    abilities, weights = grid(nodes)
    factors = np.exp(rates.loadings[:, :, None] * abilities)
    predicted, mastered = np.empty(len(correct)), np.empty(len(touches.skill))
    place, _ = places(touches.skill)
    moving = moves(weights, drift)
    _follow_one(touches, 0, correct, rates, factors, moving, place, state, predicted, mastered)
    return Traced(predicted, mastered)


def moves(weights: Floats, drift: float) -> tuple[Floats, Floats]:
    """P(one node up), P(one node down) from each node, under which `weights` stay as they are.

    >>> up, down = moves(np.array([0.2, 0.6, 0.2]), 0.3)
    >>> up.round(3), down.round(3)
    (array([0.3, 0.1, 0. ]), array([0. , 0.1, 0.3]))
    """
    up, down = np.zeros((2, len(weights)))
    up[:-1] = drift * np.minimum(1.0, weights[1:] / weights[:-1])
    down[1:] = drift * np.minimum(1.0, weights[:-1] / weights[1:])
    return up, down


class State(NamedTuple):
    """A student on the way: how likely each node is; of every skill met, given each node,
    P(mastered) and what it lacks to 1, [skill met, node]; which skills have begun; and P(what the
    last answer took is mastered) given each node."""

    belief: Floats
    known: Floats
    unknown: Floats
    begun: Flags
    decided: Floats


@njit(cache=True, nogil=True)
def unmet(met: int, weights: Floats) -> State:
    """Before the first response of a student who will meet so many skills."""
    known, unknown = np.zeros((met, len(weights))), np.zeros((met, len(weights)))
    begun = np.zeros(met, dtype=np.bool_)
    return State(weights.copy(), known, unknown, begun, np.zeros(len(weights)))


@njit(cache=True, parallel=True, nogil=True)
def _follow(
    touches: Touches,
    correct: Floats,
    rates: Rates,
    factors: Floats,
    weights: Floats,
    moving: tuple[Floats, Floats],
    predicted: Floats,
    mastered: Floats,
) -> None:
    for student in prange(len(touches.students) - 1):
        first, stop = touches.students[student], touches.students[student + 1]
        begins, ends = touches.responses[first], touches.responses[stop]
        place, met = places(touches.skill[begins:ends])
        state = unmet(met, weights)
        _follow_one(
            touches,
            student,
            correct,
            rates,
            factors,
            moving,
            place,
            state,
            predicted,
            mastered,
        )


@njit(cache=True, nogil=True)
def _follow_one(
    touches: Touches,
    student: int,
    correct: Floats,
    rates: Rates,
    factors: Floats,
    moving: tuple[Floats, Floats],
    place: Integers,
    state: State,
    predicted: Floats,
    mastered: Floats,
) -> None:
    """Follows a student; leaves the standing in `state`."""
    moved = np.empty(len(state.belief))
    begins = touches.responses[touches.students[student]]
    for response in range(touches.students[student], touches.students[student + 1]):
        right = respond(touches, student, response, correct, rates, factors, place, state)
        predicted[response] = min(max(right, TINY), 1.0 - TINY)
        first = touches.responses[response]
        for touch in range(first, touches.responses[response + 1]):
            known = state.decided if touch == first else state.known[place[touch - begins]]
            mastered[touch] = np.dot(state.belief, known)
        let_drift(state.belief, moving, moved)


@njit(cache=True, nogil=True, error_model="numpy")
def respond(
    touches: Touches,
    student: int,
    response: int,
    correct: Floats,
    rates: Rates,
    factors: Floats,
    place: Integers,
    state: State,
) -> float:
    """P(correct) before one response; moves the state to after it. `place` numbers the skills of
    the student's touches."""
    begins = touches.responses[touches.students[student]]
    first, stop = touches.responses[response], touches.responses[response + 1]
    for touch in range(first, stop):
        _touch(rates, touch, factors[touches.skill[touch]], place[touch - begins], state)
    met, shares = place[first - begins : stop - begins], touches.share[first:stop]
    guesses, knows = power(rates.guess[first]), power(rates.known[first])
    factor = factors[touches.skill[first]]
    right, total = 0.0, 0.0
    known, unknown, scratch = np.empty(len(met)), np.empty(len(met)), np.empty(len(met))
    for n in range(len(state.belief)):
        for i in range(len(met)):
            known[i], unknown[i] = state.known[met[i], n], state.unknown[met[i], n]
        guess, slip = share(guesses * factor[3, n]), 1.0 / (1.0 + knows * factor[4, n])
        decided = decisive(shares, touches.all_needed, known)
        right += state.belief[n] * (decided * (1.0 - slip) + (1.0 - decided) * guess)
        in_known, in_unknown = likelihoods(correct[response], guess, slip)
        state.belief[n] *= answered(
            in_known, in_unknown, shares, touches.all_needed, known, unknown, scratch
        )
        total += state.belief[n]
        state.decided[n] = decisive(shares, touches.all_needed, known)
        for i in range(len(met)):
            state.known[met[i], n], state.unknown[met[i], n] = known[i], unknown[i]
    for n in range(len(state.belief)):
        state.belief[n] /= total
    return right


@njit(cache=True, nogil=True, error_model="numpy")
def _touch(rates: Rates, touch: int, factor: Floats, met: int, state: State) -> None:
    """A skill begins, or is learnt or forgotten since it was last touched."""
    k, u = state.known[met], state.unknown[met]
    if not state.begun[met]:
        prior = power(rates.prior[touch])
        for n in range(len(k)):
            k[n], u[n] = share(prior * factor[0, n]), 1.0 / (1.0 + prior * factor[0, n])
        state.begun[met] = True
        return
    learns, forgets = power(rates.learn[touch]), power(rates.forget[touch])
    for n in range(len(k)):
        learn, forget = share(learns * factor[1, n]), share(forgets * factor[2, n])
        k[n], u[n] = k[n] * (1.0 - forget) + u[n] * learn, u[n] * (1.0 - learn) + k[n] * forget


@njit(cache=True, nogil=True)
def let_drift(belief: Floats, moving: tuple[Floats, Floats], moved: Floats) -> None:
    """Lets the ability drift by one step."""
    up, down = moving
    nodes = len(belief)
    moved[:] = belief
    for n in range(nodes):
        belief[n] = moved[n] * (1.0 - up[n] - down[n])
        if n > 0:
            belief[n] += moved[n - 1] * up[n - 1]
        if n < nodes - 1:
            belief[n] += moved[n + 1] * down[n + 1]


@njit(cache=True, nogil=True)
def places(skill: Integers) -> tuple[Integers, int]:
    """A student's own number for each skill met, in the order met, and how many there are."""
    place = np.empty(len(skill), dtype=np.int64)
    seen = np.full(skill.max() + 1 if len(skill) else 1, -1)
    met = 0
    for event in range(len(skill)):
        if seen[skill[event]] < 0:
            seen[skill[event]] = met
            met += 1
        place[event] = seen[skill[event]]
    return place, met


@njit(cache=True, nogil=True, inline="always")
def power(logit: float) -> float:
    """The odds of a logit, kept where they can be multiplied."""
    return exp(min(max(logit, -FARTHEST), FARTHEST))


@njit(cache=True, nogil=True, inline="always")
def share(odds: float) -> float:
    """The probability of odds."""
    return odds / (1.0 + odds)
