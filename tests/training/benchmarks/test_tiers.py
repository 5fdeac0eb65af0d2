"""The tiers' benchmark on a few students: every figure against a count by hand."""

from fractions import Fraction

import numpy as np
import pytest

from training.benchmarks.seating import seating_times
from training.benchmarks.tier_terms import WEEKS, Term, term
from training.benchmarks.tiers import RULES, tier_scores


@pytest.fixture(scope="module")
def small():
    return term("BKT", 1, 4, Fraction(1, 2), 40)


def test_a_term_is_one_of_probabilities(small):
    assert small.true.shape == (40, WEEKS)
    for odds in (small.believed, small.read, small.exact):
        assert odds.sum(axis=2) == pytest.approx(np.ones((40, WEEKS)))
    assert (np.diff(small.answers, axis=1) == 4).all()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_seats_everybody_every_week(small, rule):
    seats, firm = RULES[rule](small)
    assert seats.shape == firm.shape == small.true.shape
    assert set(np.unique(seats)) <= {0, 1, 2}


def test_where_the_truth_is_known_the_rule_in_force_ends_there_and_needs_no_move_for_nothing():
    true = np.tile([0, 1, 2], (5, 1)).T.repeat(2, axis=1)[:, :WEEKS]
    known = np.zeros((3, WEEKS, 3))
    for row, tier in enumerate((0, 1, 2)):
        known[row, :, tier] = 1.0
    seats, firm = RULES["in force"](Term(known, known, np.full((3, WEEKS), 40), true, known))
    assert (seats == np.array([[0], [1], [2]])).all()
    assert firm.all()


def test_the_figures_are_those_counted_by_hand():
    from training.benchmarks.tiers import scored

    true = np.array([[0, 0, 1] + [1] * 7])
    seats = np.array([[2, 0, 1] + [2] * 7])
    answers = np.array([[4, 8, 12] + [30] * 7])
    odds = np.zeros((1, WEEKS, 3))
    found = scored(Term(odds, odds, answers, true, odds), (seats, np.ones((1, WEEKS), bool)))
    assert found["needless"] == pytest.approx(1 / 9)
    assert found["moves"] == pytest.approx(3 / 9)
    assert found["severe"] == 1.0
    assert found["loss"] == pytest.approx((2 + 7) / 10)
    assert found["right"] == 0.0


def test_a_line_of_the_benchmark_says_what_it_is_of():
    row = next(tier_scores(students=12, seeds=(1,)))
    assert (row.world, row.answers_a_week, row.questions) == ("BKT", 4, "spread evenly")
    assert row.rule in RULES
    assert 0.0 <= row.needless <= row.moves <= 1.0


def test_seating_is_timed_and_better_than_chance():
    found = seating_times(repeats=2)
    assert found.spread < found.random_spread
    assert found.fastest_ms <= found.median_ms <= found.slowest_ms
