import pandas as pd
import pytest

from models.baselines import Mean

EVENTS = pd.DataFrame(
    {"student": list("abcdefgh"), "skill": ["x"] * 4 + ["y"] * 4, "correct": [1, 1, 1, 0] + [0] * 4}
)


def test_a_skill_is_predicted_near_its_own_rate():
    predicted = Mean().fit(EVENTS).predict(EVENTS)
    assert predicted[0] > 0.5 > predicted[-1]


def test_an_unseen_skill_gets_the_overall_rate_and_a_fair_coin():
    unseen = EVENTS.assign(skill="z")
    assert Mean().fit(EVENTS).predict(unseen) == pytest.approx([3.5 / 9] * 8)
