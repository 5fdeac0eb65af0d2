"""One step of the filter in odds, against `condition` and `predict`, which go everywhere."""

import numpy as np
import pytest

from engine.stepping import begun, follow, learn_of, mastery, move
from engine.tables import classic_indexed, classic_tables
from engine.tracing import condition, log_odds_of, predict, probability, trace_sequence

PARAMETERS = np.array([[0.4, 0.1, 0.03, 0.2, 0.1]])
LOG_ODDS = [-np.inf, -800.0, -499.0, -3.0, 0.0, 2.5, 499.0, 800.0, np.inf]


@pytest.mark.parametrize("at", LOG_ODDS)
@pytest.mark.parametrize(("learn", "forget"), [(0.1, 0.05), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
def test_a_step_in_odds_is_the_step_in_log_odds(at, learn, forget):
    state = np.array([at])
    move(state, np.array([learn]), np.array([forget]))
    assert state[0] == pytest.approx(predict(at, learn, forget), rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("at", LOG_ODDS)
@pytest.mark.parametrize("correct", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(("guess", "slip"), [(0.2, 0.1), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])
def test_what_a_response_teaches_is_what_condition_says(at, correct, guess, slip):
    state = np.array([at])
    learn_of(state, correct, np.array([guess]), np.array([slip]))
    assert state[0] == pytest.approx(condition(at, correct, guess, slip), rel=1e-13, abs=1e-13)


def test_mastery_of_the_beginning_is_the_prior():
    assert mastery(begun(np.array([0.0, 0.3, 1.0]))).tolist() == pytest.approx([0.0, 0.3, 1.0])


def test_a_hundred_thousand_right_then_wrong_end_where_the_filter_does():
    correct = np.repeat([1.0, 0.0], 100_000)
    one = classic_indexed(np.array([0, len(correct)]), np.array([0]), correct)
    parameters = np.array([[0.4, 0.001, 0.0, 0.2, 0.1]])
    state, known = np.empty(1), np.empty(len(correct))
    follow(state, True, one, classic_tables(parameters), known)
    reference = log_odds_of(0.4)
    for number, right in enumerate(correct):
        reference = predict(reference, 0.001, 0.0) if number else reference
        reference = condition(reference, right, 0.2, 0.1)
    assert state[0] == pytest.approx(reference, abs=1e-9)
    assert known[99_999] == pytest.approx(1.0)
    assert known[-1] == pytest.approx(probability(reference), rel=1e-9)


def test_the_pieces_of_a_sequence_lead_where_the_whole_does():
    correct = np.random.default_rng(3).integers(0, 2, 60).astype(float)
    tables = classic_tables(PARAMETERS)
    whole, known = np.empty(1), np.empty(60)
    follow(whole, True, classic_indexed(np.array([0, 60]), np.array([0]), correct), tables, known)
    pieces = np.empty(1)
    for first, last in [(0, 1), (1, 17), (17, 60)]:
        part = classic_indexed(np.array([0, last - first]), np.array([0]), correct[first:last])
        follow(pieces, first == 0, part, tables, np.empty(last - first))
    assert pieces[0] == whole[0]
    expected = trace_sequence(correct, PARAMETERS[0]).p_mastery
    np.testing.assert_allclose(known, expected, atol=1e-12)
