"""Lesson plans: every minute and every student accounted for, the teacher in one place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.classroom import classroom
from engine.curriculum import Activity, Curriculum, Objective, Skill
from engine.group_quality import Visit, visits
from engine.session_plan import session_plan
from engine.tiers import Group, Grouping, SeatedStudent, need_groups

READY = {"fraction": "11111", "ratio": "11111", "percent": "11111"}
STUDENTS = {
    "lacks": {"fraction": "00000", "ratio": "0000", "percent": "0000"},
    "ready": {**READY, "slope": "000", "rate": "000"},
    "new": {},
}


@pytest.fixture(scope="module")
def lesson(course, believed):
    beliefs = {student: believed(answers) for student, answers in STUDENTS.items()}

    def lesson(minutes, *, curriculum=course, **options):
        grouping = need_groups(curriculum, "rates", beliefs)
        order = visits(classroom(curriculum, "rates", beliefs), grouping)
        return session_plan(curriculum, grouping, minutes=minutes, visits=order, **options)

    return lesson


@given(st.floats(5, 240), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_the_blocks_fill_the_lesson_without_gap_or_overlap(lesson, minutes, tiered):
    plan = lesson(minutes, tiered=tiered)
    at = 0.0
    for block in plan.blocks:
        assert block.start == pytest.approx(at)
        assert block.minutes > 0.0
        at += block.minutes
    assert at == pytest.approx(minutes)


@given(st.floats(5, 240), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_in_every_block_everybody_has_one_place(lesson, minutes, tiered):
    for block in lesson(minutes, tiered=tiered).blocks:
        present = sorted(one for task in block.tasks for one in task.students)
        assert present == sorted(STUDENTS)
        assert sum(task.with_teacher for task in block.tasks) <= 1


def test_teacher_led_work_is_only_where_the_teacher_is(lesson, course):
    for block in lesson(90, tiered=1.0).blocks:
        for task in block.tasks:
            led = task.activity is not None and course.activities[task.activity].teacher_led
            assert task.with_teacher or not led


def test_the_teacher_starts_where_most_is_gained(lesson):
    first = next(block for block in lesson(45).blocks if block.kind == "groups")
    assert first.teacher == 0
    assert first.teach == "fraction"


def test_the_policy_divides_the_time(lesson):
    def minutes(plan, kind):
        return sum(block.minutes for block in plan.blocks if block.kind == kind)

    assert minutes(lesson(60, tiered=1.0), "personal") == 0.0
    assert minutes(lesson(60, tiered=0.0), "groups") == 0.0
    assert minutes(lesson(60, tiered=0.5), "groups") == pytest.approx(25.0)


def test_personal_work_is_what_comes_next_for_each(lesson):
    plan = lesson(60, tiered=0.0, personal={"lacks": "fraction-video"})
    tasks = {
        one: t.activity
        for b in plan.blocks
        if b.kind == "personal"
        for t in b.tasks
        for one in t.students
    }
    assert tasks == {"lacks": "fraction-video", "ready": None, "new": None}


def test_no_time_and_nobody_are_said_in_a_word(lesson, course):
    assert lesson(0).status == "too_short"
    assert session_plan(course, Grouping("rates", (), ()), minutes=45).status == "nobody"


def test_groups_without_material_are_named(lesson):
    bare = Curriculum.of(
        skills=[Skill(s) for s in ("fraction", "ratio", "percent", "slope", "rate")],
        objectives=[Objective("rates", skills=("rate", "slope"))],
    )
    plan = lesson(45, curriculum=bare)
    assert plan.status == "ok"
    assert plan.without_material
    assert all(task.activity is None for block in plan.blocks for task in block.tasks)


def test_scarce_seats_go_to_whoever_gains_most_beyond_what_they_could_do_alone():
    alone = Activity("alone", ("a",))
    course = Curriculum.of(
        skills=[Skill("a"), Skill("b")],
        objectives=[Objective("o", skills=("a", "b"))],
        activities=[alone, Activity("circle", ("b",), teacher_led=True, seats=1)],
    )
    seats = tuple(SeatedStudent(one, (0.0, 1.0, 0.0), ()) for one in ("ana", "ben", "cy"))
    group = Group("", seats, ("b",), {"exercise": ("alone", "circle")})
    gains = {"ana": {"a": 0.6, "b": 0.7}, "ben": {"a": 0.1, "b": 0.5}, "cy": {"a": 0.0, "b": 0.2}}
    plan = session_plan(
        course,
        Grouping("o", (group,), ()),
        minutes=12,
        tiered=1.0,
        visits=[Visit(0, "b", 1.4)],
        gains=gains,
    )
    (block,) = plan.blocks
    assert [(task.activity, task.students, task.with_teacher) for task in block.tasks] == [
        ("circle", ("ben",), True),
        ("alone", ("ana", "cy"), False),
    ]


def test_what_needs_a_tool_that_is_not_there_is_left_out_by_name():
    course = Curriculum.of(
        skills=[Skill("a")],
        objectives=[Objective("o", skills=("a",))],
        activities=[Activity("weigh", ("a",), tools=("balance",)), Activity("read", ("a",))],
    )
    seats = (SeatedStudent("ana", (0.0, 1.0, 0.0), ()),)
    grouping = Grouping("o", (Group("", seats, ("a",), {"exercise": ("weigh", "read")}),), ())

    def activities(**tools):
        plan = session_plan(course, grouping, minutes=12, tiered=1.0, **tools)
        return [task.activity for task in plan.blocks[0].tasks], dict(plan.without_tools)

    assert activities(tools=()) == (["read"], {"weigh": ("balance",)})
    assert activities(tools=("balance",)) == (["weigh"], {})
    assert activities() == (["weigh"], {})
