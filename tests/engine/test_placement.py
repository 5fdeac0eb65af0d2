"""Placement against enumeration, and the laws it obeys."""

from itertools import product

import numpy as np
import pytest

from engine.placement import (
    EXACT,
    LUCKY,
    MOST_QUESTIONS,
    SURE,
    Noise,
    answered,
    begin,
    best_question,
    bits,
    gains,
    gains_of_two,
    next_question,
    placement_range,
)
from engine.planning import Graph

GRAPH = Graph.of([[], [(0, 0.6)], [(0, 0.6), (1, 0.6)]])
READY = np.array([0.7, 0.6, 0.5])
NOISE = [Noise()] * 3


def every_set():
    """Each set of skills with its probability, worked out one by one."""
    for held in product((False, True), repeat=3):
        p = 1.0
        for skill, needed in enumerate(([], [0], [0, 1])):
            chance = READY[skill] if all(held[j] for j in needed) else LUCKY
            p *= chance if held[skill] else 1 - chance
        yield held, p


def classified(weights):
    """How many skills are classified right, from (set, weight) pairs that sum to anything."""
    total = sum(w for _, w in weights)
    shares = [sum(w for held, w in weights if held[k]) for k in range(3)]
    return sum(max(share, total - share) for share in shares)


def test_the_start_is_what_all_sets_say():
    expected = [sum(p for held, p in every_set() if held[k]) for k in range(3)]
    assert begin(GRAPH, READY).held == pytest.approx(expected)


def test_an_answer_is_weighed_by_bayes_over_all_sets():
    found = answered(begin(GRAPH, READY), 2, correct=True, noise=Noise(0.2, 0.1))
    weights = [(held, p * (0.9 if held[2] else 0.2)) for held, p in every_set()]
    total = sum(w for _, w in weights)
    assert found.held == pytest.approx(
        [sum(w for held, w in weights if held[k]) / total for k in range(3)]
    )
    assert found.asked == (2,)


def test_a_gain_is_the_rise_in_skills_classified_right_over_both_answers():
    found = gains(begin(GRAPH, READY), NOISE)
    for skill in range(3):
        right = [(held, p * (0.9 if held[skill] else 0.2)) for held, p in every_set()]
        wrong = [(held, p * (0.1 if held[skill] else 0.8)) for held, p in every_set()]
        expected = classified(right) + classified(wrong) - classified(list(every_set()))
        assert found[skill] == pytest.approx(expected)


def test_bits_are_what_an_answer_takes_from_the_doubt_about_the_set():
    def doubt(weights):
        total = sum(w for _, w in weights)
        return -sum(w / total * np.log2(w / total) for _, w in weights)

    found = bits(begin(GRAPH, READY), NOISE)
    for skill in range(3):
        left = 0.0
        for likely in ((0.9, 0.2), (0.1, 0.8)):
            weights = [(h, p * likely[0 if h[skill] else 1]) for h, p in every_set()]
            left += sum(w for _, w in weights) * doubt(weights)
        assert found[skill] == pytest.approx(doubt(list(every_set())) - left)


def test_two_questions_are_weighed_by_what_both_should_classify_right():
    found = gains_of_two(begin(GRAPH, READY), NOISE)
    for first in range(3):
        total = 0.0
        for one in ((0.9, 0.2), (0.1, 0.8)):
            after = [(h, p * one[0 if h[first] else 1]) for h, p in every_set()]
            total += max(
                sum(
                    classified([(h, p * two[0 if h[second] else 1]) for h, p in after])
                    for two in ((0.9, 0.2), (0.1, 0.8))
                )
                for second in range(3)
            )
        assert found[first] == pytest.approx(total - classified(list(every_set())))


@pytest.mark.parametrize(("left", "worth"), [(9, bits), (2, gains_of_two), (1, gains)])
def test_questions_are_chosen_by_bits_until_the_last_two(left, worth):
    placement = answered(begin(GRAPH, READY), 1, correct=True, noise=Noise())
    expected = int(np.argmax(worth(placement, NOISE)))
    assert best_question(placement, NOISE, left=left) == expected


def test_no_question_makes_the_placement_worse():
    placement = begin(GRAPH, READY)
    for skill, correct in [(1, True), (2, False), (0, True)]:
        assert (gains(placement, NOISE) >= -1e-12).all()
        placement = answered(placement, skill, correct=correct, noise=NOISE[skill])


def test_many_skills_are_placed_by_a_sample_that_agrees_with_the_exact():
    n = EXACT + 1
    chain = Graph.of([[]] + [[(k - 1, 0.6)] for k in range(1, n)])
    found = begin(chain, np.full(n, 0.8)).held
    expected = [0.8]
    for _ in range(n - 1):
        expected.append(0.8 * expected[-1] + LUCKY * (1 - expected[-1]))
    assert found == pytest.approx(expected, abs=0.02)
    np.testing.assert_array_equal(found, begin(chain, np.full(n, 0.8)).held)


def test_the_range_narrows_until_nothing_is_worth_asking():
    placement, between = begin(GRAPH, READY), []
    clear = [Noise(guess=0.05, slip=0.02)] * 3
    while (skill := next_question(placement, clear)) is not None:
        placement = answered(placement, skill, correct=skill < 2, noise=clear[skill])
        between.append(len(placement_range(placement).between))
    assert len(placement.asked) <= MOST_QUESTIONS
    assert between[-1] == 0
    found = placement_range(placement)
    assert found.held == (0, 1)
    assert found.missing == (2,)
    assert (placement.held[list(found.held)] >= SURE).all()


def test_where_nothing_is_unsure_nothing_is_asked():
    assert next_question(begin(Graph.of([[]]), np.array([1.0])), [Noise()]) is None
    assert next_question(begin(Graph.of([]), np.zeros(0)), []) is None
