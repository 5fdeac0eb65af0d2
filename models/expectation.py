"""The E-step: expected counts and log-likelihood of many parameter sets at once, on the trie.

For a node n with answer y, its weight w (students passing), the state before the answer (k, u)
and transition A:

    p(n)   = k·E₁(y) + u·E₀(y)                      P(answer | the answers before it)
    logL   = Σ w·log p
    M(s)   = Σ over children c of E_s(y_c)·B_c(s) / p(c)
    B(s)   = ending + Σ_s' A(s, s')·M(s')           weighted backward message
    γ(s)   = posterior(s)·B(s)                      expected students in state s; Σ_s γ(s) = w

LANES parameter sets run side by side through the same pass: they share every index and branch, so
restarts, line searches and finite differences cost little more than a single evaluation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import get_num_threads, njit, prange
from numba.np.ufunc.parallel import get_thread_id

from engine.tables import Floats, Integers

from .lanes import LANES, keep_where, load, logarithm, spread, store
from .trie import Tries

LEAST = 1e-280
"""A state less likely than this counts as impossible from there on, in both directions: its
backward message would overflow. That takes some hundred right answers in a row without forgetting,
and only as many wrong ones after them could tell. (The filter in `engine` has no such limit.)"""
FACTORS = 16
"""Probabilities multiplied before a logarithm is taken; each is at least about 1e-15."""
ROOM = 5 * LANES  # numbers kept for a node: state after the answer, 1/p, messages from children


class Expected(NamedTuple):
    """What one pass finds for every skill and lane.

    log_likelihood  [skill, lane]
    counts          [skill, lane, parameter, 2] expected times each of (prior, learn, forget,
                    guess, slip) happened, and did not
    """

    log_likelihood: Floats
    counts: Floats


def scratch_for(tries: Tries) -> Floats:
    """Room for passes over these tries, [thread, numbers]: small enough to stay in the cache."""
    largest = int(np.diff(tries.node_starts).max(initial=0))
    return np.empty((get_num_threads(), largest * ROOM))


def expect(tries: Tries, which: Integers, parameters: Floats, scratch: Floats) -> Expected:
    """Expected counts under `parameters`, shape [len(which), LANES, 5], for the skills `which`.

    >>> import pandas as pd
    >>> from .sequences import sequences_of
    >>> from .trie import tries_of
    >>> table = pd.DataFrame({"student": ["a"], "skill": ["x"], "correct": [1]})
    >>> tries = tries_of(sequences_of(table))
    >>> one = np.tile([0.5, 0.2, 0.0, 0.2, 0.1], (1, LANES, 1))
    >>> found = expect(tries, np.array([0]), one, scratch_for(tries))
    >>> float(np.exp(found.log_likelihood[0, 0])).__round__(12)
    0.55
    """
    log_likelihood = np.zeros((len(which), LANES))
    counts = np.empty((len(which), 10 * LANES))
    by_parameter = np.ascontiguousarray(parameters.transpose(0, 2, 1)).reshape(len(which), -1)
    _expect(tries, which, by_parameter, scratch, log_likelihood, counts)
    return Expected(log_likelihood, counts.reshape(len(which), 5, 2, LANES).transpose(0, 3, 1, 2))


@njit(cache=True, parallel=True, nogil=True)
def _expect(
    tries: Tries,
    which: Integers,
    parameters: Floats,
    scratch: Floats,
    log_likelihood: Floats,
    counts: Floats,
) -> None:
    for job in prange(len(which)):
        a, b = tries.node_starts[which[job]], tries.node_starts[which[job] + 1]
        shown = _emissions(tries.answers, parameters[job])
        room = scratch[get_thread_id()]
        parent, answer = tries.parent[a:b], tries.answer[a:b]
        forward(
            parent, answer, tries.passing[a:b], parameters[job], shown, room, log_likelihood[job]
        )
        backward(
            parent,
            answer,
            tries.ending[a:b],
            tries.answers,
            parameters[job],
            shown,
            room,
            counts[job],
        )


@njit(cache=True, nogil=True)
def _emissions(answers: Floats, parameters: Floats) -> Floats:
    """P(answer | not mastered), P(answer | mastered) for every answer: [answer, 2, lane], flat."""
    shown = np.empty(len(answers) * 2 * LANES)
    for value in range(len(answers)):
        y = answers[value]
        for lane in range(LANES):
            guess, slip = parameters[3 * LANES + lane], parameters[4 * LANES + lane]
            at = 2 * LANES * value + lane
            shown[at] = guess**y * (1.0 - guess) ** (1.0 - y)
            shown[at + LANES] = (1.0 - slip) ** y * slip ** (1.0 - y)
    return shown


@njit(cache=True, nogil=True, error_model="numpy")
def forward(
    parent: Integers,
    answer: Integers,
    passing: Floats,
    parameters: Floats,
    shown: Floats,
    room: Floats,
    log_likelihood: Floats,
) -> None:
    """The state after every answer, and the log-likelihood, parents before children."""
    prior, learn, forget = load(parameters, 0), load(parameters, LANES), load(parameters, 2 * LANES)
    zero = spread(0.0)
    factors, total = spread(1.0), spread(0.0)
    pending = 0
    for node in range(len(parent)):
        above = parent[node] * ROOM
        if above < 0:
            known, unknown = prior, 1.0 - prior
        else:
            k, u = load(room, above), load(room, above + LANES)
            known = k * (1.0 - forget) + u * learn
            unknown = u * (1.0 - learn) + k * forget
        at = 2 * LANES * answer[node]
        known *= load(shown, at + LANES)
        unknown *= load(shown, at)
        inverse = 1.0 / (known + unknown)
        here = node * ROOM
        k, u = known * inverse, unknown * inverse
        store(room, here, keep_where(k, LEAST, k))
        store(room, here + LANES, keep_where(u, LEAST, u))
        store(room, here + 2 * LANES, inverse)
        store(room, here + 3 * LANES, zero)
        store(room, here + 4 * LANES, zero)
        if passing[node] == 1.0:  # most nodes: one logarithm for many of them
            factors *= inverse
            pending += 1
            if pending == FACTORS:
                total = total - logarithm(factors)
                factors = spread(1.0)
                pending = 0
        else:
            total = total - logarithm(inverse) * passing[node]
    store(log_likelihood, 0, total - logarithm(factors))


@njit(cache=True, nogil=True)
def backward(
    parent: Integers,
    answer: Integers,
    ending: Floats,
    answers: Floats,
    parameters: Floats,
    shown: Floats,
    room: Floats,
    counts: Floats,
) -> None:
    """Expected counts, children before parents; needs what `forward` left in `room`."""
    learn, forget = load(parameters, LANES), load(parameters, 2 * LANES)
    zero = spread(0.0)
    started_known, started_unknown = zero, zero
    learnt, not_learnt, forgot, kept = zero, zero, zero, zero
    guessed, not_guessed, slipped, not_slipped = zero, zero, zero, zero
    for node in range(len(parent) - 1, -1, -1):
        here = node * ROOM
        k, u = load(room, here), load(room, here + LANES)
        toward_known, toward_unknown = load(room, here + 3 * LANES), load(room, here + 4 * LANES)
        by_learning = learn * toward_known
        by_not_learning = (1.0 - learn) * toward_unknown
        by_forgetting = forget * toward_unknown
        by_keeping = (1.0 - forget) * toward_known
        learnt += u * by_learning
        not_learnt += u * by_not_learning
        forgot += k * by_forgetting
        kept += k * by_keeping
        from_known = keep_where(k, LEAST, by_keeping + by_forgetting + ending[node])
        from_unknown = keep_where(u, LEAST, by_not_learning + by_learning + ending[node])
        in_known, in_unknown = k * from_known, u * from_unknown
        right = answers[answer[node]]
        guessed += in_unknown * right
        not_guessed += in_unknown * (1.0 - right)
        slipped += in_known * (1.0 - right)
        not_slipped += in_known * right
        above = parent[node] * ROOM
        if above < 0:
            started_known += in_known
            started_unknown += in_unknown
        else:
            inverse = load(room, here + 2 * LANES)
            at = 2 * LANES * answer[node]
            more_known = load(shown, at + LANES) * from_known * inverse
            more_unknown = load(shown, at) * from_unknown * inverse
            store(room, above + 3 * LANES, load(room, above + 3 * LANES) + more_known)
            store(room, above + 4 * LANES, load(room, above + 4 * LANES) + more_unknown)
    store(counts, 0 * LANES, started_known)
    store(counts, 1 * LANES, started_unknown)
    store(counts, 2 * LANES, learnt)
    store(counts, 3 * LANES, not_learnt)
    store(counts, 4 * LANES, forgot)
    store(counts, 5 * LANES, kept)
    store(counts, 6 * LANES, guessed)
    store(counts, 7 * LANES, not_guessed)
    store(counts, 8 * LANES, slipped)
    store(counts, 9 * LANES, not_slipped)
