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
        for group in range(division.block_starts[block], division.block_starts[block + 1]):
            first, last = division.group_starts[group], division.group_starts[group + 1]
            prior_weights = weights[min(group, len(weights) - 1)]
            log_likelihood[group] = _count_group(
                indexed, tables, prior_weights, first, last, posterior[group], into
            )


@njit(cache=True, nogil=True)
def _count_group(
    indexed: Indexed,
    tables: Tables,
    weights: Floats,
    first: int,
    last: int,
    posterior: Floats,
    counts: Tables,
) -> float:
    """Adds the counts of a group of sequences; gives its log-likelihood."""
    nodes = len(weights)
    begins = indexed.starts[first]
    room = np.empty((indexed.starts[last] - begins, 3, nodes))
    heights = np.empty((last - first, nodes))
    near = np.empty((last - first, nodes), dtype=np.bool_)
    for sequence in range(first, last):
        start, here = indexed.starts[sequence], sequence - first
        _forward(indexed, tables, sequence, room[start - begins :], heights[here], near[here])
        for node in range(nodes):
            if not near[here, node]:
                heights[here, node] = far_height(indexed, tables, sequence, node)
    total = _weigh(heights, weights, posterior)
    for sequence in range(first, last):
        start, here = indexed.starts[sequence] - begins, sequence - first
        _backward(indexed, tables, sequence, room[start:], posterior * near[here], counts)
        for node in range(nodes):
            if not near[here, node] and posterior[node] > 0.0:
                count_far(indexed, tables, sequence, node, posterior[node], counts)
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
    indexed: Indexed, tables: Tables, sequence: int, room: Floats, heights: Floats, near: Floats
) -> None:
    """Leaves the state after every answer and 1/P(answer) in `room`, log P(answers) in `heights`.

    Not `near` is a node where a state became next to impossible: what was left there is of no use.
    """
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    nodes = len(heights)
    prior = tables.prior[indexed.prior[sequence]]
    product, least = np.ones(nodes), np.ones(nodes)
    heights[:] = 0.0
    for event in range(start, stop):
        here = room[event - start]
        if event == start:
            here[0], here[1] = prior, 1.0 - prior
        else:
            before = room[event - start - 1]
            row = indexed.transition[event]
            learn, forget = tables.learn[row], tables.forget[row]
            for n in range(nodes):
                here[0, n] = before[0, n] * (1.0 - forget[n]) + before[1, n] * learn[n]
                here[1, n] = before[1, n] * (1.0 - learn[n]) + before[0, n] * forget[n]
        correct, row = indexed.correct[event], indexed.emission[event]
        guess, slip = tables.guess[row], tables.slip[row]
        smallest = 1.0
        for n in range(nodes):
            known, unknown = likelihoods(correct, guess[n], slip[n])
            k, u = here[0, n] * known, here[1, n] * unknown
            least[n] = min(least[n], min(k, u))
            p = k + u
            here[0, n], here[1, n], here[2, n] = k / p, u / p, 1.0 / p
            product[n] *= p
            smallest = min(smallest, product[n])
        if smallest < SMALLEST_PRODUCT:
            for n in range(nodes):
                heights[n] += safe_log(product[n])
                product[n] = 1.0
    for n in range(nodes):
        heights[n] += safe_log(product[n])
        near[n] = least[n] > LEAST


@njit(cache=True, nogil=True)
def _backward(
    indexed: Indexed, tables: Tables, sequence: int, room: Floats, weights: Floats, counts: Tables
) -> None:
    """Adds the expected counts of one sequence, each node's times its weight; after `_forward`."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    nodes = len(weights)
    back_known, back_unknown = weights.copy(), weights.copy()
    for event in range(stop - 1, start - 1, -1):
        here = room[event - start]
        correct, row = indexed.correct[event], indexed.emission[event]
        guess, slip = counts.guess[row], counts.slip[row]
        for n in range(nodes):
            if weights[n] > 0.0:
                in_known, in_unknown = here[0, n] * back_known[n], here[1, n] * back_unknown[n]
                guess[n, 0] += in_unknown * correct
                guess[n, 1] += in_unknown * (1.0 - correct)
                slip[n, 0] += in_known * (1.0 - correct)
                slip[n, 1] += in_known * correct
        if event == start:
            prior = counts.prior[indexed.prior[sequence]]
            for n in range(nodes):
                if weights[n] > 0.0:
                    prior[n, 0] += here[0, n] * back_known[n]
                    prior[n, 1] += here[1, n] * back_unknown[n]
            return
        before = room[event - start - 1]
        step = indexed.transition[event]
        learnt, forgot = counts.learn[step], counts.forget[step]
        for n in range(nodes):
            if weights[n] > 0.0:
                known, unknown = likelihoods(correct, tables.guess[row, n], tables.slip[row, n])
                to_known = known * back_known[n] * here[2, n]
                to_unknown = unknown * back_unknown[n] * here[2, n]
                learn, forget = tables.learn[step, n], tables.forget[step, n]
                k, u = before[0, n], before[1, n]
                learnt[n, 0] += u * learn * to_known
                learnt[n, 1] += u * (1.0 - learn) * to_unknown
                forgot[n, 0] += k * forget * to_unknown
                forgot[n, 1] += k * (1.0 - forget) * to_known
                back_known[n] = (1.0 - forget) * to_known + forget * to_unknown
                back_unknown[n] = (1.0 - learn) * to_unknown + learn * to_known
