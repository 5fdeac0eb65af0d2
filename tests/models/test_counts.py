"""Event by event against the trie, the enumeration of all hidden paths, and slow arithmetic."""

from itertools import pairwise, product

import numpy as np
import pytest

from engine.tables import Indexed, Tables, classic_indexed, classic_tables
from models.counts import count, gradient, smoothed
from models.division import divided
from models.expectation import expect, scratch_for
from models.lanes import LANES
from models.sequences import sequences_of
from models.trie import tries_of

from .conftest import TRUTH, simulated

RNG = np.random.default_rng(8)
NO_ROW = -1
PARAMETERS = np.array([[0.4, 0.1, 0.0, 0.2, 0.1]])


def by_skill(sequences):
    """Classic BKT: every index is the skill, and so is the owner of every sequence."""
    correct = sequences.correct[sequences.order]
    indexed = classic_indexed(sequences.starts, sequences.skill_of, correct)
    groups = np.arange(indexed.sequences + 1)
    return indexed, divided(indexed, groups, sequences.skill_of)


def test_event_by_event_and_on_the_trie_everything_agrees(events):
    sequences = sequences_of(events)
    tries = tries_of(sequences)
    parameters = RNG.uniform(0.05, 0.9, (2, 5))
    lanes = np.repeat(parameters[:, None], LANES, axis=1)
    on_trie = expect(tries, np.arange(2), lanes, scratch_for(tries))
    by_event = count(*by_skill(sequences), classic_tables(parameters))
    height = np.bincount(sequences.skill_of, weights=by_event.log_likelihood)
    np.testing.assert_allclose(height, on_trie.log_likelihood[:, 0], rtol=1e-12)
    counts = np.stack(by_event.counts, axis=1)[:, :, 0]
    np.testing.assert_allclose(counts, on_trie.counts[:, 0], rtol=1e-9)


def enumerated(correct, prior, transition, emission, tables, node):
    """P and the joint counts of one sequence that reads a row of its own for everything."""
    total, counts = 0.0, [np.zeros((len(table), 2)) for table in tables]
    mastered = np.zeros(len(correct))
    for path in product((0, 1), repeat=len(correct)):
        p = tables.prior[prior, node] if path[0] else 1 - tables.prior[prior, node]
        seen = [(0, prior, 1 - path[0])]
        for t, state in enumerate(path):
            if t:
                row, before = transition[t], path[t - 1]
                table = 2 if before else 1
                changed = state != before
                chance = tables[table][row, node]
                p *= chance if changed else 1 - chance
                seen.append((table, row, 0 if changed else 1))
            table, right = (4, 1 - correct[t]) if state else (3, correct[t])
            chance = tables[table][emission[t], node]
            p *= chance if right else 1 - chance
            seen.append((table, emission[t], int(1 - right)))
        total += p
        mastered += p * np.array(path)
        for table, row, column in seen:
            counts[table][row, column] += p
    return total, [c / total for c in counts], mastered / total


@pytest.fixture(scope="module")
def small():
    """Two sequences of one student that share rows, at three nodes."""
    tables = Tables(*(RNG.uniform(0.05, 0.95, (size, 3)) for size in (2, 3, 3, 4, 4)))
    correct = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    starts, prior = np.array([0, 4, 6]), np.array([1, 0])
    transition = np.array([NO_ROW, 2, 0, 1, NO_ROW, 2])
    emission = np.array([3, 0, 1, 1, 2, 3])
    indexed = Indexed(starts, correct, prior, transition, emission)
    each = [
        [
            enumerated(correct[a:b], prior[s], transition[a:b], emission[a:b], tables, node)
            for s, (a, b) in enumerate(pairwise(starts))
        ]
        for node in range(3)
    ]
    return indexed, tables, each


def test_each_response_reads_its_own_rows_and_nodes_share_a_student(small):
    indexed, tables, each = small
    weights = np.array([[0.2, 0.5, 0.3]])
    found = count(indexed, divided(indexed, np.array([0, 2])), tables, weights)
    joint = weights[0] * [np.prod([one[0] for one in node]) for node in each]
    assert found.log_likelihood[0] == pytest.approx(np.log(joint.sum()), abs=1e-12)
    np.testing.assert_allclose(found.posterior[0], joint / joint.sum(), atol=1e-12)
    for table, counted in enumerate(found.counts):
        for node in range(3):
            expected = found.posterior[0, node] * sum(one[1][table] for one in each[node])
            np.testing.assert_allclose(counted[:, node], expected, atol=1e-12)


def test_smoothed_mastery_is_the_posterior_over_all_hidden_paths(small):
    indexed, tables, each = small
    weights = np.array([[0.2, 0.5, 0.3]])
    division = divided(indexed, np.array([0, 2]))
    posterior = count(indexed, division, tables, weights).posterior[0]
    expected = sum(
        posterior[node] * np.concatenate([one[2] for one in each[node]]) for node in range(3)
    )
    found = smoothed(indexed, division, tables, weights)
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_gradient_equals_finite_differences(small):
    indexed, tables, _ = small
    division, weights = divided(indexed, np.array([0, 2])), np.full((1, 3), 1 / 3)
    slopes = gradient(count(indexed, division, tables, weights).counts, tables)
    for table in range(5):
        for place in np.ndindex(tables[table].shape):
            heights = []
            for step in (1e-6, -1e-6):
                moved = Tables(*(one.copy() for one in tables))
                moved[table][place] += step
                heights.append(count(indexed, division, moved, weights).log_likelihood.sum())
            slope = (heights[0] - heights[1]) / 2e-6
            assert slopes[table][place] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_blocks_and_threads_change_nothing(monkeypatch):
    sequences = sequences_of(simulated(TRUTH, students=500))
    indexed, whole = by_skill(sequences)
    groups = np.arange(indexed.sequences + 1)
    tables = classic_tables(RNG.uniform(0.1, 0.9, (2, 5)))
    expected = count(indexed, whole, tables)
    monkeypatch.setattr("models.division.BLOCK_EVENTS", 700)
    monkeypatch.setattr("models.division.MOST_BLOCKS", 10**6)
    for owner in (sequences.skill_of, None):
        cut = divided(indexed, groups, owner)
        assert len(cut.slot) > 15
        found = count(indexed, cut, tables)
        for one, two in zip(found.counts, expected.counts, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-12)
        again = count(indexed, cut, tables)
        for one, two in zip(found.counts, again.counts, strict=True):
            np.testing.assert_array_equal(one, two)


def test_only_the_blocks_asked_for_are_counted(events):
    sequences = sequences_of(events)
    indexed, division = by_skill(sequences)
    found = count(
        indexed, division, classic_tables(np.repeat(PARAMETERS, 2, 0)), blocks=np.array([1])
    )
    assert found.counts.guess[0].sum() == 0.0
    assert found.counts.guess[1].sum() > 0.0
    assert (found.log_likelihood[sequences.skill_of == 0] == 0.0).all()


def test_expected_emissions_are_as_many_as_responses(events):
    indexed, division = by_skill(sequences_of(events))
    counts = count(indexed, division, classic_tables(np.repeat(PARAMETERS, 2, 0))).counts
    assert counts.guess.sum() + counts.slip.sum() == pytest.approx(len(events))
