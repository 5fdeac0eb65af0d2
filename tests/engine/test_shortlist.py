"""The shortlist leads to the slate that weighing every option would lead to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.chance import Chance
from engine.constraints import options_for, passing
from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.ranking import scores, worth
from engine.shortlist import shortlist
from engine.slate import slate
from engine.tasks import tasks_for

SKILLS = ("a", "b", "c", "d", "e", "f")
ACTIVITIES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(SKILLS), min_size=1, max_size=2, unique=True),
        st.sampled_from(["support", "on-level", "advanced"]),
        st.sampled_from(["video", "exercise", "quiz"]),
        st.booleans(),
    ),
    max_size=14,
)
ANSWERS = st.dictionaries(st.sampled_from(SKILLS), st.text("01", max_size=5))


def course_of(rows):
    return Curriculum.of(
        skills=[Skill(key, prerequisites=("a",) if key in "ef" else ()) for key in SKILLS],
        items=[Item(f"{key}-1", (key,)) for key in SKILLS],
        activities=[
            Activity(
                f"act{number:02}",
                tuple(skills),
                level=level,
                modality=modality,
                items=(f"{skills[0]}-1",) if asks else (),
            )
            for number, (skills, level, modality, asks) in enumerate(rows)
        ],
    )


@given(
    ACTIVITIES, ANSWERS, st.integers(1, 10), st.booleans(), st.sampled_from(["auto", "diagnose"])
)
@settings(max_examples=80, deadline=None)
def test_the_slate_is_that_of_all_options(
    situation, trusted, bundle, rows, answers, n, index, intent
):
    answers = {skill: marks for skill, marks in answers.items() if marks}
    used = trusted if index else bundle
    now = situation(answers, curriculum=course_of(rows), bundle=used, intent=intent, n=n)
    tasks = tasks_for(now)
    every = scores(now, passing(now, options_for(now, tasks)))
    chance = Chance("ana", 1)
    assert slate(shortlist(now, tasks, n=n), n=n, chance=chance) == slate(every, n=n, chance=chance)


def test_no_activity_scores_more_than_its_skill_is_worth(situation, trusted):
    now = situation({"fraction": "1111"}, bundle=trusted)
    for one in scores(now, options_for(now, tasks_for(now))):
        assert one.score <= worth(now, one.option.task) * (1 + 1e-12)


def test_skills_that_cannot_come_first_are_not_opened(situation, trusted):
    rows = [((skill,), "on-level", "exercise", True) for skill in SKILLS for _ in range(3)]
    now = situation({"b": "1"}, curriculum=course_of(rows), bundle=trusted)
    opened = {one.option.task.skill for one in shortlist(now, tasks_for(now), n=2)}
    assert 3 <= len(opened) <= 4


@pytest.mark.parametrize("n", [1, 10])
def test_nothing_to_work_on_is_an_empty_list(situation, n):
    assert shortlist(situation({}), [], n=n) == []


@pytest.mark.parametrize("asks", [True, False])
def test_nor_where_no_activity_asks_anything(situation, asks):
    keys = [f"s{number}" for number in range(12)]
    course = Curriculum.of(
        skills=[Skill(key) for key in keys],
        items=[Item(key, (key,)) for key in keys],
        activities=[Activity(f"on-{key}", (key,), items=(key,) if asks else ()) for key in keys],
    )
    now = situation({}, curriculum=course)
    opened = {one.option.task.skill for one in shortlist(now, tasks_for(now), n=2)}
    assert 3 <= len(opened) <= 6
