"""What every simulated classroom owes to the policies that play in it."""

import numpy as np
import pytest

from data.worlds import STEPS, WORLDS
from data.worlds.course import KINDS, WORKSHOP, draw_course, mislisted
from data.worlds.world import readiness

STUDENTS = 6


def any_activity(world, rng):
    can = world.candidates()
    return np.argmax(np.where(can, rng.random(can.shape), -1.0), axis=1)


def lived(world, *, students=STUDENTS, seed=3, steps=STEPS):
    """The answers and what is held in the end, for students who do anything."""
    world.reset(students, seed)
    rng = np.random.default_rng(0)
    answers = [world.step(any_activity(world, rng)) for _ in range(steps)]
    return np.array(answers), world.test()


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_seeds_give_the_same_lives(name):
    first, second = lived(WORLDS[name](1)), lived(WORLDS[name](1))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


@pytest.mark.parametrize("name", WORLDS)
def test_a_student_is_the_same_whoever_else_is_in_the_class(name):
    world = WORLDS[name](1)
    world.reset(STUDENTS, 3)
    together = world.step(np.full(STUDENTS, 4)), world.held()
    world.reset(2, 3)
    alone = world.step(np.full(2, 4)), world.held()
    np.testing.assert_array_equal(together[0][:2], alone[0])
    np.testing.assert_array_equal(together[1][:2], alone[1])


@pytest.mark.parametrize("name", WORLDS)
def test_what_asks_nothing_is_not_answered_and_everything_else_is(name):
    world = WORLDS[name](1)
    world.reset(STUDENTS, 3)
    asks = world.course.asks
    for activity in range(8):
        answer = world.step(np.full(STUDENTS, activity))
        assert np.isnan(answer).all() == (not asks[activity])
        assert asks[activity] == np.isin(answer, (0.0, 1.0)).all()


@pytest.mark.parametrize("name", WORLDS)
def test_the_oracle_is_told_nothing_of_what_is_held_and_something_of_the_rest(name):
    world = WORLDS[name](1)
    world.reset(STUDENTS, 3)
    held = world.held()[:, world.course.skill_of]
    progress = world.progress()
    assert (progress[held] == 0.0).all()
    assert (progress[~held] > 0.0).all()
    assert (progress <= 1.0).all()


@pytest.mark.parametrize("name", sorted(set(WORLDS) - {"forget"}))
def test_what_is_held_stays_held_where_nothing_is_forgotten(name):
    world = WORLDS[name](1)
    world.reset(STUDENTS, 3)
    before = world.held().copy()
    rng = np.random.default_rng(0)
    for _ in range(30):
        world.step(any_activity(world, rng))
        assert (world.held() >= before).all()
        before = world.held().copy()


def test_where_it_is_forgotten_less_is_left_at_the_test():
    world = WORLDS["forget"](1)
    _, test = lived(world, students=60)
    assert test.sum() < world.held().sum()


def test_a_workshop_has_a_seat_once_in_eight_activities():
    world = WORLDS["matched"](1)
    world.reset(1, 3)
    workshops = world.course.kind == WORKSHOP
    seats = []
    for _ in range(16):
        seats.append(world.candidates()[0, workshops].any())
        world.step(np.array([0]))
    assert sum(seats) == 2


def test_a_course_has_thirty_skills_in_six_layers_and_every_edge_goes_one_layer_back():
    course, truth = draw_course(np.random.default_rng(4))
    skill, needed = np.nonzero(course.listed)
    assert (course.layer[skill] - course.layer[needed] == 1).all()
    assert (course.listed == (truth.needs > 0)).all()
    assert [int((course.kind[:8] == k).sum()) for k in range(len(KINDS))] == [2, 1, 3, 1, 1]


def test_some_listed_edges_are_unreal_and_some_real_ones_unlisted():
    rng = np.random.default_rng(4)
    counts = np.zeros(3)
    for _ in range(40):
        course, truth = mislisted(rng, *draw_course(rng))
        real = truth.needs > 0
        counts += (course.listed & ~real).sum(), (real & ~course.listed).sum(), real.sum()
    unreal, unlisted, real = counts
    assert unreal / (real + unreal) == pytest.approx(0.30, abs=0.05)
    assert unlisted / real == pytest.approx(0.25, abs=0.05)


def test_readiness_is_the_product_over_what_is_missing():
    needs = np.array([[0, 0, 0], [0.5, 0, 0], [0.5, 0.8, 0]])
    held = np.array([[True, False, True], [False, False, False]])
    np.testing.assert_allclose(readiness(held, needs), [[1, 1, 0.2], [1, 0.5, 0.1]])


def gain(world, skills):
    """P(an activity on skill 0 teaches) after work on these skills, beside before it."""
    world.reset(STUDENTS, 3)
    activity = np.flatnonzero(world.course.on_skill[0])[0]
    before = world._rates()[:, activity]
    for skill in skills:
        world.step(np.full(STUDENTS, np.flatnonzero(world.course.on_skill[skill])[0]))
    return world._rates()[:, activity] / before


@pytest.mark.parametrize(
    ("name", "skills", "left"),
    [
        ("fatigue", [0, 0], np.exp(-0.36)),
        ("fatigue", [0, 0, 1], 1.0),
        ("massed", [0, 0, 1], 0.74),
        ("massed", [0] * 6, 0.25),
        ("alternate", [0, 0], 0.45),
        ("alternate", [0, 1], 1.0),
    ],
)
def test_what_was_just_worked_on_is_learnt_more_slowly(name, skills, left):
    assert gain(WORLDS[name](1), skills) == pytest.approx(left)
