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
from engine.tracing import likelihoods, log_sum, safe_log

LEAST = 1e-280
"""A joint probability below this sends its sequence down the road in logarithms."""
SMALLEST_PRODUCT = 1e-200  # of probabilities, before their logarithm is taken
BLOCK_EVENTS = 20_000
MOST_BLOCKS = 32
"""A thread counts a block of at least so many events at a time, and there are about so many blocks
at most, of skills that share no row. Blocks, and so the sums, are the same for any number of
threads."""
ONE_NODE = np.ones((1, 1))


class Division(NamedTuple):
    """How the counting is divided.

    group_starts  [group + 1] sequences that share one ability
    block_starts  [block + 1] groups that are counted by one thread
    slot          [block] the copy of a shared table that a block counts into; blocks of the same
                  slot share no row
    shared        [table] whether any row is read by blocks of different slots
    """

    group_starts: Integers
    block_starts: Integers
    slot: Integers
    shared: Integers


class Counted(NamedTuple):
    """What one pass finds.

    log_likelihood  [group]
    posterior       [group, node] weight of each node, given the group's answers
    counts          for each table, [row, node, 2]: expected times that it happened, and did not
    """

    log_likelihood: Floats
    posterior: Floats
    counts: Tables


def divided(indexed: Indexed, group_starts: Integers, owner: Integers | None = None) -> Division:
    """Blocks of sequences that lie together.

    With `owner`, [group], blocks end where the owner (a skill) changes, and owners share no row.
    """
    event_starts = indexed.starts[group_starts]
    groups = len(group_starts) - 1
    owners = np.zeros(groups, dtype=np.int64) if owner is None else owner
    within = event_starts[:-1] - event_starts[np.searchsorted(owners, owners)]
    part = np.stack([owners, within // max(BLOCK_EVENTS, len(indexed.correct) // MOST_BLOCKS)])
    cuts = np.flatnonzero((np.diff(part, axis=1) != 0).any(axis=0)) + 1
    block_starts = np.concatenate([[0], cuts, [groups]]).astype(np.int64)
    of_block = owners[block_starts[:-1]] if groups else np.zeros(1, dtype=np.int64)
    slot = np.arange(len(of_block)) - np.searchsorted(of_block, of_block)
    in_slot = np.repeat(slot, np.diff(group_starts[block_starts]))
    per_event = np.repeat(in_slot, np.diff(indexed.starts))
    shared = [
        _shared(indexed.prior, in_slot),
        _shared(indexed.transition[indexed.transition >= 0], per_event[indexed.transition >= 0]),
        _shared(indexed.emission, per_event),
    ]
    return Division(group_starts, block_starts, slot, np.array(shared)[[0, 1, 1, 2, 2]])


def _shared(rows: Integers, slot: Integers) -> int:
    """1 if any row is read in two slots, else 0."""
    first = np.empty(rows.max(initial=-1) + 1, dtype=np.int64)
    first[rows] = slot
    return int((first[rows] != slot).any())


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
    """Derivative of the log-likelihood with respect to every entry of the tables."""
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
    return np.asarray(counts.slip.sum(axis=(1, 2)))


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
                _count_far(indexed, tables, sequence, node, posterior[node], counts)
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


@njit(cache=True, nogil=True)
def _far_forward(indexed: Indexed, tables: Tables, sequence: int, node: int) -> Floats:
    """log P(answers so far, state) after every answer, [response, 2: mastered, not mastered]."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    found = np.empty((stop - start, 2))
    prior = tables.prior[indexed.prior[sequence], node]
    k, u = safe_log(prior), safe_log(1.0 - prior)
    for event in range(start, stop):
        if event > start:
            row = indexed.transition[event]
            learn, forget = tables.learn[row, node], tables.forget[row, node]
            k, u = (
                log_sum(k + safe_log(1.0 - forget), u + safe_log(learn)),
                log_sum(u + safe_log(1.0 - learn), k + safe_log(forget)),
            )
        row = indexed.emission[event]
        known, unknown = likelihoods(
            indexed.correct[event], tables.guess[row, node], tables.slip[row, node]
        )
        k, u = k + safe_log(known), u + safe_log(unknown)
        found[event - start, 0], found[event - start, 1] = k, u
    return found


@njit(cache=True, nogil=True)
def far_height(indexed: Indexed, tables: Tables, sequence: int, node: int) -> float:
    """log P(answers of a sequence), by logarithms throughout."""
    last = _far_forward(indexed, tables, sequence, node)[-1]
    return log_sum(last[0], last[1])


@njit(cache=True, nogil=True)
def _count_far(
    indexed: Indexed, tables: Tables, sequence: int, node: int, weight: float, counts: Tables
) -> None:
    """As `_backward`, in logarithms: slower, and exact through 100,000 right or wrong answers."""
    start, stop = indexed.starts[sequence], indexed.starts[sequence + 1]
    ahead = _far_forward(indexed, tables, sequence, node)
    total = log_sum(ahead[-1, 0], ahead[-1, 1])
    back_known, back_unknown = -total, -total
    for event in range(stop - 1, start - 1, -1):
        k, u = ahead[event - start]
        correct, row = indexed.correct[event], indexed.emission[event]
        in_known, in_unknown = weight * exp(k + back_known), weight * exp(u + back_unknown)
        counts.guess[row, node, 0] += in_unknown * correct
        counts.guess[row, node, 1] += in_unknown * (1.0 - correct)
        counts.slip[row, node, 0] += in_known * (1.0 - correct)
        counts.slip[row, node, 1] += in_known * correct
        if event == start:
            counts.prior[indexed.prior[sequence], node, 0] += in_known
            counts.prior[indexed.prior[sequence], node, 1] += in_unknown
            return
        known, unknown = likelihoods(correct, tables.guess[row, node], tables.slip[row, node])
        to_known, to_unknown = safe_log(known) + back_known, safe_log(unknown) + back_unknown
        row = indexed.transition[event]
        learn, forget = tables.learn[row, node], tables.forget[row, node]
        k, u = ahead[event - start - 1]
        learnt, kept = safe_log(learn) + to_known, safe_log(1.0 - forget) + to_known
        stayed, forgot = safe_log(1.0 - learn) + to_unknown, safe_log(forget) + to_unknown
        counts.learn[row, node, 0] += weight * exp(u + learnt)
        counts.learn[row, node, 1] += weight * exp(u + stayed)
        counts.forget[row, node, 0] += weight * exp(k + forgot)
        counts.forget[row, node, 1] += weight * exp(k + kept)
        back_known, back_unknown = log_sum(kept, forgot), log_sum(stayed, learnt)
