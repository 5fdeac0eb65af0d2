"""The course is one that a mathematics teacher would recognise, and large enough to choose from."""

from collections import Counter

import pytest

from data.mathematics import middle_school_mathematics
from engine.curriculum import LEVELS

COURSE = middle_school_mathematics()


def test_it_has_the_size_of_a_real_course():
    assert 28 <= len(COURSE.skills) <= 34
    assert len(COURSE.objectives) == 8
    assert 140 <= len(COURSE.activities) <= 190
    assert len(COURSE.items) == 7 * len(COURSE.skills)


def test_prerequisites_come_first_and_reach_several_layers_deep():
    order = list(COURSE.skills)
    for skill in COURSE.skills.values():
        assert all(order.index(before) < order.index(skill.id) for before in skill.prerequisites)
    assert len(COURSE.closure(["linear-functions"])) >= 10


def test_every_objective_has_two_to_four_target_skills():
    assert all(2 <= len(objective.skills) <= 4 for objective in COURSE.objectives.values())


def test_every_skill_is_on_the_way_to_some_objective():
    reached = COURSE.closure(s for o in COURSE.objectives.values() for s in o.skills)
    assert reached == set(COURSE.skills)


@pytest.mark.parametrize("skill", COURSE.skills)
def test_every_skill_can_be_taught_in_several_ways_at_every_level(skill):
    activities = COURSE.activities_for(skill)
    assert len(activities) >= 4
    assert {activity.level for activity in activities} == set(LEVELS)
    assert len({activity.modality for activity in activities}) >= 3
    assert sum(activity.assesses for activity in activities) == 1


@pytest.mark.parametrize("skill", COURSE.skills)
def test_every_activity_that_asks_asks_about_its_own_skill(skill):
    for activity in COURSE.activities_for(skill):
        assert all(skill in COURSE.items[item].skills for item in activity.items)


def test_every_question_is_asked_somewhere():
    asked = {item for activity in COURSE.activities.values() for item in activity.items}
    assert asked == set(COURSE.items)


def test_some_questions_need_two_skills():
    assert sum(len(set(item.skills)) == 2 for item in COURSE.items.values()) >= 15


def test_the_catalogue_offers_the_modalities_of_a_classroom():
    modalities = Counter(activity.modality for activity in COURSE.activities.values())
    named = ("video", "interactive exercise", "reading", "workshop", "project", "hands-on", "quiz")
    assert set(modalities) == set(named)
    assert min(modalities.values()) >= 5


def test_workshops_and_only_they_are_led_by_the_teacher():
    for activity in COURSE.activities.values():
        assert activity.teacher_led == (activity.modality == "workshop")


def test_no_two_activities_or_questions_share_a_name():
    for things in (COURSE.activities, COURSE.items, COURSE.skills):
        names = [thing.name for thing in things.values()]
        assert all(names)
        assert len(set(names)) == len(names)


def test_names_read_naturally_after_the_kind_of_exercise():
    assert COURSE.activities["pythagorean-theorem-practice"].name == (
        "Practice: the Pythagorean theorem"
    )
