import numpy as np

from models.hills import DEEP, Hills, distinct
from models.objective import objective

ML = objective(map_estimate=False, forgets=False)
FORGETS = objective(map_estimate=False, forgets=True)


def at(*hills):
    """Hills of (skill, value, first logit)."""
    skill, value, first = map(np.array, zip(*hills, strict=True))
    logits = np.zeros((len(hills), 5))
    logits[:, 0] = first
    return Hills(skill, logits, value, logits, np.zeros((len(hills), 5, 5)))


def test_places_that_differ_in_nothing_are_one_hill_and_low_ones_none():
    logits = np.zeros((1, 4, 5))
    logits[0, 1] += 0.01
    logits[0, 2, 0] = 2.0
    logits[0, 3, 0] = -2.0
    value = np.array([[-5.0, -4.0, -6.0, -4.0 - 2 * DEEP]])
    assert distinct(value, logits, ML).tolist() == [[False, True, True, False]]


def test_the_same_model_with_its_states_renamed_is_one_hill():
    one = np.array([1.0, -2.0, -1.0, -2.0, -1.5])
    other = np.array([-1.0, -1.0, -2.0, 1.5, 2.0])
    logits = np.stack([one, other])[None]
    assert distinct(np.zeros((1, 2)), logits, FORGETS).sum() == 1
    assert distinct(np.zeros((1, 2)), logits, ML).sum() == 2  # forgetting is given: no renaming


def test_the_highest_of_each_skill_is_found_whatever_their_order():
    found = at((1, -3.0, 0.1), (0, -5.0, 0.2), (1, -2.0, 0.3), (0, -7.0, 0.4)).highest()
    assert found.skill.tolist() == [0, 1]
    assert found.value.tolist() == [-5.0, -2.0]
    assert found.logits[:, 0].tolist() == [0.2, 0.3]


def test_hills_are_judged_within_their_skill():
    hills = at((1, -3.0, 0.0), (0, -900.0, 0.0), (1, -3.5, 0.01), (1, -4.0, 3.0))
    assert hills.worth(ML).tolist() == [True, True, False, True]
    assert hills.summit().tolist() == [-3.0, -900.0, -3.0, -3.0]
