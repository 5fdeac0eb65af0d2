"""The index against brute force, and the laws it obeys."""

import numpy as np
import pytest

from engine.indices import MASTERIES, Shelf, index_of, index_table

ONE = [(0.2, 0.2, 0.1, True)]
SEVERAL = [(0.05, 0.2, 0.1, True), (0.25, 0.3, 0.1, True), (0.15, 0.2, 0.1, False)]


def value(mastery, price, shelf, depth):
    """J by looking `depth` activities ahead, every answer of every activity."""
    if depth == 0:
        return 0.0
    best = 0.0
    for teach, guess, slip, asks in shelf:
        found = (1 - mastery) * teach - price
        for knows, guesses in [(1 - slip, guess), (slip, 1 - guess)] if asks else [(1.0, 1.0)]:
            chance = mastery * knows + (1 - mastery) * guesses
            known = mastery * knows / chance
            found += chance * value(known + (1 - known) * teach, price, shelf, depth - 1)
        best = max(best, found)
    return best


def index_by_search(mastery, shelf, depth):
    """The highest price at which going on pays, by halving."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if value(mastery, middle, shelf, depth) > 0 else (low, middle)
    return low


@pytest.mark.parametrize("mastery", [0.1, 0.5, 0.8, 0.9])
def test_the_index_is_the_price_at_which_going_on_stops_to_pay(mastery):
    found = index_of(index_table(Shelf.of(ONE)), mastery)
    assert found == pytest.approx(index_by_search(mastery, ONE, 11), rel=0.08)


def test_with_several_activities_too():
    found = index_of(index_table(Shelf.of(SEVERAL)), 0.6)
    assert found == pytest.approx(index_by_search(0.6, SEVERAL, 6), rel=0.1)


def test_it_is_never_below_the_gain_of_the_best_single_activity():
    table = index_table(Shelf.of(SEVERAL))
    for mastery in 1 / (1 + np.exp(-MASTERIES)):
        assert index_of(table, mastery) >= (1 - mastery) * 0.25 * (1 - 1e-9)


def test_whoever_learns_faster_has_the_higher_index():
    table = index_table(Shelf.of(SEVERAL))
    found = [index_of(table, 0.4, speed) for speed in (0.001, 0.02, 0.1, 0.6, 1.0, 1.7)]
    assert found == sorted(found)


def test_below_the_slowest_row_it_falls_in_proportion():
    table = index_table(Shelf.of(ONE))
    assert index_of(table, 0.4, 0.002) == pytest.approx(2 * index_of(table, 0.4, 0.001))


def test_a_skill_without_activities_is_worth_nothing_and_no_error():
    table = index_table(Shelf.of([]))
    assert index_of(table, 0.5) < 1e-8


def test_the_order_of_the_activities_changes_nothing_but_their_rows():
    one, other = index_table(Shelf.of(SEVERAL)), index_table(Shelf.of(SEVERAL[::-1]))
    np.testing.assert_allclose(one.indices, other.indices, atol=1e-9)
    np.testing.assert_allclose(one.worth, other.worth[::-1], atol=1e-9)


def test_better_teaching_is_worth_more_and_an_answer_more_than_none():
    table = index_table(
        Shelf.of([(0.2, 0.2, 0.1, True), (0.1, 0.2, 0.1, True), (0.2, 0.2, 0.1, False)])
    )
    better, worse, silent = table.worth
    assert (better >= worse).all()
    # the filter learns from an answer, and what is learnt can only help
    assert (better[:, 8:22] >= silent[:, 8:22] - 0.02).all()
