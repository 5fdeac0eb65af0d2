"""Following students: exact where exactness can be checked, and never out of bounds."""

import numpy as np
import pytest

from engine.tiring import Memory, Tiring
from engine.tracing import condition, log_odds_of, predict, probability
from models.differences import alike
from models.following import Follower, Spread
from models.ladder import KNOWN_OR_NOT, Ladder
from models.teaching import Teaching

SKILL_OF = np.array([0, 1])
RESTED = Tiring()


def teaching(*, strength=0.0, lapse=0.0, tiring=RESTED):
    needs = np.array([[0.0, 0.0], [strength, 0.0]])
    start = np.array([[0.7, 0.3], [0.9, 0.1]])
    rates, noise = np.array([0.2, 0.1]), (np.full(2, 0.2), np.full(2, 0.1))
    ladder = Ladder(start, rates, *noise, lapse, KNOWN_OR_NOT)
    return Teaching(ladder, needs, (), alike(1), tiring, 0.0)


def followed(answers, model, spread):
    follower = Follower(model, SKILL_OF, students=1, spread=spread)
    for activity, correct in answers:
        follower.observe(np.array([activity]), np.array([float(correct)]))
    return follower


def test_students_alike_are_followed_by_knowledge_tracing():
    found = followed([(0, 1), (0, 0)], teaching(), Spread()).standing()
    state = log_odds_of(0.3)
    for correct in (1.0, 0.0):
        state = predict(condition(state, correct, 0.2, 0.1), 0.2, 0.0)
    assert found.mastery[0] == pytest.approx([probability(state), 0.1])
    assert found.speed[0] == pytest.approx([1.0, 1.0])


def test_the_log_likelihood_is_that_of_the_answers():
    follower = followed([(0, 1), (1, 0)], teaching(), Spread())
    right = 0.3 * 0.9 + 0.7 * 0.2
    wrong = 1 - (0.1 * 0.9 + 0.9 * 0.2)
    assert follower.log_likelihood[0] == pytest.approx(np.log(right * wrong))


def test_success_on_one_skill_raises_the_others_where_students_differ():
    alike = followed([(0, 1)] * 3, teaching(), Spread()).standing()
    differing = followed([(0, 1)] * 3, teaching(), Spread(start=1.0)).standing()
    unmoved = followed([], teaching(), Spread(start=1.0)).standing()
    assert alike.mastery[0, 1] == pytest.approx(0.1)
    assert differing.mastery[0, 1] > unmoved.mastery[0, 1]


def test_failing_again_and_again_looks_like_being_stuck():
    found = followed([(0, 0)] * 12, teaching(), Spread(stuck=0.1)).standing()
    assert found.speed[0, 0] < 0.7
    assert found.speed[0, 1] > 0.9


def test_a_missing_prerequisite_slows_learning():
    ready = followed([(1, 1)], teaching(), Spread()).standing()
    unready = followed([(1, 1)], teaching(strength=0.9), Spread()).standing()
    assert unready.mastery[0, 1] < ready.mastery[0, 1]


def test_beliefs_stay_probabilities_through_anything():
    rng = np.random.default_rng(2)
    answers = [(int(rng.integers(2)), rng.choice([0.0, 1.0, np.nan])) for _ in range(300)]
    found = followed(answers, teaching(strength=0.5, lapse=0.01), Spread(0.8, 0.4, 0.1)).standing()
    for values in (found.mastery, found.knows):
        assert ((values >= 0) & (values <= 1)).all()
    assert (found.speed > 0).all()


def test_a_skill_just_worked_on_is_learnt_more_slowly_until_others_were_worked_on():
    tired = teaching(tiring=Tiring(0.5, Memory(0.0, 8.0)))
    again = followed([(0, np.nan)] * 2, tired, Spread()).standing()
    rested = followed([(0, np.nan), (1, np.nan)], tired, Spread()).standing()
    assert again.speed[0] == pytest.approx([np.exp(-1.0), 1.0])
    assert rested.speed[0] == pytest.approx([1.0, np.exp(-0.5)])
    unknown = 0.7 * 0.8 * (1 - 0.2 * np.exp(-0.5))
    assert again.mastery[0, 0] == pytest.approx(1 - unknown)
