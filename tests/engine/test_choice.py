"""What a choice costs beside the best."""

from dataclasses import dataclass

import pytest

from engine.choice import prices


@dataclass(frozen=True)
class Offered:
    score: float
    expected_gain: float


def test_an_empty_slate_has_no_prices():
    assert prices([]) == []


def test_the_first_costs_nothing():
    assert (prices([Offered(0.2, 0.1)])[0].relative, prices([Offered(0.2, 0.1)])[0].gain_lost) == (
        1.0,
        0.0,
    )


@pytest.mark.parametrize(
    ("score", "words"), [(0.95, "as good"), (0.6, "slower"), (0.1, "much more")]
)
def test_a_price_is_told_beside_the_best_and_in_words(score, words):
    _, found = prices([Offered(1.0, 0.10), Offered(score, 0.04)])
    assert found.relative == pytest.approx(score)
    assert found.gain_lost == pytest.approx(0.06)
    assert words in found.text


def test_a_choice_that_gains_more_has_lost_nothing():
    found = prices([Offered(0.5, 0.1), Offered(1.0, 0.3)])
    assert [one.gain_lost for one in found] == [0.0, 0.0]
    assert [one.relative for one in found] == [0.5, 1.0]


def test_a_choice_that_teaches_as_much_now_is_not_called_slower():
    _, found = prices([Offered(1.0, 0.1), Offered(0.2, 0.1)])
    assert "learn about as much now" in found.text


def test_no_score_at_all_is_no_division():
    assert [one.relative for one in prices([Offered(0.0, 0.0), Offered(0.0, 0.0)])] == [1.0, 1.0]
