"""A class in tiers: everyone somewhere, nobody guessed, and each seat with its reasons."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum import Curriculum, Objective, Skill
from engine.errors import InvalidInput
from engine.tier_reading import TierReading
from engine.tier_review import LONGEST_SUPPORT, EarlierSeat
from engine.tiers import TIERS, need_groups

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
    def grouped(students, *, objective="rates", curriculum=course, **known):
        beliefs = {student: believed(answers) for student, answers in students.items()}
        return need_groups(curriculum, objective, beliefs, **known)

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
        grouped({"a": {"fraction": "0" * 8}, "b": {"fraction": "1" * 8}}, objective="basics")
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


def test_a_seat_is_kept_while_no_other_is_much_likelier(grouped):
    nearly = {**READY, "slope": "0111", "rate": "10"}
    fresh = seats(grouped({"a": nearly}))["a"][0]
    kept = seats(grouped({"a": nearly}, record={"a": [EarlierSeat("advanced")]}))["a"]
    assert (fresh, kept[0]) == ("on-level", "advanced")


def test_a_move_and_its_reason_are_named(grouped):
    record = {"done": [EarlierSeat("on-level")]}
    tier, seat = seats(grouped({"done": STUDENTS["done"]}, record=record))["done"]
    assert tier == "advanced"
    assert "tier_moves" in [reason.code for reason in seat.reasons]


def test_support_does_not_go_on_without_the_teacher(grouped):
    long = [EarlierSeat("support")] * LONGEST_SUPPORT
    tier, seat = seats(grouped({"lacks": STUDENTS["lacks"]}, record={"lacks": long}))["lacks"]
    assert (tier, seat.provisional) == ("on-level", True)
    assert "support_limit" in [reason.code for reason in seat.reasons]
    confirmed = [*long, EarlierSeat("support", confirmed=True)]
    again = grouped({"lacks": STUDENTS["lacks"]}, record={"lacks": confirmed})
    assert seats(again)["lacks"][0] == "support"


def test_a_teachers_move_wins_over_record_and_odds(grouped):
    record = {"done": [EarlierSeat("advanced")] * 3}
    moved = grouped({"done": STUDENTS["done"]}, record=record, moves={"done": "support"})
    assert seats(moved)["done"][0] == "support"


def test_a_reading_of_the_beliefs_moves_the_odds(grouped):
    doubting = TierReading("mastery", shift=0.0, own=0.2, others=0.0)
    (_, before), (_, after) = (
        seats(grouped({"done": STUDENTS["done"]}, reading=reading))["done"]
        for reading in (None, doubting)
    )
    assert max(after.probabilities) < max(before.probabilities)
