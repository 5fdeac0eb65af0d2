"""Reviews of tiers: nobody moves on a hunch, nobody stays where they are clearly wrong."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tier_review import (
    BARS,
    LONGEST_SUPPORT,
    EarlierSeat,
    best_tier,
    expected_loss,
    review,
)

SEATS = ("support", "on-level", "advanced")
MANY = {"answers": 40, "skills": 8}


@st.composite
def odds(draw):
    support, advanced = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    rest = 1.0 - support
    return np.array([support, rest * (1.0 - advanced), rest * advanced])


def is_safe(p, tier):
    opposite = p[2 - tier]
    return opposite <= BARS.rarely_opposite or p[1] < opposite <= 1.0 - BARS.first


def test_the_best_tier_has_the_least_expected_distance_of_the_safe_ones():
    shares = np.linspace(0, 1, 21)
    for support, advanced in product(shares, shares):
        p = np.array([support, 1.0 - support - advanced, advanced])
        if p.min() < 0.0:
            continue
        found = best_tier(p)
        safe = [t for t in range(3) if t == 1 or is_safe(p, t)]
        assert found in safe
        assert expected_loss(p, found) == pytest.approx(min(expected_loss(p, t) for t in safe))


def test_expected_loss_is_the_mean_distance():
    p = np.array([0.2, 0.3, 0.5])
    for tier in range(3):
        slow = sum(p[true] * abs(true - tier) for true in range(3))
        assert expected_loss(p, tier) == pytest.approx(slow)


def test_a_first_seat_off_level_needs_more_than_a_likely_tier():
    assert review(np.array([0.85, 0.14, 0.01]), **MANY).tier == 1
    assert review(np.array([0.95, 0.04, 0.01]), **MANY).tier == 0


def test_few_answers_are_provisional_on_level_whatever_the_odds():
    found = review(np.array([0.99, 0.01, 0.0]), answers=3, skills=8)
    assert (found.tier, found.provisional) == (1, True)


@settings(deadline=None)
@given(odds(), st.lists(st.sampled_from(SEATS), max_size=5))
def test_every_review_has_a_seat_and_only_sure_ones_are_firm(p, before):
    found = review(p, **MANY, earlier=[EarlierSeat(tier) for tier in before])
    assert found.tier in (0, 1, 2)
    assert found.provisional or p[found.tier] >= 0.5


@settings(deadline=None)
@given(odds(), st.sampled_from(SEATS))
def test_a_move_is_to_a_likely_tier_or_away_from_the_opposite(p, before):
    found = review(p, **MANY, earlier=[EarlierSeat(before)])
    held = SEATS.index(before)
    if found.tier != held:
        likely = p[found.tier] >= BARS.move
        unsafe = held != 1 and p[2 - held] > BARS.too_often_opposite
        assert likely or (unsafe and found.why == "retreats")


@settings(deadline=None)
@given(odds(), st.sampled_from(SEATS))
def test_nobody_is_seated_where_the_opposite_is_likely(p, before):
    found = review(p, **MANY, earlier=[EarlierSeat(before)])
    assert found.tier == 1 or p[2 - found.tier] <= max(BARS.too_often_opposite, 1.0 - BARS.first)


@settings(deadline=None)
@given(odds(), st.lists(st.sampled_from(SEATS), min_size=1, max_size=5))
def test_the_same_evidence_again_moves_nobody(p, before):
    earlier = [EarlierSeat(tier, confirmed=True) for tier in before]
    first = review(p, **MANY, earlier=earlier)
    once = EarlierSeat(SEATS[first.tier], confirmed=True)
    assert review(p, **MANY, earlier=[*earlier, once]).tier == first.tier


@pytest.mark.parametrize("reviews", range(LONGEST_SUPPORT + 2))
def test_support_ends_after_so_many_reviews_unless_confirmed(reviews):
    sure = np.array([0.99, 0.01, 0.0])
    unconfirmed = [EarlierSeat("support")] * reviews
    assert review(sure, **MANY, earlier=unconfirmed).tier == (
        1 if reviews >= LONGEST_SUPPORT else 0
    )
    confirmed = [*unconfirmed, EarlierSeat("support", confirmed=True)]
    assert review(sure, **MANY, earlier=confirmed).tier == 0


def test_another_tier_in_between_starts_the_count_of_support_anew():
    earlier = [EarlierSeat(t) for t in ("support",) * 3 + ("on-level",) + ("support",) * 3]
    assert review(np.array([0.99, 0.01, 0.0]), **MANY, earlier=earlier).tier == 0
