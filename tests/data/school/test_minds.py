"""What is known about learning and forgetting holds for the simulated minds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.school.minds import (
    LEAST_READINESS,
    Memory,
    Question,
    chance_correct,
    practised,
    proficiency,
    readiness,
    together,
)

levels = st.floats(-30, 30)
days = st.floats(0, 400)


@given(start=levels, day=days, amount=st.floats(0.01, 3))
def test_practice_raises_the_level(start, day, amount):
    after = practised(Memory(start), day, amount=amount)
    assert proficiency(after, day) > start


def test_each_further_practice_adds_less():
    memory, gains = Memory(0.0), []
    for _ in range(5):
        before = proficiency(memory, 0.0)
        memory = practised(memory, 0.0, amount=0.5)
        gains.append(proficiency(memory, 0.0) - before)
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] < gains[0] / 2


@given(gap=st.floats(0.1, 400), longer=st.floats(0.1, 400))
def test_the_longer_the_gap_the_more_is_forgotten_but_never_all(gap, longer):
    memory = practised(Memory(-1.0), 0.0, amount=1.5)
    soon, late = proficiency(memory, gap), proficiency(memory, gap + longer)
    assert proficiency(memory, 0.0) > soon > late > -1.0


def test_forgetting_is_fastest_at_first():
    memory = practised(Memory(0.0), 0.0, amount=2.0)
    now, week, fortnight = (proficiency(memory, day) for day in (0, 7, 14))
    assert now - week > week - fortnight


def test_practice_spread_over_days_lasts_longer_than_the_same_on_one_day():
    crammed = spread = Memory(0.0)
    for day in range(4):
        crammed = practised(crammed, 3.0, amount=0.5)
        spread = practised(spread, float(day), amount=0.5)
    lost = [proficiency(m, 3.0) - proficiency(m, 60.0) for m in (crammed, spread)]
    assert lost[1] < lost[0]


@given(st.lists(levels, min_size=1, max_size=4))
def test_readiness_is_a_share_that_never_falls_to_nothing(prerequisites):
    assert LEAST_READINESS <= readiness(prerequisites) <= 1


def test_readiness_grows_with_the_prerequisites():
    assert readiness([-2.0]) < readiness([0.0]) < readiness([2.0]) < readiness([])


@given(st.lists(levels, min_size=1, max_size=4))
def test_several_skills_together_lie_between_the_weakest_and_the_mean(several):
    mean = sum(several) / len(several)
    assert min(several) - 1e-9 <= together(several) <= mean + 1e-9


@given(level=st.floats(-1000, 1000), slip=st.floats(0, 0.3))
def test_the_chance_lies_between_guessing_and_slipping(level, slip):
    chance = chance_correct(Question(0.3, 1.2, 0.25), level, slip=slip)
    assert 0.25 <= chance <= 1 - slip + 1e-12


@pytest.mark.parametrize("level", [-2.0, 0.0, 2.0])
def test_harder_questions_are_answered_less_often(level):
    easy, hard = (Question(difficulty, 1.0, 0.2) for difficulty in (-1.0, 1.0))
    assert chance_correct(easy, level, slip=0.05) > chance_correct(hard, level, slip=0.05)
