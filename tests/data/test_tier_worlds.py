"""The worlds in which tiers are judged: seeded, and true to what they say of themselves."""

import numpy as np
import pytest

from data.tier_worlds import HELD_FROM, SKILLS, WORLDS


def answers(world, skill, times):
    asked = np.full(world.students, skill)
    return np.array([world.answer(asked) for _ in range(times)])


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_seed_is_the_same_year_group(name):
    first, again, other = (answers(WORLDS[name](seed, 30), 0, 5) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("name", WORLDS)
def test_practice_teaches_the_skill_practised_and_no_other(name):
    world = WORLDS[name](3, 300)
    before = world.held()
    answers(world, 2, 40)
    after = world.held()
    assert after[:, 2].mean() > before[:, 2].mean()
    others = [skill for skill in range(SKILLS) if skill != 2]
    assert (after[:, others] == before[:, others]).all()
    assert (after[:, 2] >= before[:, 2]).all()


def test_who_holds_a_level_gets_the_share_right_that_the_word_promises():
    world = WORLDS["continuous"](5, 2000)
    held = world.held()[:, 0]
    right = answers(world, 0, 1)[0]
    assert right[held].mean() > HELD_FROM
    assert right[~held].mean() < HELD_FROM
