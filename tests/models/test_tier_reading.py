"""A reading learnt from follow-ups: it finds the story that wrote them, and how sure to be."""

import numpy as np
import pytest

from engine.tier_reading import log_odds_features
from models.tier_reading import BAR, FollowUps, learn_reading

ASKED = 4


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


@pytest.fixture(scope="module")
def follow_ups():
    """Four skills of 400 students, each answered four times after a belief was held."""

    def follow_ups(story, *, seed=1):
        rng = np.random.default_rng(seed)
        mastery = rng.uniform(0.05, 0.95, (400, 4))
        share = 0.25 + 0.6 * mastery
        if story == "states":
            held = rng.random(mastery.shape) < mastery
            chance = np.where(held, 0.9, 0.2)
        else:
            together = rng.normal(0.0, 0.6, (400, 1))
            level = np.log(share / (1 - share)) + together + rng.normal(0.0, 0.3, share.shape)
            chance = logistic(level)
        right = rng.binomial(ASKED, chance).astype(float)
        known, unknown = (q**right * (1 - q) ** (ASKED - right) for q in (0.9, 0.2))
        asked = np.full(right.shape, float(ASKED))
        states, levels = log_odds_features(mastery), log_odds_features(share)
        return FollowUps(states, levels, np.full(400, 20.0), right, asked, known, unknown)

    return follow_ups


def test_two_states_are_told_from_levels(follow_ups):
    assert learn_reading(follow_ups("states")).reading.by == "mastery"
    assert learn_reading(follow_ups("levels")).reading.by == "answers"


def test_beliefs_that_were_right_are_read_as_they_are(follow_ups):
    found = learn_reading(follow_ups("states")).reading
    assert found.own == pytest.approx(1.0, abs=0.25)
    assert abs(found.shift) < 0.3
    assert abs(found.others) < 0.3


def test_held_is_a_level_from_the_bar_up(follow_ups):
    found = learn_reading(follow_ups("levels")).reading
    at_the_bar = np.log(BAR / (1 - BAR)) * (found.own + found.others) + found.shift
    assert abs(at_the_bar) < 1.0
    assert found.own > 0.0


def test_the_same_follow_ups_give_the_same_reading(follow_ups):
    first, again = (learn_reading(follow_ups("levels")) for _ in range(2))
    assert first == again
