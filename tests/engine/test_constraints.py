"""Each constraint removes what it says, and an empty result names the one that emptied it."""

import pytest

from engine.constraints import barriers, options_for, passing, skill_names
from engine.curriculum import Activity, Curriculum, Skill
from engine.tasks import tasks_for

ALL = [f"fraction-{kind}" for kind in ("video", "steps", "practice", "challenge", "quiz")]


def served(now):
    found = passing(now, options_for(now, tasks_for(now)))
    return [option.activity.id for option in found]


def reasons(now):
    return [reason.code for reason in barriers(now, options_for(now, tasks_for(now)))]


def test_without_constraints_only_the_workshop_waits_for_a_teacher(situation):
    assert served(situation({})) == ALL
    assert served(situation({}, teacher_available=True)) == [*ALL, "fraction-workshop"]


@pytest.mark.parametrize(
    ("request_", "left"),
    [
        ({"minutes": 8}, ["fraction-video", "fraction-quiz"]),
        ({"modality": ("video", "quiz")}, ["fraction-video", "fraction-quiz"]),
        ({"exclude": tuple(ALL[1:])}, ["fraction-video"]),
        ({"intent": "practice"}, ALL[1:]),
        ({"intent": "diagnose", "objective": "basics"}, ALL[1:]),
    ],
)
def test_each_constraint_removes_what_it_says(situation, request_, left):
    assert served(situation({}, **request_)) == left


def test_an_assessment_is_a_check(situation):
    assert served(situation({"fraction": "111"}, intent="assess", objective="basics")) == [
        "fraction-quiz"
    ]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"minutes": 0}, "too_long"),
        ({"modality": ("workshop",)}, "teacher_absent"),
        ({"exclude": tuple(ALL)}, "teacher_absent"),
        ({"modality": ("video",), "intent": "practice"}, "no_questions"),
    ],
)
def test_what_emptied_the_choice_is_named(situation, request_, code):
    now = situation({}, **request_)
    assert served(now) == []
    assert code in reasons(now)


def test_constraints_that_only_together_leave_nothing_are_all_named(situation):
    now = situation({}, minutes=5, exclude=("fraction-video",), modality=("video",))
    assert set(reasons(now)) == {"excluded", "too_long", "other_modality"}


def test_an_activity_that_also_needs_a_blocked_skill_waits(situation):
    course = Curriculum.of(
        skills=[Skill("a"), Skill("b"), Skill("c", prerequisites=("b",))],
        activities=[Activity("both", ("a", "c"))],
    )
    now = situation({}, curriculum=course)
    assert served(now) == []
    assert reasons(now) == ["skill_not_open"]


def test_a_sentence_names_a_few_skills_and_counts_the_rest(situation, course):
    named = skill_names(situation({}), course.skills)
    assert named.startswith("fraction, ")
    assert named.endswith(" and 2 more")
