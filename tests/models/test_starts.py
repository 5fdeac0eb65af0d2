import numpy as np

from models.objective import objective
from models.starts import starts


def test_the_first_starts_do_not_depend_on_the_seed_and_further_ones_do():
    goal = objective(map_estimate=True, forgets=True)
    one, two = starts(12, goal, seed=1), starts(12, goal, seed=2)
    np.testing.assert_array_equal(one[:8], two[:8])
    assert (one[8:, :2] != two[8:, :2]).all()


def test_starts_respect_bounds_and_fixed_values():
    goal = objective(map_estimate=True, forgets=False)
    found = starts(30, goal, seed=0)
    assert found.shape == (30, 5)
    assert (found[:, 2] == 0.0).all()
    assert (found[:, 3:] < 0.5).all()
