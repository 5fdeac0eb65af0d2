"""A reading of beliefs: against a sum over everything that could be the case."""

from itertools import product

import numpy as np
import pytest

from engine.tier_odds import tier_probabilities
from engine.tier_reading import AT, WEIGHT, TierReading, log_odds_features, read

P = np.array([[0.2, 0.7, 0.9, 0.4], [0.5, 0.5, 0.99, 0.01]])
ANSWERS = np.array([4.0, 40.0])
SHARED = TierReading("mastery", shift=-0.3, own=0.8, others=0.4, shared=1.1, early=2.0)


def slowly(reading, row, *, prerequisites):
    """P(tier) by listing which skills are held, for every value of what they share."""
    logit = np.log(P[row] / (1 - P[row]))
    spread = np.sqrt(reading.shared**2 + reading.early**2 / ANSWERS[row])
    total = np.zeros(3)
    for z, weight in zip(AT, WEIGHT, strict=True):
        held = []
        for k in range(4):
            others = np.mean([logit[j] for j in range(4) if j != k])
            score = reading.shift + reading.own * logit[k] + reading.others * others + spread * z
            held.append(1 / (1 + np.exp(-score)))
        for state in product([0, 1], repeat=4):
            p = np.prod([h if s else 1 - h for h, s in zip(held, state, strict=True)])
            enough = sum(state[:prerequisites]) >= 0.75 * prerequisites
            ahead = sum(state[prerequisites:]) >= 0.75 * (4 - prerequisites)
            total[0 if not enough else 2 if ahead else 1] += weight * p
    return total


@pytest.mark.parametrize("row", [0, 1])
def test_the_odds_are_those_of_all_cases_listed(row):
    found = read(SHARED, P, ANSWERS, prerequisites=2).tiers[row]
    assert found == pytest.approx(slowly(SHARED, row, prerequisites=2), abs=1e-12)


def test_the_plainest_reading_takes_beliefs_at_their_word():
    found = read(TierReading("mastery", 0.0, 1.0, 0.0), P, ANSWERS, prerequisites=2)
    assert found.held == pytest.approx(P)
    assert found.tiers == pytest.approx(tier_probabilities(P[:, :2], P[:, 2:]))


def test_what_skills_share_makes_the_tiers_less_sure_and_the_extremes_no_rarer():
    alone = TierReading("mastery", 0.0, 1.0, 0.0)
    found = [
        read(one, P[:1], ANSWERS[:1], prerequisites=2).tiers[0]
        for one in (alone, TierReading("mastery", 0.0, 1.0, 0.0, shared=2.0))
    ]
    assert found[1].max() < found[0].max() or found[1][2] > found[0][2]


def test_one_skill_alone_has_no_others_and_certainty_stays_finite():
    assert np.isfinite(log_odds_features(np.array([[1.0]]))).all()
    assert np.isfinite(
        read(SHARED, np.array([[0.0, 1.0]]), np.array([0.0]), prerequisites=0).tiers
    ).all()
