"""Seating: against every seating there is, on crowds small enough to list them."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.seating import Crowd, Weights, group_sizes, seated, total_cost

WEIGHTS = Weights(distance=1.0, gaps=0.3)


def crowd(seed, units, *, size=None, fixed=None):
    rng = np.random.default_rng(seed)
    cost = rng.random((units, units))
    cost = cost + cost.T
    np.fill_diagonal(cost, 0.0)
    return Crowd(
        size=np.ones(units, np.int64) if size is None else np.array(size),
        fixed=np.full(units, -1) if fixed is None else np.array(fixed),
        level=rng.normal(size=(units, 3)),
        holds=rng.random((units, 2)) < 0.4,
        cost=cost,
    )


def orders(units, *, starts=5):
    rng = np.random.default_rng(0)
    return np.stack([rng.permutation(units) for _ in range(starts)])


@pytest.mark.parametrize("seed", range(5))
def test_no_exchange_of_two_lowers_the_cost_and_few_seatings_are_better(seed):
    some, sizes = crowd(seed, 6), np.array([2, 2, 2])
    found = seated(some, sizes, WEIGHTS, orders(6))
    cost = total_cost(some, found, sizes, WEIGHTS)
    everything = [
        total_cost(some, np.array(p), sizes, WEIGHTS) for p in set(permutations([0, 0, 1, 1, 2, 2]))
    ]
    assert np.mean([other < cost - 1e-9 for other in everything]) < 0.1
    for one in range(6):
        for other in range(one):
            swapped = found.copy()
            swapped[[one, other]] = found[[other, one]]
            assert total_cost(some, swapped, sizes, WEIGHTS) > cost - 1e-9


@given(st.integers(0, 99), st.integers(1, 14), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_every_group_has_its_size(seed, students, groups):
    sizes = group_sizes(students, groups=groups)
    found = seated(crowd(seed, students), sizes, WEIGHTS, orders(students))
    assert np.bincount(found, minlength=len(sizes)).tolist() == sizes.tolist()


def test_whoever_is_fixed_stays_and_larger_units_move_as_one():
    some = crowd(1, 5, size=[2, 1, 1, 1, 1], fixed=[-1, 1, -1, -1, -1])
    found = seated(some, np.array([3, 3]), WEIGHTS, orders(5))
    assert found[1] == 1
    assert some.size[found == 0].sum() == 3


def test_a_unit_larger_than_every_group_has_no_seat():
    found = seated(crowd(1, 3, size=[4, 1, 1]), np.array([3, 3]), WEIGHTS, orders(3))
    assert found[0] == -1
    assert (found[1:] >= 0).all()


def test_the_same_orders_give_the_same_seating():
    some, sizes = crowd(3, 12), np.array([4, 4, 4])
    first, again = (seated(some, sizes, WEIGHTS, orders(12)) for _ in range(2))
    assert first.tolist() == again.tolist()


@given(st.integers(0, 300), st.integers(1, 50))
def test_sizes_differ_by_one_at_most_and_nobody_is_left_over(students, size):
    found = group_sizes(students, size=size)
    assert found.sum() == students
    assert students == 0 or found.max() - found.min() <= 1
    assert students == 0 or found.max() <= size
