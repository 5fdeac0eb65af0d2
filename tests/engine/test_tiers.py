"""A class in tiers: everyone somewhere, nobody guessed, and each seat with its reasons."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum import Curriculum, Objective, Skill
from engine.errors import InvalidInput
from engine.tiers import TIERS, least_loss, need_groups

SKILLS = ("fraction", "ratio", "percent", "slope", "rate")
READY = {"fraction": "11111", "ratio": "11111", "percent": "11111"}
STUDENTS = {
    "lacks": {"fraction": "00000", "ratio": "000", "percent": "000"},
    "ready": {**READY, "slope": "000", "rate": "000"},
    "done": {**READY, "slope": "11111", "rate": "11111"},
    "hardly": {"fraction": "1"},
    "new": {},
}


@pytest.fixture(scope="module")
def grouped(course, believed):
    def grouped(students, *, objective="rates", curriculum=course):
        beliefs = {student: believed(answers) for student, answers in students.items()}
        return need_groups(curriculum, objective, beliefs)

    return grouped


def seats(grouping):
    return {s.student: (g.tier, s) for g in grouping.groups for s in g.students}


def test_each_student_sits_where_the_evidence_says(grouped):
    found = grouped(STUDENTS)
    assert [group.tier for group in found.groups] == list(TIERS)
    assert {student: tier for student, (tier, _) in seats(found).items()} == {
        "lacks": "support",
        "ready": "on-level",
        "done": "advanced",
        "hardly": "on-level",
    }
    assert [student.student for student in found.unplaced] == ["new"]


def test_only_thin_evidence_is_provisional_and_brings_a_diagnostic(grouped, course):
    found = seats(grouped(STUDENTS))
    provisional = {student for student, (_, seat) in found.items() if seat.provisional}
    assert provisional == {"hardly"}
    assert found["hardly"][1].diagnostic in course.activities
    assert found["ready"][1].diagnostic is None


def test_a_student_without_answers_is_unplaced_and_gets_a_diagnostic(grouped, course):
    (new,) = grouped({"new": {}}).unplaced
    assert new.reasons[0].code == "no_answers"
    assert course.activities[new.diagnostic].assesses


@given(
    st.dictionaries(
        st.text(max_size=3),
        st.dictionaries(st.sampled_from(SKILLS), st.text("01", max_size=9)),
        max_size=6,
    )
)
@settings(max_examples=50, deadline=None)
def test_everyone_is_in_exactly_one_place_with_reasons(grouped, students):
    found = grouped(students)
    placed = [s.student for group in found.groups for s in group.students]
    assert sorted([*placed, *(s.student for s in found.unplaced)]) == sorted(students)
    for tier, seat in seats(found).values():
        assert sum(seat.probabilities) == pytest.approx(1.0)
        assert len(seat.reasons) >= 2
        assert all(np.isfinite(reason.weight) and reason.text for reason in seat.reasons)
        assert not seat.provisional or tier == "on-level"


def test_a_student_sits_in_the_same_tier_whoever_else_is_in_the_class(grouped):
    together = seats(grouped(STUDENTS))
    for student in ("lacks", "ready", "done", "hardly"):
        assert seats(grouped({student: STUDENTS[student]}))[student] == together[student]


def test_a_class_of_nobody_has_three_empty_tiers(grouped):
    found = grouped({})
    assert [group.students for group in found.groups] == [(), (), ()]
    assert found.unplaced == ()


def test_a_class_of_two_hundred_is_seated_whole(grouped):
    crowd = {f"s{n:03}": list(STUDENTS.values())[n % 5] for n in range(200)}
    found = grouped(crowd)
    assert len(seats(found)) == 160
    assert len(found.unplaced) == 40


def test_without_prerequisites_support_is_under_a_quarter_of_the_targets(grouped):
    found = seats(
        grouped({"a": {"fraction": "0000"}, "b": {"fraction": "1111"}}, objective="basics")
    )
    assert found["a"][0] == "support"
    assert found["b"][0] == "advanced"


def test_an_objective_without_activities_or_without_skills_is_no_trouble(grouped, believed):
    bare = Curriculum.of(
        skills=[Skill(skill) for skill in SKILLS], objectives=[Objective("bare", skills=("ratio",))]
    )
    found = grouped(STUDENTS, objective="bare", curriculum=bare)
    assert all(group.activities == {} for group in found.groups)
    assert all(student.diagnostic is None for student in found.unplaced)
    assert len(grouped(STUDENTS, objective="empty").unplaced) == len(STUDENTS)


def test_an_unknown_objective_is_refused(grouped):
    with pytest.raises(InvalidInput, match="algebra"):
        grouped({}, objective="algebra")


def test_the_tier_has_the_least_expected_distance_of_all():
    shares = np.linspace(0, 1, 11)
    for support, advanced in product(shares, shares):
        odds = np.array([support, 1.0 - support - advanced, advanced])
        if odds.min() < 0.0:
            continue
        loss = [sum(odds[true] * abs(true - tier) for true in range(3)) for tier in range(3)]
        assert loss[least_loss(odds)] == pytest.approx(min(loss))
