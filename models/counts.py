"""Expected counts, event by event: the E-step and the exact gradient of every family member.

For every sequence, forward: the state before an answer and P(answer); backward: how much more
likely each state makes the answers that follow. Together they give, for every row of every table
(`engine.tables`), the expected times that it happened and did not, under the posterior of the
hidden states. That is the E-step of EM, and by Fisher's identity also the gradient:

    ∂ log P / ∂θ = happened / θ − did not / (1 − θ)

Columns are nodes of a student's ability. Sequences of one group share it: given a node they are
independent, so a group's likelihood is Σ weight · Π P(sequence | node), and the nodes' posterior
weighs their counts. The prefix trie is faster where all students of a skill share everything;
this road takes any mixture of rows, at a cost and with memory linear in the number of events.
"""

from __future__ import annotations

from math import exp, inf, log
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from engine.tables import Floats, Indexed, Integers, Tables
from engine.tracing import likelihoods, safe_log

from .division import Division
from .far import count_far, far_height

LEAST = 1e-280
"""A joint probability below this sends its sequence down the road in logarithms."""
SMALLEST_PRODUCT = 1e-200  # of probabilities, before their logarithm is taken
ONE_NODE = np.ones((1, 1))


class Counted(NamedTuple):
    """What one pass finds.

    log_likelihood  [group]
    posterior       [group, node] weight of each node, given the group's answers
    counts          for each table, [row, node, 2]: expected times that it happened, and did not
    """

    log_likelihood: Floats
    posterior: Floats
    counts: Tables


def count(
    indexed: Indexed,
    division: Division,
    tables: Tables,
    weights: Floats = ONE_NODE,
    *,
    blocks: Integers | None = None,
) -> Counted:
    """Expected counts and log-likelihood under the tables, of all blocks or of those named.

    `weights`, [group, node] or [1, node], are the nodes' probabilities before any answer. What
    belongs to other groups and rows than those of the blocks is zero.

    >>> from .division import divided
    >>> one = Tables(*(np.array([[p]]) for p in (0.5, 0.2, 0.0, 0.2, 0.1)))
    >>> rows = np.array([0, 0])
    >>> two = Indexed(np.array([0, 2]), np.array([1.0, 0.0]), rows[:1], rows, rows)
    >>> found = count(two, divided(two, np.array([0, 1])), one)
    >>> round(float(np.exp(found.log_likelihood[0])), 6)
    0.111
    """
    nodes, groups = tables.columns, len(division.group_starts) - 1
    which = np.arange(len(division.slot)) if blocks is None else blocks
    log_likelihood, posterior = np.zeros(groups), np.zeros((groups, nodes))
    slots = 1 + int(division.slot.max(initial=0))
    counts = Tables(
        *(
            np.zeros((slots if shared else 1, len(table), nodes, 2))
            for table, shared in zip(tables, division.shared, strict=True)
        )
    )
    _count(indexed, division, tables, weights, which, log_likelihood, posterior, counts)
    return Counted(log_likelihood, posterior, Tables(*(table.sum(axis=0) for table in counts)))


def gradient(counts: Tables, tables: Tables) -> Tables:
    """Derivative of the log-likelihood with respect to every entry of the tables.

    The entries lie strictly between 0 and 1.
    """
    return Tables(
        *(
            found[..., 0] / table - found[..., 1] / (1.0 - table)
            for found, table in zip(counts, tables, strict=True)
        )
    )


def smoothed(
    indexed: Indexed, division: Division, tables: Tables, weights: Floats = ONE_NODE
) -> Floats:
    """P(mastered) at every response given the student's whole sequence, [event].

    >>> from .division import divided
    >>> one = Tables(*(np.array([[p]]) for p in (0.5, 0.2, 0.0, 0.2, 0.1)))
    >>> rows = np.array([0, 0])
    >>> two = Indexed(np.array([0, 2]), np.array([1.0, 0.0]), rows[:1], rows, rows)
    >>> smoothed(two, divided(two, np.array([0, 1])), one).round(4)
    array([0.4054, 0.4234])
    """
    # a guess and slip of its own for every response: their counts are its states
    own = np.arange(len(indexed.correct))
    alone = indexed._replace(emission=own)
    rows = indexed.emission
    apart = division._replace(shared=division.shared * np.array([1, 1, 1, 0, 0]))
    per_event = tables._replace(guess=tables.guess[rows], slip=tables.slip[rows])
    counts = count(alone, apart, per_event, weights).counts
    # the posterior of a certain state may round to a little more than 1
    return np.asarray(np.minimum(counts.slip.sum(axis=(1, 2)), 1.0))


@njit(cache=True, parallel=True, nogil=True)
def _count(
    indexed: Indexed,
    division: Division,
    tables: Tables,
    weights: Floats,
    which: Integers,
    log_likelihood: Floats,
    posterior: Floats,
    counts: Tables,
) -> None:
    for job in prange(len(which)):
        block = which[job]
        copies = division.shared * division.slot[block]
        into = Tables(
            counts.prior[copies[0]],
            counts.learn[copies[1]],
            counts.forget[copies[2]],
            counts.guess[copies[3]],
            counts.slip[copies[4]],
        )
        first, last = division.block_starts[block], division.block_starts[block + 1]
        room = _room(indexed.starts, division.group_starts[first : last + 1], posterior.shape[1])
        for group in range(first, last):
            log_likelihood[group] = _count_group(
                indexed,
                tables,
                weights[min(group, len(weights) - 1)],
                division.group_starts[group],
                division.group_starts[group + 1],
                posterior[group],
                room,
                into,
            )


class _Room(NamedTuple):
    """What is kept of a group between the two passes over it, with room for the largest.

    states   [node, event, 3] P(mastered), P(not) after the answer, and 1 / P(answer)
    heights  [sequence, node] log P(answers)
    near     [sequence, node] whether no state became next to impossible
    """

    states: Floats
    heights: Floats
    near: NDArray[np.bool_]


@njit(cache=True, nogil=True)
def _room(starts: Integers, group_starts: Integers, nodes: int) -> _Room:
    sequences = events = 0
    for group in range(len(group_starts) - 1):
        first, last = group_starts[group], group_starts[group + 1]
        sequences, events = max(sequences, last - first), max(events, starts[last] - starts[first])
    heights, near = np.empty((sequences, nodes)), np.empty((sequences, nodes), dtype=np.bool_)
    return _Room(np.empty((nodes, events, 3)), heights, near)


@njit(cache=True, nogil=True)
def _count_group(
    indexed: Indexed,
    tables: Tables,
    weights: Floats,
    first: int,
    last: int,
    posterior: Floats,
    room: _Room,
    counts: Tables,
) -> float:
    """Adds the counts of a group of sequences; gives its log-likelihood."""
    begins, heights = indexed.starts[first], room.heights[: last - first]
    for sequence in range(first, last):
        start, here = indexed.starts[sequence] - begins, sequence - first
        for node in range(len(weights)):
            heights[here, node], room.near[here, node] = _forward(
                indexed, tables, sequence, node, room.states, start
            )
            if not room.near[here, node]:
                heights[here, node] = far_height(indexed, tables, sequence, node)
    total = _weigh(heights, weights, posterior)
    for sequence in range(first, last):
        start, here = indexed.starts[sequence] - begins, sequence - first
        for node in range(len(weights)):
            weight = posterior[node]
            if weight > 0.0 and room.near[here, node]:
                _backward(indexed, tables, sequence, node, weight, room.states, start, counts)
            elif weight > 0.0:
                count_far(indexed, tables, sequence, node, weight, counts)
    return total


@njit(cache=True, nogil=True)
def _weigh(heights: Floats, weights: Floats, posterior: Floats) -> float:
    """log Σ weight · Π P(sequence | node); leaves the nodes' posterior in `posterior`."""
    highest = -inf
    for node in range(len(weights)):
        posterior[node] = safe_log(weights[node]) + heights[:, node].sum()
        highest = max(highest, posterior[node])
    total = 0.0
    for node in range(len(weights)):
        posterior[node] = exp(posterior[node] - highest)
        total += posterior[node]
    for node in range(len(weights)):
        posterior[node] /= total
    return highest + log(total)


@njit(cache=True, nogil=True, error_model="numpy")
def _forward(
    indexed: Indexed, tables: Tables, sequence: int, node: int, states: Floats, start: int
) -> tuple[float, bool]:
    """log P(answers), and whether no state became next to impossible: else what was left in
    `states`, from `start` on, is of no use."""
    first, last = indexed.starts[sequence], indexed.starts[sequence + 1]
    k = tables.prior[indexed.prior[sequence], node]
    u = 1.0 - k
    product, least, height = 1.0, 1.0, 0.0
    for event in range(first, last):
        if event > first:
            step = indexed.transition[event]
            learn, forget = tables.learn[step, node], tables.forget[step, node]
            k, u = k * (1.0 - forget) + u * learn, u * (1.0 - learn) + k * forget
        row, here = indexed.emission[event], start + event - first
        guess, slip = tables.guess[row, node], tables.slip[row, node]
        if_known, if_unknown = likelihoods(indexed.correct[event], guess, slip)
        k, u = k * if_known, u * if_unknown
        least = min(least, min(k, u))
        inverse = 1.0 / (k + u)
        product *= k + u
        k, u = k * inverse, u * inverse
        states[node, here, 0], states[node, here, 1], states[node, here, 2] = k, u, inverse
        if product < SMALLEST_PRODUCT:
            height += safe_log(product)
            product = 1.0
    return height + safe_log(product), least > LEAST


@njit(cache=True, nogil=True)
def _backward(
    indexed: Indexed,
    tables: Tables,
    sequence: int,
    node: int,
    weight: float,
    states: Floats,
    start: int,
    counts: Tables,
) -> None:
    """Adds the expected counts of one sequence, times its weight; after `_forward`."""
    first, last = indexed.starts[sequence], indexed.starts[sequence + 1]
    back_known = back_unknown = weight
    for event in range(last - 1, first - 1, -1):
        here, row, correct = start + event - first, indexed.emission[event], indexed.correct[event]
        in_known = states[node, here, 0] * back_known
        in_unknown = states[node, here, 1] * back_unknown
        counts.guess[row, node, 0] += in_unknown * correct
        counts.guess[row, node, 1] += in_unknown * (1.0 - correct)
        counts.slip[row, node, 0] += in_known * (1.0 - correct)
        counts.slip[row, node, 1] += in_known * correct
        if event == first:
            counts.prior[indexed.prior[sequence], node, 0] += in_known
            counts.prior[indexed.prior[sequence], node, 1] += in_unknown
            return
        known, unknown = likelihoods(correct, tables.guess[row, node], tables.slip[row, node])
        to_known = known * back_known * states[node, here, 2]
        to_unknown = unknown * back_unknown * states[node, here, 2]
        step = indexed.transition[event]
        learn, forget = tables.learn[step, node], tables.forget[step, node]
        k, u = states[node, here - 1, 0], states[node, here - 1, 1]
        counts.learn[step, node, 0] += u * learn * to_known
        counts.learn[step, node, 1] += u * (1.0 - learn) * to_unknown
        counts.forget[step, node, 0] += k * forget * to_unknown
        counts.forget[step, node, 1] += k * (1.0 - forget) * to_known
        back_known = (1.0 - forget) * to_known + forget * to_unknown
        back_unknown = (1.0 - learn) * to_unknown + learn * to_known
