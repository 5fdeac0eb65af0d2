import pandas as pd
import pytest

from engine.errors import InvalidInput
from models.baselines import Mean

EVENTS = pd.DataFrame(
    {"student": list("abcdefgh"), "skill": ["x"] * 4 + ["y"] * 4, "correct": [1, 1, 1, 0] + [0] * 4}
)


def test_a_skill_is_predicted_near_its_own_rate():
    predicted = Mean().fit(EVENTS).predict(EVENTS)
    assert predicted[0] > 0.5 > predicted[-1]
    assert ((predicted > 0) & (predicted < 1)).all()


def test_an_unseen_skill_gets_the_overall_rate():
    unseen = EVENTS.assign(skill="z")
    assert Mean().fit(EVENTS).predict(unseen).tolist() == [3 / 8] * 8


def test_no_rows_are_refused():
    with pytest.raises(InvalidInput):
        Mean().fit(EVENTS.iloc[:0])
