"""The E-step against the enumeration of all hidden paths, and against the filter."""

from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest

from engine.tracing import trace_sequences
from models.expectation import expect, lost, scratch_for
from models.lanes import LANES
from models.sequences import sequences_of
from models.trie import tries_of

RNG = np.random.default_rng(11)
PARAMETERS = RNG.uniform(0.05, 0.95, (1, LANES, 5))
HISTORIES = [[1], [1, 0], [1, 0, 1, 1], [0, 0, 1], [1, 0, 1, 1], [0.25, 1, 0.5]]


def sequences_from(histories):
    rows = [(f"s{i}", "x", y) for i, h in enumerate(histories) for y in h]
    return sequences_of(pd.DataFrame(rows, columns=["student", "skill", "correct"]))


def enumerated(history, one):
    """log-likelihood and expected counts [5, 2] of one history, over all hidden paths."""
    prior, learn, forget, guess, slip = one
    move = {(0, 0): 1 - learn, (0, 1): learn, (1, 0): forget, (1, 1): 1 - forget}
    total, counts = 0.0, np.zeros((5, 2))
    for path in product((0, 1), repeat=len(history)):
        p = prior if path[0] else 1 - prior
        for pair in pairwise(path):
            p *= move[pair]
        seen = np.zeros((5, 2))
        seen[0, 0 if path[0] else 1] += 1
        for pair in pairwise(path):
            row, column = {(0, 1): (1, 0), (0, 0): (1, 1), (1, 0): (2, 0), (1, 1): (2, 1)}[pair]
            seen[row, column] += 1
        for state, y in zip(path, history, strict=True):
            p *= (1 - slip) ** y * slip ** (1 - y) if state else guess**y * (1 - guess) ** (1 - y)
            seen[4 if state else 3] += (1 - y, y) if state else (y, 1 - y)
        total += p
        counts += p * seen
    return np.log(total), counts / total


def test_counts_and_likelihood_agree_with_all_hidden_paths():
    tries = tries_of(sequences_from(HISTORIES))
    found = expect(tries, np.array([0]), PARAMETERS, scratch_for(tries))
    for lane in range(LANES):
        each = [enumerated(history, PARAMETERS[0, lane]) for history in HISTORIES]
        assert found.log_likelihood[0, lane] == pytest.approx(sum(e[0] for e in each), abs=1e-12)
        np.testing.assert_allclose(found.counts[0, lane], sum(e[1] for e in each), atol=1e-12)


def test_a_state_that_is_given_up_is_named():
    one = np.array([[0.4, 0.1, 0.0, 0.2, 0.1]])
    for right, gone in ((100, False), (1_000, True)):
        tries = tries_of(sequences_from([[1] * right + [0], [0, 1]]))
        assert lost(tries, one, scratch_for(tries)).tolist() == [gone]


def test_expected_answers_sum_to_the_number_of_responses():
    histories = RNG.integers(0, 2, (500, 20)).tolist()
    tries = tries_of(sequences_from(histories))
    found = expect(tries, np.array([0]), PARAMETERS, scratch_for(tries))
    np.testing.assert_allclose(found.counts[0, :, 3:].sum((1, 2)), 10_000, rtol=1e-12)
    np.testing.assert_allclose(found.counts[0, :, 0].sum(1), 500, rtol=1e-12)
    np.testing.assert_allclose(found.counts[0, :, 1:3].sum((1, 2)), 9_500, rtol=1e-12)


def test_the_trie_gives_the_likelihood_that_the_filter_gives_event_by_event():
    histories = RNG.integers(0, 2, (300, 15)).tolist()
    sequences = sequences_from(histories)
    tries = tries_of(sequences)
    found = expect(tries, np.array([0]), PARAMETERS, scratch_for(tries))
    layout = (sequences.order, sequences.starts, sequences.skill_of, sequences.correct)
    for lane in range(LANES):
        p = trace_sequences(*layout, PARAMETERS[:, lane]).p_correct
        by_event = np.log(np.where(sequences.correct == 1, p, 1 - p)).sum()
        assert found.log_likelihood[0, lane] == pytest.approx(by_event, rel=1e-12)


def test_ten_thousand_answers_of_one_kind_stay_finite():
    histories = [[1] * 10_000, [1] * 6_000 + [0] * 4_000, [0] * 10_000]
    tries = tries_of(sequences_from(histories))
    one = np.tile([0.4, 0.1, 0.0, 0.2, 0.1], (1, LANES, 1))
    found = expect(tries, np.array([0]), one, scratch_for(tries))
    assert np.isfinite(found.log_likelihood).all()
    assert np.isfinite(found.counts).all()
    np.testing.assert_allclose(found.counts[0, :, 3:].sum((1, 2)), 30_000, rtol=1e-9)
