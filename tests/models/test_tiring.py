"""Tiring: found where a skill just worked on is learnt more slowly, and only there."""

import numpy as np
import pytest

from engine.tiring import Memory, Tiring, worked
from models.tiring import MEMORIES, loads, tiring

PLACES = np.array([[0, 1, 2, -1, 3, 4], [5, -1, -1, -1, -1, -1]])
SKILL = np.array([0, 0, 1, 0, 0, 0])


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (Memory(0.0, 8.0), [0, 1, 0, 0, 1, 0]),
        (Memory(0.5, 8.0), [0, 1, 0, 1, 2, 0]),
        (Memory(0.5, 1.0), [0, 1, 0, 0.5, 1, 0]),
    ],
)
def test_a_load_grows_with_work_on_the_skill_and_falls_with_work_on_others(memory, expected):
    np.testing.assert_array_equal(loads(PLACES, SKILL, 2, memory), expected)


def test_a_load_ends_at_its_most():
    load = np.zeros(1)
    for _ in range(20):
        worked(load, 0, Memory(0.5, 8.0))
    assert load[0] == 8.0


def a_log(rate, memory, seed=0):
    """Expected and actual learning of 300 students who change skills now and then."""
    rng = np.random.default_rng(seed)
    stay = rng.random((300, 40)) < 0.7
    skill = np.zeros((300, 40), dtype=np.int64)
    for step in range(1, 40):
        skill[:, step] = np.where(stay[:, step], skill[:, step - 1], rng.integers(5, size=300))
    places = np.arange(skill.size).reshape(skill.shape)
    by_memory = [loads(places, skill.ravel(), 5, one) for one in MEMORIES]
    number = np.tile(np.arange(40), 300) // 5
    expected = rng.uniform(0.05, 0.3, skill.size)
    load = by_memory[MEMORIES.index(memory)]
    lifted = (rng.random(skill.size) < expected * np.exp(-rate * load)).astype(float)
    return lifted, expected, number, by_memory


@pytest.mark.parametrize(("rate", "memory"), [(0.18, MEMORIES[1]), (0.15, MEMORIES[3])])
def test_what_tires_and_for_how_long_is_found(rate, memory):
    found = tiring(*a_log(rate, memory))
    assert found.memory == memory
    assert found.rate == pytest.approx(rate, abs=0.06)


def test_where_nothing_tires_nothing_is_found():
    assert tiring(*a_log(0.0, MEMORIES[0])) == Tiring()


def test_students_who_need_many_activities_are_not_taken_for_tired():
    """Each number of opportunity has a speed of its own: it must not pass for the load's."""
    lifted, expected, number, by_memory = a_log(0.0, MEMORIES[0])
    slower = np.exp(-0.2 * number)
    rng = np.random.default_rng(3)
    lifted = (rng.random(len(expected)) < expected * slower).astype(float)
    assert tiring(lifted, expected, number, [number + load for load in by_memory]).rate == 0.0
