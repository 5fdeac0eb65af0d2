import pytest

from engine.curriculum import Activity, Curriculum, Item, Objective, Skill
from engine.errors import InvalidInput

CHAIN = [Skill("c", prerequisites=("b",)), Skill("b", prerequisites=("a",)), Skill("a")]


def test_skills_come_after_what_they_build_on():
    assert list(Curriculum.of(skills=CHAIN).skills) == ["a", "b", "c"]


def test_a_cycle_is_refused_by_naming_it():
    ring = [Skill("a", prerequisites=("c",)), *CHAIN[:2]]
    with pytest.raises(InvalidInput, match="→") as refused:
        Curriculum.of(skills=ring)
    assert all(name in str(refused.value) for name in "abc")


def test_a_skill_that_builds_on_itself_is_a_cycle():
    with pytest.raises(InvalidInput, match="a → a"):
        Curriculum.of(skills=[Skill("a", prerequisites=("a",))])


def test_the_same_id_twice_is_refused():
    with pytest.raises(InvalidInput, match="each id once"):
        Curriculum.of(skills=[Skill("a"), Skill("a")])


def test_everything_that_points_nowhere_is_named_at_once():
    with pytest.raises(InvalidInput) as refused:
        Curriculum.of(
            skills=[Skill("a", prerequisites=("x",))],
            objectives=[Objective("o", skills=("y",))],
            items=[Item("i", skills=("z",))],
            activities=[Activity("w", skills=("a",), items=("gone",))],
        )
    assert [fault.value for fault in refused.value.faults] == ["x", "y", "z", "gone"]


def test_an_objective_reaches_as_far_back_as_its_prerequisites():
    course = Curriculum.of(
        skills=[*CHAIN, Skill("other")], objectives=[Objective("o", skills=("b",))]
    )
    assert course.scope("o") == ("a", "b")
    assert course.closure(["c"]) == {"a", "b", "c"}
    assert set(course.scope(None)) == {"a", "b", "c", "other"}


def test_activities_are_found_by_any_of_their_skills():
    both = Activity("both", skills=("a", "b"))
    course = Curriculum.of(skills=CHAIN, activities=[both, Activity("one", skills=("a",))])
    assert [activity.id for activity in course.activities_for("a")] == ["both", "one"]
    assert course.activities_for("b") == (both,)
    assert course.activities_for("c") == ()


def test_the_checks_for_a_skill_are_the_activities_that_assess_it():
    check = Activity("check", ("a", "b"), assesses=True)
    course = Curriculum.of(
        skills=[Skill("a"), Skill("b")], activities=[Activity("x", ("a",)), check]
    )
    assert course.checks_for("a") == course.checks_for("b") == (check,)
    assert course.checks_for("c") == ()


def test_traced_is_every_skill_and_every_combination_that_is_worked_on():
    skills = [Skill("a"), Skill("b"), Skill("c")]
    course = Curriculum.of(skills=skills, activities=[Activity("both", ("b", "a"))])
    assert course.traced == ("a", "b", "c", "a~~b")
