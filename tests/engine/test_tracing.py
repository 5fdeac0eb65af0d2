"""The filter against two oracles: every hidden path enumerated, and arithmetic in 50 digits."""

from itertools import pairwise, product

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.parameters import SkillParameters
from engine.tables import Indexed, Tables, classic_indexed, classic_tables
from engine.tracing import (
    condition,
    log_odds_of,
    p_correct,
    predict,
    probability,
    trace,
    trace_columns,
    trace_intervals,
    trace_sequence,
    trace_sequences,
)

inside = st.floats(0.001, 0.999)
parameters = st.builds(SkillParameters, inside, inside, inside, inside, inside)
answers = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=8)


def enumerated(correct, one):
    """P(correct before) and P(mastered after) every answer, by summing over all hidden paths."""
    start = (1 - one.prior, one.prior)
    move = ((1 - one.learn, one.learn), (one.forget, 1 - one.forget))
    shown = ((1 - one.guess, one.guess), (one.slip, 1 - one.slip))

    def joint(path, seen):
        moves = [move[a][b] for a, b in pairwise(path)]
        answers = [shown[state][int(y)] for state, y in zip(path, seen, strict=False)]
        return start[path[0]] * np.prod(moves) * np.prod(answers)

    predicted, mastered = [], []
    for n in range(1, len(correct) + 1):
        paths = list(product((0, 1), repeat=n))
        seen = correct[: n - 1]
        right = sum(joint(path, [*seen, 1]) for path in paths)
        predicted.append(right / sum(joint(path, seen) for path in paths))
        weights = {path: joint(path, correct[:n]) for path in paths}
        mastered.append(sum(w for p, w in weights.items() if p[-1]) / sum(weights.values()))
    return predicted, mastered


def exact(correct, one):
    """The filter in 50 digits: P(not mastered) and P(mastered) carried side by side."""
    with mpmath.workdps(50):
        prior, learn, forget, guess, slip = map(mpmath.mpf, one)
        known, unknown = prior, 1 - prior
        found = []
        for y in correct:
            known *= 1 - slip if y else slip
            unknown *= guess if y else 1 - guess
            known, unknown = known / (known + unknown), unknown / (known + unknown)
            found.append(float(mpmath.log(known / unknown)))
            known, unknown = (
                known * (1 - forget) + unknown * learn,
                unknown * (1 - learn) + known * forget,
            )
        return found


@settings(max_examples=60, deadline=None)
@given(answers, parameters)
def test_tracing_agrees_with_the_enumeration_of_all_hidden_paths(correct, one):
    traced = trace_sequence(np.array(correct), one)
    predicted, mastered = enumerated(correct, one)
    np.testing.assert_allclose(traced.p_correct, predicted, rtol=0, atol=1e-12)
    np.testing.assert_allclose(traced.p_mastery, mastered, rtol=0, atol=1e-12)


def log_odds_after(correct, one):
    state = log_odds_of(one.prior)
    found = []
    for y in correct:
        state = condition(state, y, one.guess, one.slip)
        found.append(state)
        state = predict(state, one.learn, one.forget)
    return found


@pytest.mark.parametrize("forget", [0.0, 0.01])
@pytest.mark.parametrize("learn", [0.0, 0.2])
def test_long_histories_follow_arithmetic_in_50_digits(learn, forget):
    one = SkillParameters(0.4, learn, forget, 0.2, 0.1)
    correct = np.random.default_rng(7).integers(0, 2, 3000)
    np.testing.assert_allclose(log_odds_after(correct, one), exact(correct, one), rtol=1e-10)


@pytest.mark.parametrize("forget", [0.0, 0.01])
def test_after_a_hundred_thousand_right_answers_as_many_wrong_ones_count_in_full(forget):
    one = SkillParameters(0.4, 0.1, forget, 0.2, 0.1)
    correct = np.repeat([1, 0], 100_000)
    found = log_odds_after(correct, one)
    expected = exact(correct, one)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6)  # of up to 150,000
    traced = trace_sequence(correct, one)
    assert traced.p_mastery[99_999] > 0.99
    assert traced.p_mastery[-1] < 0.2
    assert np.isfinite(traced.p_correct).all()


def test_23_right_answers_are_not_the_last_word():
    one = SkillParameters(0.4, 0.0, 0.0, 0.2, 0.1)
    traced = trace_sequence(np.repeat([1.0, 0.0], [23, 40]), one)
    assert traced.p_mastery[22] == pytest.approx(1.0)
    assert traced.p_mastery[-1] < 0.001


@given(st.floats(0.0, 1.0), inside, inside, inside)
def test_half_a_point_moves_belief_by_half_of_each_answer(part, mastery, guess, slip):
    start = log_odds_of(mastery)
    right = condition(start, 1.0, guess, slip) - start
    wrong = condition(start, 0.0, guess, slip) - start
    moved = condition(start, part, guess, slip) - start
    assert moved == pytest.approx(part * right + (1 - part) * wrong, abs=1e-9)


@pytest.mark.parametrize("one", list(product([0.0, 1.0], repeat=5)))
def test_certain_parameters_never_give_nan(one):
    for correct in product([0.0, 1.0, 0.5], repeat=4):
        traced = trace_sequence(np.array(correct), SkillParameters(*one))
        assert np.isfinite(traced.p_mastery).all()
        assert ((traced.p_correct > 0) & (traced.p_correct < 1)).all()


def test_many_sequences_at_once_are_each_traced_alone():
    rng = np.random.default_rng(3)
    correct = rng.integers(0, 2, 200).astype(float)
    order = rng.permutation(200)
    starts = np.array([0, 1, 40, 41, 120, 200])
    tables = rng.uniform(0.05, 0.95, (3, 5))
    rows = np.array([0, 1, 2, 1, 0])
    found = trace_sequences(order, starts, rows, correct, tables)
    for s in range(5):
        events = order[starts[s] : starts[s + 1]]
        alone = trace_sequence(correct[events], SkillParameters(*tables[rows[s]]))
        np.testing.assert_array_equal(found.p_correct[events], alone.p_correct)
        np.testing.assert_array_equal(found.p_mastery[events], alone.p_mastery)


def test_intervals_are_the_quantiles_of_the_draws_traced_one_by_one():
    rng = np.random.default_rng(5)
    correct = rng.integers(0, 2, 12).astype(float)
    draws = rng.uniform(0.1, 0.9, (40, 5))
    one = classic_indexed(np.array([0, 12]), np.array([0]), correct)
    tables = Tables(*(np.ascontiguousarray(column[None]) for column in draws.T))
    low, high = trace_intervals(one, tables)
    each = [trace_sequence(correct, SkillParameters(*draw)).p_mastery for draw in draws]
    np.testing.assert_allclose([low, high], np.quantile(each, [0.05, 0.95], axis=0), atol=1e-12)


def test_probability_and_log_odds_undo_each_other():
    for p in (1e-300, 0.2, 0.5, 1 - 1e-12):
        assert probability(log_odds_of(p)) == pytest.approx(p, rel=1e-9)


def varied(*, responses, seed):
    """One sequence whose every response reads rows of its own, in two columns."""
    rng = np.random.default_rng(seed)
    rows = np.arange(responses)
    tables = Tables(*(rng.uniform(0.02, 0.98, (responses, 2)) for _ in range(5)))
    correct = rng.integers(0, 2, responses).astype(float)
    return Indexed(np.array([0, responses]), correct, rows[:1], rows, rows), tables


def step_by_step(indexed, tables, column):
    """The named steps in turn, in log-odds, as the definition has them."""
    state = log_odds_of(tables.prior[0, column])
    predicted, known = [], []
    for event, y in enumerate(indexed.correct):
        if event:
            state = predict(state, tables.learn[event, column], tables.forget[event, column])
        guess, slip = tables.guess[event, column], tables.slip[event, column]
        predicted.append(p_correct(state, guess, slip))
        state = condition(state, y, guess, slip)
        known.append(probability(state))
    return predicted, known


def test_every_response_reads_its_own_rows():
    indexed, tables = varied(responses=60, seed=1)
    predicted, known = trace_columns(indexed, tables, 0)
    for column in range(2):
        by_steps = step_by_step(indexed, tables, column)
        np.testing.assert_allclose(predicted[:, column], by_steps[0], atol=1e-12)
        np.testing.assert_allclose(known[:, column], by_steps[1], atol=1e-12)
    found = trace(indexed, tables)
    np.testing.assert_array_equal(found.p_mastery, known[:, 0])


@pytest.mark.parametrize("right_first", [1.0, 0.0])
def test_the_fast_road_hands_over_where_a_state_is_next_to_impossible(right_first):
    one = SkillParameters(0.4, 0.0, 0.0, 0.2, 0.1)
    correct = np.repeat([right_first, 1.0 - right_first], [900, 1000])
    expected = [1.0 / (1.0 + float(mpmath.exp(-odds))) for odds in exact(correct, one)]
    np.testing.assert_allclose(trace_sequence(correct, one).p_mastery, expected, atol=1e-9)


def test_no_sequence_and_sequences_without_responses_are_fine():
    nothing = classic_indexed(np.array([0]), np.array([], dtype=np.int64), np.array([]))
    assert len(trace(nothing, classic_tables(np.array([[0.4, 0.1, 0.0, 0.2, 0.1]]))).p_correct) == 0
