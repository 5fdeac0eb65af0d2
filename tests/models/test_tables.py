"""The event road against the trie road, and against the enumeration of all hidden paths."""

from itertools import pairwise, product

import numpy as np
import pytest

from models.expectation import expect, scratch_for
from models.lanes import LANES
from models.sequences import sequences_of
from models.tables import NO_ROW, Indexed, Tables, count
from models.trie import tries_of

from .conftest import TRUTH, simulated

RNG = np.random.default_rng(8)


def indexed_by_skill(sequences):
    """Classic BKT: every index is the skill."""
    skill = np.repeat(sequences.skill_of, np.diff(sequences.starts))
    transition = skill.copy()
    transition[sequences.starts[:-1]] = NO_ROW
    correct = sequences.correct[sequences.order]
    return Indexed(
        sequences.skill_starts, sequences.starts, correct, sequences.skill_of, transition, skill
    )


def test_event_by_event_and_on_the_trie_everything_agrees(events):
    sequences = sequences_of(events)
    tries = tries_of(sequences)
    parameters = RNG.uniform(0.05, 0.9, (2, 5))
    lanes = np.repeat(parameters[:, None], LANES, axis=1)
    on_trie = expect(tries, np.arange(2), lanes, scratch_for(tries))
    by_event = count(indexed_by_skill(sequences), Tables(*parameters.T), np.arange(2))
    np.testing.assert_allclose(by_event.log_likelihood, on_trie.log_likelihood[:, 0], rtol=1e-12)
    counts = np.stack(by_event.counts, axis=1)
    np.testing.assert_allclose(counts, on_trie.counts[:, 0], rtol=1e-9)


def enumerated(correct, prior, transition, emission, tables):
    """log P and the expected counts of one sequence that reads a row of its own for everything."""
    total, counts = 0.0, [np.zeros((len(table), 2)) for table in tables]
    for path in product((0, 1), repeat=len(correct)):
        p = tables.prior[prior] if path[0] else 1 - tables.prior[prior]
        seen = [(0, prior, 1 - path[0])]
        for t, state in enumerate(path):
            if t:
                row, before = transition[t], path[t - 1]
                table = 2 if before else 1
                changed = state != before
                chance = tables[table][row]
                p *= chance if changed else 1 - chance
                seen.append((table, row, 0 if changed else 1))
            table, right = (4, 1 - correct[t]) if state else (3, correct[t])
            chance = tables[table][emission[t]]
            p *= chance if right else 1 - chance
            seen.append((table, emission[t], int(1 - right)))
        total += p
        for table, row, column in seen:
            counts[table][row, column] += p
    return np.log(total), [c / total for c in counts]


def test_each_response_reads_its_own_rows():
    tables = Tables(*(RNG.uniform(0.05, 0.95, size) for size in (2, 3, 3, 4, 4)))
    correct = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    starts, prior = np.array([0, 4, 6]), np.array([1, 0])
    transition = np.array([NO_ROW, 2, 0, 1, NO_ROW, 2])
    emission = np.array([3, 0, 1, 1, 2, 3])
    indexed = Indexed(np.array([0, 2]), starts, correct, prior, transition, emission)
    found = count(indexed, tables, np.array([0]))
    each = [
        enumerated(correct[a:b], prior[s], transition[a:b], emission[a:b], tables)
        for s, (a, b) in enumerate(pairwise(starts))
    ]
    assert found.log_likelihood[0] == pytest.approx(sum(e[0] for e in each), abs=1e-12)
    for table, counted in enumerate(found.counts):
        np.testing.assert_allclose(counted, sum(e[1][table] for e in each), atol=1e-12)


def test_the_same_counts_come_out_bit_for_bit_every_time():
    indexed = indexed_by_skill(sequences_of(simulated(TRUTH, students=500)))
    tables = Tables(*RNG.uniform(0.1, 0.9, (5, 2)))
    first, second = (count(indexed, tables, np.arange(2)) for _ in range(2))
    for one, two in zip(first.counts, second.counts, strict=True):
        np.testing.assert_array_equal(one, two)


def test_long_runs_stay_finite_and_every_response_is_counted():
    correct = np.repeat([1.0, 0.0], [6000, 4000])
    rows = np.zeros(10_000, dtype=np.int64)
    transition = rows.copy()
    transition[0] = NO_ROW
    one = Tables(*(np.array([p]) for p in (0.4, 0.1, 0.0, 0.2, 0.1)))
    indexed = Indexed(np.array([0, 1]), np.array([0, 10_000]), correct, rows[:1], transition, rows)
    found = count(indexed, one, np.array([0]))
    assert np.isfinite(found.log_likelihood).all()
    assert found.counts.guess.sum() + found.counts.slip.sum() == pytest.approx(10_000)
