import numpy as np

from models.objective import objective
from models.starts import starts


def test_the_first_starts_do_not_depend_on_the_seed_and_further_ones_do():
    one, two = starts(12, seed=1), starts(12, seed=2)
    np.testing.assert_array_equal(one[:8], two[:8])
    assert (one[8:, :2] != two[8:, :2]).all()


def test_an_objective_moves_starts_inside_its_bounds_and_to_fixed_values():
    found = objective(map_estimate=True, forgets=False).within(starts(30, seed=0))
    assert found.shape == (30, 5)
    assert (found[:, 2] == 0.0).all()
    assert (found[:, 3:] < 0.5).all()
